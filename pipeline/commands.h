/* commands - what main.c's table of commands calls. Each gets its settings and returns the exit code. */
#ifndef SCREENLAB_COMMANDS_H
#define SCREENLAB_COMMANDS_H

#include "../lab/reference.h"
#include "../reports/report.h"

enum { EXIT_ALL_INTERPRETED = 0, EXIT_SOMETHING_LEFT = 1, EXIT_USAGE = 2, EXIT_STOPPED = 3 };

typedef struct Settings {
    const char *reference; /* folder; NULL = ./reference, else the installed one */
    const char *ledger, *out;
    const char *now;        /* ISO 8601; NULL = the clock */
    const char *what;       /* BATCH, CASE, list ...: the last argument */
    const char *verb;       /* the first argument, of commands with two or three; else NULL */
    const char *object;     /* the second of three; else NULL */
    const char *assay;      /* --assay */
    const char *file;       /* -o */
    const char *key;        /* --key: the laboratory's, private to sign, public to verify */
    const char *as;         /* --as: key file of the person who acts */
    const char *passphrase; /* --passphrase-file: of the key that is opened */
    const char *people_key; /* --people-key: master key of the store of persons */
    const char *told, *anchor;
    const char *evidence, *specimen; /* of `disclose give` */
    const char *centre, *inbox, *person, *reason, *date, *outcome,
        *value;            /* of the care and release commands */
    const char *from, *to; /* period, both days in */
    int level;             /* --level; 0 = all */
    const char *kit;       /* --kit */
    int threads;
    Lang lang;
    bool demo, documents, reissue, unconfined;
    void (*exhausted)(void); /* handler of every arena */
} Settings;

int command_run(const Settings *settings);
int command_check(const Settings *settings);
int command_show(const Settings *settings);
int command_reference(const Settings *settings);
int command_panel(const Settings *settings);
int command_medians(const Settings *settings); /* `panel medians` */
int command_qc(const Settings *settings);
int command_qc_action(const Settings *settings);
int command_send(const Settings *settings);
int command_step(const Settings *settings);
int command_reroute(const Settings *settings);
int command_worklist(const Settings *settings);
int command_indicators(const Settings *settings);
int command_centre_key(const Settings *settings);
int command_seal(const Settings *settings);
int command_verify(const Settings *settings);
int command_strip(const Settings *settings);
int command_disclose(const Settings *settings);

int command_review(const Settings *settings);
int command_release(const Settings *settings);
int command_hold(const Settings *settings);
int command_lift(const Settings *settings);
int command_amend(const Settings *settings);
int command_call(const Settings *settings);
int command_restore(const Settings *settings);
int command_pending(const Settings *settings);
int command_keygen(const Settings *settings);
int command_verify_document(const Settings *settings);
int command_people(const Settings *settings);
int command_audit(const Settings *settings);
int command_audit_accept(const Settings *settings);

/* The first line of --passphrase-file, in the arena; *out = NULL without the option. False after having told why not. */
bool command_passphrase(const char **out, const Settings *settings, const Reference *reference,
                        Arena *arena);
/* Opens the release that the settings name; false after having told why not. */
bool command_open_reference(const Reference **out, const Settings *settings, Arena *arena);
/* Starts the decoders' server, unless --unconfined; false after having told why not. After the reference, before the ledger. */
bool command_confine(const Settings *settings, const Reference *reference);
/* The run's time: --now, or the clock; false after having told that --now is no time. */
bool command_now(Instant *out, const Settings *settings, const Reference *reference);
/* One Note as a line on the standard error, in words when the reference has them. */
void command_tell(const Note *note, const Reference *reference, Lang lang);
/* OUT/name with a page and its table. */
Status command_write(const char *out, const char *name, const Document *html, const Document *tsv,
                     Note *why) MUST_USE;

#endif

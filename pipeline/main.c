/* The command line. A command is one row of the table below; --help is printed from it. Everything that is global to a process
 * is set here and nowhere else: no locale, no file readable by others, no library that reaches for the network. */
#include "commands.h"
#include "exhausted.h"
#include "sandbox.h"
#include "xml.h"

#include <getopt.h>
#include <htslib/hts_log.h>
#include <libxml/parser.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Command {
    const char *name;
    int (*run)(const Settings *settings);
    const char *argument; /* NULL = none */
    const char *help;
    const char *examples;
} Command;

static const Command commands[] = {
    {"run", command_run, "BATCH",
     "judges a batch folder: receipts, findings, referrals; goes on where it was interrupted",
     "  screenlab run --ledger lab.db --out out inbox/2026-11-23\n"
     "  screenlab run --demo --now 2026-11-23T08:30:00+08:00 tests/demo/batch\n"},
    {"check", command_check, "BATCH", "validates a submission without running it; writes nothing",
     "  screenlab check outbox/2026-11-23\n  screenlab check --demo tests/demo/batch\n"},
    {"show", command_show, "CASE|REFERRAL", "what the ledger knows about a case",
     "  screenlab show --ledger lab.db --as a01.key C2026000001\n  screenlab show --as a01.key "
     "RN2026000001-2\n"},
    {"reference", command_reference, "list|verify",
     "the reference's tables, their versions, sources and checksums",
     "  screenlab reference list\n  screenlab reference verify --demo\n"},
    {"panel", command_panel, "train|medians BATCH",
     "learns a reference panel from euploid samples (panel.tsv in BATCH lists them), or medians "
     "from values (medians.tsv)",
     "  screenlab panel train --assay nipt -o reference/nipt/panel.tsv inbox/panel-2026\n"
     "  screenlab panel medians -o medians.tsv inbox/values-2026\n"},
    {"qc", command_qc, NULL,
     "runs with the verdict of their controls, charts, medians and rates of the months: OUT/qc",
     "  screenlab qc --ledger lab.db --out out\n"},
    {"qc-action", command_qc_action, "ANALYTE RUN",
     "records cause (--reason) and action (--outcome) about a run that its controls did not pass",
     "  screenlab qc-action --ledger lab.db --as a01.key --reason calibration --outcome "
     "recalibrated serum.afp IA-0914\n"},
    {"pending", command_pending, NULL,
     "papers that wait: for review, for release, for a call; and what holds them",
     "  screenlab pending --ledger lab.db\n"},
    {"review", command_review, "PAPER",
     "first person: signs what was read (--as), so that a second can let it go",
     "  screenlab review --ledger lab.db --as a01.key RN2026000001-2\n"
     "  screenlab review --ledger lab.db --as a01.key - <papers-that-i-have-read\n"},
    {"release", command_release, "PAPER",
     "second person (--as): gates are checked, the draft becomes a signed document in OUT/released",
     "  screenlab release --ledger lab.db --out out --as a02.key --key lab.key RN2026000001-2\n"},
    {"amend", command_amend, "PAPER",
     "first person: proposes a new version of a paper that has left, with a reason; release "
     "follows",
     "  screenlab amend --ledger lab.db --as a01.key --reason wrong_date RN2026000001-2\n"},
    {"hold", command_hold, "PAPER", "keeps a paper from leaving, with a reason",
     "  screenlab hold --ledger lab.db --as a01.key --reason qc_event RN2026000001-2\n"},
    {"lift", command_lift, "PAPER", "takes a hold off, with a reason",
     "  screenlab lift --ledger lab.db --as a02.key --reason settled RN2026000001-2\n"},
    {"call", command_call, "PAPER", "records who was told by phone (--told)",
     "  screenlab call --ledger lab.db --as a01.key --told clinician RN2026000001-2\n"},
    {"restore", command_restore, NULL, "writes released files that are missing from OUT again",
     "  screenlab restore --ledger lab.db --out out --as a03.key --people-key people.key\n"},
    {"keygen", command_keygen, "laboratory|person|people",
     "makes a key: of the laboratory, of a person (--person CODE), of the store of persons",
     "  screenlab keygen -o lab laboratory\n  screenlab keygen -o a01 --person a01 person\n"},
    {"verify-document", command_verify_document, "FILE",
     "FILE and FILE.sig: signed with that key (--key), and no byte changed since",
     "  screenlab verify-document --key lab.pub out/released/RN2026000001-2-C-230103-v1.xml\n"},
    {"people", command_people, "import|erase|rotate FILE|PERSON|NEWKEY",
     "names and phones, encrypted and apart (--people-key); erase ends a retention",
     "  screenlab people --ledger lab.db --as a03.key --people-key people.key import people.csv\n"
     "  screenlab people --ledger lab.db --as a03.key --people-key people.key erase P2026000001\n"},
    {"audit", command_audit, NULL,
     "the chain of what was done is whole; prints the anchor to keep elsewhere (--anchor FILE: "
     "checks one)",
     "  screenlab audit --ledger lab.db >anchor-2026-11-23.txt\n"
     "  screenlab audit --ledger lab.db --anchor anchor-2026-11-23.txt\n"},
    {"audit-accept", command_audit_accept, "ROW",
     "records that a person looked into a break of the chain (--reason); two of them open release "
     "again",
     "  screenlab audit-accept --ledger lab.db --as a02.key --reason disk_fault 4711\n"},
    {"send", command_send, NULL,
     "takes what centres sent back (OUT/inbox), then puts released documents into OUT/outbox",
     "  screenlab send --ledger lab.db --out out\n"},
    {"step", command_step, "REFERRAL STEP",
     "records a step of a referral's life that the laboratory itself takes",
     "  screenlab step --as a01.key --reason three_contacts RN2026000001-2 lost\n"},
    {"reroute", command_reroute, "REFERRAL CENTRE",
     "a woman has moved: the next `send` brings her referral to that centre",
     "  screenlab reroute --as a01.key --reason moved RN2026000001-2 230104\n"},
    {"worklist", command_worklist, NULL,
     "what is due, overdue, unacknowledged or came back: OUT/worklist",
     "  screenlab worklist --centre 230103 --out out\n  screenlab worklist --level 3\n"},
    {"indicators", command_indicators, NULL,
     "figures of the network by centre and level, with months: OUT/indicators",
     "  screenlab indicators --from 2026-01-01 --to 2026-06-30 --centre 230103\n"},
    {"centre-key", command_centre_key, "CENTRE", "prints the key with which a centre seals returns",
     "  screenlab centre-key --as a03.key 230103 >230103.key\n"},
    {"seal", command_seal, "KEYFILE MESSAGE", "prints the MAC of a return, at the centre",
     "  screenlab seal 230103.key returns.csv >returns.csv.mac\n"},
    {"verify", command_verify, NULL,
     "the ledger is whole: every sample accounted for, every document as it was written",
     "  screenlab verify --ledger lab.db --out out\n"},
    {"disclose", command_disclose, "STEP CASE CONDITION",
     "medically approved: is a fetus affected by one disease? STEP: request, approve (three "
     "experts "
     "or more), give",
     "  screenlab disclose --as d01.key request C2026000001 haemophilia_b\n"
     "  screenlab disclose --as d04.key approve C2026000001 haemophilia_b\n"
     "  screenlab disclose --as d02.key --key lab.key --out out --evidence "
     "inbox/S2026000123.vcf.gz "
     "give C2026000001 haemophilia_b\n"},
    {"strip", command_strip, "IN OUT",
     "takes a fetus's sex out of a VCF, BCF, BAM, ABIF, HL7, CSV or CDA file, so that it can be "
     "shared",
     "  screenlab strip S2026000123.bam shared.bam\n"
     "  screenlab strip --demo --kit example-qfpcr A01.fsa shared.fsa\n"},
};

enum { COMMANDS = sizeof commands / sizeof *commands, MOST_THREADS = 256 };
enum {
    OPT_REFERENCE = 256,
    OPT_LEDGER,
    OPT_OUT,
    OPT_NOW,
    OPT_LANG,
    OPT_DEMO,
    OPT_UNCONFINED,
    OPT_NO_DOCUMENTS,
    OPT_REISSUE,
    OPT_ASSAY,
    OPT_CENTRE,
    OPT_LEVEL,
    OPT_INBOX,
    OPT_PERSON,
    OPT_REASON,
    OPT_DATE,
    OPT_OUTCOME,
    OPT_VALUE,
    OPT_FROM,
    OPT_TO,
    OPT_KIT,
    OPT_KEY,
    OPT_AS,
    OPT_PASSPHRASE,
    OPT_PEOPLE_KEY,
    OPT_TOLD,
    OPT_ANCHOR,
    OPT_EVIDENCE,
    OPT_SPECIMEN,
    OPT_HELP,
    OPT_VERSION
};

static const struct option options[] = {
    {"reference", required_argument, NULL, OPT_REFERENCE},
    {"ledger", required_argument, NULL, OPT_LEDGER},
    {"out", required_argument, NULL, OPT_OUT},
    {"now", required_argument, NULL, OPT_NOW},
    {"lang", required_argument, NULL, OPT_LANG},
    {"demo", no_argument, NULL, OPT_DEMO},
    {"unconfined", no_argument, NULL, OPT_UNCONFINED},
    {"no-documents", no_argument, NULL, OPT_NO_DOCUMENTS},
    {"reissue", no_argument, NULL, OPT_REISSUE},
    {"assay", required_argument, NULL, OPT_ASSAY},
    {"centre", required_argument, NULL, OPT_CENTRE},
    {"level", required_argument, NULL, OPT_LEVEL},
    {"inbox", required_argument, NULL, OPT_INBOX},
    {"person", required_argument, NULL, OPT_PERSON},
    {"reason", required_argument, NULL, OPT_REASON},
    {"date", required_argument, NULL, OPT_DATE},
    {"outcome", required_argument, NULL, OPT_OUTCOME},
    {"value", required_argument, NULL, OPT_VALUE},
    {"from", required_argument, NULL, OPT_FROM},
    {"to", required_argument, NULL, OPT_TO},
    {"kit", required_argument, NULL, OPT_KIT},
    {"key", required_argument, NULL, OPT_KEY},
    {"as", required_argument, NULL, OPT_AS},
    {"passphrase-file", required_argument, NULL, OPT_PASSPHRASE},
    {"people-key", required_argument, NULL, OPT_PEOPLE_KEY},
    {"told", required_argument, NULL, OPT_TOLD},
    {"anchor", required_argument, NULL, OPT_ANCHOR},
    {"evidence", required_argument, NULL, OPT_EVIDENCE},
    {"specimen", required_argument, NULL, OPT_SPECIMEN},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0},
};

static const char OPTION_HELP[] =
    "options:\n"
    "  --reference DIR   release of tables (default: ./reference, else the installed one)\n"
    "  --ledger FILE     the record of everything, made when absent (default: ./screenlab.db)\n"
    "  --out DIR         documents go to DIR/BATCH (default: ./out)\n"
    "  -j N              threads (default: all processors); the same bytes come out for every N\n"
    "  --now ISO8601     the run's time (default: the clock)\n"
    "  --lang zh|en      language of documents and messages (default: zh)\n"
    "  --demo            with the example tables; every page is stamped EXAMPLE\n"
    "  --no-documents    judge and record only\n"
    "  --assay CODE      whose panel is learnt\n"
    "  --kit CODE        the kit of an electropherogram that is stripped\n"
    "  -o FILE           where a panel or a key is written\n"
    "  --as FILE         key file of the person who acts or looks (roles.tsv, acts.tsv)\n"
    "  --key FILE        the laboratory's key: private for run and release, public for "
    "verify-document\n"
    "  --people-key FILE master key of the store of persons\n"
    "  --passphrase-file FILE  its first line opens the key of --as (of --key for run); keygen "
    "locks with it\n"
    "  --reason CODE, --told CODE, --person CODE, --anchor FILE  see the commands\n"
    "  --evidence FILE   the file that was judged, read again by disclose give; --specimen NAME: "
    "its "
    "name in a file of several\n"
    "  --unconfined      decode files in this process: for a kernel that cannot confine another\n"
    "  --reissue         judge again what has not changed\n"
    "  --centre ID       of whom the worklist or the indicators are; for whom a step is recorded\n"
    "  --level 1|2|3     what waits at townships, districts, the city\n"
    "  --inbox DIR       where centres' returns lie, a folder each (default: OUT/inbox)\n"
    "  --reason CODE --date DAY --outcome CODE --value CODE   of a step\n"
    "  --from DAY --to DAY   period of the indicators, both days in\n"
    "exit: 0 all interpreted; 1 something quarantined or not interpretable; 2 usage; 3 the batch "
    "stopped\n";

static void print_help(FILE *to)
{
    (void)fputs("screenlab " SCREENLAB_VERSION
                " - from submitted samples to three-level referrals\n\n",
                to);
    for (size_t i = 0; i < COMMANDS; i++) {
        const Command *c = &commands[i];
        const char *argument = c->argument ? c->argument : "";
        int room = 26 - (int)strlen(c->name);
        (void)fprintf(to, "  screenlab %s %-*s %s\n", c->name, room > 0 ? room : 0, argument,
                      c->help);
    }
    (void)fprintf(to, "\n%s\nexamples:\n", OPTION_HELP);
    for (size_t i = 0; i < COMMANDS; i++)
        (void)fputs(commands[i].examples, to);
}

static bool read_threads(int *out, const char *text)
{
    char *end;
    long n = strtol(text, &end, 10);
    if (end == text || *end != '\0' || n < 1 || n > MOST_THREADS) return false;
    *out = (int)n;
    return true;
}

static bool read_lang(Lang *out, const char *text)
{
    if (strcmp(text, "zh") != 0 && strcmp(text, "en") != 0) return false;
    *out = strcmp(text, "en") == 0 ? LANG_EN : LANG_ZH;
    return true;
}

static bool read_level(int *out, const char *text)
{
    *out = text[0] - '0';
    return *out >= 1 && *out <= 3 && text[1] == '\0';
}

/* Options that are kept as they stand; NULL = another. */
static const char **text_option(Settings *s, int option)
{
    switch (option) {
    case OPT_REFERENCE:
        return &s->reference;
    case OPT_LEDGER:
        return &s->ledger;
    case OPT_OUT:
        return &s->out;
    case OPT_NOW:
        return &s->now;
    case OPT_ASSAY:
        return &s->assay;
    case OPT_KEY:
        return &s->key;
    case OPT_AS:
        return &s->as;
    case OPT_PASSPHRASE:
        return &s->passphrase;
    case OPT_PEOPLE_KEY:
        return &s->people_key;
    case OPT_REASON:
        return &s->reason;
    case OPT_TOLD:
        return &s->told;
    case OPT_PERSON:
        return &s->person;
    case OPT_ANCHOR:
        return &s->anchor;
    case OPT_EVIDENCE:
        return &s->evidence;
    case OPT_SPECIMEN:
        return &s->specimen;
    case OPT_KIT:
        return &s->kit;
    case OPT_CENTRE:
        return &s->centre;
    case OPT_INBOX:
        return &s->inbox;
    case OPT_DATE:
        return &s->date;
    case OPT_OUTCOME:
        return &s->outcome;
    case OPT_VALUE:
        return &s->value;
    case OPT_FROM:
        return &s->from;
    case OPT_TO:
        return &s->to;
    case 'o':
        return &s->file;
    default:
        return NULL;
    }
}

/* One option; false = its value is no good. */
static bool take_option(Settings *s, int option)
{
    const char **text = text_option(s, option);
    if (text != NULL) {
        *text = optarg;
        return true;
    }
    switch (option) {
    case OPT_DEMO:
        s->demo = true;
        return true;
    case OPT_NO_DOCUMENTS:
        s->documents = false;
        return true;
    case OPT_REISSUE:
        s->reissue = true;
        return true;
    case OPT_UNCONFINED:
        s->unconfined = true;
        return true;
    case OPT_LANG:
        return read_lang(&s->lang, optarg);
    case OPT_LEVEL:
        return read_level(&s->level, optarg);
    case 'j':
        return read_threads(&s->threads, optarg);
    default:
        return false;
    }
}

static int usage(const char *about, const char *what)
{
    (void)fprintf(stderr, "screenlab: %s%s%s; see screenlab --help\n", about, *about ? ": " : "",
                  what);
    return EXIT_USAGE;
}

/* libxml2's writer drops what it gets no memory for, and says nothing: a document would lack a sentence. So it never gets none. */
static void *or_exhausted(void *memory, size_t size)
{
    if (memory == NULL && size > 0) exhausted();
    return memory;
}

static void *xml_malloc(size_t size)
{
    return or_exhausted(malloc(size), size);
}

static void *xml_realloc(void *memory, size_t size)
{
    return or_exhausted(realloc(memory, size), size);
}

static char *xml_strdup(const char *text)
{
    return or_exhausted(strdup(text), 1);
}

/* libxml2 tells lack of memory on the standard error, in words of its own; the Note tells it in ours. */
static void keep_silent(void *context, const char *message, ...)
{
    (void)context;
    (void)message;
}

static void prepare_process(void)
{
    (void)umask(077);
    (void)setenv("HTS_PATH", "/nonexistent", 1); /* HTSlib's plug-ins open URLs */
    (void)setenv("REF_PATH", ":", 1);
    hts_set_log_level(HTS_LOG_OFF);
    (void)xmlMemSetup(free, xml_malloc, xml_realloc, xml_strdup);
    xml_start();
    (void)xmlThrDefSetGenericErrorFunc(NULL, keep_silent);
    xmlSetGenericErrorFunc(NULL, keep_silent);
    (void)signal(SIGXFSZ, SIG_IGN); /* a file over its limit is a failed write, which is told */
}

/* What was printed must have arrived: a full disk behind "> log" shows only here. */
static int close_output(int code)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0) return code;
    (void)fputs("screenlab: the standard output cannot be written; the work itself is done\n",
                stderr);
    return EXIT_STOPPED;
}

static const Command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

static int count_words(const char *text)
{
    int n = text != NULL ? 1 : 0;
    for (; text != NULL && *text != '\0'; text++)
        n += *text == ' ';
    return n;
}

static int default_threads(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : (int)n;
}

int main(int argc, char **argv)
{
    Settings settings = {.ledger = "screenlab.db",
                         .out = "out",
                         .lang = LANG_ZH,
                         .documents = true,
                         .threads = default_threads(),
                         .exhausted = exhausted};
    opterr = 0; /* our own words, without the path of the program */
    for (int option; (option = getopt_long(argc, argv, "j:o:h", options, NULL)) != -1;) {
        if (option == OPT_HELP || option == 'h') {
            print_help(stdout);
            return 0;
        }
        if (option == OPT_VERSION)
            return printf("screenlab " SCREENLAB_VERSION "\ndecoders: confined by %s\n",
                          sandbox_means()) < 0;
        if (option == '?')
            return usage(argv[optind - 1], "not a known option, or its value is missing");
        if (!take_option(&settings, option))
            return usage(argv[optind - 1], "not a value of this option");
    }
    const Command *command = optind < argc ? find_command(argv[optind]) : NULL;
    if (command == NULL)
        return optind < argc ? usage(argv[optind], "no such command") : usage("", "which command?");
    int arguments = argc - optind - 1, needed = count_words(command->argument);
    if (arguments != needed)
        return usage(command->name,
                     arguments > needed ? "too many arguments" : "an argument is missing");
    settings.what = needed > 0 ? argv[argc - 1] : NULL;
    settings.verb = needed > 1 ? argv[optind + 1] : NULL;
    settings.object = needed > 2 ? argv[optind + 2] : NULL;
    prepare_process();
    if (sodium_init() < 0) return usage("", "no source of random numbers");
    int code = command->run(&settings);
    xmlCleanupParser();
    return close_output(code);
}

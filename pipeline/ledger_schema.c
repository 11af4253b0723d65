/* The ledger's tables. One rule holds for all of them: rows are added, never changed and never
 * removed; a correction is a new row that names the old one. The triggers at the end make the
 * database itself refuse everything else.
 *
 * Row numbers are given in submission order, so that no order or number tells anything about a
 * file. Nothing here may depend on a fetus's sex: evidence is kept as it is after the door
 * (lab/evidence.h), and no size, checksum or name of a raw file stands in a table. Checksums of raw
 * files, which differ by sex, live keyed in the sealed store. */
#include "ledger_sql.h"

const char *const ledger_schema[] = {
    /* The key file belongs to this ledger: HMAC(key, "screenlab ledger"). */
    "CREATE TABLE keeper (id INTEGER PRIMARY KEY CHECK (id = 1), key_check BLOB NOT NULL) STRICT",

    /* With what a verdict was made. */
    "CREATE TABLE stamp (id INTEGER PRIMARY KEY, release TEXT NOT NULL, program TEXT NOT NULL,"
    " demo INTEGER NOT NULL, UNIQUE (release, program, demo)) STRICT",

    /* One run of one folder; `now` and `lang` hold for a resumed run too. Finished = it has a row
       in batch_end. */
    "CREATE TABLE batch (id INTEGER PRIMARY KEY, name TEXT NOT NULL, now INTEGER NOT NULL,"
    " lang TEXT NOT NULL, documents INTEGER NOT NULL) STRICT",
    "CREATE TABLE batch_end (batch INTEGER PRIMARY KEY REFERENCES batch (id),"
    " interpreted INTEGER NOT NULL, not_interpretable INTEGER NOT NULL, awaiting INTEGER NOT NULL,"
    " replaced INTEGER NOT NULL, rejected INTEGER NOT NULL) STRICT",

    /* Registrations: every accepted (sample, revision). */
    "CREATE TABLE sample (id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch (id),"
    " sample TEXT NOT NULL, revision INTEGER NOT NULL, replaces INTEGER NOT NULL, reason TEXT NOT "
    "NULL,"
    " person TEXT NOT NULL, case_id TEXT NOT NULL, submitter TEXT NOT NULL, follow_up TEXT NOT "
    "NULL,"
    " subject TEXT NOT NULL, material TEXT NOT NULL, assay TEXT NOT NULL, collected INTEGER NOT "
    "NULL,"
    " consent_person TEXT NOT NULL, consent_version TEXT NOT NULL, consent_given INTEGER NOT NULL,"
    " fetal INTEGER NOT NULL, row INTEGER NOT NULL, UNIQUE (sample, revision)) STRICT",
    "CREATE INDEX sample_case ON sample (case_id)", "CREATE INDEX sample_person ON sample (person)",
    "CREATE TABLE fact (id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch (id),"
    " case_id TEXT NOT NULL, owner TEXT NOT NULL, code TEXT NOT NULL, value TEXT NOT NULL, number "
    "REAL,"
    " unit TEXT NOT NULL, time INTEGER, row INTEGER NOT NULL) STRICT",
    "CREATE INDEX fact_case ON fact (case_id)",

    /* What was measured, in the canonical text of lab/evidence.h; file = 1: read from a file of the
       analyser. */
    "CREATE TABLE evidence (sample INTEGER NOT NULL REFERENCES sample (id), n INTEGER NOT NULL,"
    " batch INTEGER NOT NULL REFERENCES batch (id), file INTEGER NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY (sample, n)) STRICT, WITHOUT ROWID",
    /* Coded results whose sample nobody has registered yet. */
    "CREATE TABLE unmatched (id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch (id),"
    " sample TEXT NOT NULL, text TEXT NOT NULL) STRICT",
    "CREATE INDEX unmatched_sample ON unmatched (sample)",

    /* Control materials as measured; value NULL = cannot be used. In which runs a registration was
       measured, of analytes that need controls: whom a late control concerns. */
    "CREATE TABLE control (id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch (id),"
    " run TEXT NOT NULL, analyte TEXT NOT NULL, material TEXT NOT NULL, lot TEXT NOT NULL,"
    " instrument TEXT NOT NULL, unit TEXT NOT NULL, value REAL, time INTEGER NOT NULL,"
    " row INTEGER NOT NULL) STRICT",
    "CREATE TABLE measured_in (run TEXT NOT NULL, sample INTEGER NOT NULL REFERENCES sample (id),"
    " PRIMARY KEY (run, sample)) STRICT, WITHOUT ROWID",

    /* A visit of a case: a judgement, or (same_as) the remark that nothing has changed since that
       one. */
    "CREATE TABLE verdict (id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch (id),"
    " case_id TEXT NOT NULL, version INTEGER NOT NULL, replaces INTEGER REFERENCES verdict (id),"
    " same_as INTEGER REFERENCES verdict (id), stamp INTEGER NOT NULL REFERENCES stamp (id),"
    " key BLOB NOT NULL) STRICT",
    "CREATE INDEX verdict_case ON verdict (case_id)",
    "CREATE TABLE judged (verdict INTEGER NOT NULL REFERENCES verdict (id),"
    " sample INTEGER NOT NULL REFERENCES sample (id), state INTEGER NOT NULL CHECK (state IN (0, "
    "1, 2)),"
    " note_code TEXT, note_file TEXT, note_row INTEGER, note_field TEXT, note_detail TEXT,"
    " PRIMARY KEY (verdict, sample)) STRICT, WITHOUT ROWID",
    "CREATE TABLE finding (verdict INTEGER NOT NULL REFERENCES verdict (id), n INTEGER NOT NULL,"
    " sample INTEGER REFERENCES sample (id), assay TEXT NOT NULL, subject TEXT NOT NULL,"
    " fetal INTEGER NOT NULL, code TEXT NOT NULL, item TEXT, answer INTEGER NOT NULL, detail TEXT,"
    " value REAL, unit TEXT, from_table TEXT, version TEXT, from_row TEXT,"
    " example INTEGER NOT NULL, unverified INTEGER NOT NULL, level INTEGER, department TEXT,"
    " capability TEXT, urgency TEXT, wording TEXT, due INTEGER, due_uncertain INTEGER, due_example "
    "INTEGER,"
    " centre TEXT, rule TEXT, qc TEXT, PRIMARY KEY (verdict, n)) STRICT, WITHOUT ROWID",

    /* Papers: a set id (name) with its versions, to whom they went, and which findings they told.
     */
    "CREATE TABLE paper (id INTEGER PRIMARY KEY, verdict INTEGER NOT NULL REFERENCES verdict (id),"
    " kind INTEGER NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, replaces INTEGER NOT "
    "NULL,"
    " centre TEXT NOT NULL, copy_to TEXT, due INTEGER, UNIQUE (name, version)) STRICT",
    "CREATE INDEX paper_verdict ON paper (verdict)",
    "CREATE TABLE told (paper INTEGER NOT NULL REFERENCES paper (id), finding INTEGER NOT NULL,"
    " verdict INTEGER NOT NULL, PRIMARY KEY (paper, finding),"
    " FOREIGN KEY (verdict, finding) REFERENCES finding (verdict, n)) STRICT, WITHOUT ROWID",
    /* What was written below the output folder; content is deflated, so that a lost file can be
       restored. */
    "CREATE TABLE document (id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch (id),"
    " paper INTEGER REFERENCES paper (id), name TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT NOT "
    "NULL,"
    " size INTEGER NOT NULL, content BLOB NOT NULL) STRICT",
    "CREATE INDEX document_paper ON document (paper)",

    /* Quarantined rows, each told to somebody by a receipt. */
    "CREATE TABLE rejection (id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch (id),"
    " centre TEXT NOT NULL, sample TEXT NOT NULL, case_id TEXT NOT NULL, note_code TEXT NOT NULL,"
    " note_file TEXT, note_row INTEGER, note_field TEXT, note_detail TEXT) STRICT",
    NULL};

/* What later forms added; a ledger of an older form gets it when it is next opened for writing. So each statement must
 * also be harmless where its table is there. */
const char *const ledger_additions[] = {
    /* Papers that have left the draft: how = "automatic" (a row of the release policy), or "two_persons". */
    "CREATE TABLE IF NOT EXISTS released (paper INTEGER PRIMARY KEY REFERENCES paper (id),"
    " time INTEGER NOT NULL, how TEXT NOT NULL CHECK (how IN ('automatic', 'two_persons'))) STRICT",

    /* What a person did with a paper: review, amend, release, hold, lift, call; signed with the person's key over the text of
       pipeline/desk.c. */
    "CREATE TABLE IF NOT EXISTS act (id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES "
    "paper (id),"
    " kind TEXT NOT NULL, person TEXT NOT NULL, time INTEGER NOT NULL, reason TEXT NOT NULL,"
    " told TEXT NOT NULL, key BLOB NOT NULL, signature BLOB NOT NULL) STRICT",
    "CREATE INDEX IF NOT EXISTS act_paper ON act (paper)",
    /* Released papers whose receiver is told by phone; until when (NULL = at once). The record of it is an act "call". */
    "CREATE TABLE IF NOT EXISTS call_due (paper INTEGER PRIMARY KEY REFERENCES released (paper),"
    " due INTEGER) STRICT",
    /* The files of a released paper, below the output folder; content is deflated and, when the file names a person, encrypted under
       that person's key, so that erasing the key erases the name here too. */
    "CREATE TABLE IF NOT EXISTS issued (id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES "
    "released (paper),"
    " name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,"
    " person TEXT NOT NULL, content BLOB NOT NULL) STRICT",
    "CREATE INDEX IF NOT EXISTS issued_paper ON issued (paper)",

    /* Approved disclosures: requests, approvals of them, and that a document was given for a fetal sample, never what it says. */
    "CREATE TABLE IF NOT EXISTS disclosure (id INTEGER PRIMARY KEY, case_id TEXT NOT NULL,"
    " condition TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('request', 'approve', 'give')),"
    " request INTEGER REFERENCES disclosure (id), sample TEXT NOT NULL, person TEXT NOT NULL,"
    " time INTEGER NOT NULL, key BLOB NOT NULL, signature BLOB NOT NULL) STRICT",
    "CREATE INDEX IF NOT EXISTS disclosure_case ON disclosure (case_id)",

    /* Who did what when: a chain, each row's mac covers the row before. Identical for twins: codes and pseudonyms only. */
    "CREATE TABLE IF NOT EXISTS audit (n INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT "
    "NOT "
    "NULL,"
    " action TEXT NOT NULL, object TEXT NOT NULL, outcome TEXT NOT NULL, mac BLOB NOT NULL) STRICT",

    /* The life of a document after its release: where it is to go instead, where it went (n = 0: the copy to the submitter; 1, 2, ...: to
       whom it is addressed, then to whom it was rerouted), which messages of centres changed something (keyed over what the door let
       through: a karyotype that was sent may hold a fetus's sex), and every step that was taken. `paper` of a step is the number that
       all versions share. */
    "CREATE TABLE IF NOT EXISTS reroute (id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES "
    "paper (id), centre TEXT NOT NULL, reason TEXT NOT NULL, person TEXT NOT NULL, time INTEGER "
    "NOT "
    "NULL) STRICT",
    "CREATE INDEX IF NOT EXISTS reroute_paper ON reroute (paper)",
    "CREATE TABLE IF NOT EXISTS dispatch (id INTEGER PRIMARY KEY, paper INTEGER NOT NULL "
    "REFERENCES "
    "paper (id), n INTEGER NOT NULL, centre TEXT NOT NULL, reroute INTEGER REFERENCES reroute (id),"
    " time INTEGER NOT NULL, UNIQUE (paper, n)) STRICT",
    "CREATE UNIQUE INDEX IF NOT EXISTS dispatch_reroute ON dispatch (reroute) WHERE reroute IS NOT "
    "NULL",
    "CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, centre TEXT NOT NULL, key BLOB "
    "NOT "
    "NULL, time INTEGER NOT NULL, UNIQUE (centre, key)) STRICT",
    "CREATE TABLE IF NOT EXISTS step (id INTEGER PRIMARY KEY, paper TEXT NOT NULL, version INTEGER "
    "NOT "
    "NULL, state TEXT NOT NULL CHECK (state IN ('sent', 'received', 'appointed', 'attended', "
    "'refused', 'elsewhere', 'result_returned', 'treated', 'cured', 'lost', 'closed')),"
    " date INTEGER NOT NULL, centre TEXT NOT NULL, person TEXT NOT NULL, reason TEXT, outcome TEXT,"
    " value TEXT, laboratory INTEGER NOT NULL, message INTEGER REFERENCES message (id),"
    " time INTEGER NOT NULL, FOREIGN KEY (paper, version) REFERENCES paper (name, version)) STRICT",
    "CREATE INDEX IF NOT EXISTS step_paper ON step (paper)", NULL};

/* Persons: one key each, wrapped under the master key; what is known of them, under their own. The only store that forgets. */
const char *const ledger_people_schema[] = {
    "CREATE TABLE IF NOT EXISTS people.keeper (id INTEGER PRIMARY KEY CHECK (id = 1), key_check "
    "BLOB NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS people.person (person TEXT PRIMARY KEY, wrapped BLOB NOT NULL) "
    "STRICT, WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS people.entry (id INTEGER PRIMARY KEY, person TEXT NOT NULL,"
    " sealed BLOB NOT NULL) STRICT",
    "CREATE INDEX IF NOT EXISTS people.entry_person ON entry (person)", NULL};

/* Checksums of raw files, keyed: whoever holds this file and not the key learns nothing. */
const char ledger_sealed_schema[] =
    "CREATE TABLE IF NOT EXISTS sealed.raw_file (sample TEXT NOT NULL, revision INTEGER NOT NULL,\n"
    "  digest BLOB NOT NULL, PRIMARY KEY (sample, revision, digest)) STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX IF NOT EXISTS sealed.raw_file_digest ON raw_file (digest)";

/* Every table of the schema gets two triggers; ledger_verify looks for them. */
const char *const ledger_tables[] = {
    "keeper",    "stamp",   "batch",       "batch_end", "sample",   "fact",       "evidence",
    "unmatched", "verdict", "judged",      "finding",   "paper",    "told",       "document",
    "rejection", "control", "measured_in", "released",  "audit",    "reroute",    "dispatch",
    "message",   "step",    "act",         "issued",    "call_due", "disclosure", NULL};

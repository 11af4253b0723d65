/* Intake: one row of the table below for every way in which a row can be wrong, and for those in which it must be right. */
#include "../pipeline/text.h"
#include "intake_rows.h"

typedef struct Row {
    const char *what;
    const char *submission, *facts, *results; /* without header; NULL = no such file */
    const char *code, *field;                 /* of the first rejection; NULL = none */
    long row;
    const char *centre;
    size_t n_rejections, n_samples, n_facts, n_results;
} Row;

static const Row rows[] = {
    {"a good row", WOMAN("S000001"), NULL, NULL, NULL, NULL, 0, "", 0, 1, 0, 0},
    {"couple", WOMAN("S000001") PARTNER("S000002"), NULL, NULL, NULL, NULL, 0, "", 0, 2, 0, 0},
    {"empty person",
     ",C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-30,\n",
     NULL, NULL, "cell.empty", "person", 2, "230103", 1, 0, 0, 0},
    {"empty sample", WOMAN(""), NULL, NULL, "cell.empty", "sample", 2, "230103", 1, 0, 0, 0},
    {"id without letter", WOMAN("000001"), NULL, NULL, "id.grammar", "sample", 2, "230103", 1, 0, 0,
     0},
    {"id too short", WOMAN("S12345"), NULL, NULL, "id.grammar", "sample", 2, "230103", 1, 0, 0, 0},
    {"id too long", WOMAN("S1234567890123456789"), NULL, NULL, "id.grammar", "sample", 2, "230103",
     1, 0, 0, 0},
    {"id of lower case", WOMAN("s000001"), NULL, NULL, "id.grammar", "sample", 2, "230103", 1, 0, 0,
     0},
    {"id mangled 2.3E+17", WOMAN("2.3E+17"), NULL, NULL, "id.spreadsheet", "sample", 2, "230103", 1,
     0, 0, 0},
    {"id mangled 1.23e17", WOMAN("1.23e17"), NULL, NULL, "id.spreadsheet", "sample", 2, "230103", 1,
     0, 0, 0},
    {"id mangled .0", WOMAN("2026000123.0"), NULL, NULL, "id.spreadsheet", "sample", 2, "230103", 1,
     0, 0, 0},
    {"case of the wrong kind",
     "P100001,S100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-"
     "30,\n",
     NULL, NULL, "id.grammar", "case", 2, "230103", 1, 0, 0, 0},
    {"formula =", WOMAN("=S000001"), NULL, NULL, "cell.formula", "sample", 2, "230103", 1, 0, 0, 0},
    {"formula @",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,@SUM(A1),"
     "2026-10-30,\n",
     NULL, NULL, "cell.formula", "consent_version", 2, "230103", 1, 0, 0, 0},
    {"formula +", WOMAN("+S000001"), NULL, NULL, "cell.formula", "sample", 2, "230103", 1, 0, 0, 0},
    {"formula -", WOMAN("-S000001"), NULL, NULL, "cell.formula", "sample", 2, "230103", 1, 0, 0, 0},
    {"formula behind a TAB", WOMAN("\"\tS000001\""), NULL, NULL, "cell.formula", "sample", 2,
     "230103", 1, 0, 0, 0},
    {"revision of no number",
     "P100001,C100001,S000001,one,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-"
     "10-30,\n",
     NULL, NULL, "revision.number", "revision", 2, "230103", 1, 0, 0, 0},
    {"revision 0",
     "P100001,C100001,S000001,0,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-"
     "30,\n",
     NULL, NULL, "revision.number", "revision", 2, "230103", 1, 0, 0, 0},
    {"revision 1.5",
     "P100001,C100001,S000001,1.5,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-"
     "10-30,\n",
     NULL, NULL, "revision.number", "revision", 2, "230103", 1, 0, 0, 0},
    {"revision 2 replaces none",
     "P100001,C100001,S000001,2,,data_entry,230103,230103,woman,blood,carrier,2026-11-01,P100001,"
     "v1,2026-10-30,\n",
     NULL, NULL, "revision.replaces", "replaces", 2, "230103", 1, 0, 0, 0},
    {"revision 2 replaces itself",
     "P100001,C100001,S000001,2,2,data_entry,230103,230103,woman,blood,carrier,2026-11-01,P100001,"
     "v1,2026-10-30,\n",
     NULL, NULL, "revision.replaces", "replaces", 2, "230103", 1, 0, 0, 0},
    {"revision 1 replaces",
     "P100001,C100001,S000001,1,1,data_entry,230103,230103,woman,blood,carrier,2026-11-01,P100001,"
     "v1,2026-10-30,\n",
     NULL, NULL, "revision.replaces", "replaces", 2, "230103", 1, 0, 0, 0},
    {"revision 2 without reason",
     "P100001,C100001,S000001,2,1,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-"
     "30,\n",
     NULL, NULL, "revision.reason", "reason", 2, "230103", 1, 0, 0, 0},
    {"reason of no table",
     "P100001,C100001,S000001,2,1,because,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,"
     "2026-10-30,\n",
     NULL, NULL, "revision.reason", "reason", 2, "230103", 1, 0, 0, 0},
    {"a correction",
     WOMAN("S000001") "P100001,C100001,S000001,2,1,data_entry,230103,230104,woman,saliva,carrier,"
                      "2026-11-01,P100001,v1,2026-10-30,\n",
     NULL, NULL, NULL, NULL, 0, "", 0, 2, 0, 0},
    {"a correction that moves the sample",
     WOMAN("S000001") "P100009,C100009,S000001,2,1,wrong_person,230103,230104,woman,blood,carrier,"
                      "2026-11-01,P100009,v1,2026-10-30,\n",
     NULL, NULL, NULL, NULL, 0, "", 0, 2, 0, 0},
    {"a correction that moves it unsaid",
     WOMAN("S000001") "P100009,C100001,S000001,2,1,data_entry,230103,230104,woman,blood,carrier,"
                      "2026-11-01,P100009,v1,2026-10-30,\n",
     NULL, NULL, "sample.owner", "person", 3, "230103", 1, 1, 0, 0},
    {"a correction to another case unsaid",
     WOMAN("S000001") "P100001,C100009,S000001,2,1,data_entry,230103,230104,woman,blood,carrier,"
                      "2026-11-01,P100001,v1,2026-10-30,\n",
     NULL, NULL, "sample.owner", "case", 3, "230103", 1, 1, 0, 0},
    {"no collection time",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,,P100001,v1,2026-10-30,\n",
     NULL, NULL, "cell.empty", "collected", 2, "230103", 1, 0, 0, 0},
    {"impossible date",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-02-30,P100001,v1,2026-01-"
     "30,\n",
     NULL, NULL, "date.form", "collected", 2, "230103", 1, 0, 0, 0},
    {"collected tomorrow",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-24,P100001,v1,2026-10-"
     "30,\n",
     NULL, NULL, "date.future", "collected", 2, "230103", 1, 0, 0, 0},
    {"unknown centre",
     "P100001,C100001,S000001,1,,,999999,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-"
     "30,\n",
     NULL, NULL, "centre.unknown", "submitter", 2, "", 1, 0, 0, 0},
    {"no centre",
     "P100001,C100001,S000001,1,,,,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-30,\n",
     NULL, NULL, "cell.empty", "submitter", 2, "", 1, 0, 0, 0},
    {"unknown follow-up centre",
     "P100001,C100001,S000001,1,,,230103,x,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-30,\n",
     NULL, NULL, "centre.unknown", "follow_up", 2, "230103", 1, 0, 0, 0},
    {"unknown subject",
     "P100001,C100001,S000001,1,,,230103,230103,mother,blood,carrier,2026-11-01,P100001,v1,2026-10-"
     "30,\n",
     NULL, NULL, "subject.unknown", "subject", 2, "230103", 1, 0, 0, 0},
    {"unknown material",
     "P100001,C100001,S000001,1,,,230103,230103,woman,urine,carrier,2026-11-01,P100001,v1,2026-10-"
     "30,\n",
     NULL, NULL, "material.unknown", "material", 2, "230103", 1, 0, 0, 0},
    {"unknown assay",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,horoscope,2026-11-01,P100001,v1,2026-"
     "10-30,\n",
     NULL, NULL, "assay.unknown", "assay", 2, "230103", 1, 0, 0, 0},
    {"cervical cells of a partner",
     "P100002,C100001,S000001,1,,,230103,230103,partner,cervical_cells,cervical,2026-11-01,P100002,"
     "v1,2026-10-30,\n",
     NULL, NULL, "material.subject", "material", 2, "230103", 1, 0, 0, 0},
    {"amniotic fluid of a newborn",
     "P100002,C100001,S000001,1,,,230103,230103,newborn,amniotic_fluid,carrier,2026-11-01,P100001,"
     "v1,2026-10-30,\n",
     NULL, NULL, "material.subject", "material", 2, "230103", 1, 0, 0, 0},
    {"cervical test of blood",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,cervical,2026-11-01,P100001,v1,2026-10-"
     "30,\n",
     NULL, NULL, "material.assay", "material", 2, "230103", 1, 0, 0, 0},
    {"no consent", "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,,,,\n",
     NULL, NULL, "consent.missing", "consent_person", 2, "230103", 1, 0, 0, 0},
    {"consent without version",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,,2026-10-30,"
     "\n",
     NULL, NULL, "consent.missing", "consent_version", 2, "230103", 1, 0, 0, 0},
    {"consent without date",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,,\n",
     NULL, NULL, "consent.missing", "consent_date", 2, "230103", 1, 0, 0, 0},
    {"consent of somebody else",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100002,v1,2026-10-"
     "30,\n",
     NULL, NULL, "consent.person", "consent_person", 2, "230103", 1, 0, 0, 0},
    {"partner under the woman's consent",
     "P100002,C100001,S000001,1,,,230103,230103,partner,blood,carrier,2026-11-01,P100001,v1,2026-"
     "10-30,\n",
     NULL, NULL, "consent.partner", "consent_person", 2, "230103", 1, 0, 0, 0},
    {"consent's person mangled",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,1.0E+05,v1,2026-10-"
     "30,\n",
     NULL, NULL, "id.spreadsheet", "consent_person", 2, "230103", 1, 0, 0, 0},
    {"consent after collection",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-11-"
     "02,\n",
     NULL, NULL, "consent.late", "consent_date", 2, "230103", 1, 0, 0, 0},
    {"consent's date wrong",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,30.10."
     "2026,\n",
     NULL, NULL, "date.form", "consent_date", 2, "230103", 1, 0, 0, 0},
    {"long consent version",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,"
     "v12345678901234567890123456789012345678,2026-10-30,\n",
     NULL, NULL, "consent.version", "consent_version", 2, "230103", 1, 0, 0, 0},
    {"material of a fetus, other consents", WOMAN("S000001") FETUS("S000002", "P100007"), NULL,
     NULL, "consent.fetus", "consent_person", 3, "230103", 1, 1, 0, 0},
    {"duplicate", WOMAN("S000001") WOMAN("S000001"), NULL, NULL, "sample.duplicate", "sample", 3,
     "230103", 1, 1, 0, 0},
    {"conflict",
     WOMAN("S000001") "P100001,C100001,S000001,1,,,230103,230103,woman,saliva,carrier,2026-11-"
                      "01T08:00,P100001,v1,2026-10-30,\n",
     NULL, NULL, "sample.conflict", "sample", 2, "230103", 2, 0, 0, 0},
    {"one sample, two persons", WOMAN("S000001") PARTNER("S000001"), NULL, NULL, "sample.conflict",
     "sample", 2, "230103", 2, 0, 0, 0},
    {"two women in a case",
     WOMAN("S000001") "P100003,C100001,S000003,1,,,230104,230103,woman,blood,carrier,2026-11-01,"
                      "P100003,v1,2026-10-30,\n",
     NULL, NULL, "case.two_women", "person", 2, "230103", 2, 0, 0, 0},
    {"two partners in a case",
     PARTNER("S000001") "P100003,C100001,S000003,1,,,230104,230103,partner,blood,carrier,2026-11-"
                        "01,P100003,v1,2026-10-30,\n",
     NULL, NULL, "case.two_partners", "person", 2, "230103", 2, 0, 0, 0},
    {"woman and partner are one",
     WOMAN("S000001") "P100001,C100001,S000003,1,,,230104,230103,partner,blood,carrier,2026-11-01,"
                      "P100001,v1,2026-10-30,\n",
     NULL, NULL, "case.same_person", "person", 3, "230104", 1, 1, 0, 0},
    {"too few cells", "P100001,C100001,S000001\n" WOMAN("S000002"), NULL, NULL, "row.cells", "", 2,
     "", 1, 1, 0, 0},
    {"too many cells",
     "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-"
     "30,x,y\n",
     NULL, NULL, "row.cells", "", 2, "", 1, 0, 0, 0},
    {"a quote inside a cell", "P100001,C1\"00001,S000001,1\n" WOMAN("S000002"), NULL, NULL,
     "csv.syntax", "", 2, "", 1, 1, 0, 0},
    {"a quote never closed", WOMAN("S000002") "P100001,\"C100001,S000001,1\n", NULL, NULL,
     "csv.syntax", "", 3, "", 1, 1, 0, 0},
    {"a line break in a cell",
     "\"P100001\n\",C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,"
     "2026-10-30,\n" WOMAN("S000002"),
     NULL, NULL, "row.line_break", "", 2, "", 1, 1, 0, 0},
    {"lines of commas", ",,,,,,,,,,,,,,,\n" WOMAN("S000001") "\n\n,,,\n", NULL, NULL, NULL, NULL, 0,
     "", 0, 1, 0, 0},
    {"blank lines are counted", "\n\n" WOMAN("S1"), NULL, NULL, "id.grammar", "sample", 4, "230103",
     1, 0, 0, 0},
    {"a good fact", WOMAN("S000001"), "C100001,woman,birth_date,1995-05-05,,\n", NULL, NULL, NULL,
     0, "", 0, 1, 1, 0},
    {"fact of an older batch's case", WOMAN("S000001"), "C777777,woman,birth_date,1995-05-05,,\n",
     NULL, NULL, NULL, 0, "", 0, 1, 1, 0},
    {"unknown fact", WOMAN("S000001"), "C100001,woman,shoe_size,38,,\n", NULL, "fact.code", "code",
     2, "230103", 1, 1, 0, 0},
    {"unknown owner", WOMAN("S000001"), "C100001,mother,birth_date,1995-05-05,,\n", NULL,
     "fact.owner", "owner", 2, "230103", 1, 1, 0, 0},
    {"fact of the wrong owner", WOMAN("S000001"), "C100001,partner,gestation_days,100,d,\n", NULL,
     "fact.owner", "owner", 2, "230103", 1, 1, 0, 0},
    {"impossible gestation", WOMAN("S000001"), "C100001,woman,gestation_days,900,d,\n", NULL,
     "fact.range", "value", 2, "230103", 1, 1, 0, 0},
    {"negative gestation", WOMAN("S000001"), "C100001,woman,gestation_days,-5,d,\n", NULL,
     "fact.range", "value", 2, "230103", 1, 1, 0, 0},
    {"gestation in weeks", WOMAN("S000001"), "C100001,woman,gestation_days,14,wk,\n", NULL,
     "fact.unit", "unit", 2, "230103", 1, 1, 0, 0},
    {"gestation without unit", WOMAN("S000001"), "C100001,woman,gestation_days,100,,\n", NULL,
     "fact.unit", "unit", 2, "230103", 1, 1, 0, 0},
    {"gestation 14+3", WOMAN("S000001"), "C100001,woman,gestation_days,14+3,d,\n", NULL,
     "fact.number", "value", 2, "230103", 1, 1, 0, 0},
    {"gestation nan", WOMAN("S000001"), "C100001,woman,gestation_days,nan,d,\n", NULL,
     "fact.number", "value", 2, "230103", 1, 1, 0, 0},
    {"birth date wrong", WOMAN("S000001"), "C100001,woman,birth_date,1995-13-05,,\n", NULL,
     "date.form", "value", 2, "230103", 1, 1, 0, 0},
    {"birth date to come", WOMAN("S000001"), "C100001,woman,birth_date,2030-01-05,,\n", NULL,
     "date.future", "value", 2, "230103", 1, 1, 0, 0},
    {"born after the sample", WOMAN("S000001"), "C100001,woman,birth_date,2026-11-10,,\n", NULL,
     "fact.birth_date", "value", 2, "230103", 1, 1, 0, 0},
    {"a word outside the list", WOMAN("S000001"), "C100001,woman,hiv,maybe,,\n", NULL, "fact.value",
     "value", 2, "230103", 1, 1, 0, 0},
    {"fact without value", WOMAN("S000001"), "C100001,woman,hiv,,,\n", NULL, "cell.empty", "value",
     2, "230103", 1, 1, 0, 0},
    {"fact of a mangled case", WOMAN("S000001"), "1E+06,woman,hiv,negative,,\n", NULL,
     "id.spreadsheet", "case", 2, "", 1, 1, 0, 0},
    {"fact's time wrong", WOMAN("S000001"), "C100001,woman,hiv,negative,,yesterday\n", NULL,
     "date.form", "time", 2, "230103", 1, 1, 0, 0},
    {"fact's time to come", WOMAN("S000001"), "C100001,woman,hiv,negative,,2027-01-01\n", NULL,
     "date.future", "time", 2, "230103", 1, 1, 0, 0},
    {"fact twice", WOMAN("S000001"), "C100001,woman,hiv,negative,,\nC100001,woman,hiv,negative,,\n",
     NULL, "fact.duplicate", "value", 3, "230103", 1, 1, 1, 0},
    {"facts that contradict", WOMAN("S000001"),
     "C100001,woman,hiv,negative,,\nC100001,woman,hiv,positive,,\n", NULL, "fact.conflict", "value",
     2, "230103", 2, 1, 0, 0},
    {"facts of two times", WOMAN("S000001"),
     "C100001,woman,hiv,negative,,2026-01-01\nC100001,woman,hiv,positive,,2026-02-01\n", NULL, NULL,
     NULL, 0, "", 0, 1, 2, 0},
    {"fact as a formula", WOMAN("S000001"), "C100001,woman,hiv,=1+1,,\n", NULL, "cell.formula",
     "value", 2, "230103", 1, 1, 0, 0},
    {"a good result", CERVIX("S000001"), NULL, "S000001,,,,,,hpv.16,positive,,\n", NULL, NULL, 0,
     "", 0, 1, 0, 1},
    {"result of an unknown sample", CERVIX("S000001"), NULL, "S000009,,,,,,hpv.16,positive,,\n",
     NULL, NULL, 0, "", 0, 1, 0, 1},
    {"unknown result", CERVIX("S000001"), NULL, "S000001,,,,,,hpv.999,positive,,\n", "result.code",
     "code", 2, "230104", 1, 1, 0, 0},
    {"result of another assay", WOMAN("S000001"), NULL, "S000001,,,,,,hpv.16,positive,,\n",
     "result.code", "code", 2, "230103", 1, 1, 0, 0},
    {"below the analyser's range", SERUM("S000001"), NULL, "S000001,,,,,,serum.afp,<0.3,U/mL,\n",
     NULL, NULL, 0, "", 0, 1, 0, 1},
    {"a blank behind the sign, below what is plausible", SERUM("S000001"), NULL,
     "S000001,,,,,,serum.afp,< 0.05,U/mL,\n", NULL, NULL, 0, "", 0, 1, 0, 1},
    {"above the analyser's range, full-width", SERUM("S000001"), NULL,
     "S000001,,,,,,serum.afp,\xEF\xBC\x9E"
     "5000,U/mL,\n",
     NULL, NULL, 0, "", 0, 1, 0, 1},
    {"beyond all that is plausible", SERUM("S000001"), NULL,
     "S000001,,,,,,serum.afp,>99999,U/mL,\n", "result.range", "value", 2, "230103", 1, 1, 0, 0},
    {"below nothing", SERUM("S000001"), NULL, "S000001,,,,,,serum.afp,<0,U/mL,\n", "result.number",
     "value", 2, "230103", 1, 1, 0, 0},
    {"a sign and no number", SERUM("S000001"), NULL, "S000001,,,,,,serum.afp,>,U/mL,\n",
     "result.number", "value", 2, "230103", 1, 1, 0, 0},
    {"at most", SERUM("S000001"), NULL, "S000001,,,,,,serum.afp,<=0.3,U/mL,\n", "result.number",
     "value", 2, "230103", 1, 1, 0, 0},
    {"two signs", SERUM("S000001"), NULL, "S000001,,,,,,serum.afp,<>3,U/mL,\n", "result.number",
     "value", 2, "230103", 1, 1, 0, 0},
    {"decimal comma", SERUM("S000001"), NULL, "S000001,,,,,,serum.afp,\"38,5\",U/mL,\n",
     "result.number", "value", 2, "230103", 1, 1, 0, 0},
    {"a number with its unit", SERUM("S000001"), NULL, "S000001,,,,,,serum.afp,38 U/mL,U/mL,\n",
     "result.number", "value", 2, "230103", 1, 1, 0, 0},
    {"AFP by mass", SERUM("S000001"), NULL, "S000001,,,,,,serum.afp,38,ng/mL,\n", "result.unit",
     "unit", 2, "230103", 1, 1, 0, 0},
    {"a count has no end of a range", WOMAN("S000001"), NULL,
     "S000001,,,,,,smn1.exon7_copies,>2,{copies},\n", "result.number", "value", 2, "230103", 1, 1,
     0, 0},
    {"result outside the list", CERVIX("S000001"), NULL, "S000001,,,,,,hpv.16,maybe,,\n",
     "result.value", "value", 2, "230104", 1, 1, 0, 0},
    {"unknown sample, value outside the list", CERVIX("S000001"), NULL,
     "S000009,,,,,,hpv.16,maybe,,\n", "result.value", "value", 2, "", 1, 1, 0, 0},
    {"result without value", CERVIX("S000001"), NULL, "S000001,,,,,,hpv.16,,,\n", "cell.empty",
     "value", 2, "230104", 1, 1, 0, 0},
    {"neither file nor code", CERVIX("S000001"), NULL, "S000001,R1,A1,,,,,,,\n", "result.nothing",
     "", 2, "230104", 1, 1, 0, 0},
    {"file and code", CERVIX("S000001"), NULL, "S000001,,,,a.csv," SHA ",hpv.16,positive,,\n",
     "result.both", "code", 2, "230104", 1, 1, 0, 0},
    {"code and checksum", CERVIX("S000001"), NULL, "S000001,,,,," SHA ",hpv.16,positive,,\n",
     "result.both", "sha256", 2, "230104", 1, 1, 0, 0},
    {"star without file", CERVIX("S000001"), NULL, "*,,,,,,hpv.16,positive,,\n", "result.star",
     "sample", 2, "", 1, 1, 0, 0},
    {"result's sample mangled", CERVIX("S000001"), NULL, "2E+08,,,,,,hpv.16,positive,,\n",
     "id.spreadsheet", "sample", 2, "", 1, 1, 0, 0},
    {"run with a blank", CERVIX("S000001"), NULL, "S000001,run 7,,,,,hpv.16,positive,,\n",
     "result.run", "run", 2, "230104", 1, 1, 0, 0},
    {"result's time wrong", CERVIX("S000001"), NULL, "S000001,,,,,,hpv.16,positive,,noon\n",
     "date.form", "time", 2, "230104", 1, 1, 0, 0},
    {"result's time to come", CERVIX("S000001"), NULL, "S000001,,,,,,hpv.16,positive,,2027-01-01\n",
     "date.future", "time", 2, "230104", 1, 1, 0, 0},
    {"result twice", CERVIX("S000001"), NULL,
     "S000001,,,,,,hpv.16,positive,,\nS000001,,,,,,hpv.16,positive,,\n", "result.duplicate",
     "sample", 3, "230104", 1, 1, 0, 1},
    {"results that contradict", CERVIX("S000001"), NULL,
     "S000001,,,,,,hpv.16,positive,,\nS000001,,,,,,hpv.16,negative,,\n", "result.conflict",
     "sample", 2, "230104", 2, 1, 0, 0},
    {"file with a path", WOMAN("S000001"), NULL, "S000001,,,,../a.vcf," SHA ",,,,\n", "file.name",
     "file", 2, "230103", 1, 1, 0, 0},
    {"file with a scheme", WOMAN("S000001"), NULL, "S000001,,,,https://x/a.vcf," SHA ",,,,\n",
     "file.name", "file", 2, "230103", 1, 1, 0, 0},
    {"file missing", WOMAN("S000001"), NULL, "S000001,,,,absent.vcf," SHA ",,,,\n", "file.missing",
     "file", 2, "230103", 1, 1, 0, 0},
    {"file without checksum", WOMAN("S000001"), NULL, "S000001,,,,a.vcf,,,,,\n", "file.no_checksum",
     "sha256", 2, "230103", 1, 1, 0, 0},
    {"checksum cut", WOMAN("S000001"), NULL, "S000001,,,,a.vcf,0123abcd,,,,\n",
     "file.checksum_form", "sha256", 2, "230103", 1, 1, 0, 0},
    {"checksum of other letters", WOMAN("S000001"), NULL,
     "S000001,,,,a.vcf,z123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,,,,\n",
     "file.checksum_form", "sha256", 2, "230103", 1, 1, 0, 0},
    {"results before registration", NULL, NULL, "S000009,,,,,,hpv.16,positive,,\n", NULL, NULL, 0,
     "", 0, 0, 0, 1},
};

static size_t readable(const Intake *in)
{
    size_t n = 0;
    for (size_t i = 0; i < in->n_facts; i++)
        n += in->facts[i].fact.unreadable ? 0 : 1;
    return n;
}

Test(intake, one_row_for_every_fault)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Row *r = &rows[i];
        Fixture x;
        Intake in;
        Note why = {0};
        setup(&x);
        if (r->submission != NULL) put_text(&x, "submission.csv", HEAD, r->submission);
        if (r->facts != NULL) put_text(&x, "facts.csv", FACTS, r->facts);
        if (r->results != NULL) put_text(&x, "results.csv", RESULTS, r->results);
        cr_expect(read_batch(&x, &in, &why) == OK, "row %zu %s: %s", i, r->what, why.code);
        cr_expect(in.n_rejections == r->n_rejections, "row %zu %s: %zu rejections", i, r->what,
                  in.n_rejections);
        cr_expect(in.n_samples == r->n_samples && readable(&in) == r->n_facts &&
                      in.n_results == r->n_results,
                  "row %zu %s: %zu samples %zu facts %zu results", i, r->what, in.n_samples,
                  readable(&in), in.n_results);
        if (in.n_rejections > 0 && r->code != NULL) {
            const Rejection *j = &in.rejections[0];
            cr_expect(strcmp(j->note.code, r->code) == 0, "row %zu %s: %s", i, r->what,
                      j->note.code);
            cr_expect(strcmp(j->note.field, r->field) == 0, "row %zu %s: field %s", i, r->what,
                      j->note.field);
            cr_expect(j->note.row == r->row, "row %zu %s: row %ld", i, r->what, j->note.row);
            cr_expect(strcmp(j->centre, r->centre) == 0, "row %zu %s: centre %s", i, r->what,
                      j->centre);
            char key[80];
            (void)snprintf(key, sizeof key, "note.%s", j->note.code);
            cr_expect(reference_has_word(x.reference, key), "row %zu: no wording %s", i, key);
        }
        fixture_close(&x);
    }
}

typedef struct Bytes {
    const char *what;
    const char *bytes;
    size_t size; /* 0 = strlen */
    const char *code, *field;
    size_t n_samples;
} Bytes;

#define CN_HEAD                                                                                    \
    "\xC8\xCB\xD4\xB1\xB1\xE0\xBA\xC5,\xB8\xF6\xB0\xB8\xB1\xE0\xBA\xC5,"                           \
    "\xD1\xF9\xB1\xBE\xB1\xE0\xBA\xC5," /* person case sample, GB18030 */                          \
    "revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_"       \
    "person,consent_version,consent_date\n"

#define WOMAN_BEHIND_PERSON(sample)                                                                \
    ",C100001," sample ",1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-30,"  \
    "\n"

static const Bytes bytes[] = {
    {"UTF-8 with BOM", "\xEF\xBB\xBF" HEAD WOMAN("S000001"), 0, NULL, NULL, 1},
    {"CR LF",
     "person,case,sample,revision,submitter,follow_up,subject,material,assay,collected,consent_"
     "person,consent_version,consent_date\r\n"
     "P100001,C100001,S000001,1,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-"
     "30\r\n",
     0, NULL, NULL, 1},
    {"upper-case header in another order",
     "SAMPLE,PERSON,CASE,REVISION,SUBMITTER,FOLLOW_UP,SUBJECT,MATERIAL,ASSAY,COLLECTED,CONSENT_"
     "PERSON,CONSENT_VERSION,CONSENT_DATE\n"
     "S000001,P100001,C100001,1,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-10-"
     "30\n",
     0, NULL, NULL, 1},
    {"Chinese header in GB18030",
     CN_HEAD "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,"
             "2026-10-30\n",
     0, NULL, NULL, 1},
    {"no last line feed",
     HEAD "P100001,C100001,S000001,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,"
          "2026-10-30,",
     0, NULL, NULL, 1},
    {"quoted cells",
     HEAD
     "\"P100001\",\"C100001\",\"S000001\",\"1\",\"\",\"\",\"230103\",\"230103\",\"woman\","
     "\"blood\",\"carrier\",\"2026-11-01\",\"P100001\",\"v1\",\"2026-10-30\",\"a \"\"b\"\", c\"\n",
     0, NULL, NULL, 1},
    {"NUL in a row", HEAD WOMAN("S000001") "\0P", sizeof(HEAD WOMAN("S000001") "\0P") - 1,
     "row.cells", "", 1},
    {"NUL in a cell that is read", HEAD WOMAN("S000001") "P1\0001" WOMAN_BEHIND_PERSON("S000002"),
     sizeof(HEAD WOMAN("S000001") "P1\0001" WOMAN_BEHIND_PERSON("S000002")) - 1, "cell.binary",
     "person", 1},
    {"neither encoding in a cell that is read",
     HEAD WOMAN("S000001") "P1\xFF" WOMAN_BEHIND_PERSON("S000002"), 0, "cell.encoding", "person",
     1},
    {"UTF-16", "\xFF\xFEp\0e\0r\0", 8, "text.binary", "", 0},
    {"a zip under another name", "PK\x03\x04\x14\x01\x06", 0, "text.binary", "", 0},
    {"neither UTF-8 nor GB18030", HEAD WOMAN("S000001") "\xFF\xFF\xFF", 0, "row.cells", "", 1},
    {"cut inside a character", HEAD WOMAN("S000001") "\xE4", 0, "row.cells", "", 1},
    {"a header in no encoding", "\xFF\xFE\x80,\xFF\n1,2\n", 0, "text.encoding", "", 0},
    {"empty file", "\n", 0, "table.header", "", 0},
    {"no column for the sample", "person,case\nP100001,C100001\n", 0, "table.column_missing",
     "sample", 0},
    {"one column twice", "person,case,sample,person_id\n", 0, "table.column_twice", "person", 0},
    {"header with a broken quote", "person,\"case\"x,sample\n", 0, "table.header", "", 0},
};

Test(intake, encodings_and_headers)
{
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        const Bytes *b = &bytes[i];
        Fixture x;
        Intake in;
        Note why = {0};
        setup(&x);
        put_bytes(&x, "submission.csv", b->bytes, b->size ? b->size : strlen(b->bytes));
        put_text(&x, "results.csv", RESULTS, ""); /* so that the batch goes on */
        Status s = read_batch(&x, &in, &why);
        cr_expect(s == OK, "row %zu %s: %s", i, b->what, why.code);
        cr_expect(in.n_samples == b->n_samples, "row %zu %s: %zu samples", i, b->what,
                  in.n_samples);
        cr_expect(in.n_rejections == (b->code ? 1 : 0), "row %zu %s: %zu rejections", i, b->what,
                  in.n_rejections);
        if (b->code && in.n_rejections == 1) {
            const Note *n = &in.rejections[0].note;
            cr_expect(strcmp(n->code, b->code) == 0 && strcmp(n->field, b->field) == 0,
                      "row %zu %s: %s %s", i, b->what, n->code, n->field);
            cr_expect(strcmp(n->file, "submission.csv") == 0, "row %zu: %s", i, n->file);
        }
        fixture_close(&x);
    }
}

Test(intake, ten_megabytes_in_a_cell_cost_one_row)
{
    Fixture x;
    Intake in;
    Note why = {0};
    setup(&x);
    size_t big = 10 * 1024 * 1024;
    char *cell = malloc(big + 1);
    memset(cell, 'x', big);
    cell[big] = '\0';
    char *all = arena_print(
        x.arena,
        HEAD "P100001,C100001,%s,1,,,230103,230103,woman,blood,carrier,2026-11-01,P100001,v1,2026-"
             "10-30,\n" WOMAN("S000001") "P100001,C100001,S000002,1,,,230103,230103,woman,blood,"
                                         "carrier,2026-11-01,P100001,v1,2026-10-30,%s\n",
        cell, cell);
    put_bytes(&x, "submission.csv", all, strlen(all));
    cr_expect(read_batch(&x, &in, &why) == OK, "%s", why.code);
    cr_expect(in.n_samples == 2, "the long remark is not even read: %zu", in.n_samples);
    cr_expect(in.n_rejections == 1 && strcmp(in.rejections[0].note.code, "cell.long") == 0);
    cr_expect(strcmp(in.rejections[0].centre, "230103") == 0,
              "the centre is told although the cell is too long");
    free(cell);
    fixture_close(&x);
}

Test(intake, three_hundred_columns)
{
    Fixture x;
    Intake in;
    Note why = {0};
    setup(&x);
    char text[4000] = "";
    for (int i = 0; i < 300; i++)
        (void)strncat(text, "column,", sizeof text - strlen(text) - 1);
    put_text(&x, "submission.csv", text, "\n");
    cr_expect(read_batch(&x, &in, &why) == BAD_INPUT);
    cr_expect(strcmp(why.code, "table.too_wide") == 0, "%s", why.code);
    fixture_close(&x);
}

Test(intake, a_batch_without_tables_stops)
{
    Fixture x;
    Intake in;
    Note why = {0};
    setup(&x);
    put_text(&x, "facts.csv", FACTS, "");
    cr_expect(read_batch(&x, &in, &why) == BAD_INPUT && strcmp(why.code, "batch.empty") == 0, "%s",
              why.code);
    (void)snprintf(x.batch + strlen(x.batch), 3, "-x");
    cr_expect(read_batch(&x, &in, &why) != OK, "an absent folder");
    x.batch[strlen(x.batch) - 2] = '\0';
    fixture_close(&x);
}

Test(intake, a_file_of_many_becomes_rows)
{
    static const char export[] =
        "sample_id,target,result,flag,type,result_creation_datetime\n"
        "S000001,Other HR HPV,POS,,,2026-11-02 10:00\nS000002,HPV 16,NEG,,,\nS000001,HPV "
        "16,NEG,,,\n"
        "K1,HPV 16,Valid,,+,\nbaby boy,HPV 16,NEG,,,\nS000001,HPV 18,??,,,\n";
    Fixture x;
    Intake in;
    Note why = {0};
    char hex[SHA256_HEX];
    setup(&x);
    sum(hex, export);
    put_text(&x, "submission.csv", HEAD, CERVIX("S000001"));
    put_text(&x, "a.csv", "", export);
    put_text(&x, "results.csv", RESULTS, arena_print(x.arena, "*,,,,a.csv,%s,,,,\n", hex));
    cr_expect(read_batch(&x, &in, &why) == OK);
    cr_expect(in.n_results == 2, "%zu", in.n_results);
    cr_expect(strcmp(in.results[0].sample, "S000001") == 0 && in.results[0].n_results == 2);
    cr_expect(strcmp(in.results[1].sample, "S000002") == 0 && in.results[1].n_results == 1);
    cr_expect(in.n_rejections == 2, "%zu", in.n_rejections);
    for (size_t i = 0; i < in.n_rejections; i++) {
        const Rejection *j = &in.rejections[i];
        cr_expect(j->note.row == 2 && strcmp(j->note.file, "results.csv") == 0, "%s %ld",
                  j->note.file, j->note.row);
        cr_expect(strstr(j->note.detail, "boy") == NULL);
    }
    fixture_close(&x);
}

typedef struct Many {
    const char *what, *content, *hex, *code;
} Many;

static const Many many[] = {
    {"wrong checksum", "sample_id,target,result\nS000001,HPV 16,POS\n", SHA, "file.checksum"},
    {"a file of one", "##fileformat=VCFv4.2\n", NULL, "file.not_many"},
    {"no format", "\x01\x02\x03\x04", NULL, "file.format"},
    {"unknown header", "a,b,c\n1,2,3\n", NULL, "csv.header_unknown"},
    {"message without head", "PID|1||x\rOBX|1|ST|HPV 16\r", NULL, "hl7.no_msh"},
};

Test(intake, files_of_many_that_cannot_be_used)
{
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        Fixture x;
        Intake in;
        Note why = {0};
        char hex[SHA256_HEX];
        setup(&x);
        sum(hex, many[i].content);
        put_text(&x, "submission.csv", HEAD, CERVIX("S000001"));
        put_text(&x, "m.hl7", "", many[i].content);
        put_text(&x, "results.csv", RESULTS,
                 arena_print(x.arena, "*,,,,m.hl7,%s,,,,\n", many[i].hex ? many[i].hex : hex));
        cr_expect(read_batch(&x, &in, &why) == OK, "row %zu: %s", i, why.code);
        cr_expect(in.n_results == 0, "row %zu", i);
        cr_expect(in.n_rejections == 1 && strcmp(in.rejections[0].note.code, many[i].code) == 0,
                  "row %zu %s: %s", i, many[i].what,
                  in.n_rejections ? in.rejections[0].note.code : "nothing");
        fixture_close(&x);
    }
}

Test(intake, checksum_of_one_file)
{
    Fixture x;
    Intake in;
    Note why = {0};
    char hex[SHA256_HEX];
    int fd;
    setup(&x);
    sum(hex, "abc");
    put_text(&x, "submission.csv", HEAD, WOMAN("S000001") WOMAN("S000002"));
    put_text(&x, "a.csv", "", "abc");
    put_text(&x, "results.csv", RESULTS,
             arena_print(x.arena, "S000001,,,,a.csv,%s,,,,\nS000002,,,,a.csv," SHA ",,,,\n", hex));
    cr_assert(intake_read(&in, x.batch, x.reference, NOW, x.arena, &why) == OK);
    cr_assert(in.n_results == 2);
    cr_expect(intake_open_result(&fd, &in, &in.results[0], false, &why) == OK);
    (void)close(fd);
    cr_expect(intake_open_result(&fd, &in, &in.results[1], true, &why) == REFUSED);
    cr_expect(strcmp(why.code, "file.checksum") == 0 && why.row == 3 && why.detail[0] == '\0');
    (void)close(in.folder);
    fixture_close(&x);
}

Test(intake, utf8)
{
    static const struct {
        const char *text;
        bool good;
    } texts[] = {{"", true},
                 {"a", true},
                 {"\xC3\xA9", true},
                 {"\xE4\xB8\xAD", true},
                 {"\xF0\x9F\x98\x80", true},
                 {"\x80", false},
                 {"\xC3", false},
                 {"\xC0\xAF", false},
                 {"\xE0\x80\xAF", false},
                 {"\xED\xA0\x80", false},
                 {"\xF0\x80\x80\xAF", false},
                 {"\xF4\x90\x80\x80", false},
                 {"\xE4\xB8", false},
                 {"\xE4\xB8\x41", false},
                 {"\xFF", false}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(text_is_utf8(texts[i].text, strlen(texts[i].text)) == texts[i].good, "row %zu",
                  i);
}

Test(intake, ids)
{
    cr_expect(intake_id_ok('S', "S000001") && intake_id_ok('P', "P123456789012345678"));
    cr_expect(!intake_id_ok('S', "P000001") && !intake_id_ok('S', "S00001") &&
              !intake_id_ok('S', "S000001 ") && !intake_id_ok('S', "S1234567890123456789") &&
              !intake_id_ok('S', "") && !intake_id_ok('S', NULL));
}

/* What goes on of a row that could not be read: "woman hysterectomy" for each fact that it may have been about. */
Test(intake, a_fact_that_cannot_be_read_goes_on_as_unreadable)
{
    static const struct {
        const char *facts, *unreadable;
    } cases[] = {
        {"C100001,woman,hysterectomy,no,,\n", ""},
        {"C100001,woman,hysterectomy,cervix gone,,\n", "woman hysterectomy; "},
        {"C100001,woman,hysterectomy,,,\n", "woman hysterectomy; "},
        {"C100001,woman,hysterectomy,\xFF\xFE,,\n", "woman hysterectomy; "},
        {"C100001,woman,hysterectomy,=no,,\n", "woman hysterectomy; "},
        {"C100001,woman,hysterectomy,no,,yesterday\n", "woman hysterectomy; "},
        {"C100001,woman,hysterectomy,no,,,,,\n", "woman hysterectomy; "},
        {"C100001,woman,hysterectomy,n\"o,,\n", "woman hysterectomy; "},
        {"C100001,wife,hysterectomy,no,,\n", "woman hysterectomy; "},
        {"C100001,wife,birth_date,1980-01-01,,\n",
         "woman birth_date; partner birth_date; newborn birth_date; "},
        {"C100001,partner,birth_date,1980-13-01,,\n", "partner birth_date; "},
        {"C100001,woman,weight_kg,61,lb,\n", "woman weight_kg; "},
        {"C100001,woman,hiv,positive,,\nC100001,woman,hiv,negative,,\n", "woman hiv; woman hiv; "},
        {"C100001,woman,hiv,negative,,\nC100001,woman,hiv,negative,,\n", ""},
        {"C100001,woman,hysterectomie,no,,\n", ""},  /* no fact that anybody uses */
        {"C1,woman,hysterectomy,no,,\n", ""},        /* of no case */
        {"C100001,fetus_a,fetal_sex,male,,\n", ""},  /* the door */
        {"C100001,woman,fetal_sex,\xFF,,,,,\n", ""}, /* the door, torn */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture x;
        Intake in;
        Note why = {0};
        char said[400] = "";
        setup(&x);
        put_text(&x, "submission.csv", HEAD, WOMAN("S000001"));
        put_text(&x, "facts.csv", FACTS, cases[i].facts);
        cr_expect(read_batch(&x, &in, &why) == OK, "row %zu: %s", i, why.code);
        for (size_t k = 0; k < in.n_facts; k++)
            if (in.facts[k].fact.unreadable)
                (void)snprintf(said + strlen(said), sizeof said - strlen(said), "%s %s; ",
                               subject_code(in.facts[k].fact.owner), in.facts[k].fact.code);
        cr_expect_str_eq(said, cases[i].unreadable, "row %zu %s", i, cases[i].facts);
        fixture_close(&x);
    }
}

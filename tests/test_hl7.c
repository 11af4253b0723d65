/* HL7 v2: one row for every way in which a message says something, fails to, or lies. */
#include "reading.h"

#include <criterion/criterion.h>

extern const Reader reader_hl7;

#define MSH(type, id)              "MSH|^~\\&|A|B|C|D|20261120120000||" type "|" id "|P|2.5\r"
#define OUL                        MSH("OUL^R22", "1")
#define ORU                        MSH("ORU^R01", "1")
#define SPM(s)                     "SPM||" s "||CVX|||||||P\r"
#define OBR                        "OBR|1|||71432-9^HPV-GT^LN|||||||A\r"
#define COBAS6(test, flag)         "OBX|1|ST|" test "^" test "^99ROC||ValueNotSet|||" flag "|||F\r"
#define STATUS(test, flag, status) "OBX|1|ST|" test "^^99ROC||" flag "||||||" status "\r"
#define COBAS4(test, text)         "OBX|1|ST|" test "^^99ROC||" text "||||||F\r"
#define PAP(type, value)           "OBX|1|" type "|10524-7^Pap^LN||" value "||||||F\r"
#define ORDER(s)                   "OBR|1|" s "||10524-7^Cytology^LN\r"

typedef struct Row {
    const char *what, *text;
    size_t size; /* 0 = strlen */
    const char *results, *faults;
} Row;

static const Row rows[] = {
    {"cobas 6800: OBX-8",
     OUL SPM("S000001") OBR COBAS6("Other HR HPV", "POS") COBAS6("HPV 16", "NEG")
         COBAS6("HPV 18", "NEG"),
     0, "S000001 hpv.other=positive; S000001 hpv.16=negative; S000001 hpv.18=negative; ", ""},
    {"cobas 6800: order rows are no results",
     OUL SPM("S000001") OBR COBAS6(
         "HPV 16", "POS") "OBX|4|ST|71432-9^HPV-GT^LN|1/"
                          "1|ValueNotSet|||NA|||F\rOBX|5|ST|71432-9^HPV-GT^LN|1/2|NA|||\"\"|||F\r",
     0, "S000001 hpv.16=positive; ", ""},
    {"cobas 6800: NA is no negative", OUL SPM("S000001") OBR COBAS6("HPV 16", "NA"), 0, "",
     "S000001 result.word OBX-5; "},
    {"cobas 4800",
     OUL SPM("S000001&ROCHE") OBR COBAS4("02HPVHR", "POS HR HPV")
         COBAS4("02HPVOHR", "NEG Other HR HPV") COBAS4("02HPV16", "NEG HPV16")
             COBAS4("02HPV18", "Invalid HPV18"),
     0,
     "S000001 hpv.pooled=positive; S000001 hpv.other=negative; S000001 hpv.16=negative; S000001 "
     "hpv.18=invalid; ",
     ""},
    {"cobas 4800: failed", OUL SPM("S000001&ROCHE") OBR COBAS4("02HPV16", "Failed"), 0,
     "S000001 hpv.16=failed; ", ""},
    {"a remark about the specimen in another encoding decides nothing (D08)",
     "MSH|^~\\&|A|B|C|D|20261120120000||OUL^R22|1|P|2.5||||||ASCII\r"
     "SPM||S000001||CVX|||||||P|||\xc4\xd0\xcc\xa5\r" OBR COBAS6("HPV 16", "POS"),
     0, "S000001 hpv.16=positive; ", ""},
    {"the same without MSH-18, beside a field in UTF-8",
     OUL "SPM||S000001||CVX|||||||P|||\xc4\xd0\xcc\xa5\r" OBR
         "OBX|1|ST|HPV 16^\xe9\xab\x98\xe5\x8d\xb1^99ROC||ValueNotSet|||POS|||F\r",
     0, "S000001 hpv.16=positive; ", ""},
    {"a word of another test", OUL SPM("S000001") OBR COBAS4("02HPV16", "NEG HPV18"), 0, "",
     "S000001 result.contradiction OBX-5; "},
    {"a control is no patient",
     OUL "SPM||S000009||CVX|||||||Q\r" OBR COBAS4("02HPV16", "Valid") SPM("S000001")
         OBR COBAS4("02HPV16", "POS HPV16"),
     0, "S000001 hpv.16=positive; ", ""},
    {"two specimens in a message",
     OUL SPM("S000001") OBR COBAS6("HPV 16", "POS") SPM("S000002") OBR COBAS6("HPV 16", "NEG"), 0,
     "S000001 hpv.16=positive; S000002 hpv.16=negative; ", ""},
    {"unknown word", OUL SPM("S000001") OBR COBAS6("HPV 16", "MAYBE"), 0, "",
     "S000001 result.word OBX-5; "},
    {"unknown test", OUL SPM("S000001") OBR COBAS6("HPV 16", "POS") COBAS6("HPV 999", "POS"), 0,
     "S000001 hpv.16=positive; S000001 test.unknown=HPV 999; ",
     "S000001 result.test_unknown OBX-3; "},
    {"an unknown test whose name is no code",
     OUL SPM("S000001") OBR COBAS6("HPV 16", "POS") COBAS6("Zhang: 13800000000", "POS"), 0,
     "S000001 hpv.16=positive; S000001 test.unknown=; ", "S000001 result.test_unknown OBX-3; "},
    {"two unknown tests, one of them twice",
     OUL SPM("S000001") OBR COBAS6("HPV 16", "POS") COBAS6("CT", "POS") COBAS6("NG", "NEG")
         COBAS6("CT", "NEG"),
     0, "S000001 hpv.16=positive; S000001 test.unknown=CT; S000001 test.unknown=NG; ",
     "S000001 result.test_unknown OBX-3; S000001 result.test_unknown OBX-3; "},
    {"only unknown tests", OUL SPM("S000001") OBR COBAS6("HPV 999", "POS") COBAS6("HPV 998", "POS"),
     0, "", "S000001 result.none OBX-3; "},
    {"no OBX", OUL SPM("S000001") OBR, 0, "", "S000001 result.none OBX-3; "},
    {"no SPM", OUL OBR COBAS6("HPV 16", "POS"), 0, "", " hl7.no_segment SPM; "},
    {"no OBR", ORU PAP("TX", "NILM"), 0, "", " hl7.no_segment OBR; "},
    {"SPM without id", OUL SPM("") OBR COBAS6("HPV 16", "POS"), 0, "", " hl7.no_specimen SPM-2; "},
    {"id in SAC", OUL SPM("") "SAC|||S000001\r" OBR COBAS6("HPV 16", "POS"), 0,
     "S000001 hpv.16=positive; ", ""},
    {"filler id in SPM", OUL SPM("^S000001") OBR COBAS6("HPV 16", "POS"), 0,
     "S000001 hpv.16=positive; ", ""},
    {"two ids of our form", OUL SPM("S000001") "SAC|||S000002\r" OBR COBAS6("HPV 16", "POS"), 0, "",
     " hl7.two_specimens SPM-2; "},
    {"a barcode of another form", OUL SPM("NPHL/26/0000058") OBR COBAS6("HPV 16", "POS"), 0,
     "NPHL/26/0000058 hpv.16=positive; ", ""},
    {"preliminary", OUL SPM("S000001") OBR "OBX|1|ST|HPV 16^^99ROC||ValueNotSet|||NEG|||P\r", 0, "",
     "S000001 hl7.not_final OBX-11; "},
    {"no status", OUL SPM("S000001") OBR "OBX|1|ST|HPV 16^^99ROC||ValueNotSet|||NEG\r", 0, "",
     "S000001 hl7.not_final OBX-11; "},
    {"deleted", OUL SPM("S000001") OBR STATUS("HPV 16", "NEG", "D"), 0,
     "S000001 hpv.16=taken_back; ", ""},
    {"posted as wrong", OUL SPM("S000001") OBR STATUS("HPV 16", "NEG", "W"), 0,
     "S000001 hpv.16=taken_back; ", ""},
    {"posted as wrong, without a value", OUL SPM("S000001") OBR STATUS("HPV 16", "", "W"), 0,
     "S000001 hpv.16=taken_back; ", ""},
    {"final, then posted as wrong",
     OUL SPM("S000001") OBR COBAS6("HPV 16", "NEG") STATUS("HPV 16", "NEG", "W"), 0,
     "S000001 hpv.16=taken_back; ", ""},
    {"posted as wrong, then final",
     OUL SPM("S000001") OBR STATUS("HPV 16", "NEG", "W") COBAS6("HPV 16", "POS"), 0,
     "S000001 hpv.16=positive (C); ", ""},
    {"a pooled test that named a type is posted as wrong",
     OUL SPM("S000001") OBR STATUS("02HPVHR", "NEG HPV16", "W"), 0,
     "S000001 hpv.pooled=taken_back; S000001 hpv.16=taken_back; ", ""},
    {"a correction that nobody understands takes back",
     OUL SPM("S000001") OBR STATUS("HPV 16", "MAYBE", "C"), 0, "S000001 hpv.16=taken_back; ",
     "S000001 result.word OBX-5; "},
    {"none to be had beside a final one",
     OUL SPM("S000001") OBR COBAS6("HPV 16", "NEG") STATUS("HPV 16", "", "X"), 0,
     "S000001 hpv.16=taken_back; ", "S000001 result.contradiction OBX-5; "},
    {"stored, not verified", OUL SPM("S000001") OBR STATUS("HPV 16", "NEG", "R"), 0, "",
     "S000001 hl7.not_final OBX-11; "},
    {"partial, pending, not asked",
     OUL SPM("S000001") OBR STATUS("HPV 16", "NEG", "S") STATUS("HPV 18", "NEG", "I")
         STATUS("Other HR HPV", "NEG", "N"),
     0, "",
     "S000001 hl7.not_final OBX-11; S000001 hl7.not_final OBX-11; S000001 hl7.not_final OBX-11; "},
    {"cannot be obtained", OUL SPM("S000001") OBR "OBX|1|ST|HPV 16^^99ROC||ValueNotSet|||NEG|||X\r",
     0, "S000001 hpv.16=failed (C); ", ""},
    {"a correction in a later message",
     OUL SPM("S000001") OBR COBAS6("HPV 16", "NEG") COBAS6("HPV 18", "NEG") MSH("OUL^R22", "2")
         SPM("S000001") OBR "OBX|1|ST|HPV 16^^99ROC||ValueNotSet|||POS|||C\r",
     0, "S000001 hpv.16=negative; S000001 hpv.18=negative; S000001 hpv.16=positive (C); ", ""},
    {"a correction in the same message",
     OUL SPM("S000001")
         OBR COBAS6("HPV 16", "NEG") "OBX|1|ST|HPV 16^^99ROC||ValueNotSet|||POS|||C\r",
     0, "S000001 hpv.16=positive (C); ", ""},
    {"two answers to one question",
     OUL SPM("S000001") OBR COBAS6("HPV 16", "NEG") COBAS6("HPV 16", "POS"), 0, "",
     "S000001 result.contradiction OBX-5; "},
    {"text and flag disagree",
     OUL SPM("S000001") OBR "OBX|1|ST|02HPV16^^99ROC||NEG HPV16|||POS|||F\r", 0, "",
     "S000001 result.contradiction OBX-5; "},
    {"SNOMED at LOINC", ORU ORDER("S000001") PAP("CE", "373887005^NILM^SCT"), 0,
     "S000001 cytology=nilm; ", ""},
    {"local code",
     ORU ORDER("S000001") PAP("CE", "HSIL^High-grade squamous intraepithelial lesion^L"), 0,
     "S000001 cytology=hsil; ", ""},
    {"alternate code", ORU ORDER("S000001") PAP("CWE", "X1^own word^L^441088002^ASC-H^SCT"), 0,
     "S000001 cytology=asc_h; ", ""},
    {"SNOMED without its system", ORU ORDER("S000001") PAP("CE", "373887005"), 0,
     "S000001 cytology=nilm; ", ""},
    {"code and words disagree", ORU ORDER("S000001") PAP("CE", "373887005^HSIL^SCT"), 0,
     "S000001 cytology=unmatched; ", ""},
    {"two findings in one field", ORU ORDER("S000001") PAP("CE", "NILM^^L~HSIL^^L"), 0,
     "S000001 cytology=unmatched; ", ""},
    {"two findings in one field, one unknown", ORU ORDER("S000001") PAP("CE", "NILM^^L~strange^^L"),
     0, "S000001 cytology=unmatched; ", ""},
    {"nine findings in one field",
     ORU ORDER("S000001") PAP("CE", "NILM~NILM~NILM~NILM~NILM~NILM~NILM~NILM~HSIL"), 0,
     "S000001 cytology=unmatched; ", ""},
    {"a flag does not speak for strange words",
     OUL SPM("S000001") OBR "OBX|1|ST|HPV 16^^99ROC||see comment|||NEG|||F\r", 0, "",
     "S000001 result.word OBX-5; "},
    {"strange words beside a result",
     OUL SPM("S000001") OBR COBAS6("HPV 16", "NEG") "OBX|1|ST|HPV 16^^99ROC||see comment||||||F\r",
     0, "", "S000001 result.word OBX-5; "},
    {"coded beats narrative",
     ORU ORDER("S000001") PAP("CE", "373887005^NILM^SCT") PAP("TX", "Satisfactory specimen."), 0,
     "S000001 cytology=nilm; ", ""},
    {"narrative that contradicts the code",
     ORU ORDER("S000001") PAP("CE", "373887005^NILM^SCT") PAP("TX", "HSIL"), 0,
     "S000001 cytology=unmatched; ", ""},
    {"an unknown code beside a known word",
     ORU ORDER("S000001") PAP("CE", "999^strange^SCT") PAP("TX", "NILM"), 0,
     "S000001 cytology=unmatched; ", ""},
    {"text only, exact", ORU ORDER("S000001") PAP("TX", "HSIL"), 0, "S000001 cytology=hsil; ", ""},
    {"text only, negated", ORU ORDER("S000001") PAP("TX", "No evidence of HSIL"), 0,
     "S000001 cytology=unmatched; ", ""},
    {"PDF only", ORU ORDER("S000001") PAP("ED", "^AP^^Base64^JVBERi0xLjQK"), 0,
     "S000001 cytology=unmatched; ", ""},
    {"PDF beside a code",
     ORU ORDER("S000001")
         PAP("CE", "HSIL^^L") "OBX|2|ED|PDF^Report^X||^AP^^Base64^JVBERi0x||||||F\r",
     0, "S000001 cytology=hsil; ", ""},
    {"SPM behind the OBX", ORU "OBR|1|O77||10524-7^C^LN\r" PAP("CE", "HSIL^^L") SPM("S000001"), 0,
     "S000001 cytology=hsil; ", ""},
    {"two orders, two samples",
     ORU ORDER("S000001") PAP("TX", "NILM") ORDER("S000002") PAP("TX", "HSIL"), 0,
     "S000001 cytology=nilm; S000002 cytology=hsil; ", ""},
    {"ORC opens an order",
     ORU "ORC|RE\r" ORDER("S000001") PAP("TX", "NILM") "ORC|RE\r" ORDER("S000002")
         PAP("TX", "HSIL"),
     0, "S000001 cytology=nilm; S000002 cytology=hsil; ", ""},
    {"custom delimiters",
     "MSH#*!?+#A#B#C#D#20261120##OUL*R22#1#P#2.5\rSPM##S000001###########P\rOBX#1#ST#HPV "
     "16*x*99ROC##ValueNotSet###POS###F\r",
     0, "S000001 hpv.16=positive; ", ""},
    {"delimiters twice", "MSH|^^\\&|A\rSPM||S000001\r", 0, "", " hl7.delimiters MSH-2; "},
    {"delimiters missing", "MSH||A\rSPM||S000001\r", 0, "", " hl7.delimiters MSH-2; "},
    {"LF", "MSH|^~\\&|A|B|C|D|2026||OUL^R22|1|P|2.5\nSPM||S000001\nOBX|1|ST|HPV 16||POS||||||F\n",
     0, "S000001 hpv.16=positive; ", ""},
    {"CR LF",
     "MSH|^~\\&|A|B|C|D|2026||OUL^R22|1|P|2.5\r\nSPM||S000001\r\nOBX|1|ST|HPV 16||POS||||||F\r\n",
     0, "S000001 hpv.16=positive; ", ""},
    {"blank lines between messages",
     OUL SPM("S000001") COBAS6("HPV 16", "POS") "\r\n\r\n" MSH("OUL^R22", "2") SPM("S000002")
         COBAS6("HPV 16", "NEG"),
     0, "S000001 hpv.16=positive; S000002 hpv.16=negative; ", ""},
    {"MLLP frames",
     "\x0b" OUL SPM("S000001") COBAS6("HPV 16", "POS") "\x1c\r\x0b" MSH("OUL^R22", "2")
         SPM("S000002") COBAS6("HPV 16", "NEG") "\x1c\r",
     0, "S000001 hpv.16=positive; S000002 hpv.16=negative; ", ""},
    {"a frame that was not closed",
     "\x0b" OUL SPM("S000001") COBAS6("HPV 16", "POS") "\x1c\r\x0b" MSH("OUL^R22", "2")
         SPM("S000002") COBAS6("HPV 16", "N"),
     0, "S000001 hpv.16=positive; ", " hl7.cut MSH; "},
    {"NUL between messages",
     OUL SPM("S000001") COBAS6("HPV 16", "POS") "\0\0" MSH("OUL^R22", "2") SPM("S000002")
         COBAS6("HPV 16", "NEG"),
     sizeof(OUL SPM("S000001") COBAS6("HPV 16", "POS") "\0\0" MSH("OUL^R22", "2") SPM("S000002")
                COBAS6("HPV 16", "NEG")) -
         1,
     "S000001 hpv.16=positive; S000002 hpv.16=negative; ", ""},
    {"a batch's head and tail",
     "FHS|^~\\&|A\rBHS|^~\\&|A\r" OUL SPM("S000001") COBAS6("HPV 16", "POS") "BTS|1\rFTS|1\r", 0,
     "S000001 hpv.16=positive; ", ""},
    {"half a message in front",
     "OBX|1|ST|HPV 18||POS||||||F\r" OUL SPM("S000001") COBAS6("HPV 16", "POS"), 0,
     "S000001 hpv.16=positive; ", " hl7.no_msh MSH; "},
    {"the same message again",
     OUL SPM("S000001") COBAS6("HPV 16", "POS") "\r" OUL SPM("S000001") COBAS6("HPV 16", "POS"), 0,
     "S000001 hpv.16=positive; ", ""},
    {"another message under the same id",
     OUL SPM("S000001") COBAS6("HPV 16", "POS") "\r" OUL SPM("S000002") COBAS6("HPV 16", "POS"), 0,
     "S000001 hpv.16=positive; ", " hl7.control_id MSH-10; "},
    {"ADT", MSH("ADT^A01", "1") "PID|1||X\r", 0, "", " hl7.type MSH-9; "},
    {"a trainer's message",
     "MSH|^~\\&|A|B|C|D|2026||OUL^R22|1|T|2.5\r" SPM("S000001") COBAS6("HPV 16", "NEG"), 0, "",
     " hl7.not_production MSH-11; "},
    {"UTF-8 named",
     "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5||||||UNICODE UTF-8\r" ORDER("S000001")
         PAP("TX", "\xE6\x9C\xAA\xE8\xA7\x81\xE4\xB8\x8A\xE7\x9A\xAE\xE5\x86\x85\xE7\x97\x85\xE5"
                   "\x8F\x98\xE6\x88\x96\xE6\x81\xB6\xE6\x80\xA7\xE7\xBB\x86\xE8\x83\x9E"),
     0, "S000001 cytology=nilm; ", ""},
    {"GB18030 named",
     "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5||||||GB 18030-2000\r" ORDER("S000001")
         PAP("TX", "\xCE\xB4\xBC\xFB\xC9\xCF\xC6\xA4\xC4\xDA\xB2\xA1\xB1\xE4\xBB\xF2\xB6\xF1\xD0"
                   "\xD4\xCF\xB8\xB0\xFB"),
     0, "S000001 cytology=nilm; ", ""},
    {"GB18030 unnamed",
     ORU ORDER("S000001") PAP("TX", "\xCE\xB4\xBC\xFB\xC9\xCF\xC6\xA4\xC4\xDA\xB2\xA1\xB1\xE4\xBB"
                                    "\xF2\xB6\xF1\xD0\xD4\xCF\xB8\xB0\xFB"),
     0, "S000001 cytology=nilm; ", ""},
    {"a GB18030 character that holds a '|'",
     "MSH|^~\\&|A\x81\x7C|B|C|D|2026||OUL^R22|1|P|2.5||||||GB18030\r" SPM("S000001")
         COBAS6("HPV 16", "POS"),
     0, "S000001 hpv.16=positive; ", ""},
    {"UTF-8 named, GB18030 sent",
     "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5||||||UTF-8\r" ORDER("S000001")
         PAP("TX", "\xCE\xB4\xBC\xFB"),
     0, "", " hl7.charset MSH-18; "},
    {"ASCII named, more sent",
     "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5||||||ASCII\r" ORDER("S000001")
         PAP("TX", "\xE6\x9C\xAA"),
     0, "", " hl7.charset MSH-18; "},
    {"escapes", ORU ORDER("S000001") PAP("TX", "HS\\X49\\L"), 0, "S000001 cytology=hsil; ", ""},
    {"escaped UTF-8 in one escape",
     ORU ORDER("S000001")
         PAP("TX", "\\XE69CAAE8A781E4B88AE79AAEE58685E79785E58F98E68896E681B6E680A7E7BB86E8839E\\"),
     0, "S000001 cytology=nilm; ", ""},
    {"escaped GB18030",
     ORU ORDER("S000001") PAP("TX", "\\XCEB4BCFBC9CFC6A4C4DAB2A1B1E4BBF2B6F1D0D4CFB8B0FB\\"), 0,
     "S000001 cytology=nilm; ", ""},
    {"an escaped delimiter is text", ORU ORDER("S000001") PAP("CE", "HSIL\\S\\x^^L"), 0,
     "S000001 cytology=unmatched; ", ""},
    {"a doubled escape is text", ORU ORDER("S000001") PAP("TX", "\\E\\HSIL\\E\\"), 0,
     "S000001 cytology=unmatched; ", ""},
    {"a sex code is passed over",
     OUL SPM("S000001")
         OBR COBAS6("HPV 16", "POS") "OBX|2|CE|75693-2^Fetal sex^LN||LA2-8^Male^LN||||||F\r",
     0, "S000001 hpv.16=positive; ", ""},
    {"only a sex code",
     OUL SPM("S000001") OBR "OBX|2|CE|75693-2^Fetal sex^LN||LA2-8^Male^LN||||||F\r", 0, "",
     "S000001 result.none OBX-3; "},
    {"a local name of sex",
     OUL SPM("S000001") OBR COBAS6("HPV 16", "POS") "OBX|2|ST|F1^fetus male^L||y||||||F\r", 0,
     "S000001 hpv.16=positive; ", ""},
    {"a line break inside a field",
     ORU ORDER("S000001") "OBX|1|TX|10524-7^P^LN||No evidence of\rHSIL||||||F\r", 0,
     "S000001 cytology=unmatched; ", ""},
    {"no value and no flag", OUL SPM("S000001") OBR COBAS6("HPV 16", ""), 0, "",
     "S000001 result.word OBX-5; "},
    {"BOM", "\xEF\xBB\xBF" OUL SPM("S000001") COBAS6("HPV 16", "POS"), 0,
     "S000001 hpv.16=positive; ", ""},
};

Test(hl7, one_row_for_every_situation)
{
    Fixture x;
    cr_assert(fixture_open(&x));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Row *r = &rows[i];
        size_t size = r->size ? r->size : strlen(r->text);
        Reading got = reading_of(&x, &reader_hl7, r->text, size, NULL);
        cr_expect(got.status == OK, "row %zu %s: %s", i, r->what, got.why.code);
        cr_expect(strcmp(got.results, r->results) == 0, "row %zu %s: results %s", i, r->what,
                  got.results);
        cr_expect(strcmp(got.faults, r->faults) == 0, "row %zu %s: faults %s", i, r->what,
                  got.faults);
        cr_expect(reader_hl7.sniff((const unsigned char *)r->text, size < 4096 ? size : 4096),
                  "row %zu %s: not sniffed", i, r->what);
    }
    fixture_close(&x);
}

typedef struct One {
    const char *what, *text, *specimen;
    Status status;
    const char *code, *results;
} One;

static const One ones[] = {
    {"the one that was asked for",
     OUL SPM("S000001") COBAS6("HPV 16", "POS") SPM("B-77") COBAS6("HPV 16", "NEG"), "B-77", OK, "",
     "B-77 hpv.16=negative; "},
    {"by its order number", ORU "OBR|1|PAP20260320001^PHCIS||10524-7^C^LN\r" PAP("CE", "HSIL^^L"),
     "PAP20260320001", OK, "", "PAP20260320001 cytology=hsil; "},
    {"absent", OUL SPM("S000001") COBAS6("HPV 16", "POS"), "S000002", NOT_FOUND, "specimen.absent",
     ""},
    {"a fault of another specimen",
     OUL SPM("S000001") COBAS6("HPV 16", "POS") SPM("S000002") COBAS6("HPV 16", "??"), "S000001",
     OK, "", "S000001 hpv.16=positive; "},
    {"its own fault", OUL SPM("S000001") COBAS6("HPV 16", "??") COBAS6("HPV 18", "NEG"), "S000001",
     BAD_INPUT, "result.word", ""},
    {"a broken message may have been its own", "\x0b" OUL SPM("S000001") COBAS6("HPV 16", "POS"),
     "S000001", BAD_INPUT, "hl7.cut", ""},
    {"no message", "PID|1\r", "S000001", BAD_INPUT, "hl7.no_msh", ""},
    {"empty", "", "S000001", BAD_INPUT, "hl7.no_msh", ""},
};

Test(hl7, one_specimen)
{
    Fixture x;
    cr_assert(fixture_open(&x));
    for (size_t i = 0; i < sizeof ones / sizeof *ones; i++) {
        const One *r = &ones[i];
        Reading got = reading_of(&x, &reader_hl7, r->text, strlen(r->text), r->specimen);
        cr_expect(got.status == r->status, "row %zu %s: status %d %s", i, r->what, (int)got.status,
                  got.why.code);
        cr_expect(r->status == OK || strcmp(got.why.code, r->code) == 0, "row %zu %s: %s", i,
                  r->what, got.why.code);
        cr_expect(strcmp(got.results, r->results) == 0, "row %zu %s: %s", i, r->what, got.results);
    }
    fixture_close(&x);
}

/* Fetal material: an unknown test could tell the sex by its name, or by being there. */
Test(hl7, an_unknown_test_of_fetal_material_is_not_heard_of)
{
    static const char with[] = OUL SPM("S000001") OBR COBAS6("HPV 16", "POS")
        COBAS6("SRY marker", "POS") COBAS6("M7", "POS");
    static const char without[] = OUL SPM("S000001") OBR COBAS6("HPV 16", "POS");
    Fixture x;
    cr_assert(fixture_open(&x));
    Reading a = reading_as(&x, &reader_hl7, with, sizeof with - 1, "S000001", true);
    Reading b = reading_as(&x, &reader_hl7, without, sizeof without - 1, "S000001", true);
    cr_expect(a.status == OK && b.status == OK, "%s %s", a.why.code, b.why.code);
    cr_expect(strcmp(a.results, b.results) == 0 && strcmp(a.faults, b.faults) == 0);
    fixture_close(&x);
}

/* Cut at every byte: no crash, and never a result that the whole message does not hold. */
Test(hl7, cut_at_every_byte)
{
    static const char text[] =
        OUL SPM("S000001") OBR COBAS6("HPV 16", "POS") COBAS4("02HPV18", "POS HPV18");
    Fixture x;
    cr_assert(fixture_open(&x));
    for (size_t n = 0; n < sizeof text; n++) {
        Reading got = reading_of(&x, &reader_hl7, text, n, NULL);
        cr_expect(strstr(got.results, "negative") == NULL, "cut at %zu: %s", n, got.results);
        cr_expect(got.status == OK || strcmp(got.why.code, "hl7.no_msh") == 0, "cut at %zu", n);
    }
    fixture_close(&x);
}

Test(hl7, ten_megabytes_in_a_field)
{
    Fixture x;
    cr_assert(fixture_open(&x));
    size_t big = 10 * 1024 * 1024;
    static const char before[] = ORU ORDER("S000001") "OBX|1|TX|10524-7^P^LN||",
                      after[] = "|||NILM|||F\r";
    char *text = malloc(sizeof before + big + sizeof after);
    memcpy(text, before, sizeof before - 1);
    memset(text + sizeof before - 1, 'x', big);
    memcpy(text + sizeof before - 1 + big, after, sizeof after);
    Reading got = reading_of(&x, &reader_hl7, text, strlen(text), NULL);
    cr_expect(got.status == OK && strcmp(got.results, "S000001 cytology=unmatched; ") == 0, "%s",
              got.results);
    free(text);
    fixture_close(&x);
}

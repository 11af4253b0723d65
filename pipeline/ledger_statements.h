/* ledger_statements - every statement the ledger is asked, by name. Included by ledger_sql.h only. */
#ifndef SCREENLAB_LEDGER_STATEMENTS_H
#define SCREENLAB_LEDGER_STATEMENTS_H

/* The columns in which a registration is read; SAMPLE_COLUMNS of ledger_read.c counts them. */
#define SAMPLE                                                                                     \
    "s.id, s.batch, s.sample, s.revision, s.replaces, s.reason, s.person, s.case_id, "             \
    "s.submitter, s.follow_up, s.subject, s.material, s.assay, s.collected, s.consent_person, "    \
    "s.consent_version, s.consent_given, s.fetal, s.row "
/* No higher revision stands in the ledger. */
#define NEWEST                                                                                     \
    "NOT EXISTS (SELECT 1 FROM sample h WHERE h.sample = s.sample AND h.revision > s.revision) "

#define STATEMENTS(ROW)                                                                            \
    ROW(ADD_STAMP, "INSERT INTO stamp (release, program, demo) VALUES (?1, ?2, ?3)")               \
    ROW(GET_STAMP, "SELECT id FROM stamp WHERE release = ?1 AND program = ?2 AND demo = ?3")       \
    ROW(ADD_BATCH, "INSERT INTO batch (name, now, lang, documents) VALUES (?1, ?2, ?3, ?4)")       \
    ROW(GET_BATCH, "SELECT b.id, b.now, b.lang, b.documents, e.batch IS NOT NULL, "                \
                   "e.interpreted, e.not_interpretable, e.awaiting, e.replaced, e.rejected "       \
                   "FROM batch b LEFT JOIN batch_end e ON e.batch = b.id "                         \
                   "WHERE b.name = ?1 ORDER BY b.id DESC LIMIT 1")                                 \
    ROW(IS_OF_BATCH, "SELECT 1 FROM batch WHERE id = ?1 AND name = ?2")                            \
    ROW(END_BATCH, "INSERT INTO batch_end VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                        \
    ROW(ADD_SAMPLE, "INSERT INTO sample (batch, sample, revision, replaces, reason, person, "      \
                    "case_id, submitter, follow_up, subject, material, assay, collected, "         \
                    "consent_person, consent_version, consent_given, fetal, row) VALUES (?1, ?2, " \
                    "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)")    \
    ROW(GET_REVISIONS, "SELECT " SAMPLE "FROM sample s WHERE s.sample = ?1 ORDER BY s.revision")   \
    ROW(GET_CASE_SAMPLES,                                                                          \
        "SELECT " SAMPLE ", " NEWEST "FROM sample s WHERE s.case_id = ?1 ORDER BY s.id")           \
    ROW(GET_PERSON_SAMPLES, "SELECT " SAMPLE "FROM sample s WHERE s.person = ?1 AND "              \
                            "s.case_id <> ?2 AND s.collected <= ?3 AND " NEWEST                    \
                            "ORDER BY s.collected DESC, s.id DESC LIMIT 100")                      \
    ROW(GET_LATER_CASES, "SELECT case_id FROM sample WHERE person = ?1 AND case_id <> ?2 AND "     \
                         "collected >= ?3 GROUP BY case_id ORDER BY min(id)")                      \
    ROW(HAS_CASE, "SELECT 1 FROM sample WHERE case_id = ?1 LIMIT 1")                               \
    ROW(ADD_FACT, "INSERT INTO fact (batch, case_id, owner, code, value, number, unit, time, "     \
                  "row) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")                              \
    ROW(GET_FACTS, "SELECT owner, code, value, number, unit, time, row, batch FROM fact "          \
                   "WHERE case_id = ?1 ORDER BY id")                                               \
    ROW(ADD_EVIDENCE, "INSERT INTO evidence VALUES (?1, ?2, ?3, ?4, ?5)")                          \
    ROW(GET_EVIDENCE, "SELECT s.revision, e.batch, e.file, e.text FROM sample s JOIN evidence e "  \
                      "ON e.sample = s.id WHERE s.sample = ?1 ORDER BY s.revision, e.n")           \
    ROW(ADD_UNMATCHED, "INSERT INTO unmatched (batch, sample, text) VALUES (?1, ?2, ?3)")          \
    ROW(HAS_UNMATCHED, "SELECT 1 FROM unmatched LIMIT 1")                                          \
    ROW(GET_UNMATCHED, "SELECT text FROM unmatched WHERE sample = ?1 ORDER BY id")                 \
    ROW(ADD_VERDICT, "INSERT INTO verdict (batch, case_id, version, replaces, same_as, stamp, "    \
                     "key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")                                   \
    ROW(GET_VERDICT, "SELECT id, version, key FROM verdict WHERE case_id = ?1 AND "                \
                     "same_as IS NULL ORDER BY id DESC LIMIT 1")                                   \
    ROW(GET_VISITED, "SELECT case_id FROM verdict WHERE batch >= ?2 AND batch IN (SELECT id FROM " \
                     "batch WHERE name = ?1)")                                                     \
    ROW(ADD_JUDGED, "INSERT INTO judged VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                  \
    ROW(GET_JUDGED, "SELECT state, note_code, note_file, note_row, note_field, note_detail "       \
                    "FROM judged WHERE verdict = ?1 AND sample = ?2")                              \
    ROW(ADD_FINDING, "INSERT INTO finding VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "  \
                     "?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, "      \
                     "?26, ?27, ?28)")                                                             \
    ROW(GET_FINDINGS, "SELECT s.sample, f.assay, f.subject, f.fetal, f.code, f.item, f.answer, "   \
                      "f.detail, f.value, f.unit, f.from_table, f.version, f.from_row, "           \
                      "f.example, f.unverified, f.level, f.department, f.capability, f.urgency, "  \
                      "f.wording, f.due, f.due_uncertain, f.due_example, f.centre, f.rule, f.qc "  \
                      "FROM finding f LEFT JOIN sample s ON s.id = f.sample "                      \
                      "WHERE f.verdict = ?1 ORDER BY f.n")                                         \
    ROW(ADD_PAPER, "INSERT INTO paper (verdict, kind, name, version, replaces, centre, copy_to, "  \
                   "due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                                 \
    ROW(GET_PAPERS, "SELECT p.id, p.kind, p.name, p.version, p.centre, p.copy_to FROM verdict v "  \
                    "JOIN paper p ON p.verdict = v.id WHERE v.case_id = ?1 ORDER BY p.id")         \
    ROW(GET_PAPER_CASE, "SELECT v.case_id FROM paper p JOIN verdict v ON v.id = p.verdict "        \
                        "WHERE p.name = ?1 ORDER BY p.id DESC LIMIT 1")                            \
    ROW(ADD_TOLD, "INSERT INTO told VALUES (?1, ?2, ?3)")                                          \
    ROW(GET_TOLD, "SELECT f.code, f.item, f.answer, f.fetal, s.sample FROM told t "                \
                  "JOIN finding f ON f.verdict = t.verdict AND f.n = t.finding "                   \
                  "LEFT JOIN sample s ON s.id = f.sample WHERE t.paper = ?1 ORDER BY t.finding")   \
    ROW(ADD_DOCUMENT, "INSERT INTO document (batch, paper, name, kind, sha256, size, content) "    \
                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")                                       \
    ROW(GET_PAPER_DOCUMENTS, "SELECT d.name FROM paper p JOIN document d ON d.paper = p.id "       \
                             "WHERE p.verdict = ?1 ORDER BY d.id")                                 \
    ROW(GET_BATCH_DOCUMENTS, "SELECT name, kind, sha256, size, content FROM document "             \
                             "WHERE id IN (SELECT max(id) FROM document WHERE batch IN (SELECT "   \
                             "id FROM batch WHERE name = ?1) GROUP BY name) ORDER BY id")          \
    ROW(GET_ALL_DOCUMENTS, "SELECT name, kind, sha256, size FROM document WHERE id IN (SELECT "    \
                           "max(id) FROM document GROUP BY name) ORDER BY id")                     \
    ROW(GET_RELEASED, "SELECT 1 FROM released WHERE paper = ?1")                                   \
    ROW(ADD_RELEASED, "INSERT INTO released (paper, time, how) VALUES (?1, ?2, ?3)")               \
    ROW(GET_RELEASED_PAPERS,                                                                       \
        "SELECT p.id, p.kind, p.name, p.version, p.centre, p.copy_to, p.replaces, p.due FROM "     \
        "released r JOIN paper p ON p.id = r.paper WHERE NOT EXISTS (SELECT 1 FROM paper h JOIN "  \
        "released k ON k.paper = h.id WHERE h.name = p.name AND h.version > p.version) ORDER BY "  \
        "p.id")                                                                                    \
    ROW(GET_DRAFT,                                                                                 \
        "SELECT p.id, p.kind, p.name, p.version, p.centre, p.copy_to, p.replaces, p.due, "         \
        "p.verdict, v.case_id, b.id, b.name, b.lang, NOT EXISTS (SELECT 1 FROM paper h WHERE "     \
        "h.name = p.name AND h.version > p.version), p.verdict = (SELECT max(c.id) FROM verdict "  \
        "c WHERE c.case_id = v.case_id AND c.same_as IS NULL), t.release, t.demo FROM paper p "    \
        "JOIN verdict v ON v.id = p.verdict JOIN batch b ON b.id = v.batch JOIN stamp t ON t.id "  \
        "= v.stamp WHERE p.name = ?1 AND (p.version = ?2 OR ?2 = 0) ORDER BY p.version DESC "      \
        "LIMIT 1")                                                                                 \
    ROW(GET_OPEN_DRAFTS,                                                                           \
        "SELECT p.name, p.version FROM paper p WHERE NOT EXISTS (SELECT 1 FROM released r WHERE "  \
        "r.paper = p.id) AND NOT EXISTS (SELECT 1 FROM paper h WHERE h.name = p.name AND "         \
        "h.version > p.version) AND (p.kind <> 2 OR EXISTS (SELECT 1 FROM paper o JOIN released "  \
        "q ON q.paper = o.id WHERE o.name = p.name)) AND (?1 = '' OR p.verdict IN (SELECT v.id "   \
        "FROM verdict v JOIN batch b ON b.id = v.batch WHERE b.name = ?1)) ORDER BY p.id")         \
    ROW(GET_DRAFT_DOCUMENTS, "SELECT name, kind, sha256, size, content FROM document WHERE paper " \
                             "= ?1 ORDER BY id")                                                   \
    ROW(GET_LAST_RELEASED,                                                                         \
        "SELECT p.version, r.time, p.id, p.verdict FROM released r JOIN paper p ON p.id = "        \
        "r.paper WHERE p.name = ?1 ORDER BY p.version DESC LIMIT 1")                               \
    ROW(GET_TOLD_NUMBERS, "SELECT finding FROM told WHERE paper = ?1 ORDER BY finding")            \
    ROW(GET_RECIPIENTS,                                                                            \
        "SELECT centre FROM (SELECT p.centre AS centre, p.id AS id FROM paper p JOIN released r "  \
        "ON r.paper = p.id WHERE p.name = ?1 UNION ALL SELECT p.copy_to, p.id FROM paper p JOIN "  \
        "released r ON r.paper = p.id WHERE p.name = ?1 AND p.copy_to IS NOT NULL) GROUP BY "      \
        "centre ORDER BY min(id)")                                                                 \
    ROW(GET_RECORD_PERSON,                                                                         \
        "SELECT s.person, s.subject FROM judged j JOIN sample s ON s.id = j.sample WHERE "         \
        "j.verdict = ?1 ORDER BY CASE s.subject WHEN 'woman' THEN 1 WHEN 'newborn' THEN 2 WHEN "   \
        "'fetus_a' THEN 3 WHEN 'fetus_b' THEN 4 ELSE 5 END, s.id LIMIT 1")                         \
    ROW(IS_NEWBORN, "SELECT 1 FROM sample WHERE person = ?1 AND subject = 'newborn' LIMIT 1")      \
    ROW(ADD_ACT, "INSERT INTO act (paper, kind, person, time, reason, told, key, signature) "      \
                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                                        \
    ROW(GET_ACTS, "SELECT id, kind, person, time, reason, told, key, signature FROM act WHERE "    \
                  "paper = ?1 ORDER BY id")                                                        \
    ROW(ADD_DISCLOSURE, "INSERT INTO disclosure (case_id, condition, kind, request, sample, "      \
                        "person, time, key, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "   \
                        "?9)")                                                                     \
    ROW(GET_DISCLOSURES, "SELECT id, kind, request, sample, person, time, key, signature, "        \
                         "condition FROM disclosure WHERE case_id = ?1 AND (?2 = '' OR condition " \
                         "= ?2) ORDER BY id")                                                      \
    ROW(GET_VERDICT_DEMO, "SELECT s.demo FROM verdict v JOIN stamp s ON s.id = v.stamp WHERE "     \
                          "v.id = ?1")                                                             \
    ROW(GET_HELD, "SELECT a.kind FROM act a JOIN paper p ON p.id = a.paper WHERE p.name = ?1 AND " \
                  "a.kind IN ('hold', 'lift') ORDER BY a.id DESC LIMIT 1")                         \
    ROW(GET_ACTED, "SELECT DISTINCT p.name, p.version FROM act a JOIN paper p ON p.id = a.paper "  \
                   "ORDER BY p.id")                                                                \
    ROW(ADD_CALL_DUE, "INSERT INTO call_due VALUES (?1, ?2)")                                      \
    ROW(GET_CALLS_DUE,                                                                             \
        "SELECT p.name, p.version, p.centre, c.due FROM call_due c JOIN paper p ON p.id = "        \
        "c.paper WHERE NOT EXISTS (SELECT 1 FROM act a WHERE a.paper = c.paper AND a.kind = "      \
        "'call') ORDER BY c.due IS NOT NULL, c.due, p.id")                                         \
    ROW(ADD_ISSUED, "INSERT INTO issued (paper, name, kind, sha256, size, person, content) "       \
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")                                         \
    ROW(GET_ISSUED, "SELECT name, kind, sha256, size, person, content FROM issued WHERE paper = "  \
                    "?1 ORDER BY id")                                                              \
    ROW(GET_ISSUED_FILE,                                                                           \
        "SELECT name, kind, sha256, size, person, content FROM issued WHERE name = ?1")            \
    ROW(GET_ALL_ISSUED,                                                                            \
        "SELECT name, kind, sha256, size, person, person <> '' AND person IN (SELECT object FROM " \
        "audit WHERE action = 'people.erase' AND outcome = 'done') FROM issued ORDER BY id")       \
    ROW(GET_ISSUED_OF_PERSON, "SELECT name FROM issued WHERE person = ?1 ORDER BY id")             \
    ROW(ADD_PEOPLE_KEEPER, "INSERT INTO people.keeper VALUES (1, ?1)")                             \
    ROW(GET_PEOPLE_KEEPER, "SELECT key_check FROM people.keeper")                                  \
    ROW(SET_PEOPLE_KEEPER, "UPDATE people.keeper SET key_check = ?1")                              \
    ROW(ADD_PERSON, "INSERT INTO people.person VALUES (?1, ?2)")                                   \
    ROW(GET_PERSON, "SELECT wrapped FROM people.person WHERE person = ?1")                         \
    ROW(GET_PERSONS, "SELECT person, wrapped FROM people.person ORDER BY person")                  \
    ROW(SET_PERSON, "UPDATE people.person SET wrapped = ?2 WHERE person = ?1")                     \
    ROW(ERASE_PERSON, "DELETE FROM people.person WHERE person = ?1")                               \
    ROW(ADD_PEOPLE_ENTRY, "INSERT INTO people.entry (person, sealed) VALUES (?1, ?2)")             \
    ROW(GET_PEOPLE_ENTRY,                                                                          \
        "SELECT sealed FROM people.entry WHERE person = ?1 ORDER BY id DESC LIMIT 1")              \
    ROW(ERASE_PEOPLE_ENTRIES, "DELETE FROM people.entry WHERE person = ?1")                        \
    ROW(ADD_AUDIT, "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")                        \
    ROW(GET_AUDIT_LAST,                                                                            \
        "SELECT n, time, actor, action, object, outcome, mac FROM audit ORDER BY n DESC LIMIT 1")  \
    ROW(GET_AUDIT_ROW,                                                                             \
        "SELECT n, time, actor, action, object, outcome, mac FROM audit WHERE n = ?1")             \
    ROW(GET_AUDIT_FROM, "SELECT n, time, actor, action, object, outcome, mac FROM audit WHERE n "  \
                        ">= ?1 ORDER BY n")                                                        \
    ROW(GET_QC_ACTIONS, "SELECT time, actor, object, outcome FROM audit WHERE action = "           \
                        "'qc-action' ORDER BY n")                                                  \
    ROW(GET_AUDIT_ORPHANS,                                                                         \
        "SELECT (SELECT count(*) FROM released r JOIN paper p ON p.id = r.paper WHERE p.name || "  \
        "'-v' || p.version NOT IN (SELECT object FROM audit WHERE action = 'release' AND "         \
        "outcome = 'done')) + (SELECT count(*) FROM step s WHERE s.laboratory = 1 AND s.message "  \
        "IS NULL AND s.state <> 'sent' AND NOT EXISTS (SELECT 1 FROM paper p JOIN act a ON "       \
        "a.paper = p.id WHERE p.name = s.paper AND p.version = s.version AND a.kind = 'step' "     \
        "AND a.person = s.person AND a.time = s.time)) + (SELECT count(*) FROM disclosure d "      \
        "WHERE d.case_id || '/' || d.condition NOT IN (SELECT object FROM audit WHERE action = "   \
        "'disclose.' || d.kind AND outcome = 'done'))")                                            \
    ROW(ADD_REJECTION, "INSERT INTO rejection (batch, centre, sample, case_id, note_code, "        \
                       "note_file, note_row, note_field, note_detail) VALUES (?1, ?2, ?3, ?4, "    \
                       "?5, ?6, ?7, ?8, ?9)")                                                      \
    ROW(GET_REJECTIONS, "SELECT centre, sample, case_id, note_code, note_file, note_row, "         \
                        "note_field, note_detail FROM rejection WHERE batch = ?1 ORDER BY id")     \
    ROW(GET_BATCH_CASES, "SELECT case_id, max(id), min(id) FROM verdict WHERE batch IN (SELECT "   \
                         "id FROM batch WHERE name = ?1) GROUP BY case_id ORDER BY 3")             \
    ROW(GET_CONTENT_VERDICT, "SELECT coalesce(same_as, id), version FROM verdict WHERE id = ?1")   \
    ROW(GET_TALLY,                                                                                 \
        "WITH last AS (SELECT max(id) AS id FROM verdict WHERE batch IN (SELECT id FROM batch "    \
        "WHERE name = ?1) GROUP BY case_id) SELECT j.state, count(*) FROM last "                   \
        "JOIN verdict v ON v.id = last.id "                                                        \
        "JOIN judged j ON j.verdict = coalesce(v.same_as, v.id) GROUP BY j.state")                 \
    ROW(GET_REPLACED, "SELECT count(*) FROM sample h JOIN sample s ON s.sample = h.sample AND "    \
                      "s.revision < h.revision AND s.revision = h.replaces "                       \
                      "WHERE h.batch IN (SELECT id FROM batch WHERE name = ?1)")                   \
    ROW(ADD_CONTROL, "INSERT INTO control (batch, run, analyte, material, lot, instrument, unit, " \
                     "value, time, row) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")         \
    ROW(GET_CONTROLS, "SELECT run, analyte, material, lot, instrument, unit, value, time, row, "   \
                      "batch FROM control ORDER BY id")                                            \
    ROW(GET_WATCHED,                                                                               \
        "WITH current AS (SELECT max(id) AS id FROM verdict WHERE same_as IS NULL GROUP BY "       \
        "case_id) "                                                                                \
        "SELECT f.item, f.answer, f.value, s.collected, coalesce((SELECT min(m.run) FROM "         \
        "measured_in m WHERE m.sample = s.id AND m.run <> ''), b.name), CASE ?2 WHEN 'finding' "   \
        "THEN "                                                                                    \
        "(SELECT g.value FROM finding g WHERE g.verdict = f.verdict AND g.code = ?3) WHEN 'fact' " \
        "THEN (SELECT t.number FROM fact t WHERE t.case_id = s.case_id AND t.code = ?3 AND "       \
        "t.number "                                                                                \
        "IS NOT NULL ORDER BY t.time DESC, t.id DESC LIMIT 1) END FROM current c JOIN finding f "  \
        "ON "                                                                                      \
        "f.verdict = c.id JOIN sample s ON s.id = f.sample JOIN batch b ON b.id = s.batch WHERE "  \
        "f.code = ?1 AND f.detail IS NOT 'mom_of_condition' AND (f.fetal = 0 OR ?2 = 'run') "      \
        "ORDER BY "                                                                                \
        "f.verdict, f.n")                                                                          \
    ROW(ADD_MEASURED_IN, "INSERT OR IGNORE INTO measured_in VALUES (?1, ?2)")                      \
    ROW(GET_CASES_OF_RUN, "SELECT s.case_id FROM measured_in m JOIN sample s ON s.id = m.sample "  \
                          "WHERE m.run = ?1 GROUP BY s.case_id ORDER BY min(s.id)")                \
    ROW(ADD_SEAL, "INSERT OR IGNORE INTO sealed.raw_file VALUES (?1, ?2, ?3)")                     \
    ROW(GET_SEAL, "SELECT revision FROM sealed.raw_file WHERE sample = ?1 AND digest = ?2")        \
    ROW(GET_SEALED, "SELECT sample, revision FROM sealed.raw_file WHERE digest = ?1 ORDER BY "     \
                    "sample, revision")

#endif

/* ledger_care_statements - what the ledger is asked about documents after their release. Included by ledger_sql.h only. */
#ifndef SCREENLAB_LEDGER_CARE_STATEMENTS_H
#define SCREENLAB_LEDGER_CARE_STATEMENTS_H

/* A newer version of the paper p has been released. */
#define SUPERSEDED                                                                                 \
    "EXISTS (SELECT 1 FROM paper h JOIN released k ON k.paper = h.id WHERE h.name = p.name AND "   \
    "h.version > p.version) "

#define CARE_STATEMENTS(ROW)                                                                       \
    ROW(GET_UNSENT, "SELECT p.id, p.name, p.version, p.kind, p.centre, p.copy_to, v.case_id "      \
                    "FROM released r JOIN paper p ON p.id = r.paper JOIN verdict v ON v.id = "     \
                    "p.verdict WHERE NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.paper = p.id) "  \
                    "AND NOT " SUPERSEDED "AND p.id > ?1 ORDER BY p.id LIMIT ?2")                  \
    ROW(GET_REROUTES, "SELECT p.id, p.name, p.version, p.kind, q.centre, v.case_id, q.id, "        \
                      "q.reason, q.person, (SELECT max(n) FROM dispatch x WHERE x.paper = p.id) "  \
                      "FROM reroute q JOIN paper p ON p.id = q.paper JOIN verdict v ON v.id = "    \
                      "p.verdict WHERE NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.reroute = "    \
                      "q.id) AND NOT EXISTS (SELECT 1 FROM reroute w WHERE w.paper = q.paper AND " \
                      "w.id < q.id AND NOT EXISTS (SELECT 1 FROM dispatch e WHERE e.reroute = "    \
                      "w.id)) AND q.id > ?1 ORDER BY q.id LIMIT ?2")                               \
    ROW(ADD_DISPATCH, "INSERT INTO dispatch (paper, n, centre, reroute, time) VALUES (?1, ?2, "    \
                      "?3, ?4, ?5)")                                                               \
    ROW(GET_DISPATCHED, "SELECT 1 FROM paper p JOIN dispatch d ON d.paper = p.id WHERE p.name = "  \
                        "?1 AND p.version = ?2 AND d.n = ?3")                                      \
    ROW(GET_SENT_BEFORE, "SELECT d.centre FROM dispatch d JOIN paper p ON p.id = d.paper WHERE "   \
                         "p.name = ?1 AND p.version < ?2 GROUP BY d.centre ORDER BY min(d.id)")    \
    ROW(ADD_STEP, "INSERT INTO step (paper, version, state, date, centre, person, reason, "        \
                  "outcome, value, laboratory, message, time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "    \
                  "?7, ?8, ?9, ?10, ?11, ?12)")                                                    \
    ROW(GET_STEPS, "SELECT paper, version, state, date, centre, person, reason, outcome, value, "  \
                   "laboratory, message, time FROM step WHERE paper = ?1 ORDER BY id")             \
    ROW(GET_ALL_STEPS, "SELECT paper, version, state, date, centre, person, reason, outcome, "     \
                       "value, laboratory, message, time FROM step ORDER BY paper, id")            \
    ROW(GET_RETURNED, "SELECT c.case_id, c.assay, s.paper, s.date, s.outcome, s.value FROM "       \
                      "(SELECT case_id, assay, max(id) AS last FROM sample WHERE person = ?1 "     \
                      "AND subject = 'woman' GROUP BY case_id, assay) c CROSS JOIN verdict v ON "  \
                      "v.case_id = c.case_id CROSS JOIN paper p ON p.verdict = v.id CROSS JOIN "   \
                      "step s ON s.paper = p.name AND s.version = p.version WHERE s.outcome IS "   \
                      "NOT NULL AND s.date <= ?2 ORDER BY s.id LIMIT 200")                         \
    ROW(GET_RETURNED_SINCE,                                                                        \
        "SELECT DISTINCT l.case_id, l.assay FROM step s JOIN paper p ON p.name = s.paper AND "     \
        "p.version = s.version JOIN verdict v ON v.id = p.verdict JOIN sample a ON a.case_id = "   \
        "v.case_id JOIN sample l ON l.person = a.person AND l.assay = a.assay WHERE s.id > "       \
        "(SELECT coalesce(max(id), 0) FROM step WHERE time < (SELECT coalesce(max(now), 0) FROM "  \
        "batch WHERE id < ?1)) AND s.outcome IS NOT NULL AND l.collected >= s.date * 86400 "       \
        "ORDER BY l.id")                                                                           \
    ROW(ADD_MESSAGE, "INSERT INTO message (centre, key, time) VALUES (?1, ?2, ?3)")                \
    ROW(GET_MESSAGE, "SELECT id FROM message WHERE centre = ?1 AND key = ?2")                      \
    ROW(ADD_REROUTE, "INSERT INTO reroute (paper, centre, reason, person, time) VALUES (?1, ?2, "  \
                     "?3, ?4, ?5)")                                                                \
    ROW(GET_NAME, "SELECT p.id, p.name, p.version, p.kind, p.due, v.case_id, r.paper IS NOT "      \
                  "NULL, r.time, EXISTS (SELECT 1 FROM reroute q WHERE q.paper = p.id AND NOT "    \
                  "EXISTS (SELECT 1 FROM dispatch d WHERE d.reroute = q.id)), (SELECT sha256 "     \
                  "FROM issued x WHERE x.paper = p.id AND x.name LIKE '%.xml' ORDER BY x.id "      \
                  "DESC LIMIT 1), p.centre FROM paper p JOIN verdict v ON v.id = p.verdict LEFT "  \
                  "JOIN released r ON r.paper = p.id WHERE p.name = ?1 ORDER BY p.version")        \
    ROW(GET_ALL_NAMES, "SELECT p.id, p.name, p.version, p.kind, p.due, v.case_id, r.paper IS NOT " \
                       "NULL, r.time, EXISTS (SELECT 1 FROM reroute q WHERE q.paper = p.id AND "   \
                       "NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.reroute = q.id)), NULL, "     \
                       "p.centre FROM paper p JOIN verdict v ON v.id = p.verdict LEFT JOIN "       \
                       "released r ON r.paper = p.id ORDER BY p.name, p.version")                  \
    ROW(GET_RECONCILED,                                                                            \
        "SELECT count(*), sum(class = 0), sum(class = 1), sum(class = 2), sum(class = 3), "        \
        "sum(class = 4) FROM (SELECT CASE WHEN r.paper IS NULL THEN 0 WHEN EXISTS (SELECT 1 FROM " \
        "dispatch d WHERE d.paper = p.id) THEN CASE WHEN EXISTS (SELECT 1 FROM step s WHERE "      \
        "s.paper = p.name AND s.version = p.version AND s.state <> 'sent') THEN 4 "                \
        "WHEN " SUPERSEDED "THEN 1 ELSE 3 END WHEN " SUPERSEDED                                    \
        "THEN 1 ELSE 2 END AS class FROM paper p "                                                 \
        "LEFT JOIN released r ON r.paper = p.id)")                                                 \
    ROW(GET_PERIOD_CASES, "SELECT case_id, min(collected), submitter FROM sample s WHERE " NEWEST  \
                          "GROUP BY case_id HAVING min(collected) >= ?1 AND min(collected) < ?2 "  \
                          "ORDER BY case_id")                                                      \
    ROW(GET_CASE_ASSAYS, "SELECT DISTINCT case_id, assay FROM sample")                             \
    ROW(GET_CASE_FINDINGS, "SELECT v.case_id, f.code, f.item, f.answer, f.detail FROM (SELECT "    \
                           "max(id) AS id FROM verdict WHERE same_as IS NULL GROUP BY case_id) c " \
                           "JOIN verdict v ON v.id = c.id JOIN finding f ON f.verdict = c.id")     \
    ROW(GET_CASE_STEPS, "SELECT v.case_id, s.state, s.outcome, s.value FROM step s JOIN paper p "  \
                        "ON p.name = s.paper AND p.version = s.version JOIN verdict v ON v.id = "  \
                        "p.verdict WHERE p.name LIKE 'RN%'")                                       \
    ROW(GET_CASE_BIRTHS, "SELECT case_id, value FROM fact WHERE code = 'birth_date' AND owner = "  \
                         "'woman' ORDER BY id")                                                    \
    ROW(GET_CASE_SENDINGS, "SELECT v.case_id, min(d.time) FROM dispatch d JOIN paper p ON p.id = " \
                           "d.paper JOIN verdict v ON v.id = p.verdict GROUP BY v.case_id")

#endif

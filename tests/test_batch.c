/* What a batch does when results come late, early, twice or changed: small folders through batch_run(). */
#include "batch_fixture.h"

TestSuite(batch, .init = set_up);

Test(batch, a_finished_batch_is_not_done_again)
{
    put_batch("b1", WOMAN_1, BORN_1, HPV_1);
    BatchResult first = run("b1"), second = run("b1");
    cr_expect(!first.nothing_to_do && first.tally.interpreted == 1 && first.n_visited == 1);
    cr_expect(second.nothing_to_do && second.tally.interpreted == 1 && second.n_restored == 0);
    cr_expect_eq(state_of("S2026001"), JUDGED_INTERPRETED);
    cr_expect_eq(answer_of("C2026001", "cervical.hpv"), ANSWER_NEGATIVE);
    cr_expect(is_whole());
}

Test(batch, results_may_come_days_after_the_registration)
{
    put_batch("b1", WOMAN_1, BORN_1, "");
    put_batch("b2", "", "", HPV_1);
    cr_expect_eq(run("b1").tally.awaiting, 1);
    cr_expect_eq(state_of("S2026001"), JUDGED_AWAITING);
    cr_expect_eq(run("b2").tally.interpreted, 1);
    cr_expect_eq(state_of("S2026001"), JUDGED_INTERPRETED);
    cr_expect_eq(version_of("C2026001"), 2);
    cr_expect(run("b1").nothing_to_do && run("b2").nothing_to_do);
    cr_expect(is_whole());
}

Test(batch, results_before_the_registration_are_kept_and_matched)
{
    put_batch("b1", "", "", HPV_1);
    put_batch("b2", WOMAN_1, BORN_1, "");
    cr_expect_eq(run("b1").tally.rejected, 1);
    cr_expect(rejected_with("b1", "result.unmatched"));
    cr_expect(run("b1").nothing_to_do);
    cr_expect_eq(run("b2").tally.interpreted, 1);
    cr_expect_eq(answer_of("C2026001", "cervical.hpv"), ANSWER_NEGATIVE);
    cr_expect(run("b1").nothing_to_do, "what it brought is known by now");
    cr_expect(is_whole());
}

Test(batch, another_content_behind_a_revision_is_rejected)
{
    static const char moved[] = "P2026001,C2026001,S2026001,1,,,230103,230104,woman,cervical_cells,"
                                "cervical,2026-11-09T08:30,P2026001,ZQ-2026-1,2026-11-09\n";
    put_batch("b1", WOMAN_1, BORN_1, HPV_1);
    put_batch("b2", moved, "", "");
    put_batch("b3", "", "", HPV_1_POSITIVE);
    (void)run("b1");
    cr_expect_eq(run("b2").tally.rejected, 1);
    cr_expect(rejected_with("b2", "revision.changed"));
    cr_expect_eq(version_of("C2026001"), 1);
    cr_expect_eq(run("b3").tally.rejected, 1);
    cr_expect(rejected_with("b3", "result.against"));
    cr_expect_eq(answer_of("C2026001", "cervical.hpv"), ANSWER_POSITIVE, "told, and held");
    cr_expect_eq(version_of("C2026001"), 2);
    cr_expect(is_whole());
}

Test(batch, the_same_content_again_changes_nothing)
{
    put_batch("b1", WOMAN_1, BORN_1, HPV_1);
    put_batch("b2", WOMAN_1, BORN_1, HPV_1);
    (void)run("b1");
    BatchResult again = run("b2");
    cr_expect(again.tally.rejected == 0 && again.tally.interpreted == 1);
    cr_expect_eq(version_of("C2026001"), 1);
    cr_expect(is_whole());
}

Test(batch, a_correction_replaces_and_what_vanished_is_withdrawn)
{
    static const char corrected[] =
        "P2026001,C2026001,S2026001,2,1,data_entry,230103,230103,woman,cervical_cells,cervical,"
        "2026-11-09T08:30,P2026001,ZQ-2026-1,2026-11-09\n";
    put_batch("b1", WOMAN_1, BORN_1, HPV_1_POSITIVE);
    put_batch("b2", corrected, "", HPV_1);
    (void)run("b1");
    cr_expect_eq(answer_of("C2026001", "cervical.hpv"), ANSWER_POSITIVE);
    size_t referrals = count_papers("C2026001", PAPER_REFERRAL, 1);
    BatchResult second = run("b2");
    cr_expect(second.tally.interpreted == 1 && second.tally.replaced == 1 &&
              second.tally.rejected == 0);
    cr_expect_eq(answer_of("C2026001", "cervical.hpv"), ANSWER_NEGATIVE);
    cr_expect_eq(count_papers("C2026001", PAPER_RESULT, 2), 1, "the report has a second version");
    cr_expect_geq(referrals, 1);
    cr_expect_eq(count_papers("C2026001", PAPER_WITHDRAWAL, 2) +
                     count_papers("C2026001", PAPER_REFERRAL, 2),
                 referrals, "everyone who got a referral hears of it");
    cr_expect(run("b1").nothing_to_do && run("b2").nothing_to_do);
    cr_expect(is_whole());
}

Test(batch, a_revision_must_name_one_that_is_known)
{
    static const char second[] =
        "P2026001,C2026001,S2026001,2,1,data_entry,230103,230103,woman,cervical_cells,cervical,"
        "2026-11-09T08:30,P2026001,ZQ-2026-1,2026-11-09\n";
    put_batch("b1", second, BORN_1, "");
    cr_expect_eq(run("b1").tally.rejected > 0, true);
    cr_expect(rejected_with("b1", "revision.unknown"));
    cr_expect(is_whole());
}

Test(batch, rows_of_a_batch_may_stand_in_any_order)
{
    static const char rows[] =
        "P2026001,C2026001,S2026001,2,1,data_entry,230103,230103,woman,cervical_cells,cervical,"
        "2026-11-09T08:30,P2026001,ZQ-2026-1,2026-11-09\n" WOMAN_1;
    put_batch("b1", rows, BORN_1, HPV_1);
    BatchResult result = run("b1");
    cr_expect(result.tally.rejected == 0 && result.tally.replaced == 1 &&
              result.tally.interpreted == 1);
    cr_expect(is_whole());
}

Test(batch, facts_of_nobody_wait_for_their_case)
{
    put_batch("b1", "", BORN_1, HPV_1);
    put_batch("b2", WOMAN_1, "", "");
    cr_expect_eq(run("b1").tally.rejected, 2);
    cr_expect(rejected_with("b1", "fact.unmatched"));
    (void)run("b2");
    Ledger *ledger = open_ledger();
    cr_expect_eq(ledger_facts(ledger, "C2026001", arena).n, 1);
    ledger_close(ledger);
    cr_expect(run("b1").nothing_to_do);
}

Test(batch, a_lost_document_is_restored)
{
    put_batch("b1", WOMAN_1, BORN_1, HPV_1);
    (void)run("b1");
    const char *summary = arena_print(arena, "%s/out/b1/summary.html", root);
    cr_assert_eq(unlink(summary), 0);
    BatchResult again = run("b1");
    cr_expect(again.nothing_to_do && again.n_restored == 1);
    cr_expect_eq(access(summary, F_OK), 0);
}

Test(batch, what_is_added_to_a_finished_folder_is_done)
{
    static const char woman_2[] =
        WOMAN_1 "P2026002,C2026002,S2026002,1,,,230103,230103,woman,cervical_cells,cervical,"
                "2026-11-09T08:30,P2026002,ZQ-2026-1,2026-11-09\n";
    put_batch("b1", WOMAN_1, BORN_1, HPV_1);
    (void)run("b1");
    put_batch("b1", woman_2, BORN_1, HPV_1);
    BatchResult more = run("b1");
    cr_expect(!more.nothing_to_do && more.n_visited == 1);
    cr_expect(more.tally.interpreted == 1 && more.tally.awaiting == 1,
              "the tally is of the whole folder");
    cr_expect(run("b1").nothing_to_do);
    cr_expect(is_whole());
}

Test(batch, reissue_judges_again)
{
    put_batch("b1", WOMAN_1, BORN_1, HPV_1);
    (void)run("b1");
    BatchResult again = run_with("b1", true);
    cr_expect(!again.nothing_to_do && again.n_visited == 1);
    cr_expect_eq(version_of("C2026001"), 2);
    cr_expect_eq(count_papers("C2026001", PAPER_RESULT, 2), 1);
    cr_expect(run("b1").nothing_to_do);
}

Test(batch, a_file_that_cannot_be_read_is_told_and_may_be_sent_again)
{
    static const char carrier[] =
        "P2026003,C2026003,S2026003,1,,,230103,230103,woman,blood,carrier,"
        "2026-11-09T08:30,P2026003,ZQ-2026-1,2026-11-09\n";
    char sha256[SHA256_HEX], row[200];
    bytes_sha256(sha256, "no variants\n", 12);
    (void)snprintf(row, sizeof row, "S2026003,V1,,,a.vcf,%s,,,,\n", sha256);
    put_batch("b1", carrier, "", row);
    put("b1", "a.vcf", "", "no variants\n");
    BatchResult first = run("b1");
    cr_expect(first.tally.not_interpretable == 1);
    cr_expect_eq(state_of("S2026003"), JUDGED_NOT_INTERPRETABLE);
    cr_expect(run("b1").nothing_to_do, "a failure that was told is not read again");
    put_batch("b2", "", "", row);
    put("b2", "a.vcf", "", "no variants\n");
    cr_expect_eq(run("b2").tally.not_interpretable, 1);
    cr_expect_eq(version_of("C2026003"), 1, "the same failure is no news");
    cr_expect(is_whole());
}

Test(batch, a_file_before_its_registration_is_read_when_the_batch_is_run_again)
{
    static const char carrier[] =
        "P2026003,C2026003,S2026003,1,,,230103,230103,woman,blood,carrier,"
        "2026-11-09T08:30,P2026003,ZQ-2026-1,2026-11-09\n";
    char sha256[SHA256_HEX], row[200];
    bytes_sha256(sha256, "no variants\n", 12);
    (void)snprintf(row, sizeof row, "S2026003,V1,,,a.vcf,%s,,,,\n", sha256);
    put_batch("b1", "", "", row);
    put("b1", "a.vcf", "", "no variants\n");
    put_batch("b2", carrier, "", "");
    cr_expect_eq(run("b1").tally.rejected, 1);
    cr_expect(run("b1").nothing_to_do);
    cr_expect_eq(run("b2").tally.awaiting, 1);
    BatchResult again = run("b1");
    cr_expect(again.tally.rejected == 0 && again.tally.not_interpretable == 1);
    cr_expect(run("b1").nothing_to_do && run("b2").nothing_to_do);
    cr_expect(is_whole());
}

Test(batch, an_earlier_result_that_comes_later_is_history_of_the_later_sample)
{
    /* The same woman, three years before, in a folder that arrives afterwards. */
    static const char before[] = "P2026001,C2023001,S2023001,1,,,230103,230103,woman,cervical_"
                                 "cells,cervical,2023-11-09T08:30,"
                                 "P2026001,ZQ-2026-1,2023-11-09\n";
    put_batch("b1", WOMAN_1, BORN_1, HPV_1);
    put_batch("b2", before, "C2023001,woman,birth_date,1980-04-18,,\n",
              "S2023001,HPV-0,A01,,,,hpv.pooled,positive,,2023-11-12T16:00\n");
    (void)run("b1");
    cr_expect_eq(version_of("C2026001"), 1);
    BatchResult second = run("b2");
    cr_expect_eq(second.n_visited, 2, "the later case is judged again");
    cr_expect_eq(version_of("C2026001"), 2);
    cr_expect(run("b1").nothing_to_do && run("b2").nothing_to_do);
    cr_expect(is_whole());
}

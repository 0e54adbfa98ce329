/* SPDX-License-Identifier: Apache-2.0
 * The handlers of the route table, by the file they stand in. */
#pragma once

#include "daemon/api/call.h"

/* api_read.c */
HttpReply *handlers_whoami(Call *call, GError **error);
HttpReply *handlers_status(Call *call, GError **error);
HttpReply *handlers_doctor(Call *call, GError **error);
HttpReply *handlers_cards(Call *call, GError **error);
HttpReply *handlers_card(Call *call, GError **error);
HttpReply *handlers_history(Call *call, GError **error);
HttpReply *handlers_lookup(Call *call, GError **error);
HttpReply *handlers_staff_list(Call *call, GError **error);
HttpReply *handlers_staff(Call *call, GError **error);
HttpReply *handlers_sections(Call *call, GError **error);
HttpReply *handlers_designations(Call *call, GError **error);
HttpReply *handlers_confirmations(Call *call, GError **error);
/* api_system.c */
HttpReply *handlers_readers(Call *call, GError **error);
HttpReply *handlers_audit(Call *call, GError **error);
HttpReply *handlers_ca(Call *call, GError **error);
HttpReply *handlers_ca_init(Call *call, GError **error);
HttpReply *handlers_ca_renew(Call *call, GError **error);
HttpReply *handlers_ca_publish(Call *call, GError **error);
HttpReply *handlers_job(Call *call, GError **error);
/* api_backup.c */
HttpReply *handlers_backup(Call *call, GError **error);
HttpReply *handlers_backup_file(Call *call, GError **error);
/* api_config.c */
HttpReply *handlers_config(Call *call, GError **error);
/* api_clock.c */
HttpReply *handlers_clock_accept(Call *call, GError **error);
/* api_exception.c */
HttpReply *handlers_exceptions(Call *call, GError **error);
HttpReply *handlers_exception(Call *call, GError **error);
HttpReply *handlers_exception_open(Call *call, GError **error);
HttpReply *handlers_exception_approve(Call *call, GError **error);
HttpReply *handlers_exception_review(Call *call, GError **error);
HttpReply *handlers_exception_end(Call *call, GError **error);
/* api_finding.c */
HttpReply *handlers_findings(Call *call, GError **error);
HttpReply *handlers_finding(Call *call, GError **error);
HttpReply *handlers_finding_open(Call *call, GError **error);
HttpReply *handlers_finding_answer(Call *call, GError **error);
HttpReply *handlers_finding_close(Call *call, GError **error);
HttpReply *handlers_orders(Call *call, GError **error);
/* api_work_record.c */
HttpReply *handlers_works(Call *call, GError **error);
HttpReply *handlers_work(Call *call, GError **error);
HttpReply *handlers_work_confirm(Call *call, GError **error);
HttpReply *handlers_yearly(Call *call, GError **error);
HttpReply *handlers_yearly_done(Call *call, GError **error);
/* api_audit.c */
HttpReply *handlers_audit_verify(Call *call, GError **error);
HttpReply *handlers_audit_checkpoints(Call *call, GError **error);
HttpReply *handlers_audit_checkpoint(Call *call, GError **error);
HttpReply *handlers_audit_lookup(Call *call, GError **error);
HttpReply *handlers_audit_export(Call *call, GError **error);
HttpReply *handlers_audit_holds(Call *call, GError **error);
HttpReply *handlers_audit_hold(Call *call, GError **error);
HttpReply *handlers_audit_hold_end(Call *call, GError **error);
HttpReply *handlers_audit_dispose(Call *call, GError **error);
HttpReply *handlers_audit_sign_off(Call *call, GError **error);
/* api_report.c */
HttpReply *handlers_register(Call *call, GError **error);
HttpReply *handlers_form(Call *call, GError **error);
HttpReply *handlers_print(Call *call, GError **error);
HttpReply *handlers_audit_pack(Call *call, GError **error);
/* api_metrics.c */
HttpReply *handlers_metrics(Call *call, GError **error);
/* api_case.c */
HttpReply *handlers_duties(Call *call, GError **error);
HttpReply *handlers_duty(Call *call, GError **error);
HttpReply *handlers_cases(Call *call, GError **error);
HttpReply *handlers_case(Call *call, GError **error);
HttpReply *handlers_case_open(Call *call, GError **error);
HttpReply *handlers_case_note(Call *call, GError **error);
HttpReply *handlers_case_close(Call *call, GError **error);
HttpReply *handlers_notices(Call *call, GError **error);
HttpReply *handlers_notice_retry(Call *call, GError **error);
/* api_change.c */
HttpReply *handlers_receive(Call *call, GError **error);
HttpReply *handlers_move(Call *call, GError **error);
HttpReply *handlers_suspend(Call *call, GError **error);
HttpReply *handlers_resume(Call *call, GError **error);
HttpReply *handlers_re_home(Call *call, GError **error);
HttpReply *handlers_confirm(Call *call, GError **error);
/* api_application.c */
HttpReply *handlers_applications(Call *call, GError **error);
HttpReply *handlers_application(Call *call, GError **error);
HttpReply *handlers_inbox(Call *call, GError **error);
HttpReply *handlers_apply(Call *call, GError **error);
HttpReply *handlers_apply_accept(Call *call, GError **error);
HttpReply *handlers_apply_revise(Call *call, GError **error);
HttpReply *handlers_apply_decide(Call *call, GError **error);
HttpReply *handlers_apply_execute(Call *call, GError **error);
/* api_emergency.c */
HttpReply *handlers_emergency(Call *call, GError **error);
HttpReply *handlers_refusals(Call *call, GError **error);
/* api_place.c */
HttpReply *handlers_dispatch(Call *call, GError **error);
HttpReply *handlers_arrive(Call *call, GError **error);
HttpReply *handlers_place(Call *call, GError **error);
HttpReply *handlers_breach(Call *call, GError **error);
HttpReply *handlers_transits(Call *call, GError **error);
HttpReply *handlers_places(Call *call, GError **error);
/* api_standing.c */
HttpReply *handlers_approvals(Call *call, GError **error);
HttpReply *handlers_approval_add(Call *call, GError **error);
HttpReply *handlers_approval_end(Call *call, GError **error);
/* api_witness.c */
HttpReply *handlers_sessions(Call *call, GError **error);
HttpReply *handlers_session(Call *call, GError **error);
HttpReply *handlers_session_open(Call *call, GError **error);
HttpReply *handlers_session_close(Call *call, GError **error);
/* api_round.c */
HttpReply *handlers_check_rounds(Call *call, GError **error);
HttpReply *handlers_check_round(Call *call, GError **error);
HttpReply *handlers_check_round_open(Call *call, GError **error);
HttpReply *handlers_check_round_hold(Call *call, GError **error);
HttpReply *handlers_check_round_close(Call *call, GError **error);
/* api_post.c */
HttpReply *handlers_posts(Call *call, GError **error);
HttpReply *handlers_post(Call *call, GError **error);
HttpReply *handlers_post_assign(Call *call, GError **error);
HttpReply *handlers_post_end(Call *call, GError **error);
HttpReply *handlers_delegations(Call *call, GError **error);
HttpReply *handlers_delegate(Call *call, GError **error);
HttpReply *handlers_delegate_end(Call *call, GError **error);
HttpReply *handlers_deputy_reviews(Call *call, GError **error);
HttpReply *handlers_deputy_review(Call *call, GError **error);
HttpReply *handlers_grants(Call *call, GError **error);
HttpReply *handlers_break_glass(Call *call, GError **error);
HttpReply *handlers_break_glass_end(Call *call, GError **error);
HttpReply *handlers_break_glass_review(Call *call, GError **error);
/* api_import.c */
extern const JsonTable handlers_designation_row;
HttpReply *handlers_import(Call *call, GError **error);
/* api_work.c */
HttpReply *handlers_prepare(Call *call, GError **error);
HttpReply *handlers_issue(Call *call, GError **error);
HttpReply *handlers_hand_over(Call *call, GError **error);
HttpReply *handlers_pin_change(Call *call, GError **error);
HttpReply *handlers_reissue(Call *call, GError **error);
HttpReply *handlers_renew(Call *call, GError **error);
HttpReply *handlers_erase(Call *call, GError **error);
HttpReply *handlers_lend_temporary(Call *call, GError **error);
HttpReply *handlers_check(Call *call, GError **error);
/* api_pin.c */
HttpReply *handlers_pin_reset(Call *call, GError **error);
HttpReply *handlers_pin_leak(Call *call, GError **error);
HttpReply *handlers_pins_due(Call *call, GError **error);

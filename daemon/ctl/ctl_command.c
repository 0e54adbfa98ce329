/* SPDX-License-Identifier: Apache-2.0
 * Every command is a row. `event` names the row of the lifecycle table that it triggers; a test
 * compares the two, so a new event needs its command here. */
#include "daemon/ctl/ctl_command.h"

#include <string.h>

#include "daemon/ctl/ctl_act.h"
#include "daemon/ctl/ctl_apply.h"
#include "daemon/ctl/ctl_audit.h"
#include "daemon/ctl/ctl_audit_check.h"
#include "daemon/ctl/ctl_backup.h"
#include "daemon/ctl/ctl_document.h"
#include "daemon/ctl/ctl_help.h"
#include "daemon/ctl/ctl_import.h"
#include "daemon/ctl/ctl_issue.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_list.h"
#include "daemon/ctl/ctl_lookup.h"
#include "daemon/ctl/ctl_pin_check.h"
#include "daemon/ctl/ctl_pin_due.h"
#include "daemon/ctl/ctl_pin_reset.h"
#include "daemon/ctl/ctl_record.h"
#include "daemon/ctl/ctl_round.h"
#include "daemon/ctl/ctl_system.h"
#include "daemon/ctl/ctl_view.h"
#include "daemon/ctl/ctl_view_post.h"
#include "daemon/ctl/ctl_view_rule.h"

/* 職権停止 stands on an order that was not obeyed. */
#define ORDER                                                                                      \
	" --order-number=TEXT --ordered-on=DATE --refused-on=DATE --criterion=NAME "               \
	"--decided-by=NO"
#define LOSS "--by=WHO! --occurred-at=TIME --noticed-at=TIME --via=HOW --note=TEXT"

#define CASE                                                                                       \
	"--content=TEXT --parties=TEXT --place=TEXT --note=TEXT --cause=TEXT --response=TEXT "     \
	"--other=TEXT --measure=TEXT --measure-due=DATE --police-report=NUMBER --police-on=DATE "  \
	"--via=HOW --occurred-at=TIME --noticed-at=TIME"

#define REPORT                                                                                     \
	"--as-of=DATE --fiscal-year=N --section=CODE --staff=NO --card=CARD --case=ID "            \
	"--format=FORMAT --output=FILE"

/* clang-format off */
static const CtlCommand table[] = {
	{ .help = N_("Cards, from the box to the holder") },
	{ "card receive", "NUMBER...", "--kind=KIND --place=PLACE --chip-serial=SERIAL",
	  N_("Take delivery of cards (numbers or OP000001..OP000100)"), ctl_system_receive, "/cards",
	  .event = "receive", .hint = "opcardctl prepare CARD" },
	{ "card prepare", "CARD...", "--reader=READER",
	  N_("Initialise a blank card; it is then a spare"), ctl_act_on_cards, "/cards/{card}/prepare",
	  .event = "prepare", .hint = "opcardctl issue %s --staff NO --authority A" },
	{ "prepare", "CARD...", "--reader=READER",
	  N_("The same as card prepare"), ctl_act_on_cards, "/cards/{card}/prepare",
	  .event = "prepare", .hint = "opcardctl issue %s --staff NO --authority A" },
	{ "issue", "[CARD...]",
	  "--staff=NO --authority=A --application=ID --application-all=ID --reader=READER",
	  N_("Issue a card to a designated person, or to every line of a form 2 without one"),
	  ctl_issue, "/cards/{card}/issue",
	  .event = "issue-begin", .hint = "opcardctl hand-over %s" },
	{ "hand-over", "CARD...", "--reader=READER --received-by=NO --scan=REF",
	  N_("Hand a card over; the holder sets the own PIN (form 4)"), ctl_act_on_cards,
	  "/cards/{card}/hand-over", .event = "hand-over", .secrets = CTL_SECRETS_NEW_PIN },
	{ "dispatch", "CARD...", "--to=WHERE! --seal=NUMBER!",
	  N_("Note that a card was sent off under seal"), ctl_act_on_cards,
	  "/cards/{card}/dispatch" },
	{ "transit list", "", "", N_("Cards on their way, the longest due first"), ctl_list_items,
	  "/transits", ctl_round_transits },
	{ "arrive", "CARD...", "--seal=NUMBER --broken --place=PLACE --note=TEXT",
	  N_("Note that a card that was sent off arrived at its section"), ctl_act_on_cards,
	  "/cards/{card}/arrive", .hint = "opcardctl hand-over %s" },
	{ "cancel", "CARD...", "--occurred-at=TIME --note=TEXT!",
	  N_("Cancel a hand-over that will not take place"), ctl_act_on_cards, "/cards/{card}/cancel",
	  .event = "cancel", .hint = "opcardctl erase %s --witness NO" },
	{ "pin change", "CARD", "--reader=READER",
	  N_("The holder changes the PIN"), ctl_act_on_cards, "/cards/{card}/pin-change",
	  .secrets = CTL_SECRETS_CHANGE },
	{ "pin check", "", "--from=FILE! --classes=N --context=FILE",
	  N_("Judge a list of PINs, one a line, without showing them; needs no daemon"),
	  ctl_pin_check_list },
	{ "pin policy", "", "", N_("What a PIN must be, in Japanese and English"),
	  ctl_pin_check_policy },
	{ "pin reset", "CARD", "--paper=REF --absent --urgent --note=TEXT --reader=READER",
	  N_("Reset a PIN: --paper accepts form 6, then without it at the desk"), ctl_pin_reset,
	  "/cards/{card}/pin-reset", .secrets = CTL_SECRETS_NEW_PIN },
	{ "renew", "CARD", "--reader=READER",
	  N_("New key and certificate on the same card"), ctl_act_on_cards, "/cards/{card}/renew",
	  .event = "renew", .secrets = CTL_SECRETS_PIN },
	{ "reissue", "CARD",
	  "--to:newCard=CARD --reason=TEXT! --application=ID --paper=REF --reader=READER",
	  N_("Issue another card in place of CARD, onto the one in the reader or --to; without an approved form 7 it is approved afterwards"),
	  ctl_act_on_cards, "/cards/{card}/reissue", .event = "issue-begin" },
	{ "lend-temporary", "CARD", "--staff=NO! --reader=READER",
	  N_("Lend a temporary card until midnight"), ctl_act_on_cards,
	  "/cards/{card}/lend-temporary", .event = "lend-temporary", .secrets = CTL_SECRETS_NEW_PIN },
	{ "lend-approval add", "", "--section=CODE! --until=DATE! --paper=REF!",
	  N_("Let a section lend temporary cards until a day"), ctl_round_post, "/lend-approvals" },
	{ "lend-approval list", "", "--after=CURSOR",
	  N_("Standing approvals to lend temporary cards"), ctl_list_items, "/lend-approvals",
	  ctl_round_approvals },
	{ "lend-approval end", "ID", "", N_("Take a standing approval back"), ctl_round_post,
	  "/lend-approvals/{id}/end" },

	{ .help = N_("Applications: form 2 (users), 6 (PIN reset), 7 (reissue)") },
	{ "inbox", "", "", N_("What waits for you"), ctl_apply_inbox, "/inbox", ctl_view_inbox },
	{ "application new", "FORM [FILE]", "--section=CODE --from=DATE --current --card=CARD --reason=TEXT",
	  N_("Write an application: 2 FILE (or --current) --section --from; 6 or 7 --card --reason"),
	  ctl_apply_write, "/applications" },
	{ "application accept", "FORM [FILE]",
	  "--paper=REF! --signed-by=NO --signed-on=DATE --scan=FILE --section=CODE --from=DATE --card=CARD --reason=TEXT",
	  N_("Take in a sealed paper; it then waits to be approved"), ctl_apply_write,
	  "/applications/accept" },
	{ "application revise", "ID [FILE]", "--from=DATE --current --reason=TEXT",
	  N_("Correct a draft, or one that was sent back"), ctl_apply_write,
	  "/applications/{id}/revise" },
	{ "application submit", "ID...", "--note=TEXT", N_("Put an application forward"),
	  ctl_apply_step, "/applications/{id}/submit" },
	{ "application endorse", "ID...", "--note=TEXT", N_("Endorse it as the section's manager"),
	  ctl_apply_step, "/applications/{id}/endorse" },
	{ "application investigate", "ID...", "--note=TEXT",
	  N_("Note that it was checked against the register"), ctl_apply_step,
	  "/applications/{id}/investigate" },
	{ "application nominate", "ID...", "--note=TEXT",
	  N_("Nominate users of administrative authorities; the chief approves then"),
	  ctl_apply_step, "/applications/{id}/nominate" },
	{ "application approve", "ID...", "--note=TEXT",
	  N_("Approve it, or afterwards what was done first"), ctl_apply_step,
	  "/applications/{id}/approve" },
	{ "application reject", "ID...", "--note=TEXT!", N_("Reject it"), ctl_apply_step,
	  "/applications/{id}/reject" },
	{ "application send-back", "ID...", "--note=TEXT!", N_("Send it back to be corrected"),
	  ctl_apply_step, "/applications/{id}/send-back" },
	{ "application withdraw", "ID...", "--note=TEXT", N_("Withdraw it before it is approved"),
	  ctl_apply_step, "/applications/{id}/withdraw" },
	{ "application execute", "ID...", "", N_("Carry out an approved form 2: designations follow it"),
	  ctl_apply_step, "/applications/{id}/execute" },
	{ "application receive", "ID...", "--note=TEXT", N_("Note that everything was received"),
	  ctl_apply_step, "/applications/{id}/receive" },
	{ "application close", "ID...", "--note=TEXT", N_("Close it"), ctl_apply_step,
	  "/applications/{id}/close" },
	{ "application list", "", "--section=CODE --all --after=CURSOR",
	  N_("Applications under way, with --all every one"), ctl_apply_list, "/applications",
	  ctl_view_applications },
	{ "application show", "ID", "", N_("One application, its lines and who did what"),
	  ctl_apply_show, "/applications/{id}", ctl_view_application },

	{ .help = N_("Loss, stop, resume") },
	{ "report-lost", "CARD", LOSS, N_("Report a card lost"), ctl_act_on_cards,
	  "/cards/{card}/report-lost", .event = "report-lost" },
	{ "report-stolen", "CARD", LOSS " --police-report=NUMBER", N_("Report a card stolen"),
	  ctl_act_on_cards, "/cards/{card}/report-stolen", .event = "report-stolen" },
	{ "report-damaged", "CARD", "--by=WHO! --occurred-at=TIME --note=TEXT --usable",
	  N_("Report a card damaged; --usable: works until it is replaced"), ctl_act_on_cards,
	  "/cards/{card}/report-damaged", .event = "report-damaged" },
	{ "pin report-leak", "CARD...", "--note=TEXT",
	  N_("Report that a PIN may be known to others; refused until the holder changes it"),
	  ctl_act_on_cards, "/cards/{card}/pin-leak" },
	{ "suspend", "CARD...", "--reason=REASON! --occurred-at=TIME --note=TEXT --deposit" ORDER,
	  N_("Stop a card for a while (MISSING, FORGOTTEN, LEAVE, IDLE, ORDER, PIN_LEAKED)"),
	  ctl_act_on_cards, "/cards/{card}/suspend", .event = "suspend" },
	{ "resume", "CARD...", "--reason=REASON! --note=TEXT",
	  N_("Lift one reason of a stop"), ctl_act_on_cards, "/cards/{card}/resume",
	  .event = "resume" },
	{ "emergency stop", "", "--scope=SCOPE! --noticed-at=TIME --note=TEXT",
	  N_("Stop at once: all, section:CODE, authority:A, batch:B, terminals:G"),
	  ctl_system_emergency, "/emergency", .event = "emergency-stop" },
	{ "emergency resume", "", "--scope=SCOPE! --note=TEXT",
	  N_("Lift an emergency stop (two persons)"), ctl_system_emergency, "/emergency",
	  .event = "emergency-resume" },
	{ "confirm", "[ID]", "--list", N_("Confirm as the second person"), ctl_list_or_confirm,
	  "/confirmations", ctl_view_confirmations },

	{ .help = N_("Return and end") },
	{ "recall", "CARD...", "--reason=REASON! --due=DATE --occurred-at=TIME --note=TEXT",
	  N_("Demand a card back (TRANSFER, RETIREMENT, DESIGNATION_ENDED, RENEWAL, CONTRACT_END, OTHER)"),
	  ctl_act_on_cards, "/cards/{card}/recall", .event = "recall",
	  .hint = "opcardctl return %s" },
	{ "recall-cancel", "CARD...", "--note=TEXT!", N_("Take a recall back (two persons)"),
	  ctl_act_on_cards, "/cards/{card}/recall-cancel", .event = "recall-cancel" },
	{ "re-home", "CARD...", "--section=CODE!",
	  N_("Carry a card on in another section"), ctl_act_on_cards, "/cards/{card}/re-home",
	  .event = "re-home" },
	{ "return", "CARD...",
	  "--occurred-at=TIME --note=TEXT --chip-serial=SERIAL --handed-in-by=NO --seal=NUMBER --broken",
	  N_("Take a card back, from who hands it in or from under seal"),
	  ctl_act_on_cards, "/cards/{card}/return", .event = "return",
	  .hint = "opcardctl erase %s --witness NO" },
	{ "found", "CARD", "--occurred-at=TIME --note=TEXT!", N_("A lost or stolen card was found"), ctl_act_on_cards,
	  "/cards/{card}/found", .event = "found" },
	{ "session open", "[CARD...]", "--witness=NO!",
	  N_("Begin a session before one witness, of these cards or all that wait"),
	  ctl_round_session, "/sessions" },
	{ "session list", "", "--after=CURSOR", N_("Witnessed sessions"), ctl_list_items,
	  "/sessions", ctl_round_sessions },
	{ "session show", "ID", "", N_("One witnessed session and its cards"), ctl_round_show,
	  "/sessions/{id}" },
	{ "session close", "ID", "", N_("End a witnessed session"), ctl_round_post,
	  "/sessions/{id}/close" },
	{ "erase", "CARD...", "--witness=NO --session=ID --reader=READER --unerasable",
	  N_("Erase a returned card before a witness or in a session"), ctl_act_on_cards, "/cards/{card}/erase",
	  .event = "erase", .is_irreversible = TRUE },
	{ "reuse", "CARD...", "", N_("Make an erased card a spare again"), ctl_act_on_cards,
	  "/cards/{card}/reuse", .event = "reuse" },
	{ "set-aside", "CARD...", "--occurred-at=TIME --note=TEXT!", N_("Set a card aside that must not be used again"),
	  ctl_act_on_cards, "/cards/{card}/set-aside", .event = "set-aside" },
	{ "dispose", "CARD...", "--occurred-at=TIME --witness=NO --session=ID --method=TEXT! --evidence=TEXT!",
	  N_("Record that a card was destroyed"), ctl_act_on_cards, "/cards/{card}/dispose",
	  .event = "dispose", .is_irreversible = TRUE },
	{ "write-off", "CARD...", "--occurred-at=TIME --note=TEXT!", N_("Give a card up that does not come back"),
	  ctl_act_on_cards, "/cards/{card}/write-off", .event = "write-off",
	  .is_irreversible = TRUE },
	{ "stock-lost", "CARD", "--by=WHO! --occurred-at=TIME --note=TEXT!", N_("A card was lost from the stock"),
	  ctl_act_on_cards, "/cards/{card}/stock-lost", .event = "stock-lost" },

	{ "case open", "", "--kind=WHAT! --card=CARD --section=CODE " CASE,
	  N_("Open a case by hand (fault, incident); losses open theirs by themselves"), ctl_act_once,
	  "/cases" },
	{ "case note", "CASE", CASE, N_("Write under the headings of a case"), ctl_act_once,
	  "/cases/{case}/note" },
	{ "case close", "CASE", CASE, N_("Close a case; it must have a preventive measure"),
	  ctl_act_once, "/cases/{case}/close" },

	{ .help = N_("Look up") },
	{ "card list", "[WORD]",
	  "--state=STATE --expiring=N --section=CODE --staff=NO --limit=N --after=CURSOR",
	  N_("Cards, or those whose number, name or kana holds WORD; --expiring: whose certificate ends in N days"),
	  ctl_list_cards, "/cards", ctl_view_cards },
	{ "lookup", "NAME", "--after=CARD",
	  N_("One card by its holder's name, for who may only report a loss"), ctl_lookup_show,
	  "/lookup" },
	{ "card show", "CARD", "", N_("All about one card"), ctl_list_record, "/cards/{card}",
	  ctl_view_card },
	{ "card history", "CARD", "", N_("What happened to a card"), ctl_list_history,
	  "/cards/{card}/history", ctl_view_history },
	{ "card place", "CARD PLACE", "", N_("Note where a card is kept"), ctl_act_on_cards,
	  "/cards/{card}/place" },
	{ "card places", "", "", N_("How many cards are kept where"), ctl_list_items, "/places",
	  ctl_round_places },
	{ "card breach", "CARD...", "--note=TEXT!",
	  N_("Record a breach of the rules of keeping cards"), ctl_act_on_cards,
	  "/cards/{card}/breach" },
	{ "card check", "CARD...", "--reader=READER",
	  N_("Check that a card is there and carries its certificate"), ctl_act_on_cards,
	  "/cards/{card}/check" },
	{ "card prove", "CARD", "--reader=READER",
	  N_("The same by the holder, who enters the PIN: the card signs"), ctl_act_on_cards,
	  "/cards/{card}/check", .secrets = CTL_SECRETS_PIN },
	{ "check-round open", "", "--section=CODE! --due=DATE!",
	  N_("Begin a card check of a section: its cards are shown by that day"), ctl_round_post,
	  "/check-rounds" },
	{ "check-round list", "", "--section=CODE --after=CURSOR", N_("Card checks of sections"),
	  ctl_list_items, "/check-rounds", ctl_round_list },
	{ "check-round show", "ID", "", N_("One card check and its cards"), ctl_round_show,
	  "/check-rounds/{id}" },
	{ "check-round hold", "ID", "",
	  N_("Put on hold what was not shown by the last day; nothing is revoked"),
	  ctl_round_hold, "/check-rounds/{id}/hold" },
	{ "check-round close", "ID", "", N_("End a card check"), ctl_round_post,
	  "/check-rounds/{id}/close" },
	{ "pin due", "", "--within=N --overdue --section=CODE --format=FORMAT --output=FILE",
	  N_("Whose PIN is to be changed until when; -o FILE prints it"), ctl_pin_due, "/pins/due",
	  ctl_view_pins },
	{ "staff list", "[WORD]", "--section=CODE --after=CURSOR", N_("Staff"), ctl_list_items,
	  "/staff", ctl_view_people },
	{ "staff show", "NO", "", N_("One person"), ctl_list_record, "/staff/{staff}",
	  ctl_view_person },
	{ "section list", "", "", N_("Sections"), ctl_list_items, "/sections", ctl_view_sections },
	{ "post list", "", "--after=CURSOR", N_("Posts and who holds them today"), ctl_list_items,
	  "/posts", ctl_view_post_list },
	{ "post show", "POST", "", N_("One post; --json lists everybody who held it"),
	  ctl_list_record, "/posts/{post}", ctl_view_post_one },
	{ "post assign", "POST",
	  "--staff=NO! --from=DATE! --until=DATE --order=REF! --section=CODE --shared",
	  N_("Put a person into a post; the predecessor's last day is the day before"),
	  ctl_record_act, "/posts/{post}/assign" },
	{ "post end", "POST", "--staff=NO! --until=DATE! --order=REF!",
	  N_("End a person's time in a post"), ctl_record_act, "/posts/{post}/end" },
	{ "delegation list", "", "--after=CURSOR", N_("Who acts for whom by order"),
	  ctl_list_items, "/delegations", ctl_view_post_delegations },
	{ "delegation add", "",
	  "--from-post:fromPost=POST! --to-post:toPost=POST! --from=DATE! --until=DATE! --order=REF!",
	  N_("Order that the holder of one post acts for another"), ctl_record_act,
	  "/delegations" },
	{ "delegation end", "ID", "", N_("End an order before its last day"), ctl_record_act,
	  "/delegations/{id}/end" },
	{ "delegation reviews", "", "", N_("Acts of deputies that wait for you"),
	  ctl_list_items, "/deputy-reviews", ctl_view_post_reviews },
	{ "delegation review", "ID", "--note=TEXT", N_("You have looked at a deputy's act"),
	  ctl_record_act, "/deputy-reviews/{id}" },
	{ "break-glass", "ROLE", "--reason=TEXT! --for=DURATION!",
	  N_("Take a role for a time in an emergency, if you are listed for it"), ctl_record_act,
	  "/role-grants/{role}" },
	{ "role-grant list", "", "--after=CURSOR", N_("Roles taken for a time"), ctl_list_items,
	  "/role-grants", ctl_view_post_grants },
	{ "role-grant end", "ID", "", N_("Give a role back before its time"), ctl_record_act,
	  "/role-grants/{id}/end" },
	{ "role-grant review", "ID", "--note=TEXT!",
	  N_("The chief has looked at what was done with a role"), ctl_record_act,
	  "/role-grants/{id}/review" },
	{ "designation list", "", "--section=CODE --staff=NO", N_("Designations"), ctl_list_items,
	  "/designations", ctl_view_designations },
	{ "duty list", "", "--all --section=CODE", N_("Open duties, with --all the closed ones too"),
	  ctl_list_duties, "/duties", ctl_view_duties },
	{ "duty show", "DUTY", "", N_("One duty, its reminders and its escalation"), ctl_list_record,
	  "/duties/{duty}", ctl_view_duty },
	{ "case list", "", "--section=CODE", N_("Cases of loss and their corrective measures"),
	  ctl_list_items, "/cases", ctl_view_cases },
	{ "case show", "CASE", "", N_("One case under its seven headings"), ctl_list_record,
	  "/cases/{case}", ctl_view_case },
	{ "notice list", "", "--state=WHICH --limit=N --after=CURSOR",
	  N_("Notices and how far they got; --state waiting or failed"), ctl_list_items, "/notices",
	  ctl_view_notices },
	{ "refusal list", "", "--after=CURSOR",
	  N_("Seconds from the notice to the refusal, of every loss and emergency stop"),
	  ctl_list_items, "/refusals", ctl_round_refusals },
	{ "exception list", "", "", N_("Exceptions from the rules, until when and why"),
	  ctl_list_items, "/exceptions", ctl_view_rule_exceptions },
	{ "exception show", "ID", "", N_("One exception"), ctl_list_record, "/exceptions/{id}",
	  ctl_view_rule_exception },
	{ "exception open", "",
	  "--kind=NAME! --subject=WHO! --content=TEXT! --reason=TEXT! --until=DATE!",
	  N_("Ask for an exception (separation, rule, urgent, break-glass)"), ctl_record_act,
	  "/exceptions" },
	{ "exception approve", "ID", "--note=TEXT", N_("The chief approves an exception"),
	  ctl_record_act, "/exceptions/{id}/approve" },
	{ "exception review", "ID", "--note=TEXT", N_("An exception was reviewed and is still needed"),
	  ctl_record_act, "/exceptions/{id}/review" },
	{ "exception end", "ID", "--note=TEXT", N_("End an exception before its last day"),
	  ctl_record_act, "/exceptions/{id}/end" },
	{ "finding list", "", "", N_("Findings of audits and inspections, and what became of them"),
	  ctl_list_items, "/findings", ctl_view_rule_findings },
	{ "finding show", "ID", "", N_("One finding"), ctl_list_record, "/findings/{id}",
	  ctl_view_rule_finding },
	{ "finding open", "",
	  "--source=NAME! --reference=REF! --content=TEXT! --owner=WHO! --due=DATE!",
	  N_("Write a finding down (audit, self-inspection, analysis)"), ctl_record_act,
	  "/findings" },
	{ "finding answer", "ID", "--measure=TEXT!", N_("The owner answers with the measure taken"),
	  ctl_record_act, "/findings/{id}/answer" },
	{ "finding close", "ID", "--note=TEXT", N_("An auditor closes a finding"), ctl_record_act,
	  "/findings/{id}/close" },
	{ "order list", "", "", N_("Orders behind ex-officio stops"), ctl_list_items, "/orders",
	  ctl_view_rule_orders },
	{ "work list", "", "", N_("Work records: imports, configuration, version"), ctl_list_items,
	  "/works", ctl_view_rule_works },
	{ "work show", "ID", "", N_("One work record"), ctl_list_record, "/works/{id}",
	  ctl_view_rule_work },
	{ "work confirm", "ID", "--note=TEXT --despite=TEXT",
	  N_("Say to have done the work, or confirm it as the second person"), ctl_record_act,
	  "/works/{id}/confirm" },
	{ "yearly list", "", "--fiscal-year=N", N_("What is due once in every fiscal year"),
	  ctl_list_items, "/yearly", ctl_view_rule_yearly },
	{ "yearly done", "TASK", "--reference=REF! --done-on=DATE --fiscal-year=N --note=TEXT",
	  N_("Record a yearly task (audit, self-inspection, continuation, analysis)"),
	  ctl_record_act, "/yearly/{task}/done" },
	{ "reader list", "", "", N_("Card readers and what lies in them"), ctl_list_items, "/readers",
	  ctl_view_readers },

	{ .help = N_("Import and print") },
	{ "import staff", "FILE", "", N_("Import staff from a table (xlsx, CSV)"), ctl_import_file, "/import/staff" },
	{ "import sections", "FILE", "", N_("Import sections from a table (xlsx, CSV)"), ctl_import_file,
	  "/import/sections" },
	{ "import posts", "FILE", "", N_("Import who holds which post from a table (xlsx, CSV)"),
	  ctl_import_file, "/import/posts" },
	{ "import cards", "FILE", "", N_("Take delivery of a box list (xlsx, CSV)"), ctl_import_file,
	  "/import/cards", .event = "receive" },
	{ "import holidays", "FILE", "", N_("Import closed days from a table (xlsx, CSV)"), ctl_import_file,
	  "/import/holidays" },
	{ "designation import", "FILE", "--section=CODE! --from=DATE! --paper=REF!",
	  N_("Import an accepted form 2 from a table (xlsx, CSV)"), ctl_import_file, "/import/designations" },
	{ "register print", "REGISTER", REPORT " --printer=PRINTER --blank",
	  N_("A register or list on paper or as a file: issue, card, applications, uncollected, leavers, card-check, disposal, losses, incident, configuration, disclosure, print-log, exceptions, findings, works, operation-analysis, annual-audit, annual-report"),
	  ctl_document_register, "/registers/{register}" },
	{ "register export", "REGISTER", REPORT,
	  N_("The same as a table (csv, csv-cp932, xlsx)"), ctl_document_export, "/registers/{register}" },
	{ "report annual", "", "--fiscal-year=N! --format=FORMAT --output=FILE",
	  N_("The yearly report on the state of operation; annual-audit is the internal audit's"),
	  ctl_document_annual, "/registers/{register}" },
	{ "form print", "FORM [CARD|ID...]", "--output=FILE --printer=PRINTER",
	  N_("Print a form, 1 to 7; 4 is the receipt for the cards named, 2, 6 and 7 an application"), ctl_document_form,
	  "/forms/{form}" },

	{ .help = N_("System") },
	{ "status", "", "", N_("How things stand"), ctl_system_status, "/status" },
	{ "doctor", "", "", N_("Find faults and say what to do"), ctl_system_doctor, "/doctor" },
	{ "notice retry", "NUMBER", "", N_("Send a notice again that was given up"), ctl_act_once,
	  "/notices/{notice}/retry" },
	{ "backup", "", "--output=FILE",
	  N_("Make a sealed backup beside the running daemon; -o fetches it"), ctl_backup_make,
	  "/backup" },
	{ "whoami", "", "", N_("Who opcardd takes you for"), ctl_list_record, "/whoami",
	  ctl_view_whoami },
	{ "audit list", "", "--card=CARD --staff=NO --kind=NAME --after=SEQ --limit=N",
	  N_("Audit records"), ctl_list_items, "/audit", ctl_view_audit },
	{ "audit verify", "", "--witness=FILE",
	  N_("Verify the audit trail, also against a copy of its checkpoints (syslog, paper)"),
	  ctl_audit_verify, "/audit/verify" },
	{ "audit checkpoint", "", "", N_("Make a signed checkpoint now and show it"),
	  ctl_audit_checkpoint, "/audit/checkpoint" },
	{ "audit checkpoints", "", "--after=N --limit=N", N_("The checkpoints there are"),
	  ctl_list_items, "/audit/checkpoints", ctl_view_checkpoints },
	{ "audit lookup", "", "--at=TIME --card=CARD --terminal=NAME --from=FILE",
	  N_("Who had a card at a moment; --from: a list time, terminal, card of the server's log"),
	  ctl_audit_lookup, "/audit/lookup", ctl_view_lookup },
	{ "audit export", "", "--staff=NO! --output=FILE",
	  N_("One person's records with proofs, for somebody outside"), ctl_audit_export,
	  "/audit/export/{staff}" },
	{ "audit check", "FILE", "--key=ID",
	  N_("Verify such an export with nothing but the file; needs no daemon"), ctl_audit_check },
	{ "audit hold", "VERB [ID]", "--staff=NO --card=CARD --reason=TEXT --note=TEXT",
	  N_("Legal holds: audit hold add, audit hold end ID, audit hold list"), ctl_audit_hold,
	  "/audit/holds", ctl_view_holds },
	{ "audit dispose", "", "--fiscal-year=N!",
	  N_("Delete the personal parts of records whose time is over (two persons)"),
	  ctl_act_once, "/audit/dispose" },
	{ "audit report", "", "--fiscal-year=N! --sign-off --note=TEXT --output=FILE",
	  N_("The yearly analysis of operations; --sign-off: you have read it"), ctl_audit_report,
	  "/audit/sign-off", ctl_view_analysis },
	{ "audit pack", "", "--fiscal-year=N! --output=FILE",
	  N_("Everything for the yearly audit as one zip file"), ctl_document_pack, "/audit/pack" },
	{ "ca init", "", "--key=KEY --algorithm=KEY --subject=DN",
	  N_("Found the CA; --key: ec:P-256, rsa:3072 … in a file, or pkcs11:token=LABEL;object=LABEL"),
	  ctl_act_once, "/ca/init" },
	{ "ca renew", "", "--key=KEY --algorithm=KEY",
	  N_("Put a new CA in place of the old one, which answers until its last card has ended"),
	  ctl_act_once, "/ca/renew" },
	{ "ca status", "", "", N_("The CA, its CRL and OCSP signer"), ctl_system_ca, "/ca",
	  ctl_view_ca },
	{ "ca crl", "", "", N_("Publish the CRL now"), ctl_act_once, "/ca/crl" },
	{ "clock accept", "", "--note=TEXT",
	  N_("The machine's time is right although it looks wrong (two persons)"), ctl_act_once,
	  "/clock/accept" },
	{ "config show", "", "--at=DATE", N_("The settings in force (on a day) and where they stand"),
	  ctl_list_items, "/config", ctl_view_config },
	{ "api", "METHOD PATH [JSON]", "", N_("Any request; JSON - is read from stdin"),
	  ctl_system_api, "/" },
	{ "completion", "bash|zsh", "", N_("Completion script for a shell"), ctl_help_completion },
	{ "help", "[COMMAND...]", "", N_("All commands, or one in detail"), ctl_help_run },
};
/* clang-format on */

const CtlCommand *ctl_command_table(gsize *ret_count)
{
	*ret_count = G_N_ELEMENTS(table);
	return table;
}

const CtlCommand *ctl_command_find(const char *words)
{
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		if (g_strcmp0(table[i].words, words) == 0)
			return &table[i];
	}
	return NULL;
}

/* The second word of a row that begins with `first`, else NULL. */
static const char *second_word(const CtlCommand *command, const char *first)
{
	gsize length = strlen(first);

	return command->words != NULL && strncmp(command->words, first, length) == 0 &&
			       command->words[length] == ' '
		       ? command->words + length + 1
		       : NULL;
}

char *ctl_command_words(const char *first)
{
	g_autoptr(GString) words = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		const char *second = second_word(&table[i], first);

		if (second != NULL)
			g_string_append_printf(words, "%s%s", words->len == 0 ? "" : ", ", second);
	}
	return words->len == 0 ? NULL : g_strdup(words->str);
}

gboolean ctl_command_is_first(const char *word)
{
	g_autofree char *words = ctl_command_words(word);

	return words != NULL;
}

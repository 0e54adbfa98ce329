/* SPDX-License-Identifier: Apache-2.0
 * Marks of ledger records. */
#include "daemon/op/record_mark.h"

#include "daemon/op/deputy.h"

#define MANAGER ROLE_SET(ROLE_SECTION_MANAGER)

/* Nothing was decided by these, or another record of the same act follows. */
static const char *const undecided[] = {
	"denied",           "print",      "print-begin",   "print-failed",
	"operation-failed", "audit-pack", "deputy-review",
};

static gboolean is_decision(const char *kind)
{
	for (gsize i = 0; i < G_N_ELEMENTS(undecided); i++)
		if (g_str_equal(undecided[i], kind))
			return FALSE;
	return !g_str_has_suffix(kind, "-begin");
}

static gboolean mark_deputy(StoreTx *tx, const Op *op, const RecordMark *mark, json_t *body,
			    GError **error)
{
	RoleSet asked = op->actor->asked;
	const ActorDeputy *deputy = deputy_find(op, asked, mark->section);

	if (deputy == NULL)
		return TRUE;
	json_object_set_new(body, "deputy",
			    json_pack("{s:s, s:s, s:s}", "post", deputy->post, "order",
				      deputy->order, "delegation", deputy->delegation));
	if (!is_decision(mark->kind) || op->is_dry_run)
		return TRUE;
	if (mark->section != NULL && (asked & MANAGER) != 0 && (deputy->roles & MANAGER) != 0)
		return deputy_record_section(tx, op, mark->section, mark->subject, error);
	return deputy_record(tx, op, asked, mark->subject, error);
}

gboolean record_mark(StoreTx *tx, const Op *op, const RecordMark *mark, json_t *body,
		     GError **error)
{
	const Actor *actor = op->actor;

	if ((actor->acting & actor->asked) != 0)
		json_object_set_new(body, "acting", json_true());
	if (actor->grant != NULL)
		json_object_set_new(body, "breakGlass", json_string(actor->grant));
	return mark_deputy(tx, op, mark, body, error);
}

/* SPDX-License-Identifier: Apache-2.0
 * A card as notices name it. */
#include "daemon/op/notice_card.h"

#include "daemon/store/store_designation.h"
#include "daemon/store/store_person.h"

void notice_card_clear(NoticeCard *facts)
{
	g_clear_pointer(&facts->staff, g_free);
	g_clear_pointer(&facts->holder, g_free);
	g_clear_pointer(&facts->section, g_free);
	g_clear_pointer(&facts->name, g_free);
	g_clear_pointer(&facts->manager, g_free);
}

gboolean notice_card_read(StoreTx *tx, const Card *card, NoticeCard *ret_facts, GError **error)
{
	g_autoptr(Person) holder = NULL;
	g_autoptr(Designation) designation = NULL;
	g_autoptr(Section) section = NULL;

	if (card->holder != 0) {
		holder = store_person_by_id(tx, card->holder, error);
		if (holder == NULL)
			return FALSE;
	}
	if (card->designation != NULL) {
		designation = store_designation_get(tx, card->designation, error);
		if (designation == NULL ||
		    !store_person_find_section(tx, designation->section, &section, error))
			return FALSE;
	}
	*ret_facts = (NoticeCard){ 0 };
	if (holder != NULL) {
		ret_facts->staff = g_strdup(holder->staff);
		ret_facts->holder = g_strdup(holder->name);
	}
	if (designation != NULL) {
		ret_facts->section = g_strdup(designation->section);
		ret_facts->name = g_strdup(designation->section_name);
	}
	if (section != NULL && section->manager_post != NULL)
		ret_facts->manager = g_strconcat("post:", section->manager_post, NULL);
	return TRUE;
}

char *notice_card_owner(const char *post)
{
	return g_str_equal(post, role_ja(ROLE_SYSTEM_ADMIN)) ? g_strdup("role:system-admin")
							     : g_strconcat("post:", post, NULL);
}

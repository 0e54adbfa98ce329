/* SPDX-License-Identifier: Apache-2.0
 * The table of reminders. */
#include "daemon/op/remind.h"

#include "daemon/base/log.h"
#include "daemon/op/duty_remind.h"
#include "daemon/op/remind_card.h"
#include "daemon/op/remind_open.h"
#include "daemon/op/remind_pin.h"
#include "daemon/op/remind_year.h"

static const struct {
	const char *name;
	gboolean (*give)(House *house, gint64 now, guint *ret_count, GError **error);
} kinds[] = {
	{ "collection duties", duty_remind_due },
	{ "cards not handed over", remind_card_hand_over },
	{ "PINs", remind_pin_due },
	{ "certificates of cards", remind_card_expiry },
	{ "certification authority", remind_card_authority },
	{ "confirmations", remind_open_confirmation },
	{ "cases", remind_open_case },
	{ "yearly tasks", remind_year_task },
};

gboolean remind_due(House *house, gint64 now, GError **error)
{
	gboolean is_good = TRUE;

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autoptr(GError) one = NULL;
		guint count = 0;

		if (kinds[i].give(house, now, &count, &one)) {
			if (count > 0)
				log_line(LOG_LEVEL_INFO, NULL, NULL, "%u reminders: %s", count,
					 kinds[i].name);
		} else if (is_good) {
			is_good = FALSE;
			g_propagate_error(error, g_steal_pointer(&one));
		} else {
			log_error(kinds[i].name, NULL, NULL, one);
		}
	}
	return is_good;
}

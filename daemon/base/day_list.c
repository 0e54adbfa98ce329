/* SPDX-License-Identifier: Apache-2.0
 * Lists of days. */
#include "daemon/base/day_list.h"

#include <string.h>

gboolean day_list_parse(const char *text, int ret_days[DAY_LIST_MAX], int *ret_count)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	int days[DAY_LIST_MAX] = { 0 };
	int count = 0;

	for (char **part = parts; *part != NULL; part++) {
		const char *word = g_strstrip(*part);
		guint64 day;

		if (*word == '\0' && parts[1] == NULL)
			break;
		if (count == DAY_LIST_MAX ||
		    !g_ascii_string_to_unsigned(word, 10, 0, DAY_LIST_MOST, &day, NULL) ||
		    (count > 0 && (int) day <= days[count - 1]))
			return FALSE;
		days[count++] = (int) day;
	}
	memcpy(ret_days, days, sizeof(days));
	*ret_count = count;
	return TRUE;
}

/* SPDX-License-Identifier: Apache-2.0
 * JSON values as text. jansson's own result may only be freed by the function it was given. */
#include "daemon/op/dump.h"

char *dump_json(const json_t *value)
{
	json_free_t release;
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
	char *copy = g_strdup(text);

	json_get_alloc_funcs(NULL, &release);
	release(text);
	return copy;
}

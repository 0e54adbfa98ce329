/* SPDX-License-Identifier: Apache-2.0
 * JSON text and the memory of JSON values. jansson's own error texts repeat what stood near the
 * fault, which may be a PIN, and are therefore not used. */
#include "daemon/api/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/error.h"

#define DEPTH_MAX  16
#define BLOCK_HEAD 16 /* keeps malloc()'s alignment */

static void *block_new(size_t size)
{
	char *block = size <= SIZE_MAX - BLOCK_HEAD ? malloc(size + BLOCK_HEAD) : NULL;

	if (block == NULL)
		return NULL;
	memcpy(block, &size, sizeof size);
	return block + BLOCK_HEAD;
}

static void block_free(void *bytes)
{
	char *block = bytes;
	size_t size;

	if (block == NULL)
		return;
	block -= BLOCK_HEAD;
	memcpy(&size, block, sizeof size);
	explicit_bzero(block, size + BLOCK_HEAD);
	free(block);
}

void json_memory_init(void)
{
	json_set_alloc_funcs(block_new, block_free);
}

/* jansson itself takes 2,048 levels, each with a stack frame. */
static gboolean is_too_deep(const char *bytes, gsize length)
{
	gboolean is_string = FALSE;
	guint depth = 0;

	for (gsize i = 0; i < length; i++) {
		if (is_string && bytes[i] == '\\')
			i++;
		else if (bytes[i] == '"')
			is_string = !is_string;
		else if (!is_string && (bytes[i] == '{' || bytes[i] == '[') && ++depth > DEPTH_MAX)
			return TRUE;
		else if (!is_string && (bytes[i] == '}' || bytes[i] == ']') && depth > 0)
			depth--;
	}
	return FALSE;
}

static const char *syntax_text(enum json_error_code code)
{
	if (code == json_error_invalid_utf8)
		return N_("the body is not UTF-8 (line %d, column %d)");
	if (code == json_error_duplicate_key)
		return N_("a field stands twice in the body (line %d, column %d)");
	if (code == json_error_null_character || code == json_error_null_byte_in_key)
		return N_("the body holds the character U+0000 (line %d, column %d)");
	if (code == json_error_numeric_overflow)
		return N_("a number in the body is too large (line %d, column %d)");
	return N_("the body is not well-formed JSON (line %d, column %d)");
}

json_t *json_load(const void *bytes, gsize length, GError **error)
{
	json_error_t fault = { 0 };
	json_t *value;

	if (length == 0) {
		error_set(error, ERROR_USAGE, N_("the body is empty; send a JSON object"));
		return NULL;
	}
	if (is_too_deep(bytes, length)) {
		error_set(error, ERROR_USAGE, N_("the body is nested deeper than %d levels"),
			  DEPTH_MAX);
		return NULL;
	}
	value = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &fault);
	if (value == NULL)
		error_set(error, ERROR_USAGE, syntax_text(json_error_code(&fault)), fault.line,
			  fault.column);
	explicit_bzero(&fault, sizeof fault);
	if (value != NULL && !json_is_object(value)) {
		error_set(error, ERROR_USAGE, N_("the body must be a JSON object"));
		g_clear_pointer(&value, json_decref);
	}
	return value;
}

static void text_free(gpointer text)
{
	json_free_t free_text;

	json_get_alloc_funcs(NULL, &free_text);
	free_text(text);
}

GBytes *json_bytes(const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	g_assert(text != NULL);
	return g_bytes_new_with_free_func(text, strlen(text), text_free, text);
}

json_t *json_text(const char *text)
{
	g_autofree char *valid = NULL;

	if (text == NULL)
		return json_null();
	if (g_utf8_validate(text, -1, NULL))
		return json_string_nocheck(text);
	valid = g_utf8_make_valid(text, -1);
	return json_string_nocheck(valid);
}

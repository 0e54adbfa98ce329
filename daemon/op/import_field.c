/* SPDX-License-Identifier: Apache-2.0
 * Rules of single fields. What opcard-form could not print is refused here already: one such name
 * would make every print of a register fail. */
#include "daemon/op/import_field.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/person.h"

#define LOST_IN_CONVERSION 0xFFFD

/* Controls and characters that turn the text round or print nothing. Variation selectors are
 * marks (Mn) and belong to the name. */
static gboolean is_unprintable(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);

	return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
	       type == G_UNICODE_SURROGATE || type == G_UNICODE_LINE_SEPARATOR ||
	       type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

static gboolean check_character(const ImportField *field, gunichar c)
{
	if (is_unprintable(c))
		import_result_refuse(field->result, field->line, field->name,
				     N_("U+%04X is an invisible or control character and cannot be "
					"printed; type the text again"),
				     c);
	else if (g_unichar_type(c) == G_UNICODE_PRIVATE_USE)
		import_result_refuse(field->result, field->line, field->name,
				     N_("U+%04X is a character of one office only (gaiji): another "
					"computer prints another glyph; use the character of the "
					"national set with its variation selector"),
				     c);
	else if (c == LOST_IN_CONVERSION)
		import_result_refuse(field->result, field->line, field->name,
				     N_("U+%04X stands for a character that was lost when the file "
					"was converted; export it again as UTF-8"),
				     c);
	else
		return TRUE;
	return FALSE;
}

gboolean import_field_text(const ImportField *field, const char *text, glong max)
{
	glong length;

	if (text == NULL)
		return TRUE;
	if (!g_utf8_validate(text, -1, NULL)) {
		import_result_refuse(field->result, field->line, field->name,
				     N_("is no valid UTF-8; export the file again as UTF-8"));
		return FALSE;
	}
	length = g_utf8_strlen(text, -1);
	if (length > max) {
		import_result_refuse(field->result, field->line, field->name,
				     N_("has %ld characters, and at most %ld are kept; shorten it"),
				     length, max);
		return FALSE;
	}
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		if (!check_character(field, g_utf8_get_char(p)))
			return FALSE;
	return TRUE;
}

static gboolean is_blank(const char *text)
{
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		if (!g_unichar_isspace(g_utf8_get_char(p)))
			return FALSE;
	return TRUE;
}

gboolean import_field_needed(const ImportField *field, const char *text, glong max)
{
	if (!import_field_text(field, text, max))
		return FALSE;
	if (text != NULL && !is_blank(text))
		return TRUE;
	import_result_refuse(field->result, field->line, field->name,
			     N_("must not be empty; fill it in"));
	return FALSE;
}

gboolean import_field_date(const ImportField *field, const char *text)
{
	if (import_field_or_null(text) == NULL || clock_is_date(text))
		return TRUE;
	import_result_refuse(field->result, field->line, field->name,
			     N_("\"%s\" is no day of the calendar; write it like 2027-03-31"),
			     g_utf8_validate(text, -1, NULL) ? text : "?");
	return FALSE;
}

gboolean import_field_staff(const ImportField *field, const char *text)
{
	if (person_is_staff_number(text))
		return TRUE;
	import_result_refuse(field->result, field->line, field->name,
			     N_("\"%s\" is no staff number: 1 to 20 letters, digits and hyphens, "
				"with its leading zeros (012345)"),
			     text != NULL && g_utf8_validate(text, -1, NULL) ? text : "");
	return FALSE;
}

const char *import_field_or_null(const char *text)
{
	return text != NULL && *text != '\0' ? text : NULL;
}

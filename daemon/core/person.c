/* SPDX-License-Identifier: Apache-2.0
 * Rules about persons that need no store. */
#include "daemon/core/person.h"

#include <string.h>

void person_free(Person *person)
{
	if (person == NULL)
		return;
	g_free(person->staff);
	g_free(person->name);
	g_free(person->kana);
	g_free(person->section);
	g_free(person->subsection);
	g_free(person->title);
	g_free(person->employment);
	g_free(person->until);
	g_free(person);
}

void person_section_free(Section *section)
{
	if (section == NULL)
		return;
	g_free(section->code);
	g_free(section->name);
	g_free(section->manager_post);
	g_free(section->duties);
	g_free(section);
}

void person_designation_free(Designation *designation)
{
	if (designation == NULL)
		return;
	g_free(designation->id);
	g_free(designation->section);
	g_free(designation->section_name);
	g_free(designation->title);
	g_free(designation->authority);
	g_free(designation->duties);
	g_free(designation->from);
	g_free(designation->until);
	g_free(designation->application);
	g_free(designation);
}

gboolean person_is_eligible(const Person *person, const char *date)
{
	return person->until == NULL || strcmp(date, person->until) <= 0;
}

gboolean person_is_designated(const Designation *designation, const char *date)
{
	return strcmp(designation->from, date) <= 0 &&
	       (designation->until == NULL || strcmp(date, designation->until) <= 0);
}

gboolean person_holds_post(const Person *person, const Section *section, const char *post)
{
	if (post == NULL || *post == '\0' || person->title == NULL || *person->title == '\0' ||
	    g_strcmp0(person->section, section->code) != 0)
		return FALSE;
	return g_str_has_suffix(post, person->title);
}

static gboolean is_variation_selector(gunichar c)
{
	return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

char *person_name_fold(const char *text)
{
	g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
	GString *folded = g_string_new(NULL);

	for (const char *p = normal; p != NULL && *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_isspace(c) || is_variation_selector(c))
			continue;
		if (c >= 0x3041 && c <= 0x3096)
			c += 0x60;
		g_string_append_unichar(folded, g_unichar_tolower(c));
	}
	return g_string_free(folded, FALSE);
}

gboolean person_is_staff_number(const char *text)
{
	gsize length = text != NULL ? strlen(text) : 0;

	if (length < 1 || length > 20)
		return FALSE;
	for (gsize i = 0; i < length; i++)
		if (!g_ascii_isalnum(text[i]) && text[i] != '-')
			return FALSE;
	return TRUE;
}

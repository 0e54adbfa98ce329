/* SPDX-License-Identifier: Apache-2.0
 * Persons, sections and designations (指定) as the registers know them. Dates are ISO. */
#pragma once

#include <glib.h>

typedef struct Person {
	gint64 id;
	char *staff; /* 職員番号, text with leading zeros */
	char *name;
	char *kana;
	char *section;    /* code */
	char *subsection; /* 係名 */
	char *title;
	char *employment; /* 任用形態: 常勤, 会計年度任用職員, 委託 … */
	char *until;      /* last day of the term or contract, NULL = none */
} Person;

typedef struct Section {
	char *code;
	char *name;
	gint64 display_order;  /* 建制順 */
	char *manager_post;    /* 所属長の職, e.g. 市民課長 */
	gboolean has_terminal; /* T02 */
	char *duties;          /* 利用事務 */
} Section;

/* (person, section, authority, duties) from – until, accepted by an application (様式第2号). */
typedef struct Designation {
	char *id; /* D-2026-0001 */
	gint64 person;
	char *section;
	char *section_name; /* frozen at acceptance (T14) */
	char *title;
	char *authority;
	char *duties;
	char *from;
	char *until; /* last day, NULL = open */
	char *application;
} Designation;

void person_free(Person *person);
void person_section_free(Section *section);
void person_designation_free(Designation *designation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Person, person_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Section, person_section_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Designation, person_designation_free)

/* Whether the person's term or contract covers the day @date. */
gboolean person_is_eligible(const Person *person, const char *date);
/* Whether @designation is in force on the day @date. */
gboolean person_is_designated(const Designation *designation, const char *date);
/* Whether @person, of @section, holds @post: the post ends with the title (市民課長 ← 課長). */
gboolean person_holds_post(const Person *person, const Section *section, const char *post);
/* A name or kana as it is searched for: without blanks and variation selectors, full and half width
 * and small and capital letters alike, hiragana as katakana. Free with g_free. */
char *person_name_fold(const char *text);
/* 1 to 20 characters [0-9A-Za-z-]. */
gboolean person_is_staff_number(const char *text);

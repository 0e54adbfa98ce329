/* SPDX-License-Identifier: Apache-2.0
 * One finding of doctor in both languages. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef enum DoctorLevel {
	DOCTOR_OK,
	DOCTOR_WARN,
	DOCTOR_ERROR,
	_DOCTOR_LEVEL_MAX,
} DoctorLevel;

/* Appends to @findings. @next (what to do now, or NULL) and @format are N_() literals. */
void doctor_finding_add(json_t *findings, DoctorLevel level, const char *next, const char *format,
			...) G_GNUC_PRINTF(4, 5);
/* The same for a text that is there in both languages: {"en","ja"}. */
void doctor_finding_told(json_t *findings, DoctorLevel level, const json_t *text);
/* The same, level ERROR, for what @trouble says in its two languages. */
void doctor_finding_trouble(json_t *findings, const char *next, const GError *trouble);

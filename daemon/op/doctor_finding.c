/* SPDX-License-Identifier: Apache-2.0
 * One finding of doctor in both languages. */
#include "daemon/op/doctor_finding.h"

#include <libintl.h>

#include "daemon/base/error.h"

static const char *const levels[_DOCTOR_LEVEL_MAX] = {
	[DOCTOR_OK] = "ok",
	[DOCTOR_WARN] = "warn",
	[DOCTOR_ERROR] = "error",
};

static void append(json_t *findings, DoctorLevel level, const char *next, const char *en,
		   const char *ja)
{
	json_array_append_new(findings,
			      json_pack("{s:s, s:s, s:s, s:s, s:s}", "level", levels[level], "en",
					en, "ja", ja, "nextEn", next != NULL ? next : "", "nextJa",
					next != NULL ? gettext(next) : ""));
}

void doctor_finding_told(json_t *findings, DoctorLevel level, const json_t *text)
{
	append(findings, level, NULL, json_string_value(json_object_get(text, "en")),
	       json_string_value(json_object_get(text, "ja")));
}

void doctor_finding_trouble(json_t *findings, const char *next, const GError *trouble)
{
	append(findings, DOCTOR_ERROR, next, trouble->message, error_ja(trouble));
}

void doctor_finding_add(json_t *findings, DoctorLevel level, const char *next, const char *format,
			...)
{
	g_autofree char *en = NULL;
	g_autofree char *ja = NULL;
	va_list args;

	va_start(args, format);
	en = g_strdup_vprintf(format, args);
	va_end(args);
	va_start(args, format);
	ja = g_strdup_vprintf(gettext(format), args);
	va_end(args);
	append(findings, level, next, en, ja);
}

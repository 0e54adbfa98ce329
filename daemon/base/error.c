/* SPDX-License-Identifier: Apache-2.0
 * Error codes as a table, and an error that remembers its Japanese text beside the English one.
 * The process language is set to Japanese by main, so gettext() gives the Japanese side. */
#include "daemon/base/error.h"

#include <libintl.h>
#include <stdarg.h>

typedef struct ErrorPrivate {
	char *ja;
} ErrorPrivate;

static void error_private_init(ErrorPrivate *priv)
{
	priv->ja = NULL;
}

static void error_private_copy(const ErrorPrivate *from, ErrorPrivate *to)
{
	to->ja = g_strdup(from->ja);
}

static void error_private_clear(ErrorPrivate *priv)
{
	g_free(priv->ja);
}

G_DEFINE_EXTENDED_ERROR(Error, error)

typedef struct ErrorRow {
	const char *name;
	const char *ja;
	const char *en;
	int http;
	int exit;
} ErrorRow;

/* clang-format off */
static const ErrorRow rows[_ERROR_CODE_MAX] = {
	[ERROR_INTERNAL]  = { "internal",     "内部エラー",                 "Internal error",                500, 1 },
	[ERROR_USAGE]     = { "usage",        "指定の誤り",                 "Invalid request",               400, 2 },
	[ERROR_INPUT]     = { "input-needed", "入力が必要",                 "Input needed",                  422, 2 },
	[ERROR_DENIED]    = { "denied",       "権限がない",                 "Denied",                        403, 3 },
	[ERROR_NOT_FOUND] = { "not-found",    "見つからない",               "Not found",                     404, 4 },
	[ERROR_STATE]     = { "wrong-state",  "この状態ではできない",       "Not allowed in this state",     409, 5 },
	[ERROR_RULE]      = { "rule",         "規程により認められない",     "Not allowed by the regulation", 409, 5 },
	[ERROR_EXISTS]    = { "exists",       "すでに使われている",         "Already in use",                409, 5 },
	[ERROR_CARD]      = { "card",         "カードの異常",               "Card problem",                  422, 6 },
	[ERROR_READER]    = { "reader",       "カードリーダの異常",         "Reader problem",                503, 6 },
	[ERROR_PIN]       = { "pin",          "パスワードの誤り",           "PIN problem",                   422, 6 },
	[ERROR_STORE]     = { "store",        "保存できない",               "Store problem",                 503, 1 },
	[ERROR_CA]        = { "ca",           "認証局の異常",               "CA problem",                    503, 1 },
	[ERROR_BUSY]      = { "busy",         "処理中",                     "Busy",                          503, 1 },
	[ERROR_CLOCK]     = { "clock",        "時計が信用できない",         "Clock not trusted",             503, 1 },
	[ERROR_PARTLY]    = { "partly",       "一部のみ完了",               "Partly done",                   207, 8 },
	[ERROR_LIMIT]     = { "rate-limited", "要求が多すぎる",             "Too many requests",             429, 1 },
	[ERROR_LARGE]     = { "too-large",    "大きすぎる",                 "Too large",                     413, 2 },
	[ERROR_PRINTER]   = { "printer",      "プリンタの異常",             "Printer problem",               503, 1 },
};
/* clang-format on */

gboolean error_set(GError **error, ErrorCode code, const char *format, ...)
{
	va_list args;

	if (error == NULL)
		return FALSE;
	va_start(args, format);
	*error = g_error_new_valist(ERROR_DOMAIN, code, format, args);
	va_end(args);
	va_start(args, format);
	error_get_private(*error)->ja = g_strdup_vprintf(gettext(format), args);
	va_end(args);
	return FALSE;
}

ErrorCode error_code(const GError *error)
{
	return error->domain == ERROR_DOMAIN && error->code >= 0 && error->code < _ERROR_CODE_MAX
		       ? (ErrorCode) error->code
		       : ERROR_INTERNAL;
}

const char *error_ja(const GError *error)
{
	const ErrorPrivate *priv = error->domain == ERROR_DOMAIN ? error_get_private(error) : NULL;

	return priv != NULL && priv->ja != NULL ? priv->ja : error->message;
}

const char *error_name(ErrorCode code)
{
	return rows[code].name;
}

const char *error_title_ja(ErrorCode code)
{
	return rows[code].ja;
}

const char *error_title_en(ErrorCode code)
{
	return rows[code].en;
}

int error_http(ErrorCode code)
{
	return rows[code].http;
}

int error_exit(ErrorCode code)
{
	return rows[code].exit;
}

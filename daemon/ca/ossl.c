/* SPDX-License-Identifier: Apache-2.0
 * OpenSSL's error queue belongs to the thread: it is emptied here, so that the next caller does not
 * read an old reason. */
#include "daemon/ca/ossl.h"

#include <openssl/err.h>

gboolean ossl_error(GError **error, const char *what)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;

	ERR_clear_error();
	return error_set(error, ERROR_CA, what, reason != NULL ? reason : "OpenSSL");
}

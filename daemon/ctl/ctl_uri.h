/* SPDX-License-Identifier: Apache-2.0
 * PKCS#11 URIs (RFC 7512): which card and which certificate on it. A PIN in one is refused, since
 * everybody can read the command line. */
#pragma once

#include <glib.h>

/* NULL: not said, everything fits. */
typedef struct CtlUri {
	char *token; /* label */
	char *serial;
	char *object; /* label of the certificate */
	GBytes *id;   /* CKA_ID */
	char *module; /* module-path */
} CtlUri;

CtlUri *ctl_uri_parse(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ctl_uri_free(CtlUri *uri);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CtlUri, ctl_uri_free)

/* SPDX-License-Identifier: Apache-2.0
 * The card as the client's own certificate: opened through a PKCS#11 module of this machine; its
 * key never leaves it. */
#pragma once

#include <glib.h>

#include "daemon/ctl/ctl.h"

struct ssl_ctx_st;

typedef struct CtlToken CtlToken;

/* Finds the one card that @text, a pkcs11: URI, means, asks for its PIN, and logs in. A wrong PIN
 * is not tried again. */
CtlToken *ctl_token_open(const Ctl *ctl, const char *text,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ctl_token_free(CtlToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CtlToken, ctl_token_free)

/* Sets certificate and key of a TLS client; @token must outlive it. */
gboolean ctl_token_use(CtlToken *token, struct ssl_ctx_st *context) G_GNUC_WARN_UNUSED_RESULT;

/* Signs @data with the card's key by CKM_ECDSA, CKM_RSA_PKCS or CKM_RSA_X_509. FALSE, or the number
 * of octets at @signature, which has room for @room. */
gsize ctl_token_sign(CtlToken *token, gulong mechanism, GBytes *data, guint8 *signature,
		     gsize room);

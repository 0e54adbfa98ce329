/* SPDX-License-Identifier: Apache-2.0
 * g_autoptr for OpenSSL's types, and its error queue as ours. Private to this room. */
#pragma once

#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/x509.h>

#include "daemon/base/error.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_KDF, EVP_KDF_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_KDF_CTX, EVP_KDF_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)

/* Sets @error to CA with @what and OpenSSL's own last reason, and empties the queue.
 * @what is marked with N_() by the caller and holds one %s. Returns FALSE. */
gboolean ossl_error(GError **error, const char *what);

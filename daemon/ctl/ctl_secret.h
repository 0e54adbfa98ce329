/* SPDX-License-Identifier: Apache-2.0
 * A buffer for PINs and for the request that carries one: locked pages, left out of dumps, erased.
 * The allocators below erase what other libraries free, because they copy what is sent. */
#pragma once

#include <glib.h>

#define CTL_SECRET_MAX 16384

typedef struct CtlSecret CtlSecret;

/* Never NULL; without locked memory it is ordinary memory, still erased. */
CtlSecret *ctl_secret_new(void);
void ctl_secret_free(CtlSecret *secret);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CtlSecret, ctl_secret_free)

/* FALSE: CTL_SECRET_MAX would be passed; nothing is appended then. */
gboolean ctl_secret_append(CtlSecret *secret, const char *bytes,
			   gsize length) G_GNUC_WARN_UNUSED_RESULT;

/* Appends `text` as the inside of a JSON string. It must be UTF-8. */
gboolean ctl_secret_append_json(CtlSecret *secret, const CtlSecret *text) G_GNUC_WARN_UNUSED_RESULT;

/* Takes off one last character, or all. */
void ctl_secret_chop(CtlSecret *secret);
void ctl_secret_clear(CtlSecret *secret);

/* Followed by a NUL. Borrowed. */
const char *ctl_secret_data(const CtlSecret *secret);
gsize ctl_secret_length(const CtlSecret *secret);
gboolean ctl_secret_equal(const CtlSecret *a, const CtlSecret *b);

/* Makes jansson and libcurl erase what they free. Before their first use. */
void ctl_secret_erase_libraries(void);

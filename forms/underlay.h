/* SPDX-License-Identifier: Apache-2.0
 * 下絵: the pages of an official form below what is printed. */
#pragma once

#include <glib.h>
#include <qpdf/qpdf-c.h>

typedef struct Underlay Underlay;

/* Reads the official form. It must be PDF/A-1 and without a password, because what lies below
 * becomes a part of our own archive file. Keeps bytes. */
Underlay *underlay_read(GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void underlay_free(Underlay *underlay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Underlay, underlay_free)

/* Lays page i of it, or its last one, below a page of pdf. The underlay must live until pdf is
 * written. Both papers must be of one size. */
gboolean underlay_apply(Underlay *underlay, qpdf_data pdf, guint i,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SPDX-License-Identifier: Apache-2.0
 * Makes PDF/A-1b (ISO 19005-1) of what cairo writes. */
#pragma once

#include "forms/era.h"
#include "forms/underlay.h"

/* Takes the PDF over; created becomes its date. underlay may be NULL. Equal input gives equal
 * bytes. */
GBytes *pdfa_convert(GBytes *pdf, const char *title, const EraDate *created, Underlay *underlay,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;

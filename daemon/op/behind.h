/* SPDX-License-Identifier: Apache-2.0
 * The published revocation list as a witness: signed, numbered, holding every revoked serial, and
 * outside the store. A store that is behind it has forgotten revocations. */
#pragma once

#include "daemon/core/lifecycle.h"
#include "daemon/op/op.h"

/* At start: a store behind its published list makes OCSP say tryLater and nothing is granted or
 * published until it is reconciled; so does a restored one beside which there is no list. */
gboolean behind_open(House *house, gboolean is_restored, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean behind_is(const House *house);
/* ERROR_STATE while behind, with the way out. */
gboolean behind_check(const House *house, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, for what brings a card into use; restrictions pass. */
gboolean behind_check_rule(const House *house, const LifecycleRule *rule,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SPDX-License-Identifier: Apache-2.0
 * Names of key algorithms, and the list of those a policy allows (N12): "ec:P-256" is that curve,
 * "rsa:2048" is RSA of 2048 bits or more. */
#pragma once

#include <glib.h>

/* FALSE for an empty list and for one with a name that is none; blanks are ignored. */
gboolean algorithm_list_is_good(const char *list);
/* @name is one algorithm, as of a key: "rsa:3072". An unknown one is never allowed. */
gboolean algorithm_is_allowed(const char *list, const char *name);

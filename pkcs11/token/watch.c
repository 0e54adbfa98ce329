/* SPDX-License-Identifier: Apache-2.0
 * Placeholder. */
#include "pkcs11/token/watch.h"
int watch_serve(void)
{
	return 1;
}

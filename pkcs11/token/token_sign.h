/* SPDX-License-Identifier: Apache-2.0
 * `opcard-card --sign`: the worker that holds the CA key of a token and nothing else. */
#pragma once

/* One conversation on descriptor 3, from the greeting to its end; the exit status. */
int token_sign_serve(void);

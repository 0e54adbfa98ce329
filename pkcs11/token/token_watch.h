/* SPDX-License-Identifier: Apache-2.0
 * opcard-card --watch: tells opcardd which cards come and go. */
#pragma once

/* Reads WATCH frames up to START, then reports until the socket closes. Gives the exit status. */
int token_watch_serve(void);

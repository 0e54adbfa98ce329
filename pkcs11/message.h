/* SPDX-License-Identifier: Apache-2.0
 * Messages in the user's language by gettext. The catalogue is that of the build folder when a
 * program runs from there, else the installed one. Call once, in main, before any thread. */
#pragma once

/* The user's locale. A Japanese one that is not installed still gives Japanese, in UTF-8. */
void message_init(void);

/* Japanese whatever the environment says: opcardd's texts exist in both languages, its msgids in
 * English. */
void message_init_japanese(void);

/* SPDX-License-Identifier: Apache-2.0
 * One temporary folder a test, removed with all that lies in it. */
#pragma once

#include <glib.h>

char *unit_folder_new(void);
/* Removes the folder and frees @folder; NULL is allowed. */
void unit_folder_remove(char *folder);
/* Writes @text to FOLDER/NAME, making folders on the way. The path; g_free. */
char *unit_folder_write(const char *folder, const char *name, const char *text);
/* Fails the test and shows `diff -u` unless @actual is what the file @golden holds. */
void unit_folder_golden(const char *golden, const char *actual);

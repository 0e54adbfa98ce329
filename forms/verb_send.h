/* SPDX-License-Identifier: Apache-2.0
 * opcard-form send: one PDF to one printer. */
#pragma once

#include <glib.h>

/* argv from the verb on: FILE.pdf|- --printer URI|QUEUE [--title T] [--user U] [--wait SECONDS].
 * A run of its own: it never sees a form, and its cage has the network but no files. On stdout one
 * line of JSON when the printer has called the job completed. */
gboolean verb_send_run(int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;

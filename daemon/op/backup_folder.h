/* SPDX-License-Identifier: Apache-2.0
 * The folder of the sealed backups and the place of the copy that is being sealed. */
#pragma once

#include "daemon/op/op.h"

/* [backup] folder, or backup/ in the state folder. Free with g_free. */
char *backup_folder_path(const House *house);
/* There, and the daemon's alone if it was made just now. */
gboolean backup_folder_open(const House *house, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Where the database is copied to before it is sealed. Free with g_free. */
char *backup_folder_copy(const House *house);
/* A name that backup_make() gives. */
gboolean backup_folder_is_name(const char *name);
/* Removes the oldest above [backup] keep. */
void backup_folder_thin(const House *house);

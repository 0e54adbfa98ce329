/* SPDX-License-Identifier: Apache-2.0
 * What a transaction is made of. Inside the store room only. */
#pragma once

#include <sqlite3.h>

#include "daemon/store/store.h"

/* One database connection and its prepared statements. */
typedef struct StoreLink {
	sqlite3 *db;
	GHashTable *statements; /* address of the SQL text → sqlite3_stmt */
	gboolean is_lazy;       /* commits without waiting for the disk */
} StoreLink;

struct StoreTx {
	Store *store;
	StoreLink *link;
	gboolean is_writer;
};

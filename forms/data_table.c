/* SPDX-License-Identifier: Apache-2.0
 * A register uses eight of the sixty columns there are. A column that turns up later than the
 * first row widens every row before it, which happens a few times a file. */
#include "forms/data_table.h"

#include <string.h>

#include "forms/data.h"

struct DataTable {
	guint8 slot[_FIELD_MAX]; /* 1 + where the column stands in a row; 0: nowhere yet */
	guint n_slots;
	guint n_rows;
	gsize room; /* rows */
	const char **cells;
};

G_STATIC_ASSERT(_FIELD_MAX < 255);

DataTable *data_table_new(void)
{
	return g_new0(DataTable, 1);
}

void data_table_free(DataTable *table)
{
	if (table == NULL)
		return;
	g_free(table->cells);
	g_free(table);
}

static void resize(DataTable *table, guint n_slots, gsize room)
{
	const char **cells = g_new0(const char *, n_slots *room);

	for (guint row = 0; row < table->n_rows && table->n_slots > 0; row++)
		memcpy(cells + (gsize) row * n_slots, table->cells + (gsize) row * table->n_slots,
		       table->n_slots * sizeof *cells);
	g_free(table->cells);
	table->cells = cells;
	table->n_slots = n_slots;
	table->room = room;
}

void data_table_add(DataTable *table)
{
	if (table->n_rows == table->room)
		resize(table, table->n_slots, MAX(16, table->room + table->room / 2));
	table->n_rows++;
}

void data_table_set(DataTable *table, Field field, const char *text)
{
	if (table->slot[field] == 0) {
		resize(table, table->n_slots + 1, table->room);
		table->slot[field] = (guint8) table->n_slots;
	}
	table->cells[(gsize) (table->n_rows - 1) * table->n_slots + table->slot[field] - 1] = text;
}

guint data_table_rows(const DataTable *table)
{
	return table == NULL ? 0 : table->n_rows;
}

const char *data_table_cell(const DataTable *table, guint row, Field field)
{
	const char *text;

	if (table == NULL || row >= table->n_rows || table->slot[field] == 0)
		return "";
	text = table->cells[(gsize) row * table->n_slots + table->slot[field] - 1];
	return text == NULL ? "" : text;
}

/* SPDX-License-Identifier: Apache-2.0
 * Line breaks, 長体, page breaks and 均等割付 as arithmetic. */
#include <string.h>

#include "forms/layout.h"

/* One em each: 「.」 may not begin a line, 「 」 is blank, 「/」 is a newline. */
static guint clusters(const char *text, LayoutCluster *ret)
{
	guint n = 0;

	for (; text[n] != '\0'; n++)
		ret[n] = (LayoutCluster){ .advance = text[n] == '/' ? 0 : 1,
					  .may_start = text[n] != '.' && text[n] != ' ' &&
						       text[n] != '/',
					  .is_blank = text[n] == ' ',
					  .is_newline = text[n] == '/' };
	return n;
}

static char *lines(const char *text, double width, gboolean may_squeeze, double *ret_squeeze)
{
	LayoutCluster all[512];
	guint n = clusters(text, all);
	LayoutFit fit;
	GString *out = g_string_new(NULL);

	if (!layout_fit(all, n, width, may_squeeze, &fit))
		return g_string_free(g_string_assign(out, "does not fit"), FALSE);
	for (guint i = 0; i < fit.n_lines; i++) {
		g_string_append_len(out, text + fit.line[i].from,
				    fit.line[i].until - fit.line[i].from);
		g_string_append_c(out, '|');
		g_assert_cmpfloat(fit.line[i].width * fit.squeeze, <=, width + 1e-3);
	}
	*ret_squeeze = fit.squeeze;
	return g_string_free(out, FALSE);
}

/* clang-format off */
static const struct {
	const char *text;
	double width;
	gboolean may_squeeze;
	const char *want;
	double least, most; /* of the squeeze */
} fits[] = {
	{ "",            5,   TRUE,  "|",             1, 1 },
	{ "abcde",       5,   TRUE,  "abcde|",        1, 1 },
	{ "abcdef",      5,   TRUE,  "abcdef|",       0.80, 0.84 },
	{ "abcdefg",     4.7, TRUE,  "abcdefg|",      0.66, 0.68 },
	{ "abcdefgh",    4.7, TRUE,  "abcd|efgh|",    1, 1 },
	{ "abcdefghij",  4.5, TRUE,  "abcde|fghij|",  0.88, 0.91 },
	{ "abcdef",      5,   FALSE, "abcde|f|",      1, 1 },
	{ "abcde.f",     5,   FALSE, "abcd|e.f|",     1, 1 },
	{ "abcde fg",    5,   FALSE, "abcde|fg|",     1, 1 },
	{ "ab ",         5,   FALSE, "ab |",          1, 1 },
	{ "ab/cd",       5,   FALSE, "ab|cd|",        1, 1 },
	{ "ab//cd",      5,   FALSE, "ab||cd|",       1, 1 },
	{ "......",      4,   FALSE, "....|..|",      1, 1 },
	{ "ab",          0.5, TRUE,  "does not fit",  0, 0 },
};
/* clang-format on */

static void test_fit(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(fits); i++) {
		double squeeze = 0;
		g_autofree char *got =
			lines(fits[i].text, fits[i].width, fits[i].may_squeeze, &squeeze);

		g_test_message("%s in %g: %s at %g", fits[i].text, fits[i].width, got, squeeze);
		g_assert_cmpstr(got, ==, fits[i].want);
		g_assert_cmpfloat(squeeze, >=, fits[i].least - 1e-9);
		g_assert_cmpfloat(squeeze, <=, fits[i].most + 1e-9);
	}
}

static void test_too_long_is_refused(void)
{
	char text[512];
	double squeeze;
	g_autofree char *got = NULL;

	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	got = lines(text, 2, FALSE, &squeeze);
	g_assert_cmpstr(got, ==, "does not fit");
}

/* "0 3 3+2": the rows pages begin with, and how much of them is on pages before. */
static char *pages(const LayoutRow *rows, guint n, guint capacity)
{
	g_autoptr(GArray) all = layout_pages(rows, n, capacity);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < all->len; i++) {
		const LayoutPage *page = &g_array_index(all, LayoutPage, i);

		g_string_append_printf(out, "%s%u", i == 0 ? "" : " ", page->row);
		if (page->units > 0)
			g_string_append_printf(out, "+%u", page->units);
	}
	return g_string_free(out, FALSE);
}

/* clang-format off */
static const struct {
	LayoutRow row[7];
	guint n, capacity;
	const char *want;
} divided[] = {
	{ { { 1 } }, 0, 3, "0 0" },
	{ { { 1 }, { 1 }, { 1 }, { 1 }, { 1 }, { 1 } }, 6, 3, "0 3 6" },
	{ { { 1 }, { 1 }, { 1 }, { 1 }, { 1 }, { 1 }, { 1 } }, 7, 3, "0 3 6 7" },
	{ { { 1 }, { 2 }, { 1 }, { 3 }, { 1 } }, 5, 3, "0 2 3 4 5" },
	{ { { 1 }, { 1, 1 }, { 1 } }, 3, 3, "0 1 3" },
	{ { { 1, 1 }, { 1 } }, 2, 3, "0 2" },
	{ { { 1 }, { 7 }, { 2 } }, 3, 3, "0 1 1+3 1+6 3" },
	{ { { 1 }, { 6 }, { 1 } }, 3, 3, "0 1 1+3 2 3" },
	{ { { 9 } }, 1, 3, "0 0+3 0+6 1" },
};
/* clang-format on */

static void test_pages(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(divided); i++) {
		g_autofree char *got = pages(divided[i].row, divided[i].n, divided[i].capacity);

		g_assert_cmpstr(got, ==, divided[i].want);
	}
}

static void test_spread(void)
{
	const double widths[] = { 10, 10, 10 };
	double x[3];

	layout_spread(widths, 3, 50, x);
	g_assert_cmpfloat(x[0], ==, 0);
	g_assert_cmpfloat(x[1], ==, 20);
	g_assert_cmpfloat(x[2], ==, 40);
	layout_spread(widths, 1, 50, x);
	g_assert_cmpfloat(x[0], ==, 20);
	layout_spread(widths, 3, 20, x);
	g_assert_cmpfloat(x[2], ==, 20);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/layout/fit", test_fit);
	g_test_add_func("/layout/too-long-is-refused", test_too_long_is_refused);
	g_test_add_func("/layout/pages", test_pages);
	g_test_add_func("/layout/spread", test_spread);
	return g_test_run();
}

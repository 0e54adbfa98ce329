/* SPDX-License-Identifier: Apache-2.0
 * Fills the store of a stopped opcardd with cards and certificates through the store's own code:
 * fill_store STATE-FOLDER CARDS REVOKED HELD RECORDS. REVOKED and HELD of a thousand, spread
 * evenly. Only what start-up and OCSP could ever read: nobody holds the cards, certificates are a
 * few bytes. Serials and numbers are those of fill.py. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/audit/audit.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"

#define A_TRANSACTION 50000
#define DAY           86400

typedef struct Shape {
	guint64 cards, revoked, held, records;
	gint64 now;
	guint8 (*serials)[CERTIFICATE_SERIAL_BYTES];
} Shape;

static CertificateState state_of(const Shape *shape, guint64 i)
{
	if (i * shape->revoked / 1000 != (i + 1) * shape->revoked / 1000)
		return CERTIFICATE_REVOKED;
	return i * shape->held / 1000 != (i + 1) * shape->held / 1000 ? CERTIFICATE_HOLD
								      : CERTIFICATE_VALID;
}

static void make_serial(guint64 i, guint8 *serial)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree char *text = g_strdup_printf("serial %" G_GUINT64_FORMAT, i);
	guint8 digest[32];
	gsize length = sizeof digest;

	g_checksum_update(sum, (const guchar *) text, -1);
	g_checksum_get_digest(sum, digest, &length);
	memcpy(serial, digest, CERTIFICATE_SERIAL_BYTES);
	serial[0] = 0x40 | (serial[0] & 0x3f);
}

static int compare_serials(const void *a, const void *b)
{
	return memcmp(a, b, CERTIFICATE_SERIAL_BYTES);
}

static void make_serials(Shape *shape)
{
	shape->serials = g_malloc_n(shape->cards, sizeof *shape->serials);
	for (guint64 i = 0; i < shape->cards; i++)
		make_serial(i, shape->serials[i]);
	qsort(shape->serials, shape->cards, sizeof *shape->serials, compare_serials);
}

static gboolean put_card(StoreTx *tx, const Shape *shape, guint64 i, char *number, GError **error)
{
	gboolean is_lost = state_of(shape, i) == CERTIFICATE_REVOKED;
	g_autofree char *chip = g_strdup_printf("%032" G_GINT64_MODIFIER "x", i);
	Card card = {
		.number = number,
		.chip_serial = chip,
		.kind = (char *) "operator",
		.family = (char *) "softhsm",
		.so_key_id = (char *) "bench",
		.state = is_lost ? CARD_LOST : CARD_ACTIVE,
		.no_reuse = is_lost,
		.place = (char *) (is_lost ? "所在不明" : "本人"),
		.authority = (char *) "一般操作者",
		.issued_on = (char *) "2026-08-01",
		.lent_on = (char *) "2026-08-01",
		.version = 1,
	};

	return store_card_insert(tx, &card, error);
}

static gboolean put_certificate(StoreTx *tx, const Shape *shape, guint64 i, char *number,
				GError **error)
{
	static const char filler[] = "12345678";
	g_autoptr(GBytes) bytes = g_bytes_new_static(filler, strlen(filler));
	gint64 issued = shape->now - (gint64) (i % 120 + 1) * DAY;
	Certificate certificate = {
		.issuer = 1,
		.card = number,
		.state = CERTIFICATE_PENDING,
		.reason = REVOCATION_NONE,
		.not_before = issued,
		.not_after = issued + 1826 * (gint64) DAY,
		.tbs = bytes,
		.der = bytes,
		.spki = bytes,
		.intent = (char *) "I-bench",
	};

	memcpy(certificate.serial, shape->serials[i], sizeof certificate.serial);
	if (!store_certificate_insert(tx, &certificate, error) ||
	    !store_certificate_set_der(tx, &certificate, error))
		return FALSE;
	certificate.state = state_of(shape, i);
	if (certificate.state != CERTIFICATE_VALID) {
		certificate.since = issued + 3600;
		certificate.reason = certificate.state == CERTIFICATE_HOLD
					     ? REVOCATION_HOLD
					     : REVOCATION_KEY_COMPROMISE;
	}
	return store_certificate_set_status(tx, &certificate, 0, error);
}

static gboolean put_records(StoreTx *tx, const Shape *shape, const char *number, GError **error)
{
	const AuditRecord record = {
		.kind = "place",
		.article = "T16",
		.actor = "007315",
		.card = number,
		.body = "{}",
		.at = shape->now,
		.entered_at = shape->now,
	};

	for (guint64 i = 0; i < shape->records; i++)
		if (!audit_append(tx, &record, NULL, error))
			return FALSE;
	return TRUE;
}

static gboolean fill_some(Store *store, const Shape *shape, guint64 from, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(store, STORE_LAZY, error);

	for (guint64 i = from; tx != NULL && i < MIN(from + A_TRANSACTION, shape->cards); i++) {
		g_autofree char *number = g_strdup_printf("F%08" G_GUINT64_FORMAT, i);

		if (!put_card(tx, shape, i, number, error) ||
		    !put_certificate(tx, shape, i, number, error) ||
		    !put_records(tx, shape, number, error))
			return FALSE;
	}
	return tx != NULL && store_tx_commit(&tx, error);
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = NULL;
	Shape shape = { .now = time(NULL) };

	if (argc != 6)
		return 2;
	shape.cards = strtoull(argv[2], NULL, 10);
	shape.revoked = strtoull(argv[3], NULL, 10);
	shape.held = strtoull(argv[4], NULL, 10);
	shape.records = strtoull(argv[5], NULL, 10);
	make_serials(&shape);
	store = store_open(argv[1], shape.now, &error);
	for (guint64 from = 0; store != NULL && from < shape.cards; from += A_TRANSACTION) {
		if (!fill_some(store, &shape, from, &error))
			break;
		store_checkpoint(store);
	}
	if (error != NULL) {
		(void) fprintf(stderr, "fill_store: %s\n", error->message);
		return 1;
	}
	g_free(shape.serials);
	return 0;
}

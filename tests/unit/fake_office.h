/* SPDX-License-Identifier: Apache-2.0
 * A House with a real store, a real CA and one reader with fake cards, in a temporary folder. */
#pragma once

#include "daemon/core/card.h"
#include "daemon/core/certificate.h"
#include "daemon/op/op.h"
#include "tests/unit/fake_card_client.h"

#define FAKE_OFFICE_AUTHORITY "一般操作者"
#define FAKE_OFFICE_PIN       "kz7Qm2xv"

typedef struct FakeOffice {
	char *folder;
	House *house;
	Actor actor;       /* everybody at the desk at once */
	char *holders[2];  /* staff numbers of persons designated for FAKE_OFFICE_AUTHORITY */
	GHashTable *cards; /* number → FakeCard */
	gint64 now;
} FakeOffice;

/* Sections, persons and designations are there, no cards. */
FakeOffice *fake_office_new(void);
void fake_office_free(FakeOffice *office);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeOffice, fake_office_free)
/* The daemon was killed and starts again: everything is opened anew from the files. */
void fake_office_restart(FakeOffice *office);

/* A spare card, received and prepared; nothing lies in the reader afterwards. */
void fake_office_spare(FakeOffice *office, const char *number);
FakeCard *fake_office_lay(FakeOffice *office, const char *number);

/* Each is one whole operation of the desk; the card lies in the reader. */
gboolean fake_office_issue(FakeOffice *office, const char *number, const char *staff,
			   GError **error);
gboolean fake_office_reissue(FakeOffice *office, const char *old, const char *number,
			     GError **error);
gboolean fake_office_hand_over(FakeOffice *office, const char *number, GError **error);
gboolean fake_office_renew(FakeOffice *office, const char *number, GError **error);
gboolean fake_office_pin_change(FakeOffice *office, const char *number, const char *from,
				const char *to, GError **error);
gboolean fake_office_erase(FakeOffice *office, const char *number, GError **error);
gboolean fake_office_move(FakeOffice *office, const char *number, CardEvent event, GError **error);

CardState fake_office_state(FakeOffice *office, const char *number);
guint fake_office_certificates(FakeOffice *office, const char *number, CertificateState state);
gboolean fake_office_waits(FakeOffice *office, const char *number);
/* Rows of the issue register of @number. */
guint fake_office_rows(FakeOffice *office, const char *number);

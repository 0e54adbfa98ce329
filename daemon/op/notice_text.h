/* SPDX-License-Identifier: Apache-2.0
 * A notice as people read it: subject and body with their {places} filled in. */
#pragma once

#include <jansson.h>

#include "daemon/op/notice_kind.h"
#include "daemon/store/store_outbox.h"

typedef struct NoticeText {
	char *subject; /* one line */
	char *body;    /* lines end with \n */
} NoticeText;

void notice_text_clear(NoticeText *text);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NoticeText, notice_text_clear)

/* The notice in Japanese, or in English; a place without a value shows "－". A kind of a later
 * version is told by its name. */
void notice_text_make(const OutboxNotice *notice, gboolean is_english, NoticeText *ret_text);
/* The same as mail (RFC 5322, UTF-8, base64) without To:. @from is an address; the identification
 * is the notice's own, so that a mail that comes twice can be known. */
char *notice_text_mail(const OutboxNotice *notice, const NoticeText *text, const char *from);
/* TRUE for what can be an address in a mail's envelope: ASCII, one @, no blank or bracket. */
gboolean notice_text_is_address(const char *text);

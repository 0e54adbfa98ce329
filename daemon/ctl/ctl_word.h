/* SPDX-License-Identifier: Apache-2.0
 * The API's code words with their Japanese, and folding of what Japanese keyboards type. */
#pragma once

#include <glib.h>

typedef enum CtlWords {
	CTL_WORDS_CARD,        /* states of a card */
	CTL_WORDS_CERTIFICATE, /* states of a certificate */
	CTL_WORDS_PIN,         /* states of a PIN */
	CTL_WORDS_READER,      /* states of a reader */
	CTL_WORDS_REASON,      /* reasons of a hold, recall or revocation */
	CTL_WORDS_KIND,        /* kinds of cards */
	_CTL_WORDS_MAX
} CtlWords;

/* The Japanese for Japanese users, else the code itself. Lives as long as `code`. */
const char *ctl_word_show(CtlWords words, const char *code);

/* The code of a Japanese word; a code is returned as it is (upper-cased except kinds). */
char *ctl_word_code(CtlWords words, const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Full-width ASCII becomes ASCII, dashes and spaces of every width become - and space; stripped. */
char *ctl_word_fold(const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* `text` folded and upper-cased if it then looks like a face number, else NULL. */
char *ctl_word_number(const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* SPDX-License-Identifier: Apache-2.0
 * Dates, years and 和暦 as people type them. Western years run from 1930 to 2029, so that the rule
 * needs no clock; an era's years run past its end, because people write them on. */
#pragma once

#include "pkcs11/pin_view.h"

/* A date in three orders, the year of two or four figures: 850412, 120485, 041285, 19850412. */
bool pin_date_is_date(const PinView *view);
/* Era year, month and day: 600412 (昭和60年4月12日), 3600412, s600412, s60412. */
bool pin_date_is_wareki(const PinView *view);
/* Year and month (198504, 041985), two years, or a year with two figures more that say nothing. */
bool pin_date_is_year(const PinView *view);

/* The length of the date, day or year that begins at `at`, for PINs that are only partly one;
 * 0 when none does. `left` figures or letters are there. */
size_t pin_date_part(const char *at, size_t left);
/* 1930 to 2029. */
bool pin_date_is_western_year(const char *at);

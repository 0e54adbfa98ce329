/* SPDX-License-Identifier: Apache-2.0
 * One fault at the n-th step. Steps are the calls to a card, the commits and the signatures of the
 * CA, counted together in the order in which an operation makes them. */
#pragma once

#include <glib.h>

typedef enum FakeFault {
	FAKE_FAULT_NONE,
	FAKE_FAULT_REFUSED,       /* the card refuses this call */
	FAKE_FAULT_CRASHED,       /* opcard-card dies before it did it */
	FAKE_FAULT_CRASHED_AFTER, /* … after it did it */
	FAKE_FAULT_PULLED,        /* the card is out of the reader from here on */
	FAKE_FAULT_DISK_FULL,     /* only commits are steps: none works from here on */
	_FAKE_FAULT_MAX,
} FakeFault;

/* For messages of a failing test. */
const char *fake_fault_name(FakeFault fault);
/* Step 1 is the next one. Commits and signatures fail at step @at with any fault. */
void fake_fault_arm(FakeFault fault, guint at);
/* Ends the fault; TRUE when step @at was reached. */
gboolean fake_fault_disarm(void);
/* @then is called once, before the card does what the @at-th call wants, as if somebody else acted
 * meanwhile. */
void fake_fault_interrupt(guint at, void (*then)(gpointer data), gpointer data);
/* The next step is a call to a card: what it must suffer. */
FakeFault fake_fault_card(void);
/* Transactions begun and not ended. */
int fake_fault_open_transactions(void);

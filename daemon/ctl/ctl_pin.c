/* SPDX-License-Identifier: Apache-2.0
 * The PIN goes from the descriptor into locked memory and from there into the request; it is never
 * a JSON value. */
#include "daemon/ctl/ctl_pin.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_prompt.h"

#define PIN_MAX 256

static const char *const names[] = { "pin", "oldPin", "newPin" };

/* The descriptor is read byte by byte, so that the next line stays in it for the next PIN. */
static gboolean read_pin_line(int fd, CtlSecret *pin, GError **error)
{
	char c = '\0';
	ssize_t got;

	while ((got = read(fd, &c, 1)) == 1 && c != '\n') {
		if (ctl_secret_length(pin) >= PIN_MAX || !ctl_secret_append(pin, &c, 1))
			return ctl_problem_set(error, CTL_PROBLEM_USAGE,
					       N_("The PIN is too long."));
	}
	explicit_bzero(&c, sizeof c);
	if (got < 0)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("--pin-fd %d cannot be read: %s"), fd,
				       strerrordesc_np(errno));
	if (g_str_has_suffix(ctl_secret_data(pin), "\r"))
		ctl_secret_chop(pin);
	return TRUE;
}

static gboolean is_usable(const CtlSecret *pin, GError **error)
{
	if (ctl_secret_length(pin) == 0)
		return ctl_problem_set(error, CTL_PROBLEM_INPUT,
				       N_("The PIN is empty; nothing was done."));
	if (!g_utf8_validate(ctl_secret_data(pin), (gssize) ctl_secret_length(pin), NULL))
		return ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("The PIN is not UTF-8 text."));
	return TRUE;
}

gboolean ctl_pin_read(const Ctl *ctl, const char *question, CtlSecret *pin, GError **error)
{
	if (ctl->pin_fd >= 0)
		return read_pin_line(ctl->pin_fd, pin, error) && is_usable(pin, error);
	return ctl_prompt_secret(ctl, question, pin, error) && is_usable(pin, error);
}

static gboolean ask_again(const Ctl *ctl, const char *card, const CtlSecret *pin, GError **error)
{
	g_autofree char *question = g_strdup_printf(_("New PIN of %s once more: "), card);
	g_autoptr(CtlSecret) again = ctl_secret_new();

	if (ctl->pin_fd >= 0)
		return TRUE;
	if (!ctl_prompt_secret(ctl, question, again, error))
		return FALSE;
	if (!ctl_secret_equal(pin, again))
		return ctl_problem_set(
			error, CTL_PROBLEM_USAGE,
			N_("The two PINs differ; nothing was done. Please start again."));
	return TRUE;
}

static gboolean add_pin(CtlSecret *body, const char *name, const CtlSecret *pin, GError **error)
{
	g_autofree char *key = g_strdup_printf(
		"%s\"%s\":\"", g_str_has_suffix(ctl_secret_data(body), "{") ? "" : ",", name);

	if (ctl_secret_append(body, key, strlen(key)) && ctl_secret_append_json(body, pin) &&
	    ctl_secret_append(body, "\"", 1))
		return TRUE;
	return ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("The request is too long."));
}

static gboolean add_present(const Ctl *ctl, const char *card, const char *name, CtlSecret *body,
			    GError **error)
{
	g_autofree char *question = g_strdup_printf(_("Present PIN of %s: "), card);
	g_autoptr(CtlSecret) pin = ctl_secret_new();

	return ctl_pin_read(ctl, question, pin, error) && add_pin(body, name, pin, error);
}

static gboolean add_twice(const Ctl *ctl, const char *card, const char *question, const char *name,
			  CtlSecret *body, GError **error)
{
	g_autoptr(CtlSecret) pin = ctl_secret_new();

	return ctl_pin_read(ctl, question, pin, error) && ask_again(ctl, card, pin, error) &&
	       add_pin(body, name, pin, error);
}

static gboolean add_new(const Ctl *ctl, const char *card, const char *name, CtlSecret *body,
			GError **error)
{
	g_autofree char *question =
		g_strdup_printf(_("New PIN of %s (typed by the holder): "), card);

	return add_twice(ctl, card, question, name, body, error);
}

static gboolean add_initial(const Ctl *ctl, const char *card, CtlSecret *body, GError **error)
{
	g_autofree char *question = g_strdup_printf(
		_("Initial PIN of %s (to be changed by the holder at first use): "), card);

	return add_twice(ctl, card, question, "pin", body, error);
}

static gboolean add_secrets(const Ctl *ctl, const char *card, CtlSecret *body, GError **error)
{
	switch (ctl->command->secrets) {
	case CTL_SECRETS_PIN:
		return add_present(ctl, card, "pin", body, error);
	case CTL_SECRETS_NEW_PIN:
		return add_new(ctl, card, "pin", body, error);
	case CTL_SECRETS_INITIAL_PIN:
		return add_initial(ctl, card, body, error);
	case CTL_SECRETS_CHANGE:
		return add_present(ctl, card, "oldPin", body, error) &&
		       add_new(ctl, card, "newPin", body, error);
	case CTL_SECRETS_NONE:
	case _CTL_SECRETS_MAX:
		break;
	}
	return TRUE;
}

static int append(const char *bytes, size_t length, void *body)
{
	return ctl_secret_append(body, bytes, length) ? 0 : -1;
}

CtlSecret *ctl_pin_body(const Ctl *ctl, const char *card, const json_t *fields, GError **error)
{
	g_autoptr(CtlSecret) body = ctl_secret_new();

	if (json_dump_callback(fields, append, body, JSON_COMPACT) != 0) {
		(void) ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("The request is too long."));
		return NULL;
	}
	ctl_secret_chop(body);
	if (!add_secrets(ctl, card, body, error))
		return NULL;
	if (!ctl_secret_append(body, "}", 1)) {
		(void) ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("The request is too long."));
		return NULL;
	}
	return g_steal_pointer(&body);
}

gboolean ctl_pin_is_in(const json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	json_object_foreach((json_t *) value, key, member)
	{
		if (g_strv_contains((const char *const[]){ names[0], names[1], names[2], NULL },
				    key) ||
		    ctl_pin_is_in(member))
			return TRUE;
	}
	json_array_foreach((json_t *) value, i, member)
	{
		if (ctl_pin_is_in(member))
			return TRUE;
	}
	return FALSE;
}

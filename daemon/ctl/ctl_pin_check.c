/* SPDX-License-Identifier: Apache-2.0
 * The file is read piece by piece into memory that is erased, and a line is forgotten as soon as it
 * is judged. The words of --context are not secret. */
#include "daemon/ctl/ctl_pin_check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zxcvbn.h>

#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"
#include "pkcs11/pin_policy.h"
#include "pkcs11/secret.h"

#define MIN_LENGTH    6
#define CLASSES       1 /* regularity is judged here; kinds of characters when asked for */
#define GUESSES_BITS  13.3
#define GUESSED_UP_TO 16
#define LINE_SIZE     (PIN_POLICY_LENGTH_MAX + 2) /* too long, and the end of a DOS line */

typedef struct Check {
	PinPolicy policy;
	PinContext context;
	gint64 refused;
	gint64 accepted;
	gint64 by_rule[_PIN_RULE_MAX];
	char line[LINE_SIZE + 1]; /* the beginning, followed by NUL */
	gsize length;             /* of all of it */
} Check;

static gboolean is_guessable(const char *pin, gsize length)
{
	return length <= GUESSED_UP_TO && strspn(pin, "0123456789") < length &&
	       ZxcvbnMatch(pin, NULL, NULL) < GUESSES_BITS;
}

static void judge(Check *check)
{
	PinBytes pin = { check->line, MIN(check->length, LINE_SIZE) };
	PinVerdict verdict;

	if (pin.length > 0 && pin.length == check->length && pin.bytes[pin.length - 1] == '\r')
		check->line[--pin.length] = '\0';
	if (pin_policy_check(&check->policy, &check->context, &pin, NULL, &verdict) &&
	    is_guessable(pin.bytes, pin.length))
		verdict.broken = 1u << PIN_RULE_GUESSABLE;
	check->refused += verdict.broken != 0;
	check->accepted += verdict.broken == 0;
	for (PinRule rule = 0; rule < _PIN_RULE_MAX; rule++)
		check->by_rule[rule] += verdict.broken >> rule & 1;
	check->length = 0;
	secret_erase(check->line, sizeof check->line);
}

static void take(Check *check, const char *bytes, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		if (bytes[i] == '\n') {
			judge(check);
			continue;
		}
		if (check->length < LINE_SIZE)
			check->line[check->length] = bytes[i];
		check->length++;
	}
}

static gboolean read_pins(Check *check, const char *file, GError **error)
{
	int fd = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	char bytes[8192];
	ssize_t got = fd < 0 ? -1 : 0;
	int fault;

	while (fd >= 0 &&
	       ((got = read(fd, bytes, sizeof bytes)) > 0 || (got < 0 && errno == EINTR)))
		take(check, bytes, (gsize) MAX(got, 0));
	fault = errno;
	secret_erase(bytes, sizeof bytes);
	if (fd > STDIN_FILENO)
		(void) close(fd);
	if (got < 0)
		return ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("%s cannot be read: %s"), file,
				       g_strerror(fault));
	if (check->length > 0)
		judge(check);
	return TRUE;
}

static void add_values(GPtrArray *words, const json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_string(value))
		g_ptr_array_add(words, g_strdup(json_string_value(value)));
	if (json_is_object(value))
		json_object_foreach((json_t *) value, key, member) add_values(words, member);
	json_array_foreach(value, i, member) add_values(words, member);
}

/* Lines "WORD", "NAME = WORD" or "NAME: WORD". */
static void add_lines(GPtrArray *words, const char *text)
{
	g_auto(GStrv) lines = g_strsplit_set(text, "\r\n", -1);

	for (char **line = lines; *line != NULL; line++) {
		const char *value = strpbrk(*line, "=:");

		value = value != NULL ? value + 1 : *line;
		if (*value != '\0' && **line != '#')
			g_ptr_array_add(words, g_strstrip(g_strdup(value)));
	}
}

static gboolean read_context(const Ctl *ctl, GPtrArray *words, GError **error)
{
	const char *file = ctl_fields_get(ctl, "context");
	g_autofree char *text = NULL;
	g_autoptr(GError) cause = NULL;
	g_autoptr(json_t) document = NULL;

	if (file == NULL)
		return TRUE;
	if (!g_file_get_contents(file, &text, NULL, &cause))
		return ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("%s cannot be read: %s"), file,
				       cause->message);
	if (!g_utf8_validate(text, -1, NULL))
		return ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("%s is not UTF-8 text."), file);
	document = json_loads(text, 0, NULL);
	if (document != NULL)
		add_values(words, document);
	else
		add_lines(words, text);
	return TRUE;
}

static gboolean read_classes(const Ctl *ctl, unsigned *ret_classes, GError **error)
{
	const char *text = ctl_fields_get(ctl, "classes");
	guint64 number = CLASSES;

	if (text != NULL &&
	    !g_ascii_string_to_unsigned(text, 10, 1, PIN_POLICY_CLASSES, &number, NULL))
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("--classes: \"%s\" is no number from 1 to 4."), text);
	*ret_classes = (unsigned) number;
	return TRUE;
}

static void tell(const Ctl *ctl, const Check *check)
{
	g_autoptr(json_t) document = NULL;
	json_t *rules;

	if (!ctl->json) {
		printf("refused %" G_GINT64_FORMAT " accepted %" G_GINT64_FORMAT "\n",
		       check->refused, check->accepted);
		return;
	}
	rules = json_object();
	for (PinRule rule = 0; rule < _PIN_RULE_MAX; rule++)
		if (check->by_rule[rule] > 0)
			json_object_set_new(rules, pin_policy_rule(rule),
					    json_integer(check->by_rule[rule]));
	document = json_pack("{s:I, s:I, s:o}", "refused", (json_int_t) check->refused, "accepted",
			     (json_int_t) check->accepted, "rules", rules);
	ctl_output_json(document);
}

gboolean ctl_pin_check_list(Ctl *ctl, GError **error)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	Check check = { .policy = { .min_length = MIN_LENGTH } };

	if (!read_classes(ctl, &check.policy.classes, error) || !read_context(ctl, words, error))
		return FALSE;
	check.context = (PinContext){ (const char *const *) words->pdata, words->len };
	if (!read_pins(&check, ctl_fields_get(ctl, "from"), error))
		return FALSE;
	tell(ctl, &check);
	return TRUE;
}

/* Settings of PINs and what holds without them, as opcardd.conf says. */
static const struct {
	const char *key;
	const char *value;
} settings[] = {
	{ "pin-min-length", "6" }, { "pin-classes", "2" }, { "pin-history", "1" },
	{ "pin-rotation", "P6M" }, { "pin-grace", "0d" },
};

static const char *in_force(const json_t *config, const char *key, const char *value)
{
	g_autofree char *wanted = g_strdup_printf("[policy] %s", key);
	size_t i;
	json_t *item;

	json_array_foreach(json_object_get(config, "items"), i, item)
	{
		const char *name = json_string_value(json_object_get(item, "key"));
		const char *text = json_string_value(json_object_get(item, "value"));

		if (g_strcmp0(name, wanted) == 0 && text != NULL)
			value = text;
	}
	return value;
}

static json_t *policy_document(const json_t *config)
{
	json_t *values = json_object();
	json_t *rules = json_array();
	const char *least, *classes;

	for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
		json_object_set_new(
			values, settings[i].key,
			json_string(in_force(config, settings[i].key, settings[i].value)));
	least = json_string_value(json_object_get(values, "pin-min-length"));
	classes = json_string_value(json_object_get(values, "pin-classes"));
	for (PinRule rule = 0; rule < _PIN_RULE_MAX; rule++)
		json_array_append_new(
			rules, json_pack("{s:s, s:s, s:s}", "name", pin_policy_rule(rule), "en",
					 pin_policy_en(rule), "ja", pin_policy_ja(rule)));
	return json_pack("{s:I, s:I, s:o, s:o}", "minLength",
			 (json_int_t) g_ascii_strtoll(least, NULL, 10), "classes",
			 (json_int_t) g_ascii_strtoll(classes, NULL, 10), "settings", values,
			 "rules", rules);
}

gboolean ctl_pin_check_policy(Ctl *ctl, G_GNUC_UNUSED GError **error)
{
	g_autoptr(GError) unreachable = NULL; /* or not for us: then the defaults */
	g_autoptr(json_t) config = ctl_client_get_json(ctl->client, "/config", &unreachable);
	g_autoptr(json_t) document = policy_document(config);
	int least = (int) json_integer_value(json_object_get(document, "minLength"));
	int classes = (int) json_integer_value(json_object_get(document, "classes"));
	const char *key;
	json_t *value;

	if (ctl->json) {
		ctl_output_json(document);
		return TRUE;
	}
	printf("パスワードは%d文字以上、文字の種類（英大文字・英小文字・数字・記号）は%"
	       "d以上です。\n"
	       "A PIN has at least %d characters of at least %d kind(s) (capitals, small letters, "
	       "digits, signs).\n\n",
	       least, classes, least, classes);
	json_object_foreach(json_object_get(document, "settings"), key, value)
		printf("  %-15s = %s\n", key, json_string_value(value));
	printf("\n次に当たるものは使えません。\nIt is refused for any of these reasons:\n");
	for (PinRule rule = 0; rule < _PIN_RULE_MAX; rule++)
		printf("  %-15s %s\n  %-15s %s\n", pin_policy_rule(rule), pin_policy_ja(rule), "",
		       pin_policy_en(rule));
	return TRUE;
}

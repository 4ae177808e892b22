/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the configuration of a server: src/config/config.c,
 * src/config/settings.c. */
#include <stdio.h>
#include <string.h>

#include "support/heap.h"
#include "support/suite.h"

#define ARGUMENT MAILIN_ERROR_ARGUMENT
#define RANGE    MAILIN_ERROR_RANGE

static struct mailin_config *
config_new(void)
{
	struct mailin_config *config = mailin_config_new("mx.example.org");

	ck_assert_ptr_nonnull(config);
	return config;
}

/* ---- Every setting, as documented ---------------------------------------- */

struct limit_row {
	const char *name;
	uint64_t initial;
};

/* clang-format off */
static const struct limit_row limits[MAILIN_LIMIT_COUNT] = {
	[MAILIN_LIMIT_COMMAND_LINE]       = { "command-line", 2048 },
	[MAILIN_LIMIT_AUTH_LINE]          = { "auth-line", 12288 },
	[MAILIN_LIMIT_RECIPIENTS]         = { "recipients", 1000 },
	[MAILIN_LIMIT_ENVELOPE_SIZE]      = { "envelope-size", 256 << 10 },
	[MAILIN_LIMIT_MESSAGE_SIZE]       = { "message-size", 0 },
	[MAILIN_LIMIT_DISCARDED]          = { "discarded", 0 },
	[MAILIN_LIMIT_ERRORS]             = { "errors", 20 },
	[MAILIN_LIMIT_JUNK]               = { "junk", 100 },
	[MAILIN_LIMIT_REFUSED_RECIPIENTS] = { "refused-recipients", 100 },
	[MAILIN_LIMIT_AUTH_FAILURES]      = { "auth-failures", 3 },
	[MAILIN_LIMIT_TRANSACTIONS]       = { "transactions", 0 },
	[MAILIN_LIMIT_RCPT_DOMAINS]       = { "rcpt-domains", 0 },
	[MAILIN_LIMIT_OUTPUT]             = { "output", 16 << 10 },
	[MAILIN_LIMIT_TIMEOUT_INPUT]      = { "timeout-input", 300 },
	[MAILIN_LIMIT_TIMEOUT_OUTPUT]     = { "timeout-output", 300 },
	[MAILIN_LIMIT_TIMEOUT_PROXY]      = { "timeout-proxy", 10 },
};
/* clang-format on */

struct values_row {
	const char *name;
	const char *values[32];
};

/* clang-format off */
static const struct values_row values[] = {
	{ "protocol", { "smtp", "lmtp" } },
	{ "bare-newline", { "normalize", "reject", "preserve" } },
	{ "pipelining", { "reject", "allow" } },
	{ "syntax", { "strict", "relaxed" } },
	{ "parameters", { "reject", "ignore" } },
	{ "auth", { "optional", "required", "off" } },
	{ "tls", { "for-auth", "required", "optional" } },
	{ "received-user", { "omit", "show" } },
	{ "extensions", { "PIPELINING", "ENHANCEDSTATUSCODES", "SIZE",
	    "8BITMIME", "CHUNKING", "BINARYMIME", "SMTPUTF8", "STARTTLS",
	    "DSN", "DELIVERBY", "FUTURERELEASE", "MT-PRIORITY", "REQUIRETLS",
	    "RRVS", "MTRK", "NO-SOLICITING", "LIMITS", "ETRN", "BURL",
	    "XCLIENT", "XFORWARD", "VRFY", "EXPN" } },
	{ "mechanisms", { "PLAIN", "LOGIN", "EXTERNAL", "XOAUTH2",
	    "OAUTHBEARER" } },
};
/* clang-format on */

START_TEST(settings_are_the_limits_then_the_policies_then_the_lists)
{
	struct mailin_setting setting;
	size_t i, j;

	for (i = 0; i < MAILIN_LIMIT_COUNT; i++) {
		ck_assert(mailin_setting_at(i, &setting));
		ck_assert_str_eq(setting.name, limits[i].name);
		ck_assert_int_eq(setting.kind, MAILIN_SETTING_LIMIT);
		ck_assert_uint_eq(setting.initial, limits[i].initial);
		ck_assert_uint_le(setting.minimum, setting.initial);
		ck_assert_uint_le(setting.initial, setting.maximum);
		ck_assert_str_ne(setting.summary, "");
		/* The NUL at the end of the summary must come before the name
		 * of the next setting. */
		ck_assert_ptr_null(strstr(setting.summary,
		    limits[(i + 1) % MAILIN_LIMIT_COUNT].name));
		ck_assert_ptr_nonnull(setting.unit);
		ck_assert_ptr_null(mailin_setting_value(i, 0));
	}
	for (j = 0; j < ROWS(values); i++, j++) {
		ck_assert(mailin_setting_at(i, &setting));
		ck_assert_str_eq(setting.name, values[j].name);
		ck_assert_int_eq(setting.kind,
		    j < MAILIN_POLICY_COUNT ? MAILIN_SETTING_POLICY :
					      MAILIN_SETTING_LIST);
		ck_assert_uint_eq(setting.initial, 0);
		ck_assert_str_ne(setting.summary, "");
	}
	ck_assert(!mailin_setting_at(i, &setting));
	ck_assert(!mailin_setting_at(SIZE_MAX, &setting));
	ck_assert_ptr_null(mailin_setting_value(i, 0));
}
END_TEST

START_TEST(values_have_the_names_of_the_tables)
{
	const char *value;
	size_t i, j;

	for (i = 0; i < ROWS(values); i++) {
		for (j = 0; values[i].values[j] != NULL; j++) {
			value = mailin_setting_value(MAILIN_LIMIT_COUNT + i, j);
			ck_assert_msg(value != NULL &&
				strcmp(value, values[i].values[j]) == 0,
			    "%s %zu", values[i].name, j);
		}
		ck_assert_ptr_null(
		    mailin_setting_value(MAILIN_LIMIT_COUNT + i, j));
		ck_assert_ptr_null(
		    mailin_setting_value(MAILIN_LIMIT_COUNT + i, SIZE_MAX));
	}
}
END_TEST

START_TEST(a_new_config_has_the_defaults)
{
	struct mailin_config *config = config_new();
	int i;

	ck_assert_str_eq(mailin_config_hostname(config), "mx.example.org");
	for (i = 0; i < MAILIN_LIMIT_COUNT; i++)
		ck_assert_msg(mailin_config_limit(config,
				  (enum mailin_limit)i) == limits[i].initial,
		    "%s", limits[i].name);
	for (i = 0; i < MAILIN_POLICY_COUNT; i++)
		ck_assert_int_eq(
		    mailin_config_policy(config, (enum mailin_policy)i), 0);
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		ck_assert_msg(
		    mailin_config_extension(config, (enum mailin_extension)i) ==
			(i <= MAILIN_EXTENSION_CHUNKING),
		    "%s", values[MAILIN_POLICY_COUNT].values[i]);
	for (i = 0; i < MAILIN_MECHANISM_COUNT; i++)
		ck_assert(
		    !mailin_config_mechanism(config, (enum mailin_mechanism)i));
	mailin_config_free(config);
	mailin_config_free(NULL);
}
END_TEST

/* ---- Limits -------------------------------------------------------------- */

static enum mailin_error
set_number(struct mailin_config *config, const char *name, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof text, "%llu", (unsigned long long)value);
	return mailin_config_set(config, name, text);
}

static bool
is_out_of_range(struct mailin_config *config, const struct mailin_setting *s,
    enum mailin_limit limit, uint64_t value)
{
	return mailin_config_set_limit(config, limit, value) == RANGE &&
	    set_number(config, s->name, value) == RANGE;
}

/* Set each limit by its enumerator and by its name, at its bounds and
 * beyond. */
START_TEST(a_limit_stays_within_its_bounds)
{
	struct mailin_config *config = config_new();
	struct mailin_setting s;
	size_t i;

	for (i = 0; mailin_setting_at(i, &s) && s.kind == MAILIN_SETTING_LIMIT;
	     i++) {
		enum mailin_limit limit = (enum mailin_limit)i;

		ck_assert_int_eq(
		    mailin_config_set_limit(config, limit, s.minimum),
		    MAILIN_OK);
		ck_assert_uint_eq(mailin_config_limit(config, limit),
		    s.minimum);
		ck_assert_int_eq(set_number(config, s.name, s.maximum),
		    MAILIN_OK);
		ck_assert(is_out_of_range(config, &s, limit, s.maximum + 1));
		ck_assert(is_out_of_range(config, &s, limit, UINT64_MAX));
		if (s.minimum > 0)
			ck_assert(
			    is_out_of_range(config, &s, limit, s.minimum - 1));
		ck_assert_uint_eq(mailin_config_limit(config, limit),
		    s.maximum);
	}
	mailin_config_free(config);
}
END_TEST

struct text_row {
	const char *name, *value;
	enum mailin_error error;
};

/* A number is decimal, and has no sign or blank (property 36). */
static const struct text_row texts[] = {
	{ "junk", "0", MAILIN_OK },
	{ "JUNK", "0007", MAILIN_OK },
	{ "Junk", "18446744073709551615", RANGE },
	{ "junk", "18446744073709551616", RANGE },
	{ "junk", "99999999999999999999999999", RANGE },
	{ "junk", "99999999999999999999!", MAILIN_ERROR_SYNTAX },
	{ "junk", "", MAILIN_ERROR_SYNTAX },
	{ "junk", "+1", MAILIN_ERROR_SYNTAX },
	{ "junk", "-1", MAILIN_ERROR_SYNTAX },
	{ "junk", " 1", MAILIN_ERROR_SYNTAX },
	{ "junk", "1 ", MAILIN_ERROR_SYNTAX },
	{ "junk", "0x10", MAILIN_ERROR_SYNTAX },
	{ "junk", "1k", MAILIN_ERROR_SYNTAX },
	{ "junk", "\xb2", MAILIN_ERROR_SYNTAX },
	{ "jun", "1", ARGUMENT },
	{ "junkk", "1", ARGUMENT },
	{ "junk ", "1", ARGUMENT },
	{ "", "1", ARGUMENT },
	{ "syntax", "relaxed", MAILIN_OK },
	{ "SynTax", "STRICT", MAILIN_OK },
	{ "syntax", "1", ARGUMENT },
	{ "syntax", "", ARGUMENT },
	{ "syntax", "strict,relaxed", ARGUMENT },
	{ "tls", "lmtp", ARGUMENT },
	{ "extensions", "", MAILIN_OK },
	{ "extensions", "SIZE", MAILIN_OK },
	{ "extensions", "size,dsn,Mt-Priority", MAILIN_OK },
	{ "extensions", "SIZE,SIZE", MAILIN_OK },
	{ "extensions", "SIZ", ARGUMENT },
	{ "extensions", "SIZE,", ARGUMENT },
	{ "extensions", ",SIZE", ARGUMENT },
	{ "extensions", ",", ARGUMENT },
	{ "extensions", "SIZE,,DSN", ARGUMENT },
	{ "extensions", "SIZE, DSN", ARGUMENT },
	{ "extensions", "SIZE DSN", ARGUMENT },
	{ "extensions", "PLAIN", ARGUMENT },
	{ "mechanisms", "plain,login", MAILIN_OK },
	{ "mechanisms", "", MAILIN_OK },
	{ "mechanisms", "DIGEST-MD5", ARGUMENT },
};

START_TEST(a_setting_is_set_by_name_and_text)
{
	struct mailin_config *config = config_new();
	size_t i;

	for (i = 0; i < ROWS(texts); i++) {
		enum mailin_error error = mailin_config_set(config,
		    texts[i].name, texts[i].value);

		ck_assert_msg(error == texts[i].error, "%s \"%s\": %s",
		    texts[i].name, texts[i].value, mailin_error_text(error));
	}
	mailin_config_free(config);
}
END_TEST

/* ---- Policies and lists -------------------------------------------------- */

START_TEST(every_value_of_a_policy_can_be_set)
{
	struct mailin_config *config = config_new();
	int i, j;

	for (i = 0; i < MAILIN_POLICY_COUNT; i++) {
		enum mailin_policy policy = (enum mailin_policy)i;

		for (j = 0; values[i].values[j] != NULL; j++) {
			ck_assert_int_eq(
			    mailin_config_set_policy(config, policy, 0),
			    MAILIN_OK);
			ck_assert_msg(mailin_config_set(config, values[i].name,
					  values[i].values[j]) == MAILIN_OK &&
				mailin_config_policy(config, policy) == j,
			    "%s", values[i].values[j]);
		}
		ck_assert_int_eq(mailin_config_set_policy(config, policy, j),
		    ARGUMENT);
		ck_assert_int_eq(mailin_config_set_policy(config, policy, -1),
		    ARGUMENT);
		ck_assert_int_eq(mailin_config_policy(config, policy), j - 1);
	}
	mailin_config_free(config);
}
END_TEST

START_TEST(a_list_switches_all_others_off)
{
	struct mailin_config *config = config_new();
	int i;

	ck_assert_int_eq(
	    mailin_config_set(config, "extensions", "DSN,PIPELINING"),
	    MAILIN_OK);
	/* A list that is refused changes nothing. */
	ck_assert_int_eq(mailin_config_set(config, "extensions", "SIZE,NONE"),
	    ARGUMENT);
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		ck_assert_int_eq(
		    mailin_config_extension(config, (enum mailin_extension)i),
		    i == MAILIN_EXTENSION_DSN ||
			i == MAILIN_EXTENSION_PIPELINING);
	ck_assert_int_eq(
	    mailin_config_set_mechanism(config, MAILIN_MECHANISM_LOGIN, true),
	    MAILIN_OK);
	ck_assert_int_eq(mailin_config_set(config, "mechanisms", "PLAIN"),
	    MAILIN_OK);
	ck_assert(mailin_config_mechanism(config, MAILIN_MECHANISM_PLAIN));
	ck_assert(!mailin_config_mechanism(config, MAILIN_MECHANISM_LOGIN));
	mailin_config_free(config);
}
END_TEST

static void
set_extension(struct mailin_config *config, enum mailin_extension extension,
    bool on)
{
	ck_assert_int_eq(mailin_config_set_extension(config, extension, on),
	    MAILIN_OK);
}

/* An extension is on only if the extensions that it needs are on (config.h).
 * In LMTP, PIPELINING and ENHANCEDSTATUSCODES are always on (RFC 2033 4). */
START_TEST(an_extension_is_on_only_with_those_that_it_needs)
{
	struct mailin_config *config = config_new();

	set_extension(config, MAILIN_EXTENSION_BINARYMIME, true);
	set_extension(config, MAILIN_EXTENSION_SMTPUTF8, true);
	ck_assert(mailin_config_extension(config, MAILIN_EXTENSION_BINARYMIME));
	ck_assert(mailin_config_extension(config, MAILIN_EXTENSION_SMTPUTF8));
	set_extension(config, MAILIN_EXTENSION_CHUNKING, false);
	set_extension(config, MAILIN_EXTENSION_8BITMIME, false);
	ck_assert(
	    !mailin_config_extension(config, MAILIN_EXTENSION_BINARYMIME));
	ck_assert(!mailin_config_extension(config, MAILIN_EXTENSION_SMTPUTF8));

	set_extension(config, MAILIN_EXTENSION_PIPELINING, false);
	set_extension(config, MAILIN_EXTENSION_ENHANCEDSTATUSCODES, false);
	ck_assert(
	    !mailin_config_extension(config, MAILIN_EXTENSION_PIPELINING));
	ck_assert_int_eq(mailin_config_set(config, "protocol", "lmtp"),
	    MAILIN_OK);
	ck_assert(mailin_config_extension(config, MAILIN_EXTENSION_PIPELINING));
	ck_assert(mailin_config_extension(config,
	    MAILIN_EXTENSION_ENHANCEDSTATUSCODES));
	mailin_config_free(config);
}
END_TEST

/* Try numbers that are not a value of any enum.  One of them is -1, which has
 * every bit set. */
START_TEST(names_and_values_of_no_setting_are_refused)
{
	static const int none[] = { -1, 32, 33, 64, 1000, 0x7fffffff };
	struct mailin_config *config = config_new();
	size_t i;

	for (i = 0; i < ROWS(none); i++) {
		int n = none[i];

		ck_assert_int_eq(
		    mailin_config_set_limit(config, (enum mailin_limit)n, 1),
		    ARGUMENT);
		ck_assert_int_eq(
		    mailin_config_set_policy(config, (enum mailin_policy)n, 0),
		    ARGUMENT);
		ck_assert_int_eq(mailin_config_set_extension(config,
				     (enum mailin_extension)n, true),
		    ARGUMENT);
		ck_assert_int_eq(mailin_config_set_mechanism(config,
				     (enum mailin_mechanism)n, true),
		    ARGUMENT);
		ck_assert_uint_eq(
		    mailin_config_limit(config, (enum mailin_limit)n), 0);
		ck_assert_int_eq(
		    mailin_config_policy(config, (enum mailin_policy)n), 0);
		ck_assert(
		    !mailin_config_extension(config, (enum mailin_extension)n));
		ck_assert(
		    !mailin_config_mechanism(config, (enum mailin_mechanism)n));
	}
	ck_assert_int_eq(mailin_config_set(config, NULL, "1"), ARGUMENT);
	ck_assert_int_eq(mailin_config_set(config, "tls", NULL), ARGUMENT);
	mailin_config_free(config);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		settings_are_the_limits_then_the_policies_then_the_lists,
		values_have_the_names_of_the_tables,
		a_new_config_has_the_defaults,
		a_limit_stays_within_its_bounds,
		a_setting_is_set_by_name_and_text,
		every_value_of_a_policy_can_be_set,
		a_list_switches_all_others_off,
		an_extension_is_on_only_with_those_that_it_needs,
		names_and_values_of_no_setting_are_refused,
	};

	return suite_run("config", tests, ROWS(tests));
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Each value of each public enum has a name (mailin/name.h).  The name is made
 * from that of the enumerator in the header.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "support/document.h"
#include "support/suite.h"

static char *text;

/* Returns true if the enumerator is the name in capitals, such as MESSAGE_SIZE
 * for "message-size". */
static bool
is_spelled(const char *name, const char *enumerator)
{
	for (; *name != '\0'; name++, enumerator++)
		if (*enumerator !=
		    (*name == '-' ? '_' : toupper((unsigned char)*name)))
			return false;
	return *enumerator == '\0';
}

#define NAMES(type) \
	static const char *type##_of(int number) \
	{ \
		return mailin_##type##_name((enum mailin_##type)number); \
	}

NAMES(error)
NAMES(reply)
NAMES(verb)
NAMES(parameter)
NAMES(attribute)
NAMES(path_kind)
NAMES(domain_kind)
NAMES(body_type)
NAMES(ret)
NAMES(by_mode)
NAMES(rrvs_action)
NAMES(limit)
NAMES(policy)
NAMES(extension)
NAMES(mechanism)
NAMES(close_reason)
NAMES(reset_reason)
NAMES(want)
NAMES(proxy_family)
NAMES(proxy_transport)
NAMES(client_step)
NAMES(client_fault)

#define POLICY_NAMES(policy, number) \
	static const char *policy##_of(int value) \
	{ \
		return mailin_policy_value_name(MAILIN_POLICY_##number, \
		    value); \
	}

POLICY_NAMES(protocol, PROTOCOL)
POLICY_NAMES(bare_newline, BARE_NEWLINE)
POLICY_NAMES(pipelining, PIPELINING)
POLICY_NAMES(syntax, SYNTAX)
POLICY_NAMES(parameter_policy, PARAMETERS)
POLICY_NAMES(auth_policy, AUTH)
POLICY_NAMES(tls_policy, TLS)

/* Each enum that has names.  "prefix" is the part of its enumerators before the
 * name.  "unnamed" is the enumerator whose name is "?". */
static const struct {
	const char *header, *type, *prefix;
	const char *(*name_of)(int number);
	const char *unnamed;
} enums[] = {
	{ "error", "error", "MAILIN_", error_of, NULL },
	{ "reply", "reply", "MAILIN_REPLY_", reply_of, NULL },
	{ "command", "verb", "MAILIN_VERB_", verb_of, "UNKNOWN" },
	{ "command", "parameter", "MAILIN_PARAMETER_", parameter_of,
	    "UNKNOWN" },
	{ "command", "attribute", "MAILIN_ATTRIBUTE_", attribute_of, NULL },
	{ "address", "path_kind", "MAILIN_PATH_", path_kind_of, NULL },
	{ "address", "domain_kind", "MAILIN_DOMAIN_", domain_kind_of, NULL },
	{ "command", "body_type", "MAILIN_BODY_", body_type_of, NULL },
	{ "command", "ret", "MAILIN_RET_", ret_of, "UNSET" },
	{ "config", "limit", "MAILIN_LIMIT_", limit_of, NULL },
	{ "config", "policy", "MAILIN_POLICY_", policy_of, NULL },
	{ "config", "extension", "MAILIN_EXTENSION_", extension_of, NULL },
	{ "config", "mechanism", "MAILIN_MECHANISM_", mechanism_of, NULL },
	{ "config", "protocol", "MAILIN_PROTOCOL_", protocol_of, NULL },
	{ "config", "bare_newline", "MAILIN_BARE_NEWLINE_", bare_newline_of,
	    NULL },
	{ "config", "pipelining", "MAILIN_PIPELINING_", pipelining_of, NULL },
	{ "address", "syntax", "MAILIN_SYNTAX_", syntax_of, NULL },
	{ "config", "parameter_policy", "MAILIN_PARAMETERS_",
	    parameter_policy_of, NULL },
	{ "config", "auth_policy", "MAILIN_AUTH_", auth_policy_of, NULL },
	{ "config", "tls_policy", "MAILIN_TLS_", tls_policy_of, NULL },
	{ "handler", "close_reason", "MAILIN_CLOSE_", close_reason_of, NULL },
	{ "handler", "reset_reason", "MAILIN_RESET_", reset_reason_of, NULL },
	{ "session", "want", "MAILIN_WANT_", want_of, NULL },
	{ "proxy", "proxy_family", "MAILIN_PROXY_FAMILY_", proxy_family_of,
	    NULL },
	{ "proxy", "proxy_transport", "MAILIN_PROXY_TRANSPORT_",
	    proxy_transport_of, NULL },
	{ "client_reply", "client_step", "MAILIN_CLIENT_", client_step_of,
	    NULL },
	{ "client_reply", "client_fault", "MAILIN_CLIENT_FAULT_",
	    client_fault_of, NULL },
};

/* Read one enum of a header into text. */
static void
read_enum(const char *header, const char *type)
{
	char path[64], head[64], *begin, *end;

	snprintf(path, sizeof path, "include/mailin/%s.h", header);
	text = document_read(path);
	snprintf(head, sizeof head, "enum mailin_%s {", type);
	begin = strstr(text, head);
	ck_assert_msg(begin != NULL, "%s lacks %s", path, head);
	end = strstr(begin, "\n}");
	ck_assert_ptr_nonnull(end);
	*end = '\0';
	memmove(text, begin, strlen(begin) + 1);
}

START_TEST(a_value_has_the_name_of_its_enumerator)
{
	const char *at, *expected;
	char name[64];
	size_t i;
	int number;

	for (i = 0; i < ROWS(enums); i++) {
		read_enum(enums[i].header, enums[i].type);
		number = 0;
		for (at = text; (at = document_next_enumerator(at,
				     enums[i].prefix, name)) != NULL;
		     number++) {
			if (strcmp(name, "COUNT") == 0)
				break;
			expected = name;
			if (strncmp(name, "ERROR_", 6) == 0)
				expected += 6;
			if (enums[i].unnamed != NULL &&
			    strcmp(name, enums[i].unnamed) == 0)
				expected = "?";
			ck_assert_msg(
			    is_spelled(enums[i].name_of(number), expected),
			    "%s%s is called %s", enums[i].prefix, name,
			    enums[i].name_of(number));
		}
		ck_assert_int_ge(number, 2);
		/* The number after the last value has no name, even if it is
		 * COUNT. */
		ck_assert_msg(strcmp(enums[i].name_of(number), "?") == 0,
		    "%d of enum mailin_%s is called %s", number, enums[i].type,
		    enums[i].name_of(number));
	}
}
END_TEST

/* -1, which has every bit set, is not a value of any enum. */
START_TEST(a_number_that_is_no_value_has_no_name)
{
	static const int others[] = { -1, -2, 100, 256, 65536, 0x7fffffff,
		-0x7fffffff - 1 };
	size_t i, j;

	for (j = 0; j < ROWS(others); j++) {
		for (i = 0; i < ROWS(enums); i++)
			ck_assert_msg(
			    strcmp(enums[i].name_of(others[j]), "?") == 0,
			    "%d of enum mailin_%s is called %s", others[j],
			    enums[i].type, enums[i].name_of(others[j]));
		ck_assert_str_eq(by_mode_of(others[j]), "?");
		ck_assert_str_eq(rrvs_action_of(others[j]), "?");
		ck_assert_str_eq(
		    mailin_policy_value_name((enum mailin_policy)others[j], 0),
		    "?");
	}
}
END_TEST

/* The words and letters of parameters (RFC 2852 4, RFC 7293 3.1, RFC 3461 4.1)
 * differ from the enumerators. */
START_TEST(a_value_has_the_word_of_its_parameter)
{
	unsigned bits;

	ck_assert_str_eq(by_mode_of(MAILIN_BY_NOTIFY), "N");
	ck_assert_str_eq(by_mode_of(MAILIN_BY_RETURN), "R");
	ck_assert_str_eq(by_mode_of(MAILIN_BY_RETURN + 1), "?");
	ck_assert_str_eq(rrvs_action_of(MAILIN_RRVS_UNSET), "?");
	ck_assert_str_eq(rrvs_action_of(MAILIN_RRVS_CONTINUE), "C");
	ck_assert_str_eq(rrvs_action_of(MAILIN_RRVS_REJECT), "R");
	ck_assert_str_eq(rrvs_action_of(MAILIN_RRVS_REJECT + 1), "?");
	ck_assert_str_eq(mailin_notify_name(MAILIN_NOTIFY_NEVER), "NEVER");
	ck_assert_str_eq(mailin_notify_name(MAILIN_NOTIFY_SUCCESS), "SUCCESS");
	ck_assert_str_eq(mailin_notify_name(MAILIN_NOTIFY_FAILURE), "FAILURE");
	ck_assert_str_eq(mailin_notify_name(MAILIN_NOTIFY_DELAY), "DELAY");
	for (bits = 0; bits < 64; bits++)
		if (bits != 1 && bits != 2 && bits != 4 && bits != 8)
			ck_assert_str_eq(mailin_notify_name(bits), "?");
	ck_assert_str_eq(mailin_notify_name(~0u), "?");
}
END_TEST

/* Each setting has an index.  First come the limits, then the policies, then
 * "extensions" and "mechanisms".  The names of limits and policies are those in
 * the enums. */
START_TEST(a_setting_has_the_name_of_its_value)
{
	struct mailin_setting setting;
	const char *value;
	size_t i;
	int j;

	for (i = 0; mailin_setting_at(i, &setting); i++) {
		int policy = (int)i - MAILIN_LIMIT_COUNT;

		if (setting.kind == MAILIN_SETTING_LIMIT)
			ck_assert_str_eq(setting.name, limit_of((int)i));
		if (setting.kind == MAILIN_SETTING_POLICY)
			ck_assert_str_eq(setting.name, policy_of(policy));
		for (j = 0;
		     (value = mailin_setting_value(i, (size_t)j)) != NULL; j++)
			ck_assert_str_eq(value,
			    setting.kind == MAILIN_SETTING_POLICY ?
				mailin_policy_value_name(
				    (enum mailin_policy)policy, j) :
				strcmp(setting.name, "extensions") == 0 ?
				extension_of(j) :
				mechanism_of(j));
	}
	ck_assert_uint_eq(i,
	    (int)MAILIN_LIMIT_COUNT + (int)MAILIN_POLICY_COUNT + 2);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_value_has_the_name_of_its_enumerator,
		a_number_that_is_no_value_has_no_name,
		a_value_has_the_word_of_its_parameter,
		a_setting_has_the_name_of_its_value,
	};

	return suite_run("enums", tests, ROWS(tests));
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The reply to EHLO, which the config encodes in advance:
 * src/config/config.c. */
#include <stdio.h>
#include <string.h>

#include "support/client.h"
#include "reply/encode.h"

static struct client client;

static void
add_keyword(struct client *of, enum on on)
{
	if (on == ON_HELO)
		(void)mailin_session_ehlo_keyword(of->session, "X-OWN", "");
}

/* Get the reply to EHLO in a form that can be compared.  For this, "-" replaces
 * the blank after the code of the last line. */
static void
hello(void (*hook)(struct client *, enum on), char *out, size_t room)
{
	char *at = out;

	client.hook = hook;
	client_begin(&client);
	client_greet(&client);
	client_drain(&client);
	mailin_session_free(client.session);
	client.session = NULL;
	snprintf(out, room, "%s", client.out.octets);
	client.out.len = client.out.seen = 0;
	for (; (at = strstr(at, "\r\n250 ")) != NULL; at += 5)
		at[5] = '-';
}

/* The first session sends the reply that the config has encoded.  The second
 * session has an additional EHLO keyword, so it encodes its reply itself. */
static void
check_told(const char *name, const char *value)
{
	char told[REPLY_ROOM], encoded[REPLY_ROOM];
	size_t len;

	ck_assert_int_eq(mailin_config_set(client.config, name, value),
	    MAILIN_OK);
	hello(NULL, told, sizeof told);
	hello(add_keyword, encoded, sizeof encoded);
	len = strlen(told);
	ck_assert_msg(strncmp(encoded, told, len) == 0 &&
		strcmp(encoded + len, "250-X-OWN\r\n") == 0,
	    "%s=%s:\n%s%s", name, value, told, encoded);
}

static void
check_number(const char *name, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)number);
	check_told(name, text);
}

START_TEST(the_reply_to_ehlo_follows_each_setting)
{
	struct mailin_setting setting;
	const char *value;
	size_t i, j;

	client_init(&client);
	client_set(&client, "extensions", "SIZE,LIMITS,STARTTLS,REQUIRETLS");
	ck_assert_int_eq(mailin_config_add_mechanism(client.config, "X-OWN"),
	    MAILIN_OK);
	for (i = 0; mailin_setting_at(i, &setting); i++) {
		for (j = 0; (value = mailin_setting_value(i, j)) != NULL; j++)
			check_told(setting.name, value);
		if (setting.kind == MAILIN_SETTING_POLICY)
			check_told(setting.name,
			    mailin_setting_value(i, (size_t)setting.initial));
		if (setting.kind != MAILIN_SETTING_LIMIT)
			continue;
		check_number(setting.name, setting.minimum);
		check_number(setting.name, setting.maximum);
		check_number(setting.name, setting.initial);
	}
	client_begin(&client);
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		the_reply_to_ehlo_follows_each_setting,
	};

	return suite_run("ehlo", tests, ROWS(tests));
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The tables in the public headers and in doc/guide.md agree with the library's
 * own: names of settings and extensions, codes of replies, policies' values.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/suite.h"

static char text[128 << 10];

static void
read_file(const char *name)
{
	const char *folder = getenv("srcdir");
	char path[1024];
	FILE *file;
	size_t len;

	snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : ".",
	    name);
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "cannot open %s", path);
	len = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	text[len] = '\0';
}

/* Find the next enumerator that begins a line.  Copies its name after the
 * prefix, and returns the text after it, or NULL. */
static const char *
next_enumerator(const char *at, const char *prefix, char name[64])
{
	while ((at = strstr(at, "\n\t")) != NULL) {
		at += 2;
		if (strncmp(at, prefix, strlen(prefix)) != 0)
			continue;
		at += strlen(prefix);
		if (sscanf(at, "%63[A-Z0-9_]", name) == 1)
			return at + strlen(name);
	}
	return NULL;
}

/* ---- Settings ------------------------------------------------------------ */

/* "message-size" as MESSAGE_SIZE. */
static bool
is_spelled(const char *name, const char *enumerator)
{
	for (; *name != '\0'; name++, enumerator++)
		if (*enumerator !=
		    (*name == '-' ? '_' : toupper((unsigned char)*name)))
			return false;
	return *enumerator == '\0';
}

/* The settings are numbered: limits, policies, "extensions", "mechanisms". */
enum {
	SETTING_EXTENSIONS = (int)MAILIN_LIMIT_COUNT + (int)MAILIN_POLICY_COUNT,
	SETTING_MECHANISMS
};

static const char *
setting_name(size_t number)
{
	struct mailin_setting setting;

	ck_assert(mailin_setting_at(number, &setting));
	return setting.name;
}

static const char *
limit_name(size_t number)
{
	return setting_name(number);
}

static const char *
policy_name(size_t number)
{
	return setting_name(MAILIN_LIMIT_COUNT + number);
}

static const char *
extension_name(size_t number)
{
	return mailin_setting_value(SETTING_EXTENSIONS, number);
}

static const char *
mechanism_name(size_t number)
{
	return mailin_setting_value(SETTING_MECHANISMS, number);
}

static const struct {
	const char *prefix;
	const char *(*name)(size_t number);
	size_t count;
} enums[] = {
	{ "MAILIN_LIMIT_", limit_name, MAILIN_LIMIT_COUNT },
	{ "MAILIN_POLICY_", policy_name, MAILIN_POLICY_COUNT },
	{ "MAILIN_EXTENSION_", extension_name, MAILIN_EXTENSION_COUNT },
	{ "MAILIN_MECHANISM_", mechanism_name, MAILIN_MECHANISM_COUNT },
};

START_TEST(a_setting_has_the_name_of_its_enumerator)
{
	const char *at;
	char name[64];
	size_t i, number;

	read_file("include/mailin/config.h");
	for (i = 0; i < ROWS(enums); i++) {
		at = text;
		for (number = 0; number < enums[i].count; number++) {
			at = next_enumerator(at, enums[i].prefix, name);
			ck_assert_ptr_nonnull(at);
			ck_assert_msg(is_spelled(enums[i].name(number), name),
			    "%s%s is called %s", enums[i].prefix, name,
			    enums[i].name(number));
		}
		ck_assert_ptr_nonnull(
		    next_enumerator(at, enums[i].prefix, name));
		ck_assert_str_eq(name, "COUNT");
	}
}
END_TEST

/* The guide has a row for each policy with its values in order, the name of
 * each limit with its default, and each extension that is off by default. */
START_TEST(the_guide_has_each_setting)
{
	struct mailin_config *config = mailin_config_new("mx.example.org");
	struct mailin_setting setting;
	char expected[256];
	size_t i, value;

	ck_assert_ptr_nonnull(config);
	read_file("doc/guide.md");
	for (i = 0; mailin_setting_at(i, &setting); i++) {
		if (setting.kind == MAILIN_SETTING_POLICY) {
			snprintf(expected, sizeof expected, "\n| `%s` |",
			    setting.name);
			for (value = 0; mailin_setting_value(i, value) != NULL;
			     value++)
				snprintf(expected + strlen(expected), 32,
				    " `%s`", mailin_setting_value(i, value));
			strcat(expected, " |");
		} else {
			snprintf(expected, sizeof expected, "`%s`",
			    setting.name);
		}
		if (setting.kind != MAILIN_SETTING_LIST)
			ck_assert_msg(strstr(text, expected) != NULL,
			    "the guide lacks: %s", expected);
	}
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++) {
		enum mailin_extension extension = (enum mailin_extension)i;

		if (!mailin_config_extension(config, extension))
			ck_assert_msg(
			    strstr(text, mailin_extension_name(extension)) !=
				NULL,
			    "the guide lacks %s",
			    mailin_extension_name(extension));
	}
	mailin_config_free(config);
}
END_TEST

/* ---- Replies ------------------------------------------------------------- */

/* The comment of each reply begins with its code and enhanced code, and says
 * whether the session ends, as it does after 421 and 521. */
START_TEST(the_header_has_the_code_of_each_reply)
{
	const char *at;
	char name[64], enhanced[16], expected[16];
	int number, code;

	read_file("include/mailin/reply.h");
	at = text;
	for (number = 0; number < MAILIN_REPLY_COUNT; number++) {
		enum mailin_reply reply = (enum mailin_reply)number;

		at = next_enumerator(at, "MAILIN_REPLY_", name);
		ck_assert_ptr_nonnull(at);
		if (mailin_reply_code(reply) == 0)
			continue;
		enhanced[0] = '\0';
		ck_assert_int_ge(
		    sscanf(at, ", /* %d %15[0-9.]", &code, enhanced), 1);
		snprintf(expected, sizeof expected, "%s",
		    mailin_reply_enhanced(reply));
		ck_assert_msg(code == mailin_reply_code(reply) &&
			strcmp(enhanced, expected) == 0,
		    "%s is %d %s", name, mailin_reply_code(reply), expected);
		if (code == 421 || code == 521)
			ck_assert_msg(strstr(at, "ends the session") <
				strstr(at, "*/"),
			    "%s ends the session", name);
	}
	ck_assert_ptr_nonnull(next_enumerator(at, "MAILIN_REPLY_", name));
	ck_assert_str_eq(name, "COUNT");
}
END_TEST

static bool
is_reply(int code, const char *enhanced)
{
	int number;

	for (number = 0; number < MAILIN_REPLY_COUNT; number++) {
		enum mailin_reply reply = (enum mailin_reply)number;

		if (mailin_reply_code(reply) == code &&
		    strcmp(mailin_reply_enhanced(reply), enhanced) == 0)
			return true;
	}
	return false;
}

/* Each pair of a code and an enhanced code in a table of the guide is a reply
 * of the library. */
START_TEST(the_guide_names_no_other_reply)
{
	const char *at;
	char enhanced[16];
	int code, found = 0;

	read_file("doc/guide.md");
	for (at = text; *at != '\0'; at++) {
		if (at == text || isalnum((unsigned char)at[-1]) ||
		    sscanf(at, "%3d %15[0-9].", &code, enhanced) != 2 ||
		    code < 200 || code > 599 || at[3] != ' ' || at[5] != '.' ||
		    sscanf(at + 4, "%15[0-9.]", enhanced) != 1)
			continue;
		if (enhanced[strlen(enhanced) - 1] == '.')
			enhanced[strlen(enhanced) - 1] = '\0';
		ck_assert_msg(is_reply(code, enhanced),
		    "the guide says %d %s, which no reply is", code, enhanced);
		found++;
	}
	ck_assert_int_ge(found, 20);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_setting_has_the_name_of_its_enumerator,
		the_guide_has_each_setting,
		the_header_has_the_code_of_each_reply,
		the_guide_names_no_other_reply,
	};

	return suite_run("manual", tests, ROWS(tests));
}

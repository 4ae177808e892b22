/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The public headers and doc/guide.md have tables of the settings with their
 * defaults and bounds, of the extensions, and of the codes and texts of
 * replies.  These must agree with the tables in the library.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/document.h"
#include "support/suite.h"

static char *text;

/* ---- The tables of the guide --------------------------------------------- */

/* Read the rows of a table of the guide into "text", with a newline before
 * each.  Returns the number of rows. */
static size_t
read_table(const char *head)
{
	char *row, *end;
	size_t count = 0;

	text = document_read("doc/guide.md");
	row = strstr(text, head);
	ck_assert_msg(row != NULL, "the guide lacks: %s", head);
	row = strchr(strchr(row + 1, '\n') + 1, '\n');
	for (end = row; end[1] == '|'; end = strchr(end + 1, '\n'))
		count++;
	end[1] = '\0';
	memmove(text, row, strlen(row) + 1);
	return count;
}

/* Returns a copy of the only row that begins with this text. */
static const char *
find_row(const char *begin)
{
	static char row[1024];
	const char *at = strstr(text, begin);

	ck_assert_msg(at != NULL, "the guide lacks: %s", begin + 1);
	ck_assert_msg(strstr(at + 1, begin) == NULL, "the guide has twice: %s",
	    begin + 1);
	snprintf(row, sizeof row, "%.*s", (int)strcspn(at + 1, "\n"), at + 1);
	return row;
}

START_TEST(the_guide_has_each_policy_with_its_values)
{
	struct mailin_setting setting;
	char expected[256];
	size_t i, value;

	ck_assert_uint_eq(read_table("\n| policy |"), MAILIN_POLICY_COUNT);
	for (i = MAILIN_LIMIT_COUNT; mailin_setting_at(i, &setting) &&
	     setting.kind == MAILIN_SETTING_POLICY;
	     i++) {
		snprintf(expected, sizeof expected, "\n| `%s` |", setting.name);
		for (value = 0; mailin_setting_value(i, value) != NULL; value++)
			snprintf(expected + strlen(expected), 32, " `%s`",
			    mailin_setting_value(i, value));
		strcat(expected, " |");
		(void)find_row(expected);
		/* The first value is the default. */
		ck_assert_uint_eq(setting.initial, 0);
	}
}
END_TEST

START_TEST(the_guide_has_each_limit_with_its_bounds)
{
	struct mailin_setting setting;
	char begin[64], bounds[128];
	const char *row;
	size_t i;

	ck_assert_uint_eq(
	    read_table("\n| limit | default | minimum | maximum |"),
	    MAILIN_LIMIT_COUNT);
	for (i = 0; i < MAILIN_LIMIT_COUNT; i++) {
		ck_assert(mailin_setting_at(i, &setting));
		snprintf(begin, sizeof begin, "\n| `%s`", setting.name);
		snprintf(bounds, sizeof bounds,
		    " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | ",
		    setting.initial, setting.minimum, setting.maximum);
		row = find_row(begin);
		ck_assert_msg(strstr(row, bounds) != NULL,
		    "the guide lacks%sin: %s", bounds, row);
		if (setting.unit[0] != '\0')
			ck_assert_msg(strstr(row, setting.unit) != NULL,
			    "the guide lacks %s in: %s", setting.unit, row);
	}
}
END_TEST

static const char *
extension_name(int number)
{
	return mailin_extension_name((enum mailin_extension)number);
}

static const char *
mechanism_name(int number)
{
	return mailin_mechanism_name((enum mailin_mechanism)number);
}

/* The guide has a row for each extension that is off by default.  The row
 * begins with one or more extensions, and may have a remark in parentheses. */
START_TEST(the_guide_has_each_extension_that_is_off)
{
	struct mailin_config *config = mailin_config_new("mx.example.org");
	unsigned found[MAILIN_EXTENSION_COUNT] = { 0 };
	char *row, *word, *rest;
	int i;

	ck_assert_ptr_nonnull(config);
	(void)read_table("\n| extension |");
	for (row = text; row[1] == '|'; row = strchr(row + 1, '\n')) {
		char cell[256];

		snprintf(cell, sizeof cell, "%.*s", (int)strcspn(row + 2, "|("),
		    row + 2);
		for (word = strtok_r(cell, " ", &rest); word != NULL;
		     word = strtok_r(NULL, " ", &rest)) {
			for (i = 0; i < MAILIN_EXTENSION_COUNT &&
			     strcmp(word, extension_name(i)) != 0;
			     i++)
				;
			ck_assert_msg(i < MAILIN_EXTENSION_COUNT,
			    "the guide has an extension %s", word);
			found[i]++;
		}
	}
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++) {
		bool on = mailin_config_extension(config,
		    (enum mailin_extension)i);

		ck_assert_msg(found[i] == (on ? 0 : 1),
		    "%s is in %u rows of the guide", extension_name(i),
		    found[i]);
	}
	mailin_config_free(config);
}
END_TEST

/* Replace each line end in a comment, with the blanks and the asterisk of the
 * next line, by one blank. */
static void
join_lines(void)
{
	char *from = text, *to = text;

	while (*from != '\0') {
		if (*from != '\n') {
			*to++ = *from++;
			continue;
		}
		*to++ = ' ';
		from += strspn(from, "\n\t *");
	}
	*to = '\0';
}

/* Returns the names of these numbers, such as "A, B and C". */
static const char *
list(const char *(*name_of)(int number), const int *numbers, size_t count)
{
	static char all[256];
	size_t i;

	all[0] = '\0';
	for (i = 0; i < count; i++)
		snprintf(all + strlen(all), 64, "%s%s",
		    i == 0             ? "" :
			i + 1 == count ? " and " :
					 ", ",
		    name_of(numbers[i]));
	return all;
}

/* Fail unless the file has the sentence, however its lines are broken. */
static void
expect_sentence(const char *file, const char *sentence)
{
	text = document_read(file);
	join_lines();
	ck_assert_msg(strstr(text, sentence) != NULL, "%s lacks: %s", file,
	    sentence);
}

/* The guide and the header name the extensions that are on by default.  The
 * guide also names all mechanisms of the library. */
START_TEST(the_manual_lists_extensions_and_mechanisms)
{
	struct mailin_config *config = mailin_config_new("mx.example.org");
	int numbers[MAILIN_EXTENSION_COUNT];
	size_t count = 0;
	char sentence[512];
	int i;

	ck_assert_ptr_nonnull(config);
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		if (mailin_config_extension(config, (enum mailin_extension)i))
			numbers[count++] = i;
	snprintf(sentence, sizeof sentence, "%s are on by default",
	    list(extension_name, numbers, count));
	expect_sentence("doc/guide.md", sentence);
	snprintf(sentence, sizeof sentence, "On by default: %s,",
	    list(extension_name, numbers, count));
	expect_sentence("include/mailin/config.h", sentence);
	for (i = 0; i < MAILIN_MECHANISM_COUNT; i++) {
		ck_assert(
		    !mailin_config_mechanism(config, (enum mailin_mechanism)i));
		numbers[i] = i;
	}
	snprintf(sentence, sizeof sentence, "exchange of %s.",
	    list(mechanism_name, numbers, MAILIN_MECHANISM_COUNT));
	expect_sentence("doc/guide.md", sentence);
	mailin_config_free(config);
}
END_TEST

START_TEST(the_guide_has_each_reply_with_its_text)
{
	char expected[256];
	size_t rows = read_table("\n| reply | the client gets |"), found = 0;
	int i;

	for (i = 0; i < MAILIN_REPLY_COUNT; i++) {
		enum mailin_reply reply = (enum mailin_reply)i;
		const char *enhanced = mailin_reply_enhanced(reply);
		const char *words = mailin_reply_text(reply);

		if (mailin_reply_code(reply) == 0)
			continue;
		snprintf(expected, sizeof expected, "\n| `%s` | `%d%s%s%s%s` |",
		    mailin_reply_name(reply), mailin_reply_code(reply),
		    *enhanced != '\0' ? " " : "", enhanced,
		    *words != '\0' ? " " : "", words);
		(void)find_row(expected);
		found++;
	}
	ck_assert_uint_eq(found, rows);
}
END_TEST

/* ---- Replies ------------------------------------------------------------- */

/* The comment of each reply begins with its code and enhanced code, and says
 * if the session ends after it (421 and 521). */
START_TEST(the_header_has_the_code_of_each_reply)
{
	const char *at;
	char name[64], enhanced[16], expected[16];
	int number, code;

	text = document_read("include/mailin/reply.h");
	at = text;
	for (number = 0; number < MAILIN_REPLY_COUNT; number++) {
		enum mailin_reply reply = (enum mailin_reply)number;

		at = document_next_enumerator(at, "MAILIN_REPLY_", name);
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
	ck_assert_ptr_nonnull(
	    document_next_enumerator(at, "MAILIN_REPLY_", name));
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

	text = document_read("doc/guide.md");
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
		the_guide_has_each_policy_with_its_values,
		the_guide_has_each_limit_with_its_bounds,
		the_guide_has_each_extension_that_is_off,
		the_manual_lists_extensions_and_mechanisms,
		the_guide_has_each_reply_with_its_text,
		the_header_has_the_code_of_each_reply,
		the_guide_names_no_other_reply,
	};

	return suite_run("manual", tests, ROWS(tests));
}

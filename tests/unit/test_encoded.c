/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests encoded values: the grammar accepts exactly what the codecs decode,
 * except for octets that must not get into a log (threats V23, V24, V33;
 * property 33). */
#include <stdio.h>
#include <string.h>

#include "support/suite.h"

/* Parse "begin", "value" and "end", joined to one line.  Returns true if the
 * line is accepted. */
static bool
is_accepted(const char *begin, const char *value, size_t len, const char *end)
{
	size_t begin_len = strlen(begin), end_len = strlen(end);
	size_t line_len = begin_len + len + end_len + 2;
	struct mailin_command command;
	char line[128];

	memcpy(line, begin, begin_len);
	memcpy(line + begin_len, value, len);
	memcpy(line + begin_len + len, end, end_len);
	memcpy(line + line_len - 2, "\r\n", 2);
	return mailin_command_parse(&command, line, line_len) == line_len &&
	    command.error == MAILIN_REPLY_OK;
}

static const struct {
	const char *begin, *end;
	bool any_case;  /* digits of xtext may be in lower case */
	bool eight_bit; /* octets above 127 are allowed */
} xtext_places[] = {
	{ "MAIL FROM:<> ENVID=a", "", false, false },
	{ "RCPT TO:<a@b> ORCPT=rfc822;a", "", false, false },
	{ "XCLIENT NAME=a", "", false, false },
	{ "XFORWARD HELO=a", "", false, false },
	{ "MAIL FROM:<> AUTH=\"a", "\"@b", true, true },
};

/* Try "+" with all pairs of octets after it (threats V23 and V24). */
START_TEST(xtext_decodes_to_printable_octets_from_upper_case_digits)
{
	size_t place, i;

	for (place = 0; place < ROWS(xtext_places); place++)
		for (i = 0; i < 0x10000; i += suite_stride(61)) {
			char value[3] = { '+', (char)(i >> 8), (char)i };
			struct mailin_span text = { value, 3 };
			char out[4] = { 0 };
			size_t len;
			bool good = mailin_xtext_decode(text,
					xtext_places[place].any_case, out,
					&len) == MAILIN_OK &&
			    len == 1 && out[0] >= 0x20 && out[0] <= 0x7e;

			/* Inside quotes, these two octets have a special
			 * meaning. */
			if (xtext_places[place].eight_bit &&
			    (out[0] == '"' || out[0] == '\\'))
				continue;
			if (is_accepted(xtext_places[place].begin, value, 3,
				xtext_places[place].end) != good)
				ck_abort_msg("%s%s", xtext_places[place].begin,
				    suite_quote(text));
		}
}
END_TEST

static const struct {
	const char *begin, *end;
} base64_places[] = {
	{ "AUTH PLAIN ", "" },
	{ "AUTH PLAIN AAAA", "" },
	{ "MAIL FROM:<> MTRK=", "" },
	{ "MAIL FROM:<> MTRK=AAAA", ":1" },
};

static void
check_group(const char *group)
{
	struct mailin_span text = { group, 4 };
	char out[3];
	size_t len, i;
	bool good = mailin_base64_decode(text, out, &len) == MAILIN_OK;

	/* A blank, a tab or a colon ends the value, and the octets before it
	 * may be valid. */
	if (memchr(group, ' ', 4) != NULL || memchr(group, '\t', 4) != NULL ||
	    memchr(group, ':', 4) != NULL)
		return;
	for (i = 0; i < ROWS(base64_places); i++)
		if (is_accepted(base64_places[i].begin, group, 4,
			base64_places[i].end) != good)
			ck_abort_msg("%s%s", base64_places[i].begin,
			    suite_quote(text));
}

/* Try all pairs of octets, in each pair of neighbouring places of a group
 * (threat V33). */
START_TEST(base64_is_accepted_if_it_decodes)
{
	static const char groups[][5] = { "AAAA", "wwww",
		"AAA=", "AAw=", "AA==", "Aw==", "====" };
	size_t i, place, pair;
	char group[4];

	for (i = 0; i < ROWS(groups); i++)
		for (place = 0; place < 3; place++)
			for (pair = 0; pair < 0x10000;
			     pair += suite_stride(61)) {
				memcpy(group, groups[i], 4);
				group[place] = (char)(pair >> 8);
				group[place + 1] = (char)pair;
				check_group(group);
			}
}
END_TEST

static void
check_code_point(const char *digits)
{
	char value[192], out[192];
	size_t out_len, len = (size_t)sprintf(value, "\\x{%s}", digits);
	bool good = mailin_utf8_address_decode(
			(struct mailin_span){ value, len }, out, &out_len) ==
	    MAILIN_OK;

	if (is_accepted("RCPT TO:<a@b> ORCPT=utf-8;", value, len, "") != good)
		ck_abort_msg("%s", value);
}

/* Try all numbers of up to four digits, and the bounds of longer ones (RFC 6533
 * 3). */
START_TEST(code_points_are_accepted_if_they_decode)
{
	static const char widths[][8] = { "%X", "%02x", "%03X", "%04x" };
	static const char longer[][9] = { "00000", "0E900", "10000", "1F600",
		"FFFFF", "D8000", "DFFFF", "0FFFFF", "100000", "10FFFF",
		"10ffff", "110000", "1FFFFF", "200000", "FFFFFF", "10FFFFF",
		"1000000", "010FFFF" };
	unsigned code, width;
	char digits[16];
	size_t i;

	for (code = 0; code < 0x10000; code += (unsigned)suite_stride(61))
		for (width = 0; width < ROWS(widths); width++) {
			sprintf(digits, widths[width], code);
			check_code_point(digits);
		}
	for (i = 0; i < ROWS(longer); i++)
		check_code_point(longer[i]);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		xtext_decodes_to_printable_octets_from_upper_case_digits,
		base64_is_accepted_if_it_decodes,
		code_points_are_accepted_if_they_decode,
	};

	return suite_run("encoded", tests, ROWS(tests));
}

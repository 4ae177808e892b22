/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "reply/encode.h"

#include "octet/ascii.h"
#include "octet/span.h"
#include "octet/word.h"

#define MARK 3 /* offset of the "-" after the code */

static bool
put_word(const char *text, char *out)
{
	if (!word_is_print(word_load((const unsigned char *)text)))
		return false;
	memcpy(out, text, 8);
	return true;
}

static void
put_text(const char *text, size_t len, char *out)
{
	size_t i = 0;

	while (len - i >= 8 && put_word(text + i, out + i))
		i += 8;
	/* The last eight octets may overlap those before them. */
	if (len >= 8 && len - i < 8 && put_word(text + len - 8, out + len - 8))
		return;
	for (; i < len; i++)
		out[i] = ascii_is_print(text[i]) ? text[i] : '?';
}

void
mailin_lines_begin(struct mailin_lines *lines, int code, const char *enhanced,
    char *out)
{
	char *prefix = lines->prefix;

	lines->out = out;
	lines->len = lines->last = 0;
	prefix[0] = (char)('0' + code / 100);
	prefix[1] = (char)('0' + code / 10 % 10);
	prefix[2] = (char)('0' + code % 10);
	prefix[MARK] = '-';
	lines->prefix_len = MARK + 1;
	if (enhanced[0] != '\0') {
		size_t len = strlen(enhanced);

		memcpy(prefix + MARK + 1, enhanced, len);
		prefix[MARK + 1 + len] = ' ';
		lines->prefix_len += len + 1;
	}
}

static size_t
text_most(const struct mailin_lines *lines)
{
	return REPLY_LINE_ROOM - lines->prefix_len - 2;
}

/* Add one line, in which the text must fit. */
static void
put_line(struct mailin_lines *lines, const char *text, size_t len)
{
	if (!mailin_lines_open(lines))
		return;
	put_text(text, len, lines->out + lines->len);
	lines->len += len;
	mailin_lines_close(lines);
}

/* Add the text as one line, or as several if it is too long for one. */
static void
add_line(struct mailin_lines *lines, struct mailin_span text)
{
	while (text.len > text_most(lines)) {
		put_line(lines, text.ptr, text_most(lines));
		text.ptr += text_most(lines);
		text.len -= text_most(lines);
	}
	put_line(lines, text.ptr, text.len);
}

void
mailin_lines_add_each(struct mailin_lines *lines, struct mailin_span text)
{
	struct mailin_span line;

	do {
		(void)mailin_span_cut(&text, '\n', &line);
		add_line(lines, line);
	} while (text.len > 0);
}

size_t
mailin_lines_end(struct mailin_lines *lines)
{
	lines->out[lines->last + MARK] = ' ';
	return lines->len;
}

size_t
mailin_reply_encode(int code, const char *enhanced, struct mailin_span text,
    char *out)
{
	struct mailin_lines lines;

	mailin_lines_begin(&lines, code, enhanced, out);
	mailin_lines_add_each(&lines, text);
	return mailin_lines_end(&lines);
}

/* Skip "." and one to three digits without a leading zero (RFC 3463 2).
 * Returns "?" if they are not there. */
static const char *
skip_number(const char *p)
{
	int count = 0;

	if (*p++ != '.' || (p[0] == '0' && p[1] >= '0' && p[1] <= '9'))
		return "?";
	for (; *p >= '0' && *p <= '9' && count < 3; p++)
		count++;
	return count > 0 ? p : "?";
}

bool
mailin_enhanced_valid(const char *enhanced, int code)
{
	char class = (char)('0' + code / 100);

	if (enhanced[0] != class ||
	    (class != '2' && class != '4' && class != '5'))
		return false;
	return *skip_number(skip_number(enhanced + 1)) == '\0';
}

enum mailin_reply
mailin_reply_of_class(int code)
{
	switch (code / 100) {
	case 2:
	case 3:
		return MAILIN_REPLY_OK;
	case 5:
		return MAILIN_REPLY_FAILED;
	default:
		return MAILIN_REPLY_INTERNAL_ERROR;
	}
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "encode.h"

#include "ascii.h"
#include "word.h"

#define LINE_ROOM 512 /* RFC 5321 4.5.3.1.5, CR LF included */

/* "250-2.1.0 " or "250 2.1.0 " */
static size_t
put_codes(int code, const char *enhanced, bool last, char *out)
{
	size_t len = strlen(enhanced);

	out[0] = (char)('0' + code / 100);
	out[1] = (char)('0' + code / 10 % 10);
	out[2] = (char)('0' + code % 10);
	out[3] = last ? ' ' : '-';
	if (len == 0)
		return 4;
	memcpy(out + 4, enhanced, len);
	out[4 + len] = ' ';
	return 4 + len + 1;
}

static void
put_text(const char *text, size_t len, char *out)
{
	size_t i = 0;

	for (; len - i >= 8 && word_is_print(word_load(
	    (const unsigned char *)text + i)); i += 8)
		memcpy(out + i, text + i, 8);
	for (; i < len; i++)
		out[i] = ascii_is_print(text[i]) ? text[i] : '?';
}

size_t
mailin_reply_encode(int code, const char *enhanced, struct mailin_span text,
    char *out)
{
	size_t prefix = strlen(enhanced) > 0 ? 4 + strlen(enhanced) + 1 : 4;
	size_t most = LINE_ROOM - 2 - prefix, used = 0;
	bool last;

	if (text.len == 0)
		text.ptr = "";
	do {
		const char *end = text.len > 0
		    ? memchr(text.ptr, '\n', text.len) : NULL;
		size_t len = end != NULL ? (size_t)(end - text.ptr) : text.len;
		size_t skip = end != NULL;

		if (len > most) {
			len = most;
			skip = 0;
		}
		last = len + skip == text.len ||
		    used + 2 * LINE_ROOM > REPLY_ROOM;
		used += put_codes(code, enhanced, last, out + used);
		put_text(text.ptr, len, out + used);
		used += len;
		out[used++] = '\r';
		out[used++] = '\n';
		text.ptr += len + skip;
		text.len -= len + skip;
	} while (!last);
	return used;
}

/* Read "." and one to three digits, without a leading zero (RFC 3463 2). */
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

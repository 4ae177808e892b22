/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transcript/transcript.h"

void
text_free(struct text *text)
{
	free(text->octets);
	*text = (struct text){ NULL, 0 };
}

/* Append octets.  A NUL follows them, for callers that use the text as a C
 * string. */
void
text_add(struct text *text, const char *octets, size_t len)
{
	text->octets = realloc(text->octets, text->len + len + 1);
	if (text->octets == NULL)
		abort();
	if (len > 0)
		memcpy(text->octets + text->len, octets, len);
	text->len += len;
	text->octets[text->len] = '\0';
}

void
text_add_string(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void
text_add_span(struct text *text, struct mailin_span span)
{
	text_add(text, span.ptr, span.len);
}

void
text_drop(struct text *text, size_t len)
{
	text->len -= len;
	if (text->len > 0)
		memmove(text->octets, text->octets + len, text->len);
}

bool
text_equal(const struct text *text, const struct text *other)
{
	return text->len == other->len &&
	    (text->len == 0 ||
		memcmp(text->octets, other->octets, text->len) == 0);
}

static int
hex_value(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = digit != '\0' ? strchr(digits, digit) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* Read "\{text*count}", which repeats text.  Returns the position after it. */
static const char *
read_repeat(struct text *text, const char *p)
{
	const char *star = strchr(p, '*');
	char *end, *part;
	struct text what = { NULL, 0 };
	unsigned long count;

	if (star == NULL)
		return NULL;
	part = strndup(p, (size_t)(star - p));
	count = strtoul(star + 1, &end, 10);
	if (*end != '}' || !text_read(&what, part))
		end = NULL;
	for (; end != NULL && count > 0; count--)
		text_add(text, what.octets, what.len);
	free(part);
	text_free(&what);
	return end != NULL ? end + 1 : NULL;
}

/* Read an escape, whose backslash has been read. */
static const char *
read_escape(struct text *text, const char *p)
{
	static const char names[] = "rn0\\", values[] = "\r\n\0\\";
	const char *at = *p != '\0' ? strchr(names, *p) : NULL;
	char octet;

	if (*p == '{')
		return read_repeat(text, p + 1);
	if (*p == 'x' && hex_value(p[1]) >= 0 && hex_value(p[2]) >= 0) {
		octet = (char)(hex_value(p[1]) << 4 | hex_value(p[2]));
		text_add(text, &octet, 1);
		return p + 3;
	}
	if (at == NULL)
		return NULL;
	text_add(text, values + (at - names), 1);
	return p + 1;
}

bool
text_read(struct text *text, const char *written)
{
	text_add(text, "", 0);
	while (*written != '\0') {
		size_t plain = strcspn(written, "\\");

		text_add(text, written, plain);
		written += plain;
		if (*written == '\\')
			written = read_escape(text, written + 1);
		if (written == NULL)
			return false;
	}
	return true;
}

const char *
text_show(const char *octets, size_t len)
{
	static char rooms[2][2048];
	static int turn;
	char *out = rooms[turn++ % 2];
	size_t i, used = 0;

	for (i = 0; i < len && used < sizeof rooms[0] - 8; i++) {
		unsigned char octet = (unsigned char)octets[i];

		if (octet == '\r' || octet == '\n')
			used += (size_t)sprintf(out + used,
			    octet == '\r' ? "\\r" : "\\n");
		else
			used += (size_t)sprintf(out + used,
			    octet < 0x20 || octet > 0x7e ? "\\x%02x" : "%c",
			    octet);
	}
	strcpy(out + used, i < len ? "..." : "");
	return out;
}

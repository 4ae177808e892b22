/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "playground.h"

void
text_clear(struct text *text)
{
	text->len = 0;
	if (text->octets != NULL)
		text->octets[0] = '\0';
}

/* Make room for len more octets and a NUL.  Returns false if there is no
 * memory. */
static bool
text_reserve(struct text *text, size_t len)
{
	size_t room = text->room > 0 ? text->room : 4096;
	char *octets;

	if (len > TEXT_MOST || text->len > TEXT_MOST - len)
		return false;
	while (room < text->len + len + 1)
		room *= 2;
	if (room == text->room)
		return true;
	octets = realloc(text->octets, room);
	if (octets == NULL)
		return false;
	text->octets = octets;
	text->room = room;
	return true;
}

void
text_add(struct text *text, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0 || !text_reserve(text, (size_t)len))
		return;
	va_start(args, format);
	vsnprintf(text->octets + text->len, (size_t)len + 1, format, args);
	va_end(args);
	text->len += (size_t)len;
}

static void
text_add_octet(struct text *text, unsigned char octet)
{
	switch (octet) {
	case '\r':
		text_add(text, "\\r");
		break;
	case '\n':
		text_add(text, "\\n");
		break;
	case '\\':
		text_add(text, "\\\\");
		break;
	case '\0':
		text_add(text, "\\0");
		break;
	default:
		text_add(text, octet < ' ' || octet > '~' ? "\\x%02x" : "%c",
		    octet);
	}
}

void
text_add_span(struct text *text, struct mailin_span span)
{
	size_t i;

	for (i = 0; i < span.len && text->len < TEXT_MOST; i++)
		text_add_octet(text, (unsigned char)span.ptr[i]);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/span.h>

#include "octet/ascii.h"
#include "octet/span.h"

struct mailin_span
mailin_span_of(const char *text)
{
	return (struct mailin_span){ text, text != NULL ? strlen(text) : 0 };
}

bool
mailin_span_equal(struct mailin_span span, const char *text)
{
	return text != NULL && is_span_sound(span) &&
	    span.len == strlen(text) &&
	    (span.len == 0 || memcmp(span.ptr, text, span.len) == 0);
}

bool
mailin_span_iequal(struct mailin_span span, const char *text)
{
	size_t i;

	if (text == NULL || !is_span_sound(span))
		return false;
	for (i = 0; i < span.len; i++)
		if (text[i] == '\0' ||
		    ascii_upper(span.ptr[i]) != ascii_upper(text[i]))
			return false;
	return text[span.len] == '\0';
}

bool
mailin_span_iequal_span(struct mailin_span a, struct mailin_span b)
{
	size_t i;

	if (a.len != b.len || !is_span_sound(a) || !is_span_sound(b))
		return false;
	for (i = 0; i < a.len; i++)
		if (ascii_upper(a.ptr[i]) != ascii_upper(b.ptr[i]))
			return false;
	return true;
}

bool
mailin_span_cut(struct mailin_span *text, char separator,
    struct mailin_span *head)
{
	const char *end;
	size_t used;

	*head = *text;
	if (text->len == 0)
		return false;
	end = memchr(text->ptr, separator, text->len);
	used = end != NULL ? (size_t)(end - text->ptr) + 1 : text->len;
	*head = (struct mailin_span){ text->ptr, used - (end != NULL) };
	text->ptr += used;
	text->len -= used;
	return end != NULL;
}

bool
mailin_span_cut_prefix(struct mailin_span *text, const char *prefix)
{
	struct mailin_span head = { text->ptr, strlen(prefix) };

	if (text->len < head.len || !mailin_span_iequal(head, prefix))
		return false;
	text->ptr += head.len;
	text->len -= head.len;
	return true;
}

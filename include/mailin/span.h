/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SPAN_H
#define MAILIN_SPAN_H

#include <stdbool.h>
#include <stddef.h>

#include <mailin/export.h>

/*
 * A span is a piece of somebody else's memory: a pointer and a length.  The
 * octets of a peer are never NUL-terminated, and never copied to make them so.
 * An absent span has ptr == NULL and len == 0; a present but empty one has a
 * pointer.  Each function that returns a span says how long its memory lives.
 */
struct mailin_span {
	const char *ptr;
	size_t len;
};

/* Returns the span of a NUL-terminated text, which lives as long as the text;
 * an absent span if text is NULL. */
MAILIN_EXPORT struct mailin_span mailin_span_of(const char *text);

/* True if the octets are exactly those of text.  False also if text is NULL, or
 * if span has a length but no pointer. */
MAILIN_EXPORT bool mailin_span_equal(struct mailin_span span, const char *text);

/*
 * True if the octets are those of text, where the case of A-Z and a-z does not
 * matter, and that of other letters does (no locale, no Unicode).  False also
 * if text is NULL, or if span has a length but no pointer.  Use it for verbs,
 * keywords and domains; a local part may be case-sensitive (RFC 5321 2.4).
 */
MAILIN_EXPORT bool mailin_span_iequal(struct mailin_span span,
    const char *text);

/* True if both spans have the same octets, where the case of A-Z and a-z does
 * not matter.  False also if one has a length but no pointer. */
MAILIN_EXPORT bool mailin_span_iequal_span(struct mailin_span a,
    struct mailin_span b);

#endif

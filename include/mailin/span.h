/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SPAN_H
#define MAILIN_SPAN_H

#include <stdbool.h>
#include <stddef.h>

#include <mailin/export.h>

/*
 * A span is a part of somebody else's memory: a pointer and a length.  Octets
 * of a client do not end with a NUL, and are not copied to add one.  An absent
 * span has ptr == NULL and len == 0; a present but empty span has a pointer.
 * Each function that returns a span says how long its memory lives.
 */
struct mailin_span {
	const char *ptr;
	size_t len;
};

/* Returns the span of a text that ends with a NUL; it lives as long as the
 * text.  Returns an absent span if text is NULL. */
MAILIN_EXPORT struct mailin_span mailin_span_of(const char *text);

/* Returns true if the octets are exactly those of text.  Returns false also if
 * text is NULL, or if span has a length but no pointer. */
MAILIN_EXPORT bool mailin_span_equal(struct mailin_span span, const char *text);

/*
 * Returns true if the octets are those of text in any case.  Case means A-Z
 * and a-z, not other letters (no locale, no Unicode).  Returns false also if
 * text is NULL, or if span has a length but no pointer.  Use it for verbs,
 * keywords and domains, but not for local parts, which may be case-sensitive
 * (RFC 5321 2.4).
 */
MAILIN_EXPORT bool mailin_span_iequal(struct mailin_span span,
    const char *text);

/* Returns true if both spans have the same octets, with A-Z and a-z in any
 * case.  Returns false also if one has a length but no pointer. */
MAILIN_EXPORT bool mailin_span_iequal_span(struct mailin_span a,
    struct mailin_span b);

#endif

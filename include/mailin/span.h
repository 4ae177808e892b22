/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SPAN_H
#define MAILIN_SPAN_H

#include <stdbool.h>
#include <stddef.h>

#include <mailin/export.h>

/*
 * A span is a piece of somebody else's memory: a pointer and a length.  What a
 * peer sent is never NUL-terminated and is never copied to make it so.  An
 * absent span has ptr == NULL and len == 0; a present but empty one has a
 * pointer.  How long the memory lives is said where the span is given out.
 */
struct mailin_span {
	const char *ptr;
	size_t len;
};

/* The span of a NUL-terminated text; it lives as long as the text.  NULL gives
 * an absent one. */
MAILIN_EXPORT struct mailin_span mailin_span_of(const char *text);

/* True if the octets are exactly those of text. */
MAILIN_EXPORT bool mailin_span_equal(struct mailin_span span, const char *text);

/*
 * True if the octets are those of text, where A-Z and a-z are alike and nothing
 * else is (no locale, no Unicode).
 * Right for verbs, keywords and domains; a local part may be case-sensitive
 * (RFC 5321 2.4).
 */
MAILIN_EXPORT bool mailin_span_iequal(struct mailin_span span,
    const char *text);

/* True if both have the same octets, A-Z and a-z alike. */
MAILIN_EXPORT bool mailin_span_iequal_span(struct mailin_span a,
    struct mailin_span b);

#endif

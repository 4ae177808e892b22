/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef PLAYGROUND_H
#define PLAYGROUND_H

#include <stdbool.h>
#include <stddef.h>

#include <mailin.h>

/* The functions that the page calls. */
#define EXPORT(name) __attribute__((export_name(#name)))

/*
 * Text for the page: lines that end in LF.  The text ends with a NUL, so it can
 * be returned to the page.  Octets that are not printable ASCII are written as
 * in transcripts: \r \n \0 \\ \xNN.
 */
struct text {
	char *octets;
	size_t len;
	size_t room;
};

/* The highest length of a text.  Octets after this length are left out. */
#define TEXT_MOST ((size_t)1 << 20)

void text_clear(struct text *text);

/* Append formatted text, as printf does.  No octet is escaped. */
void text_add(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Append octets; those that are not printable are escaped. */
void text_add_span(struct text *text, struct mailin_span span);

/* The callbacks.  Each appends a line to events, in the form of a line in a
 * transcript. */
extern const struct mailin_handler handler;
extern struct text events;

/* The reply of each decision that the page can choose. */
enum choice {
	CHOICE_MAIL,
	CHOICE_RCPT,
	CHOICE_DATA_END,
	CHOICE_COUNT
};
extern enum mailin_reply choices[CHOICE_COUNT];

#endif

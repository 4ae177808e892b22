/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RECORD_H
#define MAILIN_SERVER_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <mailin/span.h>

#include "log/stamp.h"

/* The longest line.  A write of so many octets to a pipe is not mixed with
 * those of other processes (PIPE_BUF on Linux). */
#define RECORD_SIZE 4096

/*
 * A line of the log that is being made of fields (logfmt).  A field for which
 * there is no room is left out as a whole, and the line then ends in cut=1.
 */
struct record {
	size_t len;
	bool cut;
	bool is_empty; /* it has no field yet */
	char text[RECORD_SIZE];
};

/* Begin a line with its stamp and event=name.  With NULL it has no event:
 * record_message comes first. */
void record_begin(struct record *record, enum log_level level,
    const char *event);

/* Begin fields that are no line yet. */
void record_begin_fields(struct record *record);

/*
 * Add " name=value".  All but printable ASCII is written as \xNN, and so are
 * blanks, quotes, "=" and "\".  So a value is one word, and no octet that a
 * client has sent can forge a field or a line, or control a terminal.
 */
void record_field(struct record *record, const char *name,
    struct mailin_span value);
void record_text_field(struct record *record, const char *name,
    const char *value);
void record_number(struct record *record, const char *name, uint64_t value);

/* Add " name=value" with a value in milliseconds, written as seconds. */
void record_seconds(struct record *record, const char *name,
    uint64_t milliseconds);

/* Add one more value to a field: begin it with record_field, and add the others
 * with this function, separated by a comma.  A comma in a value is escaped.
 * Returns false, and adds nothing, if the value would take the field beyond
 * most octets of the line. */
bool record_more(struct record *record, struct mailin_span value, size_t most);

/* Add fields that another record has collected. */
void record_fields(struct record *record, const char *fields);

/* Add msg="text": a text of the server's own, in quotes. */
void record_message(struct record *record, const char *text);

/* End the line. */
void record_end(struct record *record);

#endif

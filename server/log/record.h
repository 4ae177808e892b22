/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RECORD_H
#define MAILIN_SERVER_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <mailin/span.h>

#include "log/stamp.h"

/* The size of the longest line.  A write of up to this many octets to a pipe is
 * not mixed with the writes of other processes (PIPE_BUF on Linux). */
#define RECORD_SIZE 4096

/* The maximum length of a value that a client has chosen, in octets of the log.
 * Three such values and the other fields fit in a line. */
#define RECORD_VALUE 1024

/*
 * A line of the log, made of fields (logfmt).  A field for which there is no
 * room is left out as a whole; the line then ends in cut=1, as after a value
 * that was cut.
 */
struct record {
	size_t len;
	bool cut;
	bool is_empty; /* there is no field yet */
	char text[RECORD_SIZE];
};

/* Begin a line with its stamp and event=name.  If event is NULL, the line has
 * no event, and the caller adds a message next (record_message). */
void record_begin(struct record *record, enum log_level level,
    const char *event);

/* Begin a list of fields, without a stamp, for record_fields to add to a
 * line. */
void record_begin_fields(struct record *record);

/*
 * Add " name=value".  An octet of the value that is not printable ASCII is
 * written as \xNN, and so is a blank, a quote, "=" or "\".  So a value is one
 * word, and no octet that a client has sent can forge a field or a line, or
 * control a terminal.
 */
void record_field(struct record *record, const char *name,
    struct mailin_span value);
void record_text_field(struct record *record, const char *name,
    const char *value);
void record_number(struct record *record, const char *name, uint64_t value);

/* Add " name=value" with a value in milliseconds, written as seconds. */
void record_seconds(struct record *record, const char *name,
    uint64_t milliseconds);

/* Like record_field, but for a value that a client has chosen: at most
 * RECORD_VALUE octets of it are written.  So a client cannot fill the line with
 * one value, to keep the fields after it out of the log.  If a value is cut,
 * the line ends in cut=1. */
void record_given_field(struct record *record, const char *name,
    struct mailin_span value);

/* Add one more value to the last field, after a comma.  The first value of a
 * field is added by record_field.  A comma in a value is escaped.  Returns
 * false, and adds nothing, if the line would then have more than "most"
 * octets. */
bool record_more(struct record *record, struct mailin_span value, size_t most);

/* Add the fields of another record; cut tells whether some were left out of it.
 * If there is no room for all of them, the first ones are added. */
void record_fields(struct record *record, const char *fields, bool cut);

/* Add msg="text", where text is one of the server's own messages. */
void record_message(struct record *record, const char *text);

/* End the line. */
void record_end(struct record *record);

#endif

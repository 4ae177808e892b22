/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CLIENT_QUEUE_H
#define MAILIN_SRC_CLIENT_QUEUE_H

#include "client/data.h"

/* A command line that is written piece by piece, in the free room after the
 * output.  It becomes output only if mailin_client_queue succeeds. */
struct client_line {
	char *octets;
	size_t len;
	bool is_over; /* more than COMMAND_LINE_ROOM octets were put */
};

void mailin_client_put(struct client_line *line, struct mailin_span octets);
void mailin_client_put_text(struct client_line *line, const char *text);
void mailin_client_put_number(struct client_line *line, uint64_t number);

/* Put a parameter's value, if the parameter has a value.  The value is taken
 * from its typed member of the struct.  If the member is malformed, the
 * tokenizer refuses the line later. */
void mailin_client_put_mail_value(struct client_line *line,
    const struct mailin_mail *mail, enum mailin_parameter parameter);
void mailin_client_put_rcpt_value(struct client_line *line,
    const struct mailin_rcpt *rcpt, enum mailin_parameter parameter);

/*
 * Check whether the state allows the command of a step now, and begin its line.
 * STATE: the state does not allow the command.  WAIT: a reply must come, or
 * output must be sent, first.
 */
enum mailin_error mailin_client_begin(struct mailin_client *client,
    enum mailin_client_step step, struct client_line *line);

/* Begin another line of the step for which mailin_client_begin() was called.
 * All lines of the step together have at most COMMAND_LINE_ROOM octets. */
void mailin_client_begin_line(struct mailin_client *client,
    enum mailin_client_step step, struct client_line *line);

/* Add CR LF to the line, put the line into the output, and await a reply to it.
 * The caller has checked that the line is not too long. */
void mailin_client_queue(struct mailin_client *client,
    enum mailin_client_step step, struct client_line *line);

/* The server is at fault: set the first fault, and drop the output. */
void mailin_client_fail(struct mailin_client *client,
    enum mailin_client_fault fault);

void mailin_client_drop_output(struct mailin_client *client);

#endif

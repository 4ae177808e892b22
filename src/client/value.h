/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CLIENT_VALUE_H
#define MAILIN_SRC_CLIENT_VALUE_H

#include "client/queue.h"

/* Append a parameter's value to the line, if the parameter has a value.  The
 * value is taken from its typed member of the struct.  If the member is
 * malformed, the tokenizer refuses the line later. */
void mailin_client_put_mail_value(struct client_line *line,
    const struct mailin_mail *mail, enum mailin_parameter parameter);
void mailin_client_put_rcpt_value(struct client_line *line,
    const struct mailin_rcpt *rcpt, enum mailin_parameter parameter);

#endif

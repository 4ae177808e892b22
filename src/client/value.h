/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CLIENT_VALUE_H
#define MAILIN_SRC_CLIENT_VALUE_H

#include "client/queue.h"

/* Put the value of a parameter that has one, from its typed member.  If the
 * member is malformed, the tokenizer refuses the value later. */
void mailin_client_put_mail_value(struct client_line *line,
    const struct mailin_mail *mail, enum mailin_parameter parameter);
void mailin_client_put_rcpt_value(struct client_line *line,
    const struct mailin_rcpt *rcpt, enum mailin_parameter parameter);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_SHOW_H
#define EXAMPLES_SHOW_H

#include <mailin.h>

/* The callbacks of a receiver that prints each mail on standard output:
 * envelope, protocol, octets.  It accepts any recipient, because it only prints
 * the mail. */
enum mailin_reply show_rcpt(struct mailin_session *session,
    const struct mailin_rcpt *rcpt, void *user);
enum mailin_reply show_data_start(struct mailin_session *session, void *user);
enum mailin_reply show_data(struct mailin_session *session,
    struct mailin_span octets, void *user);
enum mailin_reply show_data_end(struct mailin_session *session,
    const struct mailin_rcpt *rcpt, void *user);
void show_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user);

#endif

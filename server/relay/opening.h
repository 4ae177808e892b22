/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_OPENING_H
#define MAILIN_SERVER_OPENING_H

#include "relay/link.h"

/*
 * The first steps of a link: greeting, EHLO, and TLS and AUTH if the options
 * ask for them.  With TLS no command but EHLO and STARTTLS goes out in clear.
 * If the options ask for TLS or AUTH and it is impossible, the link fails, so
 * that no mail goes out without it.
 */

/* Call when the socket is connected, and when the TLS handshake is done. */
void opening_connected(struct link *link);

/* Call when the back end has replied to a step. */
void opening_replied(struct link *link,
    const struct mailin_client_reply *reply);

/* Call when all input was read.  If the back end has accepted STARTTLS, TLS
 * begins. */
void opening_read(struct link *link);

#endif

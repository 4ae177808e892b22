/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_TLS_H
#define MAILIN_SRC_SESSION_TLS_H

#include "session/data.h"

/*
 * The 220 to STARTTLS is queued, and the handshake must come next.  RFC 3207
 * 4.2: no octet in clear follows the 220, in either direction.
 */
static inline bool
session_awaits_handshake(const struct mailin_session *session)
{
	return session->state == STATE_TLS;
}

/* Take the 220 back, so that another reply can go in its place.  False if the
 * client may have seen any of it. */
static inline bool
session_take_back_220(struct mailin_session *session)
{
	return mailin_queue_undo(&session->queue, session->tls_reply);
}

#endif

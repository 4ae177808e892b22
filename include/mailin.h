/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_H
#define MAILIN_H

/*
 * libmailin: the server side of SMTP (RFC 5321) and LMTP (RFC 2033) as a
 * library that does no I/O.  The program gives it the octets of a client, and
 * gets back the octets of the replies.  In between, the library calls the
 * program's handler for each decision that it leaves to the program.  This is a
 * whole server:
 *
 *	for (;;) {
 *		while ((out = mailin_session_output(session)).len > 0)
 *			mailin_session_sent(session, write(out.ptr, out.len));
 *		if (mailin_session_want(session) == MAILIN_WANT_CLOSE)
 *			break;
 *		len = read(buffer, sizeof buffer);
 *		mailin_session_feed(session, buffer, len);
 *	}
 *
 * A real program also handles errors and the end of input
 * (mailin_session_abort, mailin_session_eof).  It keeps octets that feed did
 * not read, and offers them again in the next turn.  If its handler returns
 * PENDING, or if it offers STARTTLS, it reads nothing while
 * mailin_session_want is DECISION or TLS.
 *
 * Who owns what.  A config and a handler belong to the program.  Each may
 * serve any number of sessions in any number of threads.  It must outlive
 * them, and must not change during that time.  One thread at a time may use a
 * session.  A span that a callback gets lives until the callback returns.  A
 * span that a query returns lives until the next call that is not a query.  A
 * pointer to a config, session or handler must not be NULL, except where a
 * call allows it.
 *
 * What never happens.  The library makes no system call, reads no clock, file
 * or environment, prints nothing, has no global state, and never calls abort
 * or exit.  Whatever a client sends, the library uses no more memory than the
 * limits of the config allow, and time in proportion to the octets that were
 * sent.
 */

#include <mailin/address.h>  /* paths, mailboxes, local parts */
#include <mailin/client.h>   /* the client side, for relaying */
#include <mailin/codec.h>    /* xtext, base64, UTF-8 */
#include <mailin/command.h>  /* the tokenizer */
#include <mailin/config.h>   /* limits, policies, extensions, mechanisms */
#include <mailin/decision.h> /* replies with a text, pending decisions */
#include <mailin/error.h>    /* the error codes of calls */
#include <mailin/handler.h>  /* the callbacks */
#include <mailin/name.h>     /* names of enum values */
#include <mailin/proxy.h>    /* the PROXY protocol */
#include <mailin/query.h>    /* the facts of a session */
#include <mailin/received.h> /* the Received: field */
#include <mailin/reply.h>    /* the standard replies */
#include <mailin/session.h>  /* the session */
#include <mailin/span.h>
#include <mailin/stuff.h> /* dot stuffing for DATA */
#include <mailin/version.h>

#endif

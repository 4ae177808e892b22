/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_H
#define MAILIN_H

/*
 * libmailin: the server side of SMTP (RFC 5321) and LMTP (RFC 2033) as a
 * library that does no I/O.  Octets from a client go in, reply octets come out,
 * and between them the library calls the program's handler wherever a decision
 * is the program's to make.  This is all there is to a server:
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
 * A real program also keeps the octets that feed did not take for the next
 * turn, and handles errors and the end of input (mailin_session_abort,
 * mailin_session_eof).  If its handler returns PENDING, or it offers STARTTLS,
 * it reads nothing while mailin_session_want is DECISION or TLS.
 *
 * Who owns what.  A config and a handler belong to the program.  Each may serve
 * any number of sessions in any number of threads, must outlive them, and must
 * not change meanwhile.  A session belongs to one thread at a time.  Spans that
 * a callback gets live until it returns; spans that a query returns live until
 * the next call that is not a query.  A pointer to a config, session or handler
 * must not be NULL, if the call does not say that it may be.
 *
 * What never happens.  The library makes no system call, reads no clock, file
 * or environment, prints nothing, has no global state, and never calls abort or
 * exit.  Nothing a client sends makes it use more memory than the limits of its
 * config allow, or more time than is linear in what was sent.
 */

#include <mailin/address.h>  /* paths, mailboxes, local parts */
#include <mailin/codec.h>    /* xtext, base64, UTF-8 */
#include <mailin/command.h>  /* the tokenizer */
#include <mailin/config.h>   /* limits, policies, extensions, mechanisms */
#include <mailin/decision.h> /* replies, later decisions */
#include <mailin/error.h>    /* what calls return */
#include <mailin/handler.h>  /* the callbacks */
#include <mailin/name.h>     /* names of values */
#include <mailin/proxy.h>    /* the PROXY protocol */
#include <mailin/query.h>    /* what a session knows */
#include <mailin/received.h> /* the trace of a message */
#include <mailin/reply.h>    /* the standard replies */
#include <mailin/session.h>  /* the session */
#include <mailin/span.h>
#include <mailin/stuff.h> /* messages on their way out */
#include <mailin/version.h>

#endif

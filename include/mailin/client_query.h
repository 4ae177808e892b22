/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_CLIENT_QUERY_H
#define MAILIN_CLIENT_QUERY_H

#include <mailin/client.h>

/* Queries: the facts of a client.  They may be called in every state, and
 * change nothing. */

/* Returns the server's fault, or NONE. */
MAILIN_EXPORT enum mailin_client_fault mailin_client_fault_found(
    const struct mailin_client *client);

/* Returns how many replies are awaited, the greeting included, or 0 if no reply
 * is awaited.  In LMTP a message has one reply for each accepted recipient, and
 * each of them counts. */
MAILIN_EXPORT size_t mailin_client_awaited(const struct mailin_client *client);

/* Returns the step whose reply comes next, or NONE if no reply is awaited. */
MAILIN_EXPORT enum mailin_client_step mailin_client_awaits(
    const struct mailin_client *client);

/* Returns true if the server has accepted EHLO, no transaction is open, no
 * reply is awaited, and there is no fault: the connection may be kept for
 * another message.  Returns false otherwise. */
MAILIN_EXPORT bool mailin_client_ready(const struct mailin_client *client);

/* Returns true if the last reply to EHLO has the keyword of the extension.
 * Returns false also if there is no such extension. */
MAILIN_EXPORT bool mailin_client_offers(const struct mailin_client *client,
    enum mailin_extension extension);

/* Returns true if the last reply to EHLO has AUTH with the mechanism.  Returns
 * false also if there is no such mechanism. */
MAILIN_EXPORT bool mailin_client_offers_mechanism(
    const struct mailin_client *client, enum mailin_mechanism mechanism);

/* Returns true if the last reply to EHLO has AUTH with the mechanism of this
 * name, in any case of letters.  The client does not keep names of more than 20
 * octets (RFC 4422 3.1), and no more than 512 octets of names in all.  Returns
 * false if name is NULL. */
MAILIN_EXPORT bool mailin_client_offers_sasl(const struct mailin_client *client,
    const char *name);

/* Returns true if the last reply to EHLO offers the attribute for the verb: for
 * XCLIENT if verb is MAILIN_VERB_XCLIENT, and for XFORWARD if it is any other
 * verb.  Returns false also if there is no such attribute. */
MAILIN_EXPORT bool mailin_client_offers_attribute(
    const struct mailin_client *client, enum mailin_verb verb,
    enum mailin_attribute attribute);

/*
 * Returns a limit that the last reply to EHLO names: MESSAGE_SIZE (RFC 1870),
 * RECIPIENTS, TRANSACTIONS or RCPT_DOMAINS (RFC 9422).  Returns 0 if the reply
 * does not name the limit, and for all other limits.  The client does not
 * enforce the limits: the server refuses a command that exceeds one of them.
 */
MAILIN_EXPORT uint64_t mailin_client_limit(const struct mailin_client *client,
    enum mailin_limit limit);

#endif

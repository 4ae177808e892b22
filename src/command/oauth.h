/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_OAUTH_H
#define MAILIN_SRC_OAUTH_H

#include <mailin/handler.h>

/*
 * Parse the message that a client sends for a SASL mechanism with bearer tokens
 * (RFC 6750).  The message has been decoded from base64:
 *
 *	XOAUTH2      user=<name> ^A auth=Bearer <token> ^A ^A
 *	OAUTHBEARER  n,a=<name>, ^A host=... ^A auth=Bearer <token> ^A ^A
 *
 * (RFC 7628 3.1; ^A is octet 1.)  Sets credentials->token, and authcid
 * (XOAUTH2) or authzid (OAUTHBEARER), to parts of "octets"; the name is decoded
 * in place.  Returns false if the message is malformed.
 */
bool mailin_oauth_parse(char *octets, size_t len,
    struct mailin_credentials *credentials);

#endif

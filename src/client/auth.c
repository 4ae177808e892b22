/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/codec.h>

#include "client/queue.h"
#include "octet/span.h"
#include "octet/wipe.h"

/* ---- AUTH PLAIN (RFC 4616) ---- */

/* The most octets that user and password have together: with two NULs they
 * become 496 octets of base64, and with "AUTH PLAIN " and CR LF a line of
 * 509. */
#define PLAIN_MOST 370

/* Put the base64 of a NUL, the user, a NUL and the password. */
static void
put_plain(struct client_line *line, const char *user, const char *password)
{
	char plain[PLAIN_MOST + 2];
	size_t user_len = strlen(user), password_len = strlen(password);
	size_t len = user_len + password_len + 2;

	plain[0] = plain[1 + user_len] = '\0';
	memcpy(plain + 1, user, user_len);
	memcpy(plain + 2 + user_len, password, password_len);
	(void)mailin_base64_encode((struct mailin_span){ plain, len },
	    line->octets + line->len, &len);
	line->len += len;
	wipe(plain, sizeof plain);
}

/* RFC 4616 2: authcid and passwd are UTF-8, and have at least one octet. */
static bool
is_credential(const char *text)
{
	return *text != '\0' && mailin_utf8_valid(mailin_span_of(text));
}

enum mailin_error
mailin_client_auth_plain(struct mailin_client *client, const char *user,
    const char *password)
{
	struct client_line line;
	enum mailin_error error;

	if (user == NULL || password == NULL)
		return MAILIN_ERROR_ARGUMENT;
	error = mailin_client_begin(client, MAILIN_CLIENT_AUTH, &line);
	if (error != MAILIN_OK)
		return error;
	if (!mailin_client_offers_mechanism(client, MAILIN_MECHANISM_PLAIN))
		return MAILIN_ERROR_UNOFFERED;
	if (!is_credential(user) || !is_credential(password))
		return MAILIN_ERROR_SYNTAX;
	if (strlen(user) > PLAIN_MOST ||
	    strlen(password) > PLAIN_MOST - strlen(user))
		return MAILIN_ERROR_RANGE;
	mailin_client_put_text(&line, " PLAIN ");
	put_plain(&line, user, password);
	mailin_client_queue(client, MAILIN_CLIENT_AUTH, &line);
	return MAILIN_OK;
}

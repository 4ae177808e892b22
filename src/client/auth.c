/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/codec.h>

#include "client/queue.h"
#include "octet/span.h"
#include "octet/wipe.h"

/* Append octets to the line in base64.  "most" is the maximum length of the
 * line with its CR LF.  If the octets do not fit, nothing is written, because
 * they may be a secret. */
static void
put_base64(struct client_line *line, struct mailin_span octets, size_t most)
{
	size_t len = 0;

	if (octets.len > (most - 2 - line->len) / 4 * 3) {
		line->is_over = true;
		return;
	}
	(void)mailin_base64_encode(octets, line->octets + line->len, &len);
	line->len += len;
}

/* ---- AUTH PLAIN (RFC 4616) ---- */

/* The maximum length of user and password together, in octets.  With two NULs
 * they become 496 octets of base64, and with "AUTH PLAIN " and CR LF a line of
 * 509. */
#define PLAIN_MOST 370

/* Put the base64 of a NUL, the user, a NUL and the password.  These parts are
 * first joined in the free room after the line. */
static void
put_plain(struct client_line *line, const char *user, const char *password)
{
	char *plain = line->octets + COMMAND_MOST;
	size_t user_len = strlen(user), password_len = strlen(password);
	size_t len = user_len + password_len + 2;

	plain[0] = plain[1 + user_len] = '\0';
	memcpy(plain + 1, user, user_len);
	memcpy(plain + 2 + user_len, password, password_len);
	put_base64(line, (struct mailin_span){ plain, len }, COMMAND_MOST);
	wipe(plain, len);
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

/* ---- Any mechanism (RFC 4954 4) ---- */

/* Append the initial response to the line.  An empty response is written as
 * "=". */
static void
put_initial(struct client_line *line, struct mailin_span initial)
{
	mailin_client_put_text(line, " ");
	if (initial.len == 0)
		mailin_client_put_text(line, "=");
	else
		put_base64(line, initial, COMMAND_MOST);
}

enum mailin_error
mailin_client_auth(struct mailin_client *client, const char *mechanism,
    struct mailin_span initial)
{
	struct client_line line;
	enum mailin_error error;

	if (mechanism == NULL || !is_span_sound(initial))
		return MAILIN_ERROR_ARGUMENT;
	error = mailin_client_begin(client, MAILIN_CLIENT_SASL, &line);
	if (error != MAILIN_OK)
		return error;
	if (!mailin_client_offers_sasl(client, mechanism))
		return MAILIN_ERROR_UNOFFERED;
	mailin_client_put_text(&line, " ");
	mailin_client_put_text(&line, mechanism);
	if (initial.ptr != NULL)
		put_initial(&line, initial);
	if (line.is_over)
		return MAILIN_ERROR_RANGE;
	mailin_client_queue(client, MAILIN_CLIENT_SASL, &line);
	return MAILIN_OK;
}

enum mailin_error
mailin_client_auth_respond(struct mailin_client *client,
    struct mailin_span response)
{
	struct client_line line;
	enum mailin_error error;

	if (!is_span_sound(response))
		return MAILIN_ERROR_ARGUMENT;
	error = mailin_client_begin(client, MAILIN_CLIENT_RESPONSE, &line);
	if (error != MAILIN_OK)
		return error;
	put_base64(&line, response, COMMAND_LINE_ROOM);
	if (line.is_over)
		return MAILIN_ERROR_RANGE;
	mailin_client_queue(client, MAILIN_CLIENT_RESPONSE, &line);
	return MAILIN_OK;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/codec.h>

#include "command/oauth.h"
#include "octet/span.h"
#include "session/calls.h"

/* Reads the client's responses for the mechanisms of the library. */

/* RFC 4616 2: a name is UTF-8 without NUL.  Other control characters are
 * refused, too, because names are written to logs and header fields. */
bool
mailin_session_is_name(struct mailin_span name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7f)
			return false;
	return mailin_utf8_valid(name);
}

static bool
is_password(struct mailin_span password)
{
	return password.len == 0 ||
	    memchr(password.ptr, '\0', password.len) == NULL;
}

/* RFC 4616 2: message = [authzid] UTF8NUL authcid UTF8NUL passwd */
static bool
read_plain(struct mailin_credentials *credentials, struct mailin_span message)
{
	if (!mailin_span_cut(&message, '\0', &credentials->authzid) ||
	    !mailin_span_cut(&message, '\0', &credentials->authcid))
		return false;
	credentials->password = message;
	return credentials->authcid.len > 0 && message.len > 0;
}

static bool
read_any(const struct mailin_session *session,
    struct mailin_credentials *credentials, struct mailin_span response)
{
	const struct mailin_exchange *auth = session->auth;

	switch (credentials->mechanism) {
	case MAILIN_MECHANISM_PLAIN:
		return read_plain(credentials, response);
	case MAILIN_MECHANISM_LOGIN:
		/* The user's name was the first response. */
		credentials->authcid = (struct mailin_span){
			auth->secret.octets, auth->username_len
		};
		credentials->password = response;
		return credentials->authcid.len > 0;
	case MAILIN_MECHANISM_EXTERNAL:
		/* RFC 4422 A: the response is the authzid.  The authcid is the
		 * name in the client's certificate.  Without a certificate,
		 * AUTH EXTERNAL was refused before. */
		credentials->authzid = response;
		credentials->authcid = session->tls->client_name;
		return true;
	default:
		return mailin_oauth_parse(auth->secret.octets, response.len,
		    credentials);
	}
}

bool
mailin_session_read_credentials(const struct mailin_session *session,
    struct mailin_credentials *credentials, struct mailin_span response)
{
	return read_any(session, credentials, response) &&
	    mailin_session_is_name(credentials->authzid) &&
	    mailin_session_is_name(credentials->authcid) &&
	    is_password(credentials->password);
}

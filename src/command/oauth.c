/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "command/oauth.h"
#include "octet/span.h"

#define KVSEP '\x01' /* ^A (RFC 7628 3.1) */

/* RFC 6750 2.1: b64token = 1*(ALPHA / DIGIT / "-._~+/") *"=".  This function
 * accepts more: all printable octets except blanks, as in a word of a header
 * field. */
static bool
is_token(struct mailin_span token)
{
	size_t i;

	for (i = 0; i < token.len; i++)
		if (token.ptr[i] < 0x21 || token.ptr[i] > 0x7e)
			return false;
	return token.len > 0;
}

/* RFC 5801 4, saslname: 1*(UTF8-char-safe / "=2C" / "=3D").  Decode "=2C" to
 * "," and "=3D" to "=", in place. */
static bool
decode_name(char *name, size_t *len)
{
	size_t from = 0, to = 0;

	while (from < *len) {
		struct mailin_span coded = { name + from, 3 };

		if (name[from] != '=') {
			name[to++] = name[from++];
			continue;
		}
		if (*len - from < coded.len)
			return false;
		if (mailin_span_iequal(coded, "=2C"))
			name[to++] = ',';
		else if (mailin_span_iequal(coded, "=3D"))
			name[to++] = '=';
		else
			return false;
		from += coded.len;
	}
	*len = to;
	return to > 0;
}

/* Read the gs2-header (RFC 5801 4): "n," or "y,", then optionally "a=" and a
 * name, then ",".  Octet 1 (^A) must follow it (RFC 7628 3.1). */
static bool
take_header(char *octets, struct mailin_span *message,
    struct mailin_credentials *credentials)
{
	struct mailin_span name;

	if (!mailin_span_cut_prefix(message, "n,") &&
	    !mailin_span_cut_prefix(message, "y,"))
		return false;
	if (!mailin_span_cut(message, ',', &name))
		return false;
	if (name.len > 0 &&
	    (!mailin_span_cut_prefix(&name, "a=") ||
		!decode_name(octets + (name.ptr - octets), &name.len)))
		return false;
	credentials->authzid = name;
	return mailin_span_cut_prefix(message, "\x01");
}

/* Read the pairs.  Each pair is a key, "=", a value and ^A.  One more ^A
 * follows the last pair.  Exactly one key must be "auth". */
static bool
take_pairs(struct mailin_span message, struct mailin_credentials *credentials)
{
	struct mailin_span value;

	while (message.len > 0 && *message.ptr != KVSEP) {
		if (!mailin_span_cut(&message, KVSEP, &value))
			return false;
		if (!mailin_span_cut_prefix(&value, "auth="))
			continue;
		if (credentials->token.ptr != NULL ||
		    !mailin_span_cut_prefix(&value, "Bearer ") ||
		    !is_token(value))
			return false;
		credentials->token = value;
	}
	return message.len == 1 && credentials->token.ptr != NULL;
}

bool
mailin_oauth_parse(char *octets, size_t len,
    struct mailin_credentials *credentials)
{
	struct mailin_span message = { octets, len };

	if (credentials->mechanism == MAILIN_MECHANISM_XOAUTH2) {
		if (!mailin_span_cut_prefix(&message, "user=") ||
		    !mailin_span_cut(&message, KVSEP, &credentials->authcid))
			return false;
	} else if (!take_header(octets, &message, credentials)) {
		return false;
	}
	return take_pairs(message, credentials);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "client_sasl.h"

/* Write octets in base64 to out.  Returns the length. */
static size_t
write_base64(struct mailin_span octets, char *out)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t bits = octets.len * 8, i, len = 0;

	for (i = 0; i < bits; i += 6) {
		unsigned at = (unsigned char)octets.ptr[i / 8] * 256u;

		if (i / 8 + 1 < octets.len)
			at += (unsigned char)octets.ptr[i / 8 + 1];
		out[len++] = digits[at >> (10 - i % 8) & 63];
	}
	while (len % 4 != 0)
		out[len++] = '=';
	return len;
}

bool
sasl_has_challenge(enum mailin_client_step step)
{
	return step == MAILIN_CLIENT_SASL || step == MAILIN_CLIENT_RESPONSE;
}

bool
sasl_line(enum mailin_client_step step, struct mailin_span value,
    struct mailin_span line)
{
	static const char head[] = "AUTH SCRAM-SHA-256 ";
	char right[sizeof head + 4 * 255 / 3 + 8];
	size_t at = 0, len;

	if (!sasl_has_challenge(step) && step != MAILIN_CLIENT_CANCEL)
		return false;
	if (step == MAILIN_CLIENT_SASL) {
		at = sizeof head - 1;
		memcpy(right, head, at);
	}
	CHECK(value.len <= 255);
	len = at + write_base64(value, right + at);
	if (step == MAILIN_CLIENT_CANCEL) {
		right[0] = '*';
		len = 1;
	} else if (step == MAILIN_CLIENT_SASL && value.len == 0) {
		right[len++] = '=';
	}
	CHECK(line.len == len + 2);
	CHECK(memcmp(line.ptr, right, len) == 0);
	return true;
}

void
sasl_challenge(struct mailin_span challenge, struct mailin_span text)
{
	static char right[4 * MAILIN_CLIENT_TEXT / 3 + 8];

	CHECK(challenge.len <= MAILIN_CLIENT_TEXT);
	CHECK(write_base64(challenge, right) == text.len);
	CHECK(memcmp(right, text.ptr, text.len) == 0);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Fuzz target: the codecs.  Each codec is compared with a slow codec, written
 * here from the RFC.  Encoded octets decode to the same octets, and only one
 * text decodes to them.
 */
#include "check.h"

#define MOST ((size_t)4096)

/* A result: octets, or a failure. */
struct text {
	bool ok;
	size_t len;
	char octets[4 * MOST];
};

static struct text want, got;

static void
put(struct text *text, unsigned octet)
{
	text->octets[text->len++] = (char)octet;
}

static void
hold(enum mailin_error error)
{
	CHECK((error == MAILIN_OK) == want.ok);
	CHECK(!want.ok ||
	    (got.len == want.len &&
		memcmp(got.octets, want.octets, got.len) == 0));
}

/* ---- base64, RFC 4648 4, canonical --------------------------------------- */

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
slow_base64(struct mailin_span in)
{
	size_t i, j, pads = 0;

	want.len = 0;
	want.ok = in.len % 4 == 0;
	for (i = 0; i < in.len && want.ok; i += 4) {
		unsigned long bits = 0;

		for (j = 0; j < 4; j++) {
			const char *digit = in.ptr[i + j] == '\0' ?
			    NULL :
			    strchr(digits, in.ptr[i + j]);

			if (in.ptr[i + j] == '=' && i + 4 == in.len && j > 1)
				pads++;
			else if (digit == NULL || pads > 0)
				want.ok = false;
			bits = bits << 6 |
			    (digit != NULL ? (unsigned long)(digit - digits) :
					     0);
		}
		put(&want, bits >> 16 & 255);
		if (pads < 2)
			put(&want, bits >> 8 & 255);
		if (pads < 1)
			put(&want, bits & 255);
		if ((pads == 1 && (bits & 255) != 0) ||
		    (pads == 2 && (bits & 65535) != 0))
			want.ok = false;
	}
}

static void
try_base64(struct mailin_span in)
{
	static char again[2 * MOST + 8];
	size_t len;

	slow_base64(in);
	hold(mailin_base64_decode(in, got.octets, &got.len));
	if (want.ok) {
		CHECK(mailin_base64_encode(
			  (struct mailin_span){ got.octets, got.len }, again,
			  &len) == MAILIN_OK);
		CHECK(len == in.len && memcmp(again, in.ptr, len) == 0);
	}
	CHECK(mailin_base64_encode(in, again, &len) == MAILIN_OK);
	CHECK(mailin_base64_decode((struct mailin_span){ again, len },
		  got.octets, &got.len) == MAILIN_OK);
	CHECK(got.len == in.len && memcmp(got.octets, in.ptr, in.len) == 0);
}

/* ---- xtext, RFC 3461 4 --------------------------------------------------- */

static int
hex_value(char octet, bool any_case)
{
	if (octet >= '0' && octet <= '9')
		return octet - '0';
	if (octet >= 'A' && octet <= 'F')
		return octet - 'A' + 10;
	return any_case && octet >= 'a' && octet <= 'f' ? octet - 'a' + 10 : -1;
}

static void
slow_xtext(struct mailin_span in, bool any_case)
{
	size_t i;
	int high, low;

	want.len = 0;
	want.ok = true;
	for (i = 0; i < in.len && want.ok; i++) {
		if (in.ptr[i] != '+') {
			want.ok = in.ptr[i] > ' ' && in.ptr[i] <= '~' &&
			    in.ptr[i] != '=';
			put(&want, (unsigned char)in.ptr[i]);
			continue;
		}
		high = in.len - i > 2 ? hex_value(in.ptr[i + 1], any_case) : -1;
		low = in.len - i > 2 ? hex_value(in.ptr[i + 2], any_case) : -1;
		want.ok = high >= 0 && low >= 0;
		put(&want, (unsigned)(high * 16 + low) & 255);
		i += 2;
	}
}

static void
try_xtext(struct mailin_span in)
{
	static char again[3 * MOST + 8];
	size_t len;

	slow_xtext(in, false);
	hold(mailin_xtext_decode(in, false, got.octets, &got.len));
	slow_xtext(in, true);
	hold(mailin_xtext_decode(in, true, got.octets, &got.len));
	CHECK(mailin_xtext_encode(in, again, &len) == MAILIN_OK);
	CHECK(mailin_xtext_decode((struct mailin_span){ again, len }, false,
		  got.octets, &got.len) == MAILIN_OK);
	CHECK(got.len == in.len && memcmp(got.octets, in.ptr, in.len) == 0);
}

/* ---- UTF-8, RFC 3629 4 --------------------------------------------------- */

/* Read a character by its value.  The library reads it by the ranges of its
 * octets. */
static size_t
slow_character(const unsigned char *in, size_t len)
{
	static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t i,
	    octets = in[0] < 0x80  ? 1 :
	    (in[0] & 0xe0) == 0xc0 ? 2 :
	    (in[0] & 0xf0) == 0xe0 ? 3 :
	    (in[0] & 0xf8) == 0xf0 ? 4 :
				     0;
	unsigned long point;

	if (octets == 0 || octets > len)
		return 0;
	point = octets == 1 ? in[0] : in[0] & (0x7fu >> octets);
	for (i = 1; i < octets; i++) {
		if ((in[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (in[i] & 0x3f);
	}
	return point < least[octets] || point > 0x10ffff ||
		(point >= 0xd800 && point <= 0xdfff) ?
	    0 :
	    octets;
}

static void
try_utf8(struct mailin_span in)
{
	const unsigned char *octets = (const unsigned char *)in.ptr;
	size_t at = 0, len = 1;

	while (at < in.len && len > 0) {
		len = slow_character(octets + at, in.len - at);
		at += len;
	}
	CHECK(mailin_utf8_valid(in) == (at == in.len && len > 0));
	if (mailin_utf8_address_decode(in, got.octets, &got.len) == MAILIN_OK)
		CHECK(got.len <= in.len &&
		    mailin_utf8_valid(
			(struct mailin_span){ got.octets, got.len }));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailin_span in;
	char *copy;

	if (size > MOST)
		return 0;
	copy = check_copy(data, size);
	in = (struct mailin_span){ copy, size };
	try_base64(in);
	try_xtext(in);
	try_utf8(in);
	check_drop(copy, size);
	return 0;
}

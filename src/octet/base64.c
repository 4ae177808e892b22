/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdint.h>

#include <mailin/codec.h>

#include "octet/span.h"

static const char alphabet[65] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Returns the value of a character of the alphabet, or -1. */
/*@ assigns \nothing;
  @ ensures -1 <= \result <= 63;
  @*/
static int
value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Decode four characters, of which the last "pad" are "=".  Returns false if
 * another character is outside the alphabet, or if a bit that the padding
 * leaves unused is set.  Such a bit is refused, because otherwise two texts
 * could encode the same octets (RFC 4648 3.5). */
/*@ requires 0 <= pad <= 2;
  @ requires \valid_read(in + (0 .. 3));
  @ requires \valid(out + (0 .. 2 - pad));
  @ assigns out[0 .. 2 - pad];
  @*/
static bool
decode_group(const char *in, int pad, char *out)
{
	uint32_t bits = 0;
	int i;

	/*@ loop invariant 0 <= i <= 4;
	  @ loop assigns i, bits;
	  @ loop variant 4 - i;
	  @*/
	for (i = 0; i < 4; i++) {
		int v = i < 4 - pad ? value(in[i]) : 0;

		if (v < 0)
			return false;
		bits = bits << 6 | (uint32_t)v;
	}
	if ((bits & ((UINT32_C(1) << 8 * pad) - 1)) != 0)
		return false;
	/*@ loop invariant 0 <= i <= 3 - pad;
	  @ loop assigns i, out[0 .. 2 - pad];
	  @ loop variant 3 - pad - i;
	  @*/
	for (i = 0; i < 3 - pad; i++)
		out[i] = (char)(bits >> (16 - 8 * i) & 0xff);
	return true;
}

/*@ requires in.len % 4 == 0 && \valid_read(in.ptr + (0 .. in.len - 1));
  @ assigns \nothing;
  @ ensures 0 <= \result <= 2;
  @ ensures in.len == 0 ==> \result == 0;
  @*/
static int
padding(struct mailin_span in)
{
	if (in.len == 0 || in.ptr[in.len - 1] != '=')
		return 0;
	return in.ptr[in.len - 2] == '=' ? 2 : 1;
}

/*@ requires is_codec_memory(in, out, in.len / 4 * 3, out_len);
  @ assigns out[0 .. in.len / 4 * 3 - 1], *out_len;
  @ ensures \result == MAILIN_OK ==> *out_len <= in.len / 4 * 3;
  @*/
enum mailin_error
mailin_base64_decode(struct mailin_span in, char *out, size_t *out_len)
{
	int pad;
	size_t i, len = 0;

	if (!is_codec_call(in, out, out_len))
		return MAILIN_ERROR_ARGUMENT;
	if (in.len % 4 != 0)
		return MAILIN_ERROR_SYNTAX;
	pad = padding(in);
	/*@ loop invariant 0 <= i <= in.len && i % 4 == 0;
	  @ loop invariant i < in.len ==> len == i / 4 * 3;
	  @ loop invariant len <= i / 4 * 3;
	  @ loop assigns i, len, out[0 .. in.len / 4 * 3 - 1];
	  @ loop variant in.len - i;
	  @*/
	for (i = 0; i < in.len; i += 4) {
		int group_pad = i + 4 == in.len ? pad : 0;

		if (!decode_group(in.ptr + i, group_pad, out + len))
			return MAILIN_ERROR_SYNTAX;
		len += 3 - (size_t)group_pad;
	}
	*out_len = len;
	return MAILIN_OK;
}

/*@ requires in.len <= SIZE_MAX / 4;
  @ requires is_codec_memory(in, out, (in.len + 2) / 3 * 4, out_len);
  @ assigns out[0 .. (in.len + 2) / 3 * 4 - 1], *out_len;
  @ ensures \result == MAILIN_OK ==> *out_len == (in.len + 2) / 3 * 4;
  @*/
enum mailin_error
mailin_base64_encode(struct mailin_span in, char *out, size_t *out_len)
{
	size_t i, len = 0;

	if (!is_codec_call(in, out, out_len))
		return MAILIN_ERROR_ARGUMENT;
	/*@ loop invariant 0 <= i <= in.len + 2 && i % 3 == 0;
	  @ loop invariant len == i / 3 * 4;
	  @ loop assigns i, len, out[0 .. (in.len + 2) / 3 * 4 - 1];
	  @ loop variant in.len + 2 - i;
	  @*/
	for (i = 0; i < in.len; i += 3) {
		size_t have = in.len - i < 3 ? in.len - i : 3, j;
		uint32_t bits = 0;

		/*@ loop invariant 0 <= j <= 3;
		  @ loop assigns j, bits;
		  @ loop variant 3 - j;
		  @*/
		for (j = 0; j < 3; j++)
			bits = bits << 8 |
			    (j < have ? (unsigned char)in.ptr[i + j] : 0);
		/*@ loop invariant 0 <= j <= 4;
		  @ loop invariant len == i / 3 * 4 + j;
		  @ loop assigns j, len, out[0 .. (in.len + 2) / 3 * 4 - 1];
		  @ loop variant 4 - j;
		  @*/
		for (j = 0; j < 4; j++)
			out[len++] = j <= have ?
			    alphabet[bits >> (18 - 6 * j) & 63] :
			    '=';
	}
	*out_len = len;
	return MAILIN_OK;
}

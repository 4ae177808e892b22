/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdint.h>

#include <mailin/codec.h>

#include "octet/ascii.h"
#include "octet/span.h"

static const char hex_digits[] = "0123456789ABCDEF";

/*@ logic integer utf8_length(integer code) =
  @   code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  @*/

/*@ requires is_codec_memory(in, out, in.len, out_len);
  @ assigns out[0 .. in.len - 1], *out_len;
  @ ensures \result == MAILIN_OK ==> *out_len <= in.len;
  @*/
enum mailin_error
mailin_xtext_decode(struct mailin_span in, bool any_case, char *out,
    size_t *out_len)
{
	size_t i = 0, len = 0;

	if (!is_codec_call(in, out, out_len))
		return MAILIN_ERROR_ARGUMENT;
	/*@ loop invariant len <= i <= in.len;
	  @ loop assigns i, len, out[0 .. in.len - 1];
	  @ loop variant in.len - i;
	  @*/
	while (i < in.len) {
		int high, low;

		if (ascii_is((unsigned char)in.ptr[i], ASCII_XCHAR)) {
			out[len++] = in.ptr[i++];
			continue;
		}
		if (in.ptr[i] != '+' || in.len - i < 3)
			return MAILIN_ERROR_SYNTAX;
		high = ascii_hex_value(in.ptr[i + 1], any_case);
		low = ascii_hex_value(in.ptr[i + 2], any_case);
		if (high < 0 || low < 0)
			return MAILIN_ERROR_SYNTAX;
		out[len++] = (char)(16 * high + low);
		i += 3;
	}
	*out_len = len;
	return MAILIN_OK;
}

/*@ requires in.len <= SIZE_MAX / 4;
  @ requires is_codec_memory(in, out, 3 * in.len, out_len);
  @ assigns out[0 .. 3 * in.len - 1], *out_len;
  @ ensures \result == MAILIN_OK ==> in.len <= *out_len <= 3 * in.len;
  @*/
enum mailin_error
mailin_xtext_encode(struct mailin_span in, char *out, size_t *out_len)
{
	size_t i, len = 0;

	if (!is_codec_call(in, out, out_len))
		return MAILIN_ERROR_ARGUMENT;
	/*@ loop invariant 0 <= i <= in.len && i <= len <= 3 * i;
	  @ loop assigns i, len, out[0 .. 3 * in.len - 1];
	  @ loop variant in.len - i;
	  @*/
	for (i = 0; i < in.len; i++) {
		unsigned char octet = (unsigned char)in.ptr[i];

		if (ascii_is((unsigned char)in.ptr[i], ASCII_XCHAR)) {
			out[len++] = in.ptr[i];
		} else {
			out[len++] = '+';
			out[len++] = hex_digits[octet / 16];
			out[len++] = hex_digits[octet % 16];
		}
	}
	*out_len = len;
	return MAILIN_OK;
}

/* Write a code point as UTF-8 (RFC 3629 3), and return its length. */
/*@ requires code <= 0x10ffff;
  @ requires \valid(out + (0 .. utf8_length(code) - 1));
  @ assigns out[0 .. utf8_length(code) - 1];
  @ ensures \result == utf8_length(code);
  @*/
static size_t
put_code_point(uint32_t code, char *out)
{
	static const unsigned char lead[] = { 0, 0x00, 0xc0, 0xe0, 0xf0 };
	size_t i,
	    count = code < 0x80 ? 1 :
	    code < 0x800        ? 2 :
	    code < 0x10000      ? 3 :
				  4;

	/*@ loop invariant 1 <= i <= count;
	  @ loop assigns i, code, out[1 .. count - 1];
	  @ loop variant i;
	  @*/
	for (i = count; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(lead[count] | code);
	return count;
}

/* Read "\x{...}" at the start of the span.  Returns the number of octets read,
 * or 0 if this text is malformed.  RFC 6533 3 allows up to six digits without a
 * leading zero, and an ASCII character only if it must be encoded. */
/*@ requires \valid_read(in.ptr + (0 .. in.len - 1));
  @ requires \valid(code) && \separated(code, in.ptr + (0 .. in.len - 1));
  @ assigns *code;
  @ ensures 0 <= \result <= in.len;
  @ ensures \result != 0 ==> *code <= 0x10ffff &&
  @   utf8_length(*code) <= \result;
  @*/
static size_t
get_code_point(struct mailin_span in, uint32_t *code)
{
	size_t i;

	*code = 0;
	if (in.len < 4 || in.ptr[0] != '\\' || in.ptr[1] != 'x' ||
	    in.ptr[2] != '{')
		return 0;
	/*@ loop invariant 3 <= i <= in.len && i <= 9;
	  @ loop assigns i, *code;
	  @ loop variant in.len - i;
	  @*/
	for (i = 3; i < in.len && in.ptr[i] != '}'; i++) {
		int digit = ascii_hex_value(in.ptr[i], true);

		if (digit < 0 || i == 9 || (i == 3 && digit == 0))
			return 0;
		*code = 16 * *code + (uint32_t)digit;
	}
	if (i == in.len || i == 3 || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code <= 0xdfff) ||
	    (*code < 0x80 && *code != ' ' && *code != '+' && *code != '=' &&
		*code != '\\'))
		return 0;
	return i + 1;
}

/*@ requires is_codec_memory(in, out, in.len, out_len);
  @ assigns out[0 .. in.len - 1], *out_len;
  @ ensures \result == MAILIN_OK ==> *out_len <= in.len;
  @*/
enum mailin_error
mailin_utf8_address_decode(struct mailin_span in, char *out, size_t *out_len)
{
	size_t len = 0;

	if (!is_codec_call(in, out, out_len))
		return MAILIN_ERROR_ARGUMENT;
	if (!mailin_utf8_valid(in))
		return MAILIN_ERROR_SYNTAX;
	/*@ loop invariant in.len <= \at(in.len, LoopEntry);
	  @ loop invariant len + in.len <= \at(in.len, LoopEntry);
	  @ loop invariant in.ptr + in.len == \at(in.ptr + in.len, LoopEntry);
	  @ loop assigns in.ptr, in.len, len, out[0 .. \at(in.len, Pre) - 1];
	  @ loop variant in.len;
	  @*/
	while (in.len > 0) {
		size_t used = 1;

		if (ascii_is_eight_bit(*in.ptr) ||
		    (ascii_is((unsigned char)*in.ptr, ASCII_XCHAR) &&
			*in.ptr != '\\')) {
			out[len++] = *in.ptr;
		} else {
			uint32_t code;

			used = get_code_point(in, &code);
			if (used == 0)
				return MAILIN_ERROR_SYNTAX;
			len += put_code_point(code, out + len);
		}
		in.ptr += used;
		in.len -= used;
	}
	*out_len = len;
	return MAILIN_OK;
}

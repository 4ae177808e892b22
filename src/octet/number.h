/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_NUMBER_H
#define MAILIN_SRC_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <mailin/span.h>

#include "octet/ascii.h"

/* Contracts for Frama-C: see proof/README.md. */
/*@ predicate are_digits(char *text, integer len) =
  @   \forall integer i; 0 <= i < len ==> '0' <= text[i] <= '9';
  @ logic integer decimal(char *text, integer len) = len <= 0 ? 0 :
  @   10 * decimal(text, len - 1) + (text[len - 1] - '0');
  @*/

/* Read text, which must be a decimal number and nothing else.  A number that
 * does not fit in 64 bits becomes UINT64_MAX.  After false *number is
 * undefined.  strtoul would accept signs,
 * blanks and an empty text. */
/*@ requires \valid_read(text.ptr + (0 .. text.len - 1)) && \valid(number);
  @ requires \separated(number, text.ptr + (0 .. text.len - 1));
  @ assigns *number;
  @ ensures \result ==> 0 < text.len && are_digits(text.ptr, text.len) &&
  @   *number == \min(decimal(text.ptr, text.len), UINT64_MAX);
  @*/
static inline bool
number_read(struct mailin_span text, uint64_t *number)
{
	size_t i;

	*number = 0;
	/*@ loop invariant 0 <= i <= text.len && are_digits(text.ptr, i);
	  @ loop invariant *number == \min(decimal(text.ptr, i), UINT64_MAX);
	  @ loop assigns i, *number;
	  @ loop variant text.len - i;
	  @*/
	for (i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)(text.ptr[i] - '0');

		if (!ascii_is_digit(text.ptr[i]))
			return false;
		*number = *number > (UINT64_MAX - digit) / 10 ?
		    UINT64_MAX :
		    *number * 10 + digit;
	}
	return text.len > 0;
}

/* Read text, which must be a decimal number up to maximum and nothing else.  A
 * number above maximum is refused. */
/*@ requires valid_read_string(text) && \valid(number);
  @ assigns *number;
  @ ensures \result ==> *number <= maximum && 0 < strlen(text) &&
  @   are_digits(text, strlen(text)) &&
  @   *number == decimal(text, strlen(text));
  @*/
static inline bool
number_parse(const char *text, unsigned maximum, unsigned *number)
{
	struct mailin_span span = { text, strlen(text) };
	uint64_t value;

	if (!number_read(span, &value) || value > maximum)
		return false;
	*number = (unsigned)value;
	return true;
}

/* Write the last "width" decimal digits of the number, with leading zeros. */
/*@ requires \valid(out + (0 .. width - 1));
  @ assigns out[0 .. width - 1];
  @ ensures are_digits(out, width);
  @*/
static inline void
number_pad(char *out, uint64_t number, size_t width)
{
	/*@ loop invariant 0 <= width <= \at(width, Pre);
	  @ loop invariant \forall integer i;
	  @   width <= i < \at(width, Pre) ==> '0' <= out[i] <= '9';
	  @ loop assigns width, number, out[0 .. \at(width, Pre) - 1];
	  @ loop variant width;
	  @*/
	while (width > 0) {
		out[--width] = (char)('0' + number % 10);
		number /= 10;
	}
}

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_NUMBER_H
#define MAILIN_SRC_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Contracts for Frama-C: see proof/README.md. */
/*@ predicate is_text(char *text) = \exists integer end;
  @   0 <= end < SIZE_MAX && text[end] == 0 &&
  @   \valid_read(text + (0 .. end));
  @ predicate are_digits(char *text, integer len) =
  @   \forall integer i; 0 <= i < len ==> '0' <= text[i] <= '9';
  @ logic integer decimal(char *text, integer len) = len <= 0 ? 0 :
  @   10 * decimal(text, len - 1) + (text[len - 1] - '0');
  @*/

/* Read text, which must be a decimal number up to maximum and nothing else.
 * strtoul would accept signs, blanks and an empty text. */
/*@ requires is_text(text) && \valid(number);
  @ assigns *number;
  @ ensures \result ==> *number <= maximum && \exists integer len;
  @   0 < len && are_digits(text, len) && text[len] == 0 &&
  @   *number == decimal(text, len);
  @*/
static inline bool
number_parse(const char *text, unsigned maximum, unsigned *number)
{
	unsigned long long value = 0;
	size_t len;

	/*@ loop invariant 0 <= len && \forall integer end;
	  @   0 <= end && text[end] == 0 ==> len <= end;
	  @ loop invariant are_digits(text, len);
	  @ loop invariant value == decimal(text, len);
	  @ loop invariant value <= 10 * maximum + 9;
	  @ loop assigns len, value;
	  @ loop variant SIZE_MAX - len;
	  @*/
	for (len = 0; text[len] >= '0' && text[len] <= '9' && value <= maximum;
	     len++)
		value = value * 10 + (unsigned)(text[len] - '0');
	if (len == 0 || text[len] != '\0' || value > maximum)
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

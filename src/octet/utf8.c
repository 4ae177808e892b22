/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/codec.h>

#include "octet/span.h"
#include "octet/utf8.h"

/*@ requires is_readable(in);
  @ assigns \nothing;
  @*/
bool
mailin_utf8_valid(struct mailin_span in)
{
	const unsigned char *octets = (const unsigned char *)in.ptr;
	size_t at = 0, used;

	if (!is_span_sound(in))
		return false;
	/*@ loop invariant 0 <= at <= in.len;
	  @ loop assigns at, used;
	  @ loop variant in.len - at;
	  @*/
	while (at < in.len) {
		used = 1;
		if (octets[at] > 0x7f &&
		    !mailin_utf8_read(octets + at, in.len - at, &used))
			return false;
		at += used;
	}
	return true;
}

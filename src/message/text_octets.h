/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/text.h"

/* What text_pass.h asks for where no vector is of help: octet by octet, but
 * without a branch that depends on one. */
APART char *
expand_many(char *out, const char *in, size_t len, uint64_t lf)
{
	size_t at;

	for (at = 0; at < len; at++, lf >>= 1) {
		*out = '\r';
		out += lf & 1;
		*out++ = in[at];
	}
	return out;
}

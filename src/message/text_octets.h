/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* expand_many() of text_pass.h for vectors that cannot shuffle octets: a loop
 * over the octets, without a branch that depends on an octet. */
OUTLINE char *
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

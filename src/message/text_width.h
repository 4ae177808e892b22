/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The four functions of text.h for the vectors of one width.  The file that
 * includes this header has included text_vector.h and text_pass.h, and defines
 * TARGET, which tells the compiler what processor may be used, and
 *
 *	NAME(function)       the function of this width
 *	NARROWER(function)   the function for text of less than WIDTH octets
 */

TARGET size_t
NAME()(const char *in, size_t len, bool dots, bool near,
    struct mailin_text_seen *seen)
{
	return len < WIDTH ? NARROWER()(in, len, dots, near, seen) :
			     search(in, len, dots, near, seen);
}

TARGET bool
NAME(_plain)(const char *in, size_t len)
{
	return len < WIDTH ? NARROWER(_plain)(in, len) :
			     vectors_are_plain(in, len);
}

TARGET void
NAME(_gather)(struct mailin_text_pass *pass)
{
	gather(pass, true);
}

TARGET void
NAME(_skip)(struct mailin_text_pass *pass)
{
	gather(pass, false);
}

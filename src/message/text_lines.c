/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/text.h"
#include "octet/word.h"

size_t
mailin_text_lines(const char *text, size_t len)
{
	const unsigned char *in = (const unsigned char *)text;

	while (len >= 8 && word_equal(word_load(in + len - 8), '\n') == 0)
		len -= 8;
	while (len > 0 && in[len - 1] != '\n')
		len--;
	return len;
}

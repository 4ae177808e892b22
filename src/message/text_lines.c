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

bool
mailin_text_few_plain(const char *text, size_t len)
{
	const unsigned char *in = (const unsigned char *)text;
	bool is_plain = true;
	size_t i;

	for (i = 0; i < len; i++)
		is_plain &= in[i] > 13 && in[i] < 128;
	return is_plain;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_WORDS_H
#define MAILIN_SRC_WORDS_H

#include "octet/ascii.h"
#include "command/fast/marks.h"
#include "command/scan.h"
#include "octet/utf8.h"

/*
 * Words with dots between, read octet by octet: for paths that are not plain
 * ASCII, or that only RELAXED takes.
 */
struct found {
	bool loose; /* RELAXED: relaxed_address.rl */
	bool utf8;
	const unsigned char *wrong; /* in a character, or NULL */
};

/* May a word of the class begin or go on with this octet?  RELAXED takes an
 * underscore in a domain. */
MARKS_INLINE bool
is_letter(unsigned char octet, int class, bool loose)
{
	return octet > 0x7f || ascii_is(octet, class) ||
	    (loose && octet == '_');
}

/* May the ASCII octet at p, which is not of the class, be there?  RELAXED takes
 * all dots in a local part. */
MARKS_INLINE bool
is_between(const unsigned char *p, int class, bool loose)
{
	switch (*p) {
	case '.':
		return (loose && class == ASCII_ATEXT) ||
		    is_letter(p[1], class, loose);
	case '-':
		return is_letter(p[1], ASCII_LDH, loose);
	default:
		return loose && *p == '_';
	}
}

/*
 * RFC 6531 3.3: a Dot-string of atext, or a Domain of letters and digits, goes
 * on at p, with characters that are not ASCII.  Returns the first octet that
 * is not part of that, or one that is too far away.
 */
MARKS_INLINE const unsigned char *
past_words(const unsigned char *p, const unsigned char *end, int class,
    struct found *found)
{
	const unsigned char *most = p + SCAN_SHORT_NAME;
	size_t used;

	for (;; p += used) {
		while (ascii_is(*p, class))
			p++;
		if (p > most)
			return p;
		used = 1;
		if (*p > 0x7f) {
			found->utf8 = true;
			if (!mailin_utf8_read(p, (size_t)(end - p), &used))
				return found->wrong = p + used;
		} else if (!is_between(p, class, found->loose)) {
			return p;
		}
	}
}

#endif

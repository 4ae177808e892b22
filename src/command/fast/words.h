/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_WORDS_H
#define MAILIN_SRC_WORDS_H

#include "octet/ascii.h"
#include "command/fast/marks.h"
#include "command/scan.h"
#include "octet/utf8.h"

/* Reads words with dots between them, octet by octet: local parts and domains
 * with non-ASCII characters, or with octets that only RELAXED accepts.  path.c
 * uses this where marks (marks.h) are not enough. */
struct found {
	bool loose; /* in: the syntax is RELAXED (relaxed_address.rl) */
	bool utf8;  /* out: a non-ASCII character was read */
};

/* May a word of this class contain this octet?  If loose is true, the
 * underscore is allowed in a domain. */
ALWAYS_INLINE bool
is_letter(unsigned char octet, int class, bool loose)
{
	return octet > 0x7f || ascii_is(octet, class) ||
	    (loose && octet == '_');
}

/* May the ASCII octet at p be between two octets of the class, in a local part
 * or domain?  The octet itself is not in the class.  If loose is true, a local
 * part may have a dot anywhere. */
ALWAYS_INLINE bool
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

/* RFC 6531 3.3: read the rest of a Dot-string (class ATEXT) or of a Domain
 * (class ALNUM) from p on.  Returns the first octet after it.  If the words are
 * longer than all limits, any octet beyond these limits may be returned
 * instead. */
ALWAYS_INLINE const unsigned char *
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
				return p;
		} else if (!is_between(p, class, found->loose)) {
			return p;
		}
	}
}

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/text.h"
#include "octet/word.h"

#define VECTOR  uint64_t
#define WIDTH   8
#define WINDOW  8
#define SCALE   8
#define INLINE  static inline
#define OUTLINE static

INLINE VECTOR
load(const unsigned char *p)
{
	return word_load(p);
}

INLINE VECTOR
fill(unsigned char octet)
{
	return WORD_EACH * octet;
}

/* An octet above 127 also gets a mark.  The subtraction never borrows from the
 * next octet, because the highest bit of each octet is set. */
INLINE uint64_t
marks(VECTOR octets)
{
	return (~((octets | WORD_HIGH) - WORD_EACH * 14) | octets) & WORD_HIGH;
}

INLINE bool
is_high(VECTOR octets)
{
	return (octets & WORD_HIGH) != 0;
}

#include "message/text_search.h"

/* Search text of less than eight octets. */
static size_t
search_few(const char *in, size_t len, bool dots, struct mailin_text_seen *seen)
{
	uint64_t octets = 0, mask = (UINT64_C(1) << len * 8) - 1;
	struct search search;
	size_t i;

	for (i = 0; i < len; i++)
		octets |= (uint64_t)(unsigned char)in[i] << i * 8;
	search = start(in, len, dots, octets);
	return tell(&search,
	    has_end(&search, 0, marks(octets) & mask) ? search.end : len, seen);
}

size_t
mailin_text_words(const char *in, size_t len, bool dots, bool near,
    struct mailin_text_seen *seen)
{
	size_t end;

	(void)near;
	if (len < WIDTH)
		return search_few(in, len, dots, seen);
	end = search_marks(in, len, dots, seen);
	/* This search does not find out which lines are short. */
	if (end > SHORT_TEXT)
		seen->short_until = 0;
	return end;
}

static bool
few_are_plain(const char *text, size_t len)
{
	const unsigned char *in = (const unsigned char *)text;
	bool is_plain = true;
	size_t i;

	for (i = 0; i < len; i++)
		is_plain &= in[i] > 13 && in[i] < 128;
	return is_plain;
}

bool
mailin_text_words_plain(const char *octets, size_t len)
{
	const unsigned char *in = (const unsigned char *)octets;
	uint64_t bits;
	size_t at;

	if (len < WIDTH)
		return few_are_plain(octets, len);
	bits = marks(load(in + len - WIDTH));
	for (at = 0; at + WIDTH < len; at += WIDTH)
		bits |= marks(load(in + at));
	return bits == 0;
}

static inline uint64_t
bits_equal(uint64_t octets, unsigned char octet)
{
	return word_pack(word_each_equal(octets, octet));
}

static inline uint64_t
high_bits(uint64_t octets)
{
	return word_pack(octets & WORD_HIGH);
}

static inline void
blank(char *text, size_t len)
{
	unsigned char *at = (unsigned char *)text;
	const unsigned char *end = at + len;

	text[len] = '\0';
	for (; at < end; at += WIDTH) {
		uint64_t octets = word_load(at);
		uint64_t bare = word_each_equal(octets, '\r') &
		    ~word_each_equal(word_load(at + 1), '\n');

		word_store(at, octets ^ (bare >> 7) * ('\r' ^ ' '));
	}
}

#include "message/text_octets.h"
#include "message/text_pass.h"

void
mailin_text_words_gather(struct mailin_text_pass *pass)
{
	gather(pass, true);
}

void
mailin_text_words_skip(struct mailin_text_pass *pass)
{
	gather(pass, false);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/text.h"
#include "octet/word.h"

#define VECTOR uint64_t
#define WIDTH  8
#define WINDOW 8
#define SCALE  8
#define INLINE static inline
#define APART  static

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

/* Also for octets above 127.  No borrow goes beyond an octet, for its highest
 * bit is set. */
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

#include "message/text_map.h"
#include "message/text_search.h"

/* Less than a word. */
static size_t
search_few(const char *in, size_t len, bool dots, struct mailin_sights *sights)
{
	uint64_t octets = 0, they = (UINT64_C(1) << len * 8) - 1;
	struct search search;
	size_t i;

	for (i = 0; i < len; i++)
		octets |= (uint64_t)(unsigned char)in[i] << i * 8;
	search = start(in, len, dots, octets);
	return tell(&search,
	    has_end(&search, 0, marks(octets) & they) ? search.end : len,
	    sights);
}

/* More than NEAR octets, of which it is not known whether lines are short. */
static size_t
search_long(const char *in, size_t len, bool dots, struct mailin_sights *sights)
{
	struct search search = start(in, len, dots, 0);
	size_t at, end;

	for (at = 0; at < NEAR; at += WINDOW)
		if (has_end(&search, at, whole(&search, at)))
			return tell(&search, search.end, sights);
	end = tell(&search, look(&search, at), sights);
	sights->dense = 0;
	return end;
}

size_t
mailin_text_words(const char *in, size_t len, bool dots, bool near,
    struct mailin_sights *sights)
{
	(void)near;
	if (len < WIDTH)
		return search_few(in, len, dots, sights);
	return len > NEAR ? search_long(in, len, dots, sights) :
			    search_short(in, len, dots, sights);
}

bool
mailin_text_words_plain(const char *octets, size_t len)
{
	const unsigned char *in = (const unsigned char *)octets;
	uint64_t bits;
	size_t at;

	if (len < WIDTH)
		return mailin_text_few_plain(octets, len);
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

static inline void
map_block(const char *octets, struct map *map)
{
	const unsigned char *in = (const unsigned char *)octets;
	struct map all = { 0, 0, 0, 0, 0 };
	size_t at;

	for (at = 0; at < MAP_OCTETS; at += WIDTH) {
		uint64_t some = word_load(in + at);

		all.cr |= bits_equal(some, '\r') << at;
		all.lf |= bits_equal(some, '\n') << at;
		all.dot |= bits_equal(some, '.') << at;
		all.nul |= bits_equal(some, '\0') << at;
		all.eight_bit |= word_pack(some & WORD_HIGH) << at;
	}
	*map = all;
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

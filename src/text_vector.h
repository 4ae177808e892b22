/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The search of text.h, written once for vectors of any width.  Whoever
 * includes this has defined VECTOR, WIDTH, INLINE, and:
 *
 *	load(p)         the octets at p, which need not be aligned
 *	fill(octet)     a vector of that octet
 *	equal(a, b)     all bits set in the octets where the two are equal
 *	first(v)        the index of the first octet that has all bits set,
 *	                WIDTH if there is none
 *	unseen()        nothing has been seen yet
 *	see(seen, v)    the octets v too
 *	is_odd(seen)    a NUL or an octet above 127 was seen
 *
 * newline is CR, LF, and the octet that may not stand behind them.
 *
 * At each place three vectors are loaded, an octet apart, so that an octet
 * and the two behind it stand in the same lane.  The last step of a text
 * overlaps the one before it: no octet but the last two is looked at singly.
 */

struct patterns {
	VECTOR cr, lf, stop;
};

struct sights {
	VECTOR seen;     /* for is_odd() */
	VECTOR newlines; /* all bits set where a CR was */
};

/* Where the octets at in are out of order. */
INLINE VECTOR
look(const unsigned char *in, const struct patterns *patterns,
    struct sights *sights)
{
	VECTOR here = load(in);
	VECTOR is_cr = equal(here, patterns->cr);
	VECTOR before_lf = equal(load(in + 1), patterns->lf);
	VECTOR before_stop = equal(load(in + 2), patterns->stop);

	sights->seen = see(sights->seen, here);
	sights->newlines |= is_cr;
	return (is_cr ^ before_lf) | (is_cr & before_stop);
}

/* From at on, through last: all at once, and where it is in a second look. */
INLINE size_t
search_end(const unsigned char *in, size_t at, size_t last,
    const struct patterns *patterns, struct sights *sights)
{
	VECTOR wrong = look(in + last, patterns, sights);
	size_t p, found;

	for (p = at; p < last; p += WIDTH)
		wrong |= look(in + p, patterns, sights);
	if (first(wrong) == WIDTH)
		return last + WIDTH;
	for (p = at; p < last; p += WIDTH) {
		found = first(look(in + p, patterns, sights));
		if (found != WIDTH)
			return p + found;
	}
	return last + first(look(in + last, patterns, sights));
}

INLINE struct mailin_run
search(const unsigned char *in, size_t len, const unsigned char *newline)
{
	const struct patterns patterns = {
		fill(newline[0]), fill(newline[1]), fill(newline[2])
	};
	struct sights sights;
	size_t at = 0, last;
	bool dense = true, is_bare, was_bare = false;

	if (len < WIDTH + 2)
		return (struct mailin_run){ .len = 0 };
	last = len - 2 - WIDTH;
	sights.seen = see(unseen(), load(in + last + 2));
	while (last - at >= 4 * WIDTH) {
		VECTOR wrong;

		sights.newlines = fill(0);
		wrong = look(in + at, &patterns, &sights) |
		    look(in + at + WIDTH, &patterns, &sights) |
		    look(in + at + 2 * WIDTH, &patterns, &sights) |
		    look(in + at + 3 * WIDTH, &patterns, &sights);
		is_bare = first(sights.newlines) == WIDTH;
		dense &= !(is_bare && was_bare);
		was_bare = is_bare;
		if (first(wrong) != WIDTH) {
			last = at + 3 * WIDTH;
			break;
		}
		at += 4 * WIDTH;
	}
	at = search_end(in, at, last, &patterns, &sights);
	return (struct mailin_run){ at, is_odd(sights.seen), dense };
}

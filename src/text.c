/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "text.h"
#include "word.h"

/* CR without LF, LF without CR, or the octet that may not stand behind. */
static bool
is_wrong(const unsigned char *in, const unsigned char *newline)
{
	return (in[0] == '\r') != (in[1] == '\n') ||
	    (in[0] == '\r' && in[2] == newline[2]);
}

static bool
is_odd(unsigned char octet)
{
	return octet == '\0' || octet > 127;
}

/*
 * An octet below 14 or above 127 sets its highest bit in mask, and perhaps
 * those of octets behind it: the borrow only goes upwards.
 */
struct mailin_run
mailin_text_words(const unsigned char *in, size_t len,
    const unsigned char *newline)
{
	struct mailin_run run = { .len = 0 };
	size_t at = 0;

	while (len - at > 8 + 2) {
		uint64_t octets = word_load(in + at);
		uint64_t mask = WORD_HIGH &
		    ((octets - WORD_EACH * 14) | octets);

		if (mask == 0) {
			at += 8;
			continue;
		}
		at += word_first(mask);
		if (at > 0 && is_wrong(in + at - 1, newline)) {
			at--;
			break;
		}
		if (is_wrong(in + at, newline))
			break;
		run.odd |= is_odd(in[at]);
		at += in[at] == '\r' ? 2 : 1;
	}
	run.len = at;
	return run;
}

/* Go on octet by octet, where no wide step can be made. */
static struct mailin_run
finish(struct mailin_run run, const unsigned char *in, size_t len,
    const unsigned char *newline)
{
	size_t at = run.len;

	/* The last step may have ended between CR and LF. */
	if (at > 0 && in[at - 1] == '\r')
		at--;
	for (; at < len && in[at] != '\n'; at++) {
		if (in[at] == '\r') {
			if (at + 1 == len || in[at + 1] != '\n')
				break;
			at++;
			if (at + 1 < len && in[at + 1] == newline[2]) {
				at++;
				break;
			}
		}
		run.odd |= is_odd(in[at]);
	}
	run.len = at;
	return run;
}

struct mailin_run
mailin_text_span(enum mailin_vector vector, const char *octets, size_t len,
    bool dots)
{
	const unsigned char *in = (const unsigned char *)octets;
	/* A second LF is wrong behind CR LF in any case. */
	const unsigned char *newline =
	    (const unsigned char *)(dots ? "\r\n." : "\r\n\n");
	struct mailin_run run = { .len = 0 };

	/* Each step looks at a pair, and this is the end of one. */
	if (len == 0 || in[0] == '\n')
		return run;
	switch (vector) {
#ifdef HAVE_AVX2
	case MAILIN_VECTOR_AVX2:
		run = mailin_text_avx2(in, len, newline);
		break;
#endif
#ifdef HAVE_SSE2
	case MAILIN_VECTOR_SSE2:
		run = mailin_text_sse2(in, len, newline);
		break;
#endif
#ifdef HAVE_NEON
	case MAILIN_VECTOR_NEON:
		run = mailin_text_neon(in, len, newline);
		break;
#endif
	default:
		break;
	}
	if (run.len == 0)
		run = mailin_text_words(in, len, newline);
	return finish(run, in, len, newline);
}

size_t
mailin_text_lines(const char *text, size_t len)
{
	const unsigned char *in = (const unsigned char *)text;

	while (len >= 8) {
		uint64_t octets = word_load(in + len - 8) ^ WORD_EACH * '\n';

		if (((octets - WORD_EACH) & ~octets & WORD_HIGH) != 0)
			break;
		len -= 8;
	}
	while (len > 0 && in[len - 1] != '\n')
		len--;
	return len;
}

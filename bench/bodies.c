/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * Measures the body decoder of src/message/body.c on messages of five kinds,
 * fed in pieces of several sizes.  A hot message fits in the cache, a cold one
 * is larger than any cache.  For comparison, fast known functions (memcpy,
 * memchr, a bare AVX2 search) run on the same octets.  The way back, which
 * doubles dots, is measured on them, too.
 */
#include <string.h>

#include <mailin/stuff.h>

#include "message/body.h"

#include "search.h"
#include "table.h"
#include "workload.h"

#define KIBI ((size_t)1024)
#define MEBI (KIBI * KIBI)
#define HOT  (64 * KIBI)
#define COLD (64 * MEBI)

enum kind {
	TEXT,
	LONG,
	SHORT,
	DOTS,
	BASE64,
	KINDS
};

static const char kind_names[KINDS][8] = { "text", "long", "short", "dots",
	"base64" };

static const struct {
	const char *name;
	size_t size;
} feeds[] = {
	{ "64", 64 },
	{ "78", 78 }, /* a line of 76 octets and its CR LF */
	{ "1Ki", KIBI },
	{ "4Ki", 4 * KIBI },
	{ "64Ki", 64 * KIBI },
	{ "1Mi", MEBI },
};

/* The current message, and a buffer of the same size to which it is copied. */
static char *stream, *copy;
static size_t stream_size;

struct decoding {
	enum kind kind;
	size_t size;
	size_t feed;
	enum mailin_vector vector;
};

/* Write one line of this kind, with its CR LF.  Returns its length. */
static size_t
write_line(enum kind kind, char *out, unsigned long long *random)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789+/";
	static const size_t lengths[KINDS] = { 76, 998, 1, 76, 76 };
	size_t i, len = lengths[kind];

	for (i = 0; i < len; i++) {
		if (kind == DOTS)
			out[i] = '.';
		else if (kind != BASE64 && i % 7 == 6)
			out[i] = ' ';
		else
			out[i] = letters[workload_random(random) % 64];
	}
	memcpy(out + len, "\r\n", 2);
	return len + 2;
}

/* Fill HOT octets with whole lines, and repeat this block until size is nearly
 * reached.  The last line has the length that is then left, and the end of data
 * follows it. */
static void
write_stream(enum kind kind, char *out, size_t size)
{
	unsigned long long random = 1;
	size_t at = 0, block, room;

	while (HOT - at >= 1000 + 5)
		at += write_line(kind, out + at, &random);
	for (block = at; size - at >= block + 5; at += block)
		memcpy(out + at, out, block);
	room = size - at;
	memset(out + at, 'x', room - 5);
	memcpy(out + size - 5, "\r\n.\r\n", 5);
}

/* The stream for cold messages is large, so all kinds share one buffer.  Each
 * workload writes its stream before it runs. */
static void
prepare_stream(const struct workload *workload)
{
	static char *hot[KINDS], *cold;
	static enum kind is_cold = KINDS;
	const struct decoding *decoding = workload->with;
	enum kind kind = decoding->kind;

	if (hot[kind] == NULL) {
		hot[kind] = workload_memory(HOT);
		write_stream(kind, hot[kind], HOT);
	}
	if (copy == NULL) {
		cold = workload_memory(COLD);
		copy = workload_memory(COLD);
	}
	stream_size = decoding->size;
	stream = stream_size == HOT ? hot[kind] : cold;
	if (stream == cold && is_cold != kind) {
		write_stream(kind, cold, COLD);
		is_cold = kind;
	}
}

static size_t
decode(const char *in, size_t len, size_t feed, enum mailin_vector vector)
{
	struct mailin_body body;
	struct mailin_span out;
	size_t at = 0, end = 0, sum = 0;

	mailin_body_start(&body, MAILIN_BARE_NEWLINE_NORMALIZE, true, vector);
	while (at < len && body.state != BODY_ENDED) {
		if (at == end)
			end = len - at < feed ? len : at + feed;
		at += mailin_body_read(&body, in + at, end - at, &out);
		sum += out.len;
	}
	if (at != len || body.state != BODY_ENDED || sum != body.facts.octets)
		workload_fail("finds no end of data", "the body decoder");
	return sum;
}

static void
run_decode(const struct workload *workload)
{
	const struct decoding *decoding = workload->with;

	workload_sink = decode(stream, stream_size, decoding->feed,
	    decoding->vector);
}

static void
run_memcpy(const struct workload *workload)
{
	(void)workload;
	memcpy(copy, stream, stream_size);
	workload_sink = (size_t)copy[workload_sink % stream_size];
}

static void
run_memchr(const struct workload *workload)
{
	(void)workload;
	workload_sink = search_lf(stream, stream_size);
}

static void
run_lf_dot(const struct workload *workload)
{
	(void)workload;
	workload_sink = search_lf_dot_avx2(stream, stream_size);
}

static void
run_stuff(const struct workload *workload)
{
	struct mailin_stuff stuff = MAILIN_STUFF_INIT;
	struct mailin_span in = { stream, stream_size }, out;
	size_t sum = 0;

	(void)workload;
	while (in.len > 0) {
		if (mailin_stuff_feed(&stuff, &in, &out) != MAILIN_OK)
			workload_fail("refuses", "mailin_stuff_feed()");
		sum += out.len;
	}
	workload_sink = sum;
}

static struct workload *
add(enum kind kind, size_t size, const char *name, const char *feed,
    void (*run)(const struct workload *))
{
	struct decoding *decoding = workload_memory(sizeof *decoding);
	struct workload *row = workload_add("KiB", "body/%s/%s/%s%s%s",
	    kind_names[kind], size == HOT ? "hot" : "cold", name,
	    feed[0] != '\0' ? "/" : "", feed);

	decoding->kind = kind;
	decoding->size = size;
	decoding->feed = size;
	row->items = (double)(size / KIBI);
	row->octets = (double)size;
	row->prepare = prepare_stream;
	row->run = run;
	row->with = decoding;
	return row;
}

static void
add_feeds(enum kind kind, size_t size, const char *name,
    enum mailin_vector vector)
{
	size_t i;

	for (i = 0; i < sizeof feeds / sizeof feeds[0] && feeds[i].size <= size;
	     i++) {
		struct workload *row = add(kind, size, name, feeds[i].name,
		    run_decode);
		struct decoding *decoding = row->with;

		decoding->feed = feeds[i].size;
		decoding->vector = vector;
		row->counted = size == HOT &&
		    (feeds[i].size == 78 || feeds[i].size == 4 * KIBI ||
			feeds[i].size == HOT);
	}
}

static void
add_kind(enum kind kind, size_t size)
{
	static const char names[MAILIN_VECTOR_COUNT][8] = {
		[MAILIN_VECTOR_WORDS] = "words",
		[MAILIN_VECTOR_SSE2] = "sse2",
		[MAILIN_VECTOR_NEON] = "neon",
		[MAILIN_VECTOR_AVX2] = "avx2",
	};
	int vector;

	add(kind, size, "memcpy", "", run_memcpy);
	add(kind, size, "memchr", "", run_memchr)->counted = size == HOT;
	if (search_has_avx2())
		add(kind, size, "lf-dot", "", run_lf_dot)->counted = size ==
		    HOT;
	add(kind, size, "stuff", "", run_stuff)->counted = size == HOT;
	for (vector = 0; vector < MAILIN_VECTOR_COUNT; vector++)
		if (mailin_vector_has((enum mailin_vector)vector))
			add_feeds(kind, size, names[vector],
			    (enum mailin_vector)vector);
}

void
bodies_add(void)
{
	int kind;

	for (kind = 0; kind < KINDS; kind++)
		add_kind((enum kind)kind, HOT);
	for (kind = 0; kind < KINDS; kind++)
		add_kind((enum kind)kind, COLD);
}

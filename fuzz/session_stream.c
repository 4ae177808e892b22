/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_stream.h"
#include "support/decoder.h"

/* A number with at most this many digits fits in 64 bits. */
#define DIGITS 18

void
stream_start(struct check *check, struct mailin_span stream, bool known)
{
	check->stream.left = stream;
	check->stream.known = known && stream.len < DECODED_ROOM / 2;
}

static void
skip(struct stream *stream, size_t len)
{
	len = len < stream->left.len ? len : stream->left.len;
	stream->left.ptr += len;
	stream->left.len -= len;
}

static bool
begins(struct mailin_span line, const char *word)
{
	struct mailin_span head = { line.ptr, strlen(word) };

	return line.len >= head.len && mailin_span_iequal(head, word);
}

/* ---- Messages ------------------------------------------------------------ */

static const struct decoded *
decode(const struct check *check)
{
	static struct decoded decoded;
	const struct mailin_config *config = mailin_session_config(
	    check->session);

	decoder_run(&decoded, check->stream.left,
	    (enum mailin_bare_newline)mailin_config_policy(config,
		MAILIN_POLICY_BARE_NEWLINE),
	    true, false);
	return &decoded;
}

void
stream_message(struct check *check)
{
	check->stream.in_message = true;
}

/* The octets and the facts of the message must be the same as those from
 * tests/support/decoder.h. */
void
stream_message_end(struct check *check)
{
	const struct mailin_facts facts = mailin_session_facts(check->session);
	const struct decoded *decoded;

	if (!check->stream.known || !check->stream.in_message)
		return;
	decoded = decode(check);
	CHECK(decoded->ended && !decoded->refused);
	CHECK(decoder_same_facts(&facts, &decoded->facts));
	CHECK(decoded->len == check->message.len);
	CHECK(decoded->len == 0 ||
	    memcmp(decoded->octets, check->message.octets, decoded->len) == 0);
}

/* Call this when the session reports a line.  If a message was being read, it
 * must have ended before the line. */
static void
end_message(struct check *check)
{
	const struct decoded *decoded;

	if (!check->stream.in_message)
		return;
	decoded = decode(check);
	CHECK(decoded->ended);
	check->stream.in_message = false;
	skip(&check->stream, decoded->used);
}

/* ---- Lines --------------------------------------------------------------- */

/* Returns true if the line ends the session, whatever its length.  Such a line
 * has octets that no command has, or belongs to another protocol. */
static bool
is_odd(struct mailin_span line)
{
	static const char words[][8] = { "GET", "HEAD", "POST", "PUT", "DELETE",
		"OPTIONS", "CONNECT", "TRACE", "PATCH", "PRI", "\x16" };
	size_t i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (begins(line, words[i]))
			return true;
	for (i = 0; i < line.len; i++)
		if (line.ptr[i] == '\r' || line.ptr[i] == '\0')
			return true;
	return false;
}

/* Skip the octets of a chunk.  If the line has a form that only RELAXED
 * accepts, or is wrong, this reader does not know the length of the chunk. */
static void
skip_chunk(struct stream *stream, struct mailin_span line)
{
	size_t at = 5, size = 0;

	while (at < line.len && line.ptr[at] >= '0' && line.ptr[at] <= '9')
		size = size * 10 + (size_t)(line.ptr[at++] - '0');
	line.ptr += at;
	line.len -= at;
	stream->known = at > 5 && at - 5 <= DIGITS &&
	    (line.len == 0 || mailin_span_iequal(line, " LAST"));
	skip(stream, size);
}

/* A line is too long if, and only if, it has more octets than the limit. */
static void
hold_limit(struct check *check, struct mailin_span raw, struct mailin_span line)
{
	const struct mailin_config *config = mailin_session_config(
	    check->session);
	bool is_answer = mailin_span_equal(line, "<hidden>");
	uint64_t limit = mailin_config_limit(config,
	    begins(raw, "AUTH") || is_answer ? MAILIN_LIMIT_AUTH_LINE :
					       MAILIN_LIMIT_COMMAND_LINE);

	check->stream.is_long = raw.len > limit;
	if (mailin_span_equal(line, "<dropped>"))
		CHECK(raw.len > limit || begins(raw, "BDAT") ||
		    mailin_span_equal(raw, "<dropped>"));
	else if (!is_answer && !mailin_span_equal(line, "AUTH <hidden>"))
		CHECK(raw.len <= limit && raw.len == line.len &&
		    memcmp(raw.ptr, line.ptr, raw.len) == 0);
}

void
stream_line(struct check *check, struct mailin_span line)
{
	struct stream *stream = &check->stream;
	struct mailin_span raw;
	const char *end;

	if (!stream->known || check->memory_fails) {
		stream->known = false;
		return;
	}
	end_message(check);
	raw = stream->left;
	end = raw.len > 0 ? memchr(raw.ptr, '\n', raw.len) : NULL;
	raw.len = end != NULL ? (size_t)(end - raw.ptr) : 0;
	if (raw.len == 0 || raw.ptr[raw.len - 1] != '\r' ||
	    is_odd((struct mailin_span){ raw.ptr, raw.len - 1 })) {
		stream->known = false;
		return;
	}
	skip(stream, raw.len-- + 1);
	hold_limit(check, raw, line);
	if (begins(raw, "BDAT ") && !mailin_span_equal(line, "<hidden>"))
		skip_chunk(stream, raw);
	else if (begins(raw, "BDAT"))
		stream->known = false;
}

/* A line that is too long must be refused, whatever it contains. */
void
stream_reply(struct check *check, struct mailin_span line)
{
	if (check->stream.known && check->stream.is_long)
		CHECK(line.ptr[0] == '5' || line.ptr[0] == '4');
	check->stream.is_long = false;
}

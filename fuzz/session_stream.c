/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_stream.h"
#include "support/decoder.h"

/* A number with at most this many digits fits in 64 bits. */
#define DIGITS 18

static void
skip(struct stream *stream, size_t len)
{
	len = len < stream->left.len ? len : stream->left.len;
	stream->left.ptr += len;
	stream->left.len -= len;
}

/* Returns the length of the PROXY header (proxy-protocol.txt 2.1 and 2.2).  If
 * it is not complete, the length is that of the stream. */
static size_t
header_len(struct mailin_span stream)
{
	const unsigned char *octets = (const unsigned char *)stream.ptr;
	const char *end;
	size_t len;

	if (stream.len > 0 && *octets == '\r') {
		len = stream.len < 16 ? 16 :
					16u + octets[14] * 256u + octets[15];
		return len < stream.len ? len : stream.len;
	}
	end = stream.len > 0 ? memchr(octets, '\n', stream.len) : NULL;
	return end != NULL ? (size_t)(end + 1 - stream.ptr) : stream.len;
}

void
stream_start(struct check *check, struct mailin_span stream, bool has_header)
{
	check->stream.left = stream;
	if (has_header)
		skip(&check->stream, header_len(stream));
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

	if (check->memory_fails || !check->stream.in_message)
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

static bool
is_blank(char octet)
{
	return octet == ' ' || octet == '\t';
}

/* Returns true if the line belongs to another protocol.  The session must end,
 * whatever the length of the line. */
static bool
is_foreign(struct mailin_span line)
{
	static const char methods[][8] = { "GET", "HEAD", "POST", "PUT",
		"DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH", "PRI" };
	struct mailin_span word = { line.ptr, 0 };
	size_t i;

	if (line.len > 0 && line.ptr[0] == '\x16')
		return true;
	while (word.len < line.len && !is_blank(word.ptr[word.len]) &&
	    word.ptr[word.len] != '\r')
		word.len++;
	for (i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (mailin_span_iequal(word, methods[i]))
			return true;
	return false;
}

/* Returns true if the line may hold a secret: blanks may come before AUTH, and
 * the lines A, AU and AUT count as AUTH. */
static bool
is_secret(struct mailin_span line)
{
	static const char verb[] = "AUTH";
	size_t i;

	while (line.len > 0 && is_blank(*line.ptr)) {
		line.ptr++;
		line.len--;
	}
	for (i = 0; i < line.len && i < sizeof verb - 1; i++)
		if ((line.ptr[i] & ~0x20) != verb[i])
			return false;
	return line.len > 0;
}

/* Skip the octets of the chunk that follows the line.  If the line is no valid
 * BDAT, they have no known end, and the session must end. */
static void
skip_chunk(struct check *check, struct mailin_span line)
{
	const struct mailin_config *config = mailin_session_config(
	    check->session);
	struct mailin_span left = { line.ptr + 5, line.len - 5 };
	struct mailin_command command;
	uint64_t size = 0;
	size_t digits;

	for (digits = 0; left.len > 0 && *left.ptr >= '0' && *left.ptr <= '9';
	     digits++, left.ptr++, left.len--)
		size = size * 10 + (uint64_t)(*left.ptr - '0');
	if (digits == 0 || digits > DIGITS ||
	    (left.len > 0 && !mailin_span_iequal(left, " LAST"))) {
		/* A form that only the tokenizer knows; fuzz_command.c checks
		 * its result. */
		mailin_command_parse_as(&command,
		    (enum mailin_syntax)mailin_config_policy(config,
			MAILIN_POLICY_SYNTAX),
		    line.ptr, line.len + 2);
		check->stream.must_end = command.error != MAILIN_REPLY_OK;
		if (check->stream.must_end)
			return;
		size = command.bdat.size;
	}
	skip(&check->stream,
	    size < SIZE_MAX ? (size_t)size : check->stream.left.len);
}

/* Only a blank may follow BDAT.  Any other octet there, even a CR, makes it an
 * unknown verb. */
static bool
is_bdat(struct mailin_span line)
{
	return begins(line, "BDAT") && (line.len == 4 || is_blank(line.ptr[4]));
}

/* Check the line that the session reports.  raw is the line that was sent,
 * without CR LF.  A line is too long if, and only if, it has more octets than
 * the limit. */
static void
hold_line(struct check *check, struct mailin_span raw, struct mailin_span line)
{
	const struct mailin_config *config = mailin_session_config(
	    check->session);
	uint64_t limit = mailin_config_limit(config,
	    begins(raw, "AUTH") || check->is_response ?
		MAILIN_LIMIT_AUTH_LINE :
		MAILIN_LIMIT_COMMAND_LINE);
	bool is_long = raw.len > limit;
	bool is_dropped = mailin_span_equal(line, "<dropped>");

	check->stream.is_long = is_long;
	if (check->is_response) {
		CHECK(mailin_span_equal(line, "<hidden>"));
		return;
	}
	if (is_secret(raw))
		CHECK(mailin_span_equal(line, "AUTH <hidden>") ||
		    (is_long && is_dropped));
	else if (is_long)
		CHECK(is_dropped);
	else
		CHECK(raw.len == line.len &&
		    memcmp(raw.ptr, line.ptr, raw.len) == 0);
	if (is_long)
		check->stream.must_end = begins(raw, "BDAT");
	else if (is_bdat(raw))
		skip_chunk(check, raw);
}

void
stream_line(struct check *check, struct mailin_span line)
{
	struct stream *stream = &check->stream;
	struct mailin_span raw;
	const char *end;

	/* After a failed allocation, the session may have dropped any line. */
	if (check->memory_fails)
		return;
	CHECK(!stream->must_end);
	end_message(check);
	raw = stream->left;
	CHECK(raw.len > 0);
	end = memchr(raw.ptr, '\n', raw.len);
	if (end != NULL)
		raw.len = (size_t)(end - raw.ptr);
	if (!check->is_response && is_foreign(raw)) {
		CHECK(mailin_span_equal(line, "<dropped>"));
		stream->must_end = true;
		return;
	}
	CHECK(end != NULL);
	skip(stream, raw.len + 1);
	/* A bare LF ends the session. */
	stream->must_end = raw.len == 0 || raw.ptr[raw.len - 1] != '\r';
	raw.len--;
	if (!stream->must_end)
		hold_line(check, raw, line);
}

/* A line that is too long must be refused, whatever it contains. */
void
stream_reply(struct check *check, struct mailin_span line)
{
	if (!check->memory_fails && check->stream.is_long)
		CHECK(line.ptr[0] == '5' || line.ptr[0] == '4');
	check->stream.is_long = false;
}

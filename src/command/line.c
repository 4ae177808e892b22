/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "command/line.h"

#include "octet/ascii.h"
#include "octet/wipe.h"

/* When a line has been read, its buffer (line->carry) keeps at most this much
 * memory for the next line. */
#define KEEP_ROOM 1024

/* This many octets are enough to see whether a line begins with one of the
 * words in this file. */
#define HEAD_MOST 9

/* Returns the first octets of a line.  They are in the buffer line->carry, in
 * the array "in", or partly in each; in the last case they are copied to the
 * buffer "room". */
static struct mailin_span
line_head(const struct mailin_line *line, const char *in, size_t len,
    char room[HEAD_MOST])
{
	size_t have = line->carry.len < HEAD_MOST ? line->carry.len : HEAD_MOST;

	if (len > HEAD_MOST - have)
		len = HEAD_MOST - have;
	if (have == 0)
		return (struct mailin_span){ in, len };
	memcpy(room, line->carry.octets, have);
	memcpy(room + have, in, len);
	return (struct mailin_span){ room, have + len };
}

bool
mailin_line_begins(struct mailin_span line, const char *verb)
{
	size_t i;

	for (i = 0; i < line.len && i < 4; i++)
		if (ascii_upper(line.ptr[i]) != verb[i])
			return false;
	return line.len > 0;
}

bool
mailin_line_is_secret(struct mailin_span line)
{
	for (; line.len > 0 && ascii_is_blank(*line.ptr); line.len--)
		line.ptr++;
	return mailin_line_is_auth(line);
}

/* Finds a line of another protocol: one that begins with an HTTP method, or
 * with the first octet of a TLS record.  Attackers make browsers send such
 * lines, by HTML forms and over TLS (ALPACA).  Returns the number of octets
 * that show the other protocol, or 0. */
static size_t
foreign_length(struct mailin_span head)
{
	static const char methods[][8] = { "GET", "HEAD", "POST", "PUT",
		"DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH", "PRI" };
	struct mailin_span word = { head.ptr, 0 };
	size_t i;

	if (head.ptr[0] == 0x16)
		return 1;
	while (word.len < head.len && !ascii_is_blank(word.ptr[word.len]) &&
	    word.ptr[word.len] != '\r' && word.ptr[word.len] != '\n')
		word.len++;
	if (word.len == 0 || word.len == head.len)
		return 0;
	for (i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (ascii_upper(word.ptr[0]) == methods[i][0] &&
		    mailin_span_iequal(word, methods[i]))
			return word.len + 1;
	return 0;
}

/* The kind of a line, which its first octets show.  Each kind has a maximum
 * length, and results of its own for errors. */
struct kind {
	size_t limit;
	enum mailin_line_result too_long;
	enum mailin_line_result no_memory;
};

static struct kind
kind_of(struct mailin_span head, const struct mailin_line_rules *rules)
{
	if (rules->is_response || mailin_line_is_auth(head))
		return (struct kind){ rules->auth_limit, LINE_AUTH_TOO_LONG,
			LINE_NO_MEMORY };
	if (mailin_line_begins(head, "BDAT"))
		return (
		    struct kind){ rules->limit, LINE_BAD_BDAT, LINE_BAD_BDAT };
	return (struct kind){ rules->limit, LINE_TOO_LONG, LINE_NO_MEMORY };
}

static void
skip_line(struct mailin_line *line, enum mailin_line_result reason)
{
	line->skipping = true;
	line->reason = reason;
	mailin_line_wipe(line);
}

/* Append octets to the buffer line->carry.  Drop a line as soon as it is over
 * its limit, so that the result does not depend on the pieces in which the
 * stream arrives.  If the line already has as many octets as the limit, only
 * the CR of its line end may be added. */
static void
store(struct mailin_line *line, const struct mailin_allocator *allocator,
    const char *in, size_t len, const struct kind *kind)
{
	size_t total = line->carry.len + len;

	line->after_cr = in[len - 1] == '\r';
	if (line->skipping)
		return;
	if (total - line->after_cr > kind->limit)
		skip_line(line, kind->too_long);
	else if (!mailin_buffer_reserve(&line->carry, allocator, total))
		skip_line(line, kind->no_memory);
	else
		mailin_buffer_append(&line->carry, in, len);
}

/* The octets at "in" end with a LF, which completes the line.  Returns the
 * result. */
static enum mailin_line_result
complete_line(struct mailin_line *line,
    const struct mailin_allocator *allocator, const char *in, size_t len,
    const struct kind *kind, struct mailin_span *out)
{
	bool after_cr = len > 1 ? in[len - 2] == '\r' : line->after_cr;

	line->after_cr = false;
	if (line->skipping) {
		line->skipping = !after_cr;
		return after_cr ? line->reason : LINE_BARE_LF;
	}
	if (line->carry.len == 0) {
		*out = (struct mailin_span){ in, len };
	} else if (mailin_buffer_reserve(&line->carry, allocator,
		       line->carry.len + len)) {
		mailin_buffer_append(&line->carry, in, len);
		line->given = true;
		*out = (struct mailin_span){ line->carry.octets,
			line->carry.len };
	} else {
		mailin_line_wipe(line);
		return after_cr ? kind->no_memory : LINE_BARE_LF;
	}
	if (!after_cr) {
		out->len--;
		if (out->len > kind->limit)
			*out = (struct mailin_span){ NULL, 0 };
		return LINE_BARE_LF;
	}
	return out->len - 2 > kind->limit ? kind->too_long : LINE_WHOLE;
}

size_t
mailin_line_read(struct mailin_line *line,
    const struct mailin_allocator *allocator,
    const struct mailin_line_rules *rules, const char *in, size_t len,
    struct mailin_span *out, enum mailin_line_result *result)
{
	const char *lf = memchr(in, '\n', len);
	char room[HEAD_MOST];
	struct mailin_span head;
	struct kind kind;
	size_t foreign;

	if (line->given) {
		line->given = false;
		mailin_line_wipe(line);
		if (line->carry.room > KEEP_ROOM)
			mailin_buffer_free(&line->carry, allocator);
	}
	if (lf != NULL)
		len = (size_t)(lf - in) + 1;
	*out = (struct mailin_span){ NULL, 0 };

	head = line_head(line, in, len, room);
	if (!line->skipping && !rules->is_response &&
	    line->carry.len < HEAD_MOST &&
	    (foreign = foreign_length(head)) != 0) {
		*result = LINE_FOREIGN;
		foreign -= line->carry.len;
		line->carry.len = 0;
		return foreign;
	}

	kind = kind_of(head, rules);
	if (lf == NULL) {
		*result = LINE_PARTIAL;
		store(line, allocator, in, len, &kind);
	} else {
		*result = complete_line(line, allocator, in, len, &kind, out);
	}
	return len;
}

void
mailin_line_wipe(struct mailin_line *line)
{
	wipe(line->carry.octets, line->carry.len);
	line->carry.len = 0;
}

void
mailin_line_free(struct mailin_line *line,
    const struct mailin_allocator *allocator)
{
	if (line->carry.octets == NULL)
		return;
	mailin_line_wipe(line);
	mailin_buffer_free(&line->carry, allocator);
}

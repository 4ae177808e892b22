/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Decides that a chunk of BDAT has as many octets as its line says, whatever
 * they are and however they are cut, and that the next octet begins a command.
 * See proof/README.md. */
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "session/message.h"

#define MOST ((size_t)1 << 17)

/* Octets for a chunk.  Outside a chunk they would be commands, or the end of a
 * message. */
static const char bait[] = "RSET\r\n.\r\nBDAT 3\r\nQUIT\r\n";

static uint64_t handed_on;

static enum mailin_reply
accept_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)rcpt, (void)user;
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
count_data(struct mailin_session *session, struct mailin_span octets,
    void *user)
{
	(void)session, (void)user;
	handed_on += octets.len;
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
accept_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)rcpt, (void)user;
	return MAILIN_REPLY_OK;
}

static const struct mailin_handler handler = { .size = sizeof handler,
	.rcpt = accept_rcpt,
	.data = count_data,
	.data_end = accept_end };

/* A session, and the octets that it has sent. */
struct dialogue {
	struct mailin_session *session;
	size_t len;
	char sent[4096];
};

static void
drain(struct dialogue *dialogue)
{
	struct mailin_span out = mailin_session_output(dialogue->session);

	if (out.len > sizeof dialogue->sent - 1 - dialogue->len)
		abort();
	if (out.len > 0)
		memcpy(dialogue->sent + dialogue->len, out.ptr, out.len);
	dialogue->len += out.len;
	dialogue->sent[dialogue->len] = '\0';
	mailin_session_sent(dialogue->session, out.len);
}

static void
say(struct dialogue *dialogue, const char *octets, size_t len)
{
	size_t used = 0, some;

	do {
		some = mailin_session_feed(dialogue->session, octets + used,
		    len - used);
		used += some;
		drain(dialogue);
	} while (some > 0 && used < len);
}

static void
begin(struct dialogue *dialogue, const struct mailin_config *config,
    bool has_mail, const char *line)
{
	static const char lines[] = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n";

	dialogue->session = mailin_session_new(config, &handler, NULL);
	if (dialogue->session == NULL)
		abort();
	handed_on = 0;
	dialogue->len = 0;
	drain(dialogue);
	say(dialogue, "EHLO c\r\n", 8);
	if (has_mail)
		say(dialogue, lines, sizeof lines - 1);
	dialogue->len = 0;
	say(dialogue, line, strlen(line));
}

/* ---- Short chunks, in each way ------------------------------------------- */

/* Send a chunk of size octets, cut twice, and NOOP after it.  Without a
 * transaction the chunk must be refused, but its octets must still be read. */
static bool
is_chunk_right(const struct mailin_config *config, bool has_mail, size_t size,
    const size_t cuts[2])
{
	struct dialogue dialogue;
	char line[64], octets[256];
	size_t i, len = size + 6;
	const char *reply;
	bool is_right;

	for (i = 0; i < size; i++)
		octets[i] = bait[i % (sizeof bait - 1)];
	memcpy(octets + size, "NOOP\r\n", 6);
	snprintf(line, sizeof line, "BDAT %zu LAST\r\n", size);
	begin(&dialogue, config, has_mail, line);
	if (size > 0 && dialogue.len > 0)
		return false;
	say(&dialogue, octets, cuts[0]);
	say(&dialogue, octets + cuts[0], cuts[1] - cuts[0]);
	say(&dialogue, octets + cuts[1], len - cuts[1]);
	reply = strstr(dialogue.sent, "\r\n");
	is_right = reply != NULL && strncmp(reply + 2, "250 2.0.0", 9) == 0 &&
	    strstr(reply + 2, "\r\n") + 2 == dialogue.sent + dialogue.len &&
	    strncmp(dialogue.sent, has_mail ? "250 " : "503 ", 4) == 0 &&
	    handed_on == (has_mail ? size : 0);
	mailin_session_free(dialogue.session);
	return is_right;
}

static void
try_chunks(const struct mailin_config *config, size_t most, struct claim *claim)
{
	size_t size, cuts[2];
	int has_mail;

	for (has_mail = 0; has_mail < 2; has_mail++)
		for (size = 0; size <= most; size++)
			for (cuts[0] = 0; cuts[0] <= size + 6; cuts[0]++)
				for (cuts[1] = cuts[0]; cuts[1] <= size + 6;
				     cuts[1]++) {
					claim->cases++;
					if (claim->failed ||
					    is_chunk_right(config, has_mail,
						size, cuts))
						continue;
					claim->failed = true;
					snprintf(claim->counterexample,
					    sizeof claim->counterexample,
					    "counterexample: %zu octets, cut "
					    "at %zu and %zu",
					    size, cuts[0], cuts[1]);
				}
}

/* ---- The counter --------------------------------------------------------- */

/* Give octets to a session that expects "left" more octets of a chunk.  It must
 * read all of the octets, or "left" of them if they are more. */
static bool
is_count_right(const struct mailin_config *config, uint64_t left, size_t given)
{
	static char octets[MOST];
	struct dialogue dialogue;
	size_t want = left < given ? (size_t)left : given, used;
	bool is_right;

	begin(&dialogue, config, true, "BDAT 18446744073709551615\r\n");
	dialogue.session->chunk_left = left;
	memset(octets, 'x', given);
	used = mailin_session_message_read(dialogue.session, octets, given);
	is_right = used == want && handed_on == want &&
	    dialogue.session->chunk_left == left - want;
	mailin_session_free(dialogue.session);
	return is_right;
}

static void
try_counts(const struct mailin_config *config, struct claim *claim)
{
	static const size_t given[] = { 1, 2, 3, 65535, 65536, MOST };
	size_t i;
	int bit, near;
	uint64_t left;

	for (bit = 0; bit < 64; bit++)
		for (near = -2; near <= 2; near++)
			for (i = 0; i < sizeof given / sizeof *given; i++) {
				left = (UINT64_C(1) << bit) + (uint64_t)near;
				claim->cases++;
				if (left == 0 || claim->failed ||
				    is_count_right(config, left, given[i]))
					continue;
				claim->failed = true;
				snprintf(claim->counterexample,
				    sizeof claim->counterexample,
				    "counterexample: %llu left, %zu given",
				    (unsigned long long)left, given[i]);
			}
}

/* Usage: chunk [MOST].  Tries chunks of up to MOST octets. */
int
main(int argc, char **argv)
{
	size_t most = argc > 1 ? strtoul(argv[1], NULL, 10) : 30;
	struct claim chunks = { .what = "a chunk of BDAT is as long as its "
					"line says, and the next octet begins "
					"a command" };
	struct claim counts = { .what = "the counter of a chunk goes down by "
					"what was read, and not below 0",
		.bound = "counts near each power of two" };
	struct mailin_config *config = mailin_config_new("h");
	char bound[64];
	bool held;

	snprintf(bound, sizeof bound, "up to %zu octets, cut twice", most);
	chunks.bound = bound;
	if (most > 200 || config == NULL)
		return EXIT_FAILURE;
	try_chunks(config, most, &chunks);
	try_counts(config, &counts);
	mailin_config_free(config);
	held = claim_end(&chunks);
	held &= claim_end(&counts);
	return held ? EXIT_SUCCESS : EXIT_FAILURE;
}

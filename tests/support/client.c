/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/client.h"
#include "support/handler_log.h"
#include "support/replies.h"

void
client_init(struct client *client)
{
	memset(client, 0, sizeof *client);
	heap_init(&client->heap);
	handler_log_init(&client->handler);
	client->config = mailin_config_new_with("mx.example.org",
	    &client->heap.allocator);
	ck_assert_ptr_nonnull(client->config);
}

void
client_begin(struct client *client)
{
	client->session = mailin_session_new(client->config, &client->handler,
	    client);
	ck_assert_ptr_nonnull(client->session);
}

void
client_end(struct client *client)
{
	mailin_session_free(client->session);
	mailin_config_free(client->config);
	if (client->heap.blocks != NULL)
		ck_abort_msg("%zu octets leaked", client->heap.octets);
	free(client->log.octets);
	free(client->out.octets);
	memset(client, 0, sizeof *client);
}

void
client_set(struct client *client, const char *name, const char *value)
{
	if (mailin_config_set(client->config, name, value) != MAILIN_OK)
		ck_abort_msg("setting %s to %s failed", name, value);
}

void
pile_add(struct pile *pile, const char *octets, size_t len)
{
	if (pile->room < pile->len + len + 1) {
		pile->room = 2 * (pile->len + len) + 256;
		pile->octets = realloc(pile->octets, pile->room);
		if (pile->octets == NULL)
			ck_abort_msg("no memory");
	}
	if (len > 0)
		memcpy(pile->octets + pile->len, octets, len);
	pile->len += len;
	pile->octets[pile->len] = '\0';
}

/* Feed a copy of the octets, and then overwrite it. */
static size_t
feed_copy(struct client *client, char *copy, struct mailin_span octets)
{
	size_t used;

	if (octets.len > 0)
		memcpy(copy, octets.ptr, octets.len);
	used = mailin_session_feed(client->session, copy, octets.len);
	memset(copy, 'Z', octets.len);
	if (used > octets.len)
		ck_abort_msg("%zu of %zu octets consumed", used, octets.len);
	return used;
}

/* Put the octets right before an unmapped page, or right after one, in turn.
 * In three cases the octets go into a heap block instead: with sanitizers,
 * which find more faults there; if there are too many octets for the mapped
 * memory; and in a call from inside a callback, because the mapped memory is
 * then in use. */
size_t
client_feed(struct client *client, const char *octets, size_t len)
{
	static bool is_used, turn;
	struct mailin_span span = { octets, len };
	size_t used;
	char *copy;

	if (!is_used && len <= SUITE_EDGE_MOST && !suite_is_sanitized()) {
		is_used = true;
		turn = !turn;
		used = feed_copy(client, suite_edge_room(turn, len), span);
		is_used = false;
		return used;
	}
	copy = malloc(len > 0 ? len : 1);
	if (copy == NULL)
		ck_abort_msg("no memory");
	used = feed_copy(client, copy, span);
	free(copy);
	return used;
}

void
client_drain(struct client *client)
{
	struct mailin_span out;

	while ((out = mailin_session_output(client->session)).len > 0) {
		if (!client->quiet)
			pile_add(&client->out, out.ptr, out.len);
		if (mailin_session_sent(client->session, out.len) != MAILIN_OK)
			ck_abort_msg("cannot send");
	}
}

void
client_octets(struct client *client, struct mailin_span octets)
{
	int idle = 0;

	client_drain(client);
	while (octets.len > 0) {
		size_t used = client_feed(client, octets.ptr, octets.len);

		octets.ptr += used;
		octets.len -= used;
		client_drain(client);
		if (mailin_session_want(client->session) != MAILIN_WANT_INPUT)
			break;
		idle = used > 0 ? 0 : idle + 1;
		if (idle > 2)
			ck_abort_msg("%s is not consumed", suite_quote(octets));
	}
}

void
client_lines(struct client *client, const char *text)
{
	client_drain(client);
	while (*text != '\0') {
		const char *lf = strchr(text, '\n');
		size_t len = lf != NULL ? (size_t)(lf - text) + 1 :
					  strlen(text);

		client_octets(client, (struct mailin_span){ text, len });
		text += len;
	}
}

const char *
client_replies(struct client *client)
{
	struct pile *out = &client->out;
	struct mailin_span octets;

	pile_add(out, "", 0);
	octets = (struct mailin_span){ out->octets + out->seen,
		out->len - out->seen };
	out->seen = out->len;
	return replies_codes(octets);
}

const char *
client_log(struct client *client)
{
	struct pile *log = &client->log;
	size_t from = log->seen;

	pile_add(log, "", 0);
	log->seen = log->len;
	client->in_data = false;
	/* Skip the separator between two events. */
	return log->octets + from + (from > 0 && log->len > from);
}

/* Returns the last octets of all replies, for a failure message. */
static const char *
tail(const struct client *client)
{
	return client->out.octets +
	    (client->out.len > 400 ? client->out.len - 400 : 0);
}

void
client_expect_replies(struct client *client, const char *replies)
{
	const char *got;

	client_drain(client);
	got = client_replies(client);
	if (strcmp(got, replies) != 0)
		ck_abort_msg("replies: %s, not %s\n%s", got, replies,
		    tail(client));
}

void
client_expect(struct client *client, const char *line, const char *replies)
{
	char text[4096];
	const char *got;
	int len = snprintf(text, sizeof text, "%s\r\n", line);

	client_drain(client);
	(void)client_replies(client);
	client_octets(client, (struct mailin_span){ text, (size_t)len });
	got = client_replies(client);
	if (strcmp(got, replies) != 0)
		ck_abort_msg("%s: %s, not %s\n%s", line, got, replies,
		    tail(client));
}

void
client_expect_log(struct client *client, const char *log)
{
	const char *got = client_log(client);

	if (strcmp(got, log) != 0)
		ck_abort_msg("\"%s\" happened, not \"%s\"", got, log);
}

void
client_greet(struct client *client)
{
	client_expect(client,
	    mailin_config_policy(client->config, MAILIN_POLICY_PROTOCOL) ==
		    MAILIN_PROTOCOL_LMTP ?
		"LHLO c.example.org" :
		"EHLO c.example.org",
	    "250");
}

void
client_envelope(struct client *client, size_t rcpts)
{
	char line[64];
	size_t i;

	client_expect(client, "MAIL FROM:<a@c.example>", "250 2.1.0");
	for (i = 0; i < rcpts; i++) {
		snprintf(line, sizeof line, "RCPT TO:<r%zu@d.example>", i);
		client_expect(client, line, "250 2.1.5");
	}
}

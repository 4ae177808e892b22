/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/time.h>

#include <mailin.h>

#include "back_end.h"

void
back_end_hang_up(struct back_end *b)
{
	if (b->in != NULL)
		fclose(b->in);
	if (b->out != NULL)
		fclose(b->out);
	b->in = b->out = NULL;
}

/* If *text begins with an enhanced code (RFC 3463) of the reply's class,
 * return that code and remove it.  Otherwise return the general code of the
 * class. */
static void
take_enhanced(struct back_end *b, char class, const char **text)
{
	size_t len = strspn(*text, "0123456789.");

	if (len > 1 && len < sizeof b->enhanced && (*text)[len] == ' ' &&
	    (*text)[0] == class && (*text)[1] == '.') {
		memcpy(b->enhanced, *text, len);
		b->enhanced[len] = '\0';
		*text += len + 1;
	} else {
		memcpy(b->enhanced, "?.0.0", sizeof "?.0.0");
		b->enhanced[0] = class;
	}
}

bool
back_end_hear(struct back_end *b)
{
	char line[1024];
	size_t len = 0;

	b->code = 0;
	if (b->in == NULL || fflush(b->out) != 0)
		return false;
	do {
		const char *text = line + 4;

		if (fgets(line, sizeof line, b->in) == NULL ||
		    strspn(line, "0123456789") != 3 || line[0] < '2' ||
		    line[0] > '5')
			return false;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[3] == '\0')
			text = "";
		b->code = atoi(line);
		take_enhanced(b, line[0], &text);
		len += (size_t)snprintf(b->text + len, sizeof b->text - len,
		    len > 0 ? "\n%s" : "%s", text);
		if (len >= sizeof b->text)
			len = sizeof b->text - 1;
	} while (line[3] == '-');
	return true;
}

static int
dial(const struct back_end *b)
{
	static const struct timeval patience = { .tv_sec = 300 };
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *all, *a;
	int fd = -1;

	if (getaddrinfo(b->host, b->port, &hints, &all) != 0)
		return -1;
	for (a = all; a != NULL && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		    sizeof patience);
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
		    sizeof patience);
		if (connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(all);
	return fd;
}

/* Open a stream to read and another one to write: one stdio stream cannot do
 * both on a socket. */
static bool
open_streams(struct back_end *b)
{
	int in = dial(b), out = in < 0 ? -1 : dup(in);

	if (out < 0) {
		if (in >= 0)
			close(in);
		return false;
	}
	b->in = fdopen(in, "r");
	b->out = fdopen(out, "w");
	if (b->in == NULL)
		close(in);
	if (b->out == NULL)
		close(out);
	return b->in != NULL && b->out != NULL;
}

bool
back_end_call(struct back_end *b)
{
	if (b->in != NULL)
		return true;
	b->keywords[0] = '\0';
	if (open_streams(b) && back_end_hear(b) && b->code == 220) {
		fprintf(b->out, "%s localhost\r\n", b->lmtp ? "LHLO" : "EHLO");
		if (back_end_hear(b) && b->code == 250) {
			memcpy(b->keywords, b->text, sizeof b->keywords);
			return true;
		}
	}
	back_end_hang_up(b);
	return false;
}

/* Returns the text after the keyword in the reply to EHLO; absent if the
 * keyword is not there. */
static struct mailin_span
arguments_of(const struct back_end *b, const char *keyword)
{
	const char *line = b->keywords;

	/* Skip the first line, which is the name of the host. */
	while ((line = strchr(line, '\n')) != NULL) {
		struct mailin_span word;

		++line;
		word.ptr = line;
		word.len = strcspn(line, " \n");
		line += word.len;
		if (mailin_span_iequal(word, keyword))
			return (
			    struct mailin_span){ line, strcspn(line, "\n") };
	}
	return (struct mailin_span){ NULL, 0 };
}

bool
back_end_offers(const struct back_end *b, const char *keyword)
{
	return arguments_of(b, keyword).ptr != NULL;
}

/* ---- XFORWARD ---- */

static bool
has_word(struct mailin_span words, const char *word)
{
	while (words.len > 0) {
		struct mailin_span first = { words.ptr, 0 };

		while (first.len < words.len && first.ptr[first.len] != ' ')
			++first.len;
		if (mailin_span_iequal(first, word))
			return true;
		if (first.len < words.len)
			++first.len;
		words.ptr += first.len;
		words.len -= first.len;
	}
	return false;
}

static bool
has_told(const struct mailin_session *session)
{
	enum mailin_attribute a;

	for (a = 0; a < MAILIN_ATTRIBUTE_COUNT; ++a)
		if (mailin_session_attribute(session, MAILIN_VERB_XFORWARD, a)
			.ptr != NULL)
			return true;
	return false;
}

/* Returns a fact about the filter's own client. */
static struct mailin_span
fact(const struct mailin_session *session, enum mailin_attribute attribute,
    char room[6])
{
	const struct mailin_peer *peer = mailin_session_peer(session);
	struct mailin_helo helo = { 0 };
	enum mailin_verb verb = mailin_session_helo(session, &helo);

	switch (attribute) {
	case MAILIN_ATTRIBUTE_ADDR:
		return peer != NULL ? peer->address :
				      (struct mailin_span){ NULL, 0 };
	case MAILIN_ATTRIBUTE_PORT:
		snprintf(room, 6, "%u", peer != NULL ? peer->port % 65536 : 0);
		return mailin_span_of(room);
	case MAILIN_ATTRIBUTE_PROTO:
		return mailin_span_of(
		    verb == MAILIN_VERB_HELO ? "SMTP" : "ESMTP");
	case MAILIN_ATTRIBUTE_HELO:
		return helo.domain;
	default:
		return (struct mailin_span){ NULL, 0 };
	}
}

/*
 * Write " NAME=value" into item.  The value comes from a client; xtext encodes
 * all octets that could end it.  If the value is unknown, or too long for a
 * line, write that it is unavailable: the back end may remember an older
 * value.
 */
static int
write_item(char item[512], const struct mailin_session *session,
    enum mailin_attribute attribute)
{
	char room[6], octets[3 * 160];
	struct mailin_span value = has_told(session) ?
	    mailin_session_attribute(session, MAILIN_VERB_XFORWARD, attribute) :
	    fact(session, attribute, room);
	size_t len = 0;

	if (value.len > sizeof octets / 3 ||
	    mailin_xtext_encode(value, octets, &len) != MAILIN_OK)
		len = 0;
	return snprintf(item, 512, " %s=%.*s", mailin_attribute_name(attribute),
	    len > 0 ? (int)len : 13, len > 0 ? octets : "[UNAVAILABLE]");
}

/* Send the items.  If the back end refuses XFORWARD, mail is sent without
 * it. */
static bool
send_items(struct back_end *b, const char *items)
{
	if (items[0] == '\0')
		return true;
	fprintf(b->out, "XFORWARD%s\r\n", items);
	return back_end_hear(b) && b->code != 421;
}

bool
back_end_forward(struct back_end *b, const struct mailin_session *session)
{
	struct mailin_span offered = arguments_of(b, "XFORWARD");
	char items[512 - sizeof "XFORWARD\r"] = "", item[512];
	enum mailin_attribute a;

	for (a = 0; a < MAILIN_ATTRIBUTE_COUNT; ++a) {
		if (!has_word(offered, mailin_attribute_name(a)))
			continue;
		write_item(item, session, a);
		if (strlen(items) + strlen(item) >= sizeof items) {
			if (!send_items(b, items))
				return false;
			items[0] = '\0';
		}
		strcat(items, item);
	}
	return send_items(b, items);
}

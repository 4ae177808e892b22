/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * Answers that take time, from a pool of threads.  One thread owns all
 * sessions, in a loop around poll(2); a callback that would have to wait makes
 * a job of the question and answers PENDING.  A worker does the job, and the
 * loop, woken by a pipe, resumes the session.
 *
 * A job holds the number of its client and a token, no pointer to either: when
 * the client has gone, nobody has that number any more, and when the session
 * waits for something else, the token is stale.
 *
 * README.md beside this says how to build and try it.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include "serve.h"
#include "workers.h"

#define MOST_CLIENTS 256
#define WORKERS      32

enum {
	LOOK_UP_MS = 50, /* what a question to a directory may take */
	STORE_MS = 100   /* and to make a message safe on a disk */
};

struct client {
	uint64_t number; /* never given twice */
	int fd;
	struct mailin_session *session; /* NULL: nobody is here */
	struct workers *workers;
	bool lingers; /* all is said; waits for the end */
	uint64_t progress;
	int64_t deadline;
	size_t have, used;
	char octets[4096];
};

struct server {
	struct mailin_config *config;
	int listener;
	struct workers workers;
	struct client clients[MOST_CLIENTS];
};

/* clang-format off */
static const char help[] =
"usage: pool [--listen PORT]\n"
"\n"
"Receives mail on 127.0.0.1 from many clients at once and throws it away.\n"
"32 threads take 50 ms for a recipient and 100 ms for a message; the\n"
"recipient \"nobody\" does not exist.\n"
"\n"
"  --listen PORT  the port, 2529 if not given, 0 for any\n"
"  --help         this text\n";
/* clang-format on */

static void
fail(const char *what)
{
	fprintf(stderr, "pool: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- The questions ---- */

/* What a job needs is copied: the spans of a callback end with it. */
static enum mailin_reply
ask(struct client *client, unsigned ms, enum mailin_reply reply)
{
	struct job *job = malloc(sizeof *job);

	if (job == NULL)
		return MAILIN_REPLY_OUT_OF_MEMORY;
	*job = (struct job){
		.client = client->number,
		.token = mailin_session_decision(client->session),
		.ms = ms,
		.reply = reply,
	};
	workers_do(client->workers, job);
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt, void *user)
{
	(void)session;
	return ask(user, LOOK_UP_MS,
	    mailin_path_local_equal(&rcpt->path, "nobody") ?
		MAILIN_REPLY_NO_MAILBOX :
		MAILIN_REPLY_OK);
}

static enum mailin_reply
data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	(void)session, (void)octets, (void)user;
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)rcpt;
	return ask(user, STORE_MS, MAILIN_REPLY_OK);
}

static const struct mailin_handler handler = {
	.size = sizeof handler,
	.rcpt = rcpt,
	.data = data,
	.data_end = data_end,
};

/* ---- The clients ---- */

static void
drop(struct client *client)
{
	mailin_session_free(client->session);
	client->session = NULL;
	close(client->fd);
}

/* The deadline is moved by progress, not by octets. */
static void
set_deadline(struct client *client)
{
	uint64_t progress = mailin_session_progress(client->session);
	unsigned seconds = mailin_session_timeout(client->session);

	if (client->lingers)
		return;
	if (seconds == 0) {
		client->deadline = 0;
	} else if (client->deadline == 0 || progress != client->progress) {
		client->progress = progress;
		client->deadline = serve_now() + (int64_t)seconds * 1000;
	}
}

/* Bring the session as far as it comes without waiting.  A close with input
 * unread would lose the last reply: so it lingers for two seconds. */
static void
advance(struct client *c)
{
	struct mailin_span out;
	enum mailin_want want;

	for (;;) {
		while ((out = mailin_session_output(c->session)).len > 0) {
			ssize_t sent = send(c->fd, out.ptr, out.len,
			    MSG_NOSIGNAL);

			if (sent > 0)
				mailin_session_sent(c->session, (size_t)sent);
			else if (errno == EAGAIN)
				return;
			else
				mailin_session_abort(c->session);
		}
		want = mailin_session_want(c->session);
		if (want != MAILIN_WANT_INPUT || c->used == c->have)
			break;
		c->used += mailin_session_feed(c->session, c->octets + c->used,
		    c->have - c->used);
	}
	if (want == MAILIN_WANT_CLOSE && !c->lingers) {
		shutdown(c->fd, SHUT_WR);
		c->lingers = true;
		c->deadline = serve_now() + 2000;
	}
}

static void
receive(struct client *c)
{
	ssize_t len = recv(c->fd, c->octets, sizeof c->octets, 0);

	if (len < 0 && errno == EAGAIN)
		return;
	if (c->lingers) {
		if (len <= 0)
			drop(c);
		return;
	}
	c->used = 0;
	c->have = len > 0 ? (size_t)len : 0;
	if (len == 0)
		mailin_session_eof(c->session);
	else if (len < 0)
		mailin_session_abort(c->session);
}

static short
wanted(struct client *c)
{
	if (mailin_session_output(c->session).len > 0)
		return POLLOUT;
	return c->lingers ||
		mailin_session_want(c->session) == MAILIN_WANT_INPUT ?
	    POLLIN :
	    0;
}

/* What poll said of it, and what the clock says. */
static void
attend(struct client *c, short events)
{
	/* While its question is open nothing is read, and only an error shows:
	 * the jobs will then find nobody.  A client that has closed its side,
	 * which some systems call POLLHUP, may still wait for the reply; the
	 * end is noticed when the session reads again. */
	if ((events & POLLERR) != 0 ||
	    ((events & POLLHUP) != 0 && c->lingers)) {
		drop(c);
		return;
	}
	if ((events & (POLLIN | POLLHUP)) != 0 && wanted(c) == POLLIN) {
		receive(c);
	} else if (c->deadline != 0 && serve_now() >= c->deadline) {
		if (c->lingers || mailin_session_output(c->session).len > 0)
			drop(c);
		else
			mailin_session_timed_out(c->session);
	}
	if (c->session != NULL)
		advance(c);
}

/* ---- The loop ---- */

static void
admit(struct server *server, struct client *place)
{
	static uint64_t round;
	int fd = accept(server->listener, NULL, NULL);

	/* The place is the number modulo MOST_CLIENTS. */
	*place = (struct client){
		.number = MOST_CLIENTS * ++round +
		    (uint64_t)(place - server->clients),
		.fd = fd,
		.workers = &server->workers,
	};
	if (fd >= 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0)
		place->session = mailin_session_new(server->config, &handler,
		    place);
	if (place->session != NULL)
		advance(place);
	else if (fd >= 0)
		close(fd);
}

/* Carry the answers to those who still wait for them. */
static void
resume(struct server *server)
{
	struct job *job = workers_done(&server->workers), *next;

	for (; job != NULL; job = next) {
		struct client *c = &server->clients[job->client % MOST_CLIENTS];

		next = job->next;
		if (c->session != NULL && c->number == job->client &&
		    mailin_session_resume(c->session, job->token, job->reply) ==
			MAILIN_OK)
			advance(c);
		free(job);
	}
}

/* One turn: wait for something, and see to it. */
static void
turn(struct server *server)
{
	struct pollfd fds[MOST_CLIENTS + 2], *fd;
	struct client *place = NULL, *c;
	int64_t first = INT64_MAX, left;

	for (int i = 0; i < MOST_CLIENTS; ++i) {
		c = &server->clients[i];
		fds[i] = (struct pollfd){ .fd = -1 };
		if (c->session == NULL) {
			place = c;
			continue;
		}
		fds[i] = (struct pollfd){ .fd = c->fd, .events = wanted(c) };
		set_deadline(c);
		if (c->deadline != 0 && c->deadline < first)
			first = c->deadline;
	}
	fd = &fds[MOST_CLIENTS];
	fd[0] = (struct pollfd){ .fd = server->workers.wake[0],
		.events = POLLIN };
	/* Where there is no place, clients wait in the kernel. */
	fd[1] = (struct pollfd){ .fd = place != NULL ? server->listener : -1,
		.events = POLLIN };
	left = first - serve_now();
	if (poll(fds, MOST_CLIENTS + 2,
		first == INT64_MAX ? -1 :
		    left > 0       ? (int)left :
				     0) < 0 &&
	    errno != EINTR)
		fail("poll");

	for (int i = 0; i < MOST_CLIENTS; ++i)
		if (fds[i].fd >= 0)
			attend(&server->clients[i], fds[i].revents);
	resume(server);
	if (fd[1].revents != 0)
		admit(server, place);
}

static unsigned
read_options(int argc, char **argv)
{
	static const struct option options[] = { { "help", no_argument, NULL,
						     'h' },
		{ "listen", required_argument, NULL, 'l' }, { 0 } };
	unsigned port = 2529;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			exit(0);
		}
		if (option != 'l')
			exit(2);
		port = serve_port(optarg);
	}
	if (optind < argc) {
		fputs("pool: no arguments are taken (see --help)\n", stderr);
		exit(2);
	}
	return port;
}

int
main(int argc, char **argv)
{
	static struct server server;
	unsigned port = read_options(argc, argv);

	server.config = mailin_config_new("localhost");
	if (server.config == NULL)
		fail("mailin_config_new");
	server.listener = serve_listen(port);
	if (!workers_start(&server.workers, WORKERS))
		fail("cannot start the workers");
	for (;;)
		turn(&server);
}

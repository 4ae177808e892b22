/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * Decisions that take time, made by a pool of threads.  One thread owns all
 * sessions, in a loop around poll(2).  A callback that would have to wait makes
 * a job of the question and returns PENDING.  A worker does the job.  The loop,
 * woken by a pipe, then resumes the session.
 *
 * A job holds the number of its client and a token, and no pointer to either.
 * If the client has gone meanwhile, no client has that number; if the session
 * waits for something else, the token is stale.  So a late decision does
 * nothing.
 *
 * README.md in this folder says how to build and try it.
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
	LOOK_UP_MS = 50, /* a typical time to ask a directory */
	STORE_MS = 100   /* and one to sync a message to the disk */
};

struct client {
	uint64_t number; /* no two clients get the same number */
	int fd;
	struct mailin_session *session; /* NULL: the place is free */
	struct workers *workers;
	bool lingers; /* all output is sent; waits for the end of input */
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
"32 threads decide: 50 ms for each recipient, 100 ms for each message.\n"
"The recipient \"nobody\" is refused.\n"
"\n"
"  --listen PORT  the port (default 2529); 0 is any free port\n"
"  --help         print this help and exit\n";
/* clang-format on */

static void
fail(const char *what)
{
	fprintf(stderr, "pool: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- Questions ---- */

/* Copy what the job needs: the spans of a callback are not valid after it. */
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

/* ---- Clients ---- */

static void
drop(struct client *client)
{
	mailin_session_free(client->session);
	client->session = NULL;
	close(client->fd);
}

/* Only progress moves the deadline, not single octets. */
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

/* Go on with the session until it must wait.  At its end linger for two
 * seconds: closing while input is unread would lose the last reply. */
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
				mailin_session_abort(c->session,
				    MAILIN_CLOSE_ABORT);
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
		mailin_session_abort(c->session, MAILIN_CLOSE_ABORT);
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

/* Act on the events of poll(2) for this client, and on the time. */
static void
attend(struct client *c, short events)
{
	/* While a decision is pending, read nothing, and look for errors only:
	 * the decision will then find no client.  If a client has closed its
	 * sending side, which some systems report as POLLHUP, it may still wait
	 * for the reply; the session finds the end when it reads again. */
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

	/* So number % MOST_CLIENTS is the index of the place. */
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

/* Take each decision to its client, if that still waits for it. */
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

/* One turn of the loop: wait for events and act on them. */
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
	/* If no place is free, clients wait in the kernel. */
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

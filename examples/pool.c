/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * Decisions that take time, made by a pool of threads.  A callback that would
 * have to wait makes a job, and returns PENDING.  The job has a ticket, which
 * lets another thread reach the session.  A worker does the job, and makes the
 * decision with the ticket.  If the client is gone, the decision has no effect.
 * README.md in this folder says how to build and try it.
 */
#define _POSIX_C_SOURCE 200809L

#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <mailin/event.h>

#define WORKERS 32

enum {
	LOOK_UP_MS = 50, /* a typical time to ask a directory */
	STORE_MS = 100   /* a typical time to sync a message to the disk */
};

/* A decision that a session asks for. */
struct job {
	struct job *next;
	struct mailin_ticket *ticket;
	unsigned ms;             /* the worker sleeps for this time, in place of
				    work */
	enum mailin_reply reply; /* the decision */
};

/* The queue of jobs that no worker has taken yet. */
static struct {
	pthread_mutex_t mutex;
	pthread_cond_t work;
	struct job *first, **last;
} queue = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL,
	&queue.first };

static struct mailin_server *server;

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
	fprintf(stderr, "pool: %s\n", what);
	exit(1);
}

/* ---- Workers ---- */

static void *
work(void *user)
{
	(void)user;
	for (;;) {
		struct timespec time = { 0 };
		struct job *job;

		pthread_mutex_lock(&queue.mutex);
		while (queue.first == NULL)
			pthread_cond_wait(&queue.work, &queue.mutex);
		job = queue.first;
		queue.first = job->next;
		if (queue.first == NULL)
			queue.last = &queue.first;
		pthread_mutex_unlock(&queue.mutex);

		time.tv_nsec = job->ms * 1000000L;
		nanosleep(&time, NULL);
		mailin_ticket_resume(job->ticket, job->reply);
		free(job);
	}
	return NULL;
}

static void
start_workers(void)
{
	pthread_t thread;

	for (int i = 0; i < WORKERS; ++i)
		if (pthread_create(&thread, NULL, work, NULL) != 0 ||
		    pthread_detach(thread) != 0)
			fail("cannot start the workers");
}

/* ---- Callbacks that give a job to the workers ---- */

/* Copy what the job needs: the spans of a callback are not valid after it. */
static enum mailin_reply
ask(struct mailin_session *session, unsigned ms, enum mailin_reply reply)
{
	struct job *job = malloc(sizeof *job);

	if (job == NULL)
		return MAILIN_REPLY_OUT_OF_MEMORY;
	*job = (struct job){ .ms = ms,
		.reply = reply,
		.ticket = mailin_ticket_new(session) };
	if (job->ticket == NULL) {
		free(job);
		return MAILIN_REPLY_OUT_OF_MEMORY;
	}
	pthread_mutex_lock(&queue.mutex);
	*queue.last = job;
	queue.last = &job->next;
	pthread_cond_signal(&queue.work);
	pthread_mutex_unlock(&queue.mutex);
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt, void *user)
{
	(void)user;
	return ask(session, LOOK_UP_MS,
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
	(void)rcpt, (void)user;
	return ask(session, STORE_MS, MAILIN_REPLY_OK);
}

static const struct mailin_handler handler = {
	.size = sizeof handler,
	.rcpt = rcpt,
	.data = data,
	.data_end = data_end,
};

/* ---- The program ---- */

/* The first SIGTERM lets the sessions end; the second one ends them at once. */
static void
on_signal(int number)
{
	(void)number;
	mailin_server_stop(server);
}

static const char *
read_options(int argc, char **argv)
{
	static const struct option options[] = { { "help", no_argument, NULL,
						     'h' },
		{ "listen", required_argument, NULL, 'l' }, { 0 } };
	const char *port = "2529";
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			exit(0);
		}
		if (option != 'l')
			exit(2);
		port = optarg;
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
	struct sigaction action = { .sa_handler = on_signal };
	struct mailin_server_options options = { .size = sizeof options };
	struct mailin_config *config = mailin_config_new("localhost");
	struct mailin_service service = { .size = sizeof service,
		.config = config,
		.handler = &handler };
	struct mailin_listener *listener;
	struct mailin_fault fault;
	char address[64];

	snprintf(address, sizeof address, "127.0.0.1:%s",
	    read_options(argc, argv));
	server = mailin_server_new(&options, &fault);
	if (server == NULL)
		fail(fault.text);
	listener = mailin_server_listen(server, address, &service, &fault);
	if (listener == NULL)
		fail(fault.text);
	fprintf(stderr, "listening on %s\n", mailin_listener_address(listener));
	start_workers();
	sigaction(SIGTERM, &action, NULL);
	if (!mailin_server_run(server, &fault))
		fail(fault.text);
	signal(SIGTERM, SIG_DFL); /* because on_signal uses the server */
	mailin_server_free(server);
	mailin_config_free(config);
	return 0;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "support/peer.h"
#include "support/suite.h"

int
peer_connect(const struct mailin_listener *listener)
{
	return peer_connect_from(listener, "127.0.0.1");
}

int
peer_connect_from(const struct mailin_listener *listener, const char *from)
{
	struct sockaddr_in source = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, from, &source.sin_addr);
	if (fd < 0 || bind(fd, (struct sockaddr *)&source, sizeof source) != 0)
		ck_abort_msg("cannot use %s", from);
	peer_connect_with(fd, listener);
	return fd;
}

void
peer_connect_with(int fd, const struct mailin_listener *listener)
{
	const char *port = strrchr(mailin_listener_address(listener), ':') + 1;
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(port)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval limit = { .tv_sec = 20 };

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) !=
		0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		ck_abort_msg("cannot connect to port %s", port);
}

/* Read a line.  At the end of input, or after an error, the line is "gone". */
static void
read_line(int fd, char line[1024])
{
	size_t len = 0;

	while (len < 1023 && (len == 0 || line[len - 1] != '\n')) {
		if (recv(fd, line + len, 1, 0) <= 0) {
			strcpy(line, "gone");
			return;
		}
		len++;
	}
	line[len] = '\0';
}

static void
read_reply(int fd, char line[1024])
{
	do
		read_line(fd, line);
	while (line[0] != 'g' && line[3] == '-');
}

/* Returns the first reply that was not expected, or NULL if all replies were
 * expected.  The text is in the array line. */
static const char *
talk(int fd, const char *text, const char *codes, char line[1024])
{
	size_t len = strlen(text);

	if (len > 0 && send(fd, text, len, MSG_NOSIGNAL) != (ssize_t)len)
		return "(not sent)";
	while (*codes != '\0') {
		size_t word = strcspn(codes, "|");

		read_reply(fd, line);
		if (strncmp(line, codes, word) != 0)
			return line;
		codes += word;
		codes += *codes == '|';
	}
	return NULL;
}

bool
peer_try(int fd, const char *text, const char *codes)
{
	char line[1024];

	return talk(fd, text, codes, line) == NULL;
}

void
peer_talk(int fd, const char *text, const char *codes)
{
	char line[1024];
	const char *other = talk(fd, text, codes, line);

	if (other != NULL)
		ck_abort_msg("after %s: %s, not %s", text, other, codes);
}

void
peer_begin(int fd)
{
	peer_talk(fd, "", "220");
	peer_talk(fd, "EHLO client.example.org\r\n", "250");
	peer_talk(fd,
	    "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n"
	    "DATA\r\n",
	    "250|250|354");
}

unsigned
peer_names_in(const char *path)
{
	DIR *folder = opendir(path);
	unsigned count = 0;

	while (folder != NULL && readdir(folder) != NULL)
		count++;
	if (folder != NULL)
		closedir(folder);
	return count;
}

/* ---- Hosts ---- */

static enum mailin_reply
rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt, void *user)
{
	(void)session, (void)rcpt, (void)user;
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	(void)session, (void)octets, (void)user;
	return MAILIN_REPLY_OK;
}

void
host_accept(struct mailin_handler *handler)
{
	*handler = (struct mailin_handler){
		.size = sizeof *handler,
		.rcpt = rcpt,
		.data = data,
	};
}

/* Keep the facts of an event.  Events may come in several threads. */
static void
keep_facts(struct host *host, const struct mailin_event *event)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&lock);
	if (event->reason != NULL)
		snprintf(host->reason, sizeof host->reason, "%s",
		    event->reason);
	if (event->error != 0)
		host->error = event->error;
	if (event->kind == MAILIN_EVENT_CLOSED) {
		host->close_reason = event->close_reason;
		host->octets_in = event->octets_in;
		host->octets_out = event->octets_out;
	}
	pthread_mutex_unlock(&lock);
}

void
host_event(const struct mailin_event *event, void *user)
{
	struct host *host = user;

	keep_facts(host, event);
	ck_assert(event->size == sizeof *event);
	atomic_fetch_add(&host->events[event->kind], 1);
}

void
host_init(struct host *host, unsigned threads)
{
	struct mailin_server_options options = { .size = sizeof options,
		.threads = threads,
		.event = host_event,
		.user = host };
	struct mailin_fault fault;

	memset(host, 0, sizeof *host);
	host->server = mailin_server_new(&options, &fault);
	ck_assert_msg(host->server != NULL, "%s", fault.text);
	host->config = mailin_config_new("mx.example.org");
	host_accept(&host->handler);
	host->service = (struct mailin_service){
		.size = sizeof host->service,
		.config = host->config,
		.handler = &host->handler,
	};
}

static void *
serve(void *user)
{
	struct host *host = user;

	host->succeeded = mailin_server_run(host->server, NULL);
	return NULL;
}

void
host_start(struct host *host)
{
	struct mailin_fault fault;

	host->listener = mailin_server_listen(host->server, "127.0.0.1:0",
	    &host->service, &fault);
	ck_assert_msg(host->listener != NULL, "%s", fault.text);
	ck_assert(pthread_create(&host->thread, NULL, serve, host) == 0);
}

void
host_join(struct host *host)
{
	pthread_join(host->thread, NULL);
	ck_assert(host->succeeded);
	mailin_server_free(host->server);
	mailin_config_free(host->config);
}

void
host_stop(struct host *host)
{
	mailin_server_stop(host->server);
	host_join(host);
}

void
host_await(atomic_uint *number, unsigned value)
{
	static const struct timespec moment = { .tv_nsec = 1000000 };
	unsigned i;

	for (i = 0; i < 20000 && atomic_load(number) != value; i++)
		nanosleep(&moment, NULL);
	ck_assert_uint_eq(atomic_load(number), value);
}

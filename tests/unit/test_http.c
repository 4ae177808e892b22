/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests that the HTTP server for the metrics serves no client without a limit
 * of time, even without memory: server/metrics/http.c.  This file replaces the
 * log and the counters. */
#include <config.h>

#include <arpa/inet.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log/log.h"
#include "metrics/counters.h"
#include "metrics/http.h"
#include "support/suite.h"

#define REQUEST "GET /health HTTP/1.0\r\n\r\n"

static struct event_base *base;
static unsigned port;

/* The call that has no memory, counted from 1, and each later one; 0: none. */
static unsigned missing;

static bool
has_memory(void)
{
	if (missing == 1)
		return false;
	if (missing > 1)
		missing--;
	return true;
}

#undef bufferevent_socket_new
struct bufferevent *
scarce_bufferevent(struct event_base *of, evutil_socket_t fd, int options)
{
	return has_memory() ? bufferevent_socket_new(of, fd, options) : NULL;
}

#undef evbuffer_add_cb
struct evbuffer_cb_entry *
scarce_callback(struct evbuffer *buffer, evbuffer_cb_func function,
    void *argument)
{
	return has_memory() ? evbuffer_add_cb(buffer, function, argument) :
			      NULL;
}

void
log_error(const char *format, ...)
{
	ck_abort_msg("%s", format);
}

/* Read the port from the line that names the address. */
void
log_line(const char *format, ...)
{
	char line[256];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	ck_assert_int_eq(
	    sscanf(line, "metrics at http://127.0.0.1:%u/metrics", &port), 1);
}

void
counters_start(void)
{
}

void
counters_write(FILE *out)
{
	(void)fputs("counters", out);
}

/* Connect to the server, and send a request. */
static int
client_new(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((in_port_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(
	    connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(send(fd, REQUEST, sizeof REQUEST - 1, MSG_NOSIGNAL),
	    sizeof REQUEST - 1);
	return fd;
}

/* Returns true if the server replies to the client within a time. */
static bool
is_served(int fd, int milliseconds)
{
	static const struct timeval slice = { .tv_usec = 20000 };
	char reply[4096];
	ssize_t len = -1;

	for (; milliseconds > 0 && len < 0; milliseconds -= 20) {
		event_base_loopexit(base, &slice);
		event_base_dispatch(base);
		len = recv(fd, reply, sizeof reply - 1, MSG_DONTWAIT);
	}
	if (len <= 0)
		return false;
	reply[len] = '\0';
	ck_assert_msg(strstr(reply, "200 OK") != NULL, "%s", reply);
	return true;
}

/* Serve a client, while the call number "first" is the first one without
 * memory.  Then serve another client without memory, which must wait. */
static void
check_without_memory(unsigned first)
{
	bool is_ready = first > 3; /* three calls prepare a place */
	int one, other;

	base = event_base_new();
	ck_assert_ptr_nonnull(base);
	missing = first;
	ck_assert(http_open(base, "127.0.0.1:0"));
	one = client_new();
	ck_assert_msg(is_served(one, is_ready ? 5000 : 100) == is_ready,
	    "call %u", first);
	other = client_new();
	ck_assert_msg(!is_served(other, 100), "call %u", first);

	missing = 0;
	ck_assert_msg(is_served(other, 5000), "call %u", first);
	ck_assert_msg(is_ready || is_served(one, 5000), "call %u", first);
	close(one);
	close(other);
	http_close();
	event_base_free(base);
}

START_TEST(a_client_waits_until_there_is_memory_to_limit_its_time)
{
	unsigned first;

	for (first = 1; first <= 6; first++)
		check_without_memory(first);
}
END_TEST

START_TEST(clients_are_served_while_there_is_memory)
{
	int fd;

	base = event_base_new();
	ck_assert(http_open(base, "0"));
	fd = client_new();
	ck_assert(is_served(fd, 5000));
	close(fd);
	http_close();
	event_base_free(base);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		clients_are_served_while_there_is_memory,
		a_client_waits_until_there_is_memory_to_limit_its_time,
	};

	return suite_run("http", tests, ROWS(tests));
}

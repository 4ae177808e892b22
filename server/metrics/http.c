/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "log/log.h"
#include "metrics/counters.h"
#include "metrics/http.h"
#include "metrics/http_address.h"

/* Times in seconds.  A connection ends after SILENCE seconds without traffic.
 * REQUEST is the time for a request and its reply.  HELD is greater than the
 * sum of the two, so after HELD seconds no connection can still exist. */
#define SILENCE 2
#define REQUEST 5
#define HELD    8

/* The maximum length of the head of a request, in octets. */
#define HEAD_SIZE 4096

/*
 * A place for a client.  If a connection ends before it has made a request,
 * libevent does not report this, and the place is not freed.  But no connection
 * exists for longer than REQUEST + SILENCE seconds: after REQUEST seconds the
 * next octet ends it, and SILENCE seconds without an octet end it, too.  So a
 * place counts as free HELD seconds after it was taken.
 */
struct place {
	struct bufferevent *client;
	time_t since; /* when it was taken; 0: it is free, or state.next */
};

static struct {
	struct event_base *base;
	struct evhttp *http;
	struct evconnlistener *listener;
	struct event again; /* a timer to look again for a free place */
	struct place places[HTTP_PLACES];
	struct place *next; /* ready for the client that comes next, or NULL */
	bool drains;
} state;

bool
http_exists(void)
{
	return true;
}

/* ---- Places for clients ---- */

static time_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + 1; /* never 0 */
}

static struct place *
free_place(void)
{
	time_t time = now();
	size_t i;

	for (i = 0; i < HTTP_PLACES; i++)
		if (state.places[i].since == 0 ||
		    time - state.places[i].since > HELD)
			return &state.places[i];
	return NULL;
}

/* Accept no clients for a second.  Without memory for the timer there is no
 * pause: it would never end. */
static void
pause_listener(void)
{
	static const struct timeval second = { .tv_sec = 1 };

	if (event_add(&state.again, &second) == 0)
		evconnlistener_disable(state.listener);
}

/* Octets were received or sent.  A client that has used up its time is cut
 * off. */
static void
on_octets(struct evbuffer *buffer, const struct evbuffer_cb_info *info,
    void *argument)
{
	const struct place *place = argument;

	(void)buffer;
	(void)info;
	if (place->since > 0 && now() - place->since > REQUEST)
		(void)shutdown(bufferevent_getfd(place->client), SHUT_RDWR);
}

/* Have on_octets() called for the client.  Returns false without memory. */
static bool
limit_time(struct bufferevent *client, struct place *place)
{
	return evbuffer_add_cb(bufferevent_get_input(client), on_octets,
		   place) != NULL &&
	    evbuffer_add_cb(bufferevent_get_output(client), on_octets, place) !=
	    NULL;
}

/* Returns a place that is ready for a client, or NULL if all are taken or there
 * is no memory. */
static struct place *
prepare_place(void)
{
	struct place *place = free_place();
	struct bufferevent *client;

	if (place == NULL)
		return NULL;
	client = bufferevent_socket_new(state.base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (client == NULL)
		return NULL;
	*place = (struct place){ .client = client };
	if (limit_time(client, place))
		return place;
	bufferevent_free(client);
	return NULL;
}

/* Accept clients while a place is ready.  The place is prepared before the
 * client comes: if it were prepared later and there were no memory for it,
 * libevent would serve the client without a limit of time.  If no place is
 * ready, or if libevent cannot watch the listener, look again in a second. */
static void
look_for_place(void)
{
	if (state.next == NULL)
		state.next = prepare_place();
	if (state.next == NULL || evconnlistener_enable(state.listener) != 0)
		pause_listener();
}

static void
on_again(evutil_socket_t fd, short what, void *argument)
{
	(void)fd;
	(void)what;
	(void)argument;
	look_for_place();
}

/* No client could be accepted, for example because no descriptor is left.  The
 * listener stays readable: without a pause libevent would try, fail and warn
 * without end. */
static void
on_error(struct evconnlistener *listener, void *argument)
{
	(void)listener;
	(void)argument;
	log_error("cannot accept clients of the metrics, waiting a second: %s",
	    strerror(errno));
	pause_listener();
}

/* Called when libevent has accepted a client.  Gives the client its place. */
static struct bufferevent *
on_client(struct event_base *base, void *argument)
{
	struct place *place = state.next;

	(void)base;
	(void)argument;
	if (place == NULL)
		return NULL;
	state.next = NULL;
	place->since = now();
	look_for_place();
	return place->client;
}

/* ---- Replies ---- */

/* Called when the reply was sent and the connection ends.  Frees its place. */
static void
on_complete(struct evhttp_request *request, void *argument)
{
	struct bufferevent *client = evhttp_connection_get_bufferevent(
	    evhttp_request_get_connection(request));
	size_t i;

	(void)argument;
	for (i = 0; i < HTTP_PLACES; i++)
		if (state.places[i].client == client) {
			evbuffer_remove_cb(bufferevent_get_input(client),
			    on_octets, &state.places[i]);
			evbuffer_remove_cb(bufferevent_get_output(client),
			    on_octets, &state.places[i]);
			state.places[i] = (struct place){ .since = 0 };
		}
	look_for_place();
}

static void
reply(struct evhttp_request *request, int code, const char *reason,
    struct evbuffer *body)
{
	struct evkeyvalq *head = evhttp_request_get_output_headers(request);

	evhttp_add_header(head, "Connection", "close");
	evhttp_add_header(head, "Cache-Control", "no-store");
	evhttp_add_header(head, "Content-Type",
	    "text/plain; version=0.0.4; charset=utf-8");
	evhttp_request_set_on_complete_cb(request, on_complete, NULL);
	/* A reply to HEAD has no body, but libevent would send one. */
	if (evhttp_request_get_command(request) == EVHTTP_REQ_HEAD)
		body = NULL;
	evhttp_send_reply(request, code, reason, body);
}

static bool
write_counters(struct evbuffer *body)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	bool good;

	if (out == NULL)
		return false;
	counters_write(out);
	good = fclose(out) == 0 && evbuffer_add(body, text, len) == 0;
	free(text);
	return good;
}

static void
on_metrics(struct evhttp_request *request, void *argument)
{
	struct evbuffer *body = evbuffer_new();

	(void)argument;
	if (body != NULL && write_counters(body))
		reply(request, HTTP_OK, "OK", body);
	else
		reply(request, HTTP_INTERNAL, "No memory", NULL);
	if (body != NULL)
		evbuffer_free(body);
}

static void
on_health(struct evhttp_request *request, void *argument)
{
	struct evbuffer *body = evbuffer_new();

	(void)argument;
	if (body != NULL)
		evbuffer_add_printf(body, state.drains ? "draining\n" : "ok\n");
	if (state.drains)
		reply(request, HTTP_SERVUNAVAIL, "Draining", body);
	else
		reply(request, HTTP_OK, "OK", body);
	if (body != NULL)
		evbuffer_free(body);
}

static void
on_other(struct evhttp_request *request, void *argument)
{
	(void)argument;
	reply(request, HTTP_NOTFOUND, "Not found", NULL);
}

/* ---- Listening ---- */

static bool
serve(void)
{
	state.http = evhttp_new(state.base);
	if (state.http == NULL)
		return false;
	evhttp_set_allowed_methods(state.http,
	    EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
	evhttp_set_max_headers_size(state.http, HEAD_SIZE);
	evhttp_set_max_body_size(state.http, 0);
	evhttp_set_timeout(state.http, SILENCE);
	evhttp_set_bevcb(state.http, on_client, NULL);
	evhttp_set_gencb(state.http, on_other, NULL);
	return evhttp_set_cb(state.http, "/metrics", on_metrics, NULL) == 0 &&
	    evhttp_set_cb(state.http, "/health", on_health, NULL) == 0 &&
	    evhttp_bind_listener(state.http, state.listener) != NULL;
}

/* Log the address, since the system has chosen the port if it was given as
 * 0. */
static void
announce(void)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof address;
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (getsockname(evconnlistener_get_fd(state.listener),
		(struct sockaddr *)&address, &len) == 0 &&
	    getnameinfo((struct sockaddr *)&address, len, host, sizeof host,
		port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) == 0)
		log_line(address.ss_family == AF_INET6 ?
			"metrics at http://[%s]:%s/metrics" :
			"metrics at http://%s:%s/metrics",
		    host, port);
}

bool
http_open(struct event_base *base, const char *text)
{
	struct sockaddr_storage address;
	int len = http_address_parse(text, &address);

	state.base = base;
	state.listener = evconnlistener_new_bind(base, NULL, NULL,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
	    HTTP_PLACES, (struct sockaddr *)&address, len);
	if (state.listener == NULL) {
		log_error("cannot listen on %s: %s", text, strerror(errno));
		return false;
	}
	evconnlistener_set_error_cb(state.listener, on_error);
	evtimer_assign(&state.again, base, on_again, NULL);
	if (!serve()) {
		log_error("no memory");
		return false;
	}
	look_for_place();
	counters_start();
	announce();
	return true;
}

void
http_drain(void)
{
	state.drains = true;
}

void
http_close(void)
{
	if (state.http != NULL)
		evhttp_free(state.http);
	else if (state.listener != NULL)
		evconnlistener_free(state.listener);
	if (event_initialized(&state.again))
		event_del(&state.again);
	if (state.next != NULL)
		bufferevent_free(state.next->client);
	state.http = NULL;
	state.listener = NULL;
	state.next = NULL;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <event2/event.h>
#include <event2/event_struct.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "access/file.h"
#include "descriptors.h"
#include "listeners.h"
#include "log/log.h"
#include "manager/manager.h"
#include "metrics/counters.h"
#include "metrics/http.h"
#include "receive/expiry.h"
#include "receive/receiver.h"
#include "reload.h"
#include "server.h"
#include "thread/thread.h"

/* The threads that compare passwords with hashes, which takes long. */
#define VERIFIERS 2

/* The first SIGTERM or SIGINT ends the server gently, and the second ends it at
 * once.  SIGHUP makes the server read its files again. */
static const int handled[] = { SIGTERM, SIGINT, SIGHUP };
#define HANDLED_COUNT (sizeof handled / sizeof handled[0])

struct server {
	struct service *service;
	struct event_base *base;
	struct mailin_server *clients;
	struct listeners listeners;
	struct reload reload;
	struct expiry expiry;
	unsigned places; /* the maximum number of clients at a time */
	bool stopping;
	struct event signals[HANDLED_COUNT];
};

/* ---- Events of libmailin-event ---- */

static void
log_failed_tls(const struct mailin_event *event)
{
	struct mailin_span client = event->address.len > 0 ?
	    event->address :
	    mailin_span_of("a client");

	log_error("TLS handshake with %.*s failed: %s", (int)client.len,
	    client.ptr, event->reason);
}

static void
log_tls_start(const struct mailin_event *event, const struct options *options)
{
	const struct receiver *receiver = mailin_session_user(event->session);

	if (options->trace)
		log_tls(receiver->account.number,
		    mailin_session_tls(event->session));
	if (event->reason != NULL && !options->discard)
		account_certificate(&receiver->account, event->session,
		    event->reason);
}

static void
log_refused(const struct mailin_event *event)
{
	struct record record;

	record_begin(&record, LEVEL_WARNING, "limit");
	record_field(&record, "client", event->address);
	record_text_field(&record, "reason", event->reason);
	log_record(&record);
}

/* Count events of the server.  Replies are counted elsewhere
 * (receive/account.c). */
static void
count_event(const struct mailin_event *event)
{
	switch (event->kind) {
	case MAILIN_EVENT_PAUSED:
		count(COUNT_PAUSES, 1);
		break;
	case MAILIN_EVENT_REFUSED:
		count(COUNT_SENT_AWAY, 1);
		break;
	case MAILIN_EVENT_LIMITED:
		count(COUNT_LIMITED, 1);
		break;
	case MAILIN_EVENT_TLS_STARTED:
		count_tls(mailin_session_tls(event->session)->version);
		break;
	case MAILIN_EVENT_TLS_FAILED:
		count(COUNT_TLS_FAILURES, 1);
		break;
	case MAILIN_EVENT_NO_PROXY:
		count(COUNT_NO_PROXY, 1);
		break;
	case MAILIN_EVENT_CLOSED:
		count_close(event->close_reason);
		count(COUNT_OCTETS_IN, event->octets_in);
		count(COUNT_OCTETS_OUT, event->octets_out);
		break;
	default:
		break;
	}
}

static void
on_event(const struct mailin_event *event, void *user)
{
	const struct service *service = user;
	const struct receiver *receiver;

	count_event(event);
	switch (event->kind) {
	case MAILIN_EVENT_PAUSED:
		log_error("cannot accept clients, waiting a second: %s",
		    strerror(event->error));
		break;
	case MAILIN_EVENT_TLS_STARTED:
		log_tls_start(event, service->options);
		break;
	case MAILIN_EVENT_TLS_FAILED:
		log_failed_tls(event);
		break;
	case MAILIN_EVENT_NO_PROXY:
		log_no_proxy(event->address);
		break;
	case MAILIN_EVENT_REFUSED:
	case MAILIN_EVENT_LIMITED:
		log_refused(event);
		break;
	case MAILIN_EVENT_CLOSED:
		receiver = mailin_session_user(event->session);
		receiver_log_close(receiver, event->session,
		    event->close_reason, event->octets_in, event->octets_out);
		break;
	default:
		break;
	}
}

/* ---- Limits ---- */

/* Exempt the host's own addresses from the limits, because programs on this
 * host send mail from them, and so do people who try the server. */
static void
exempt_loopback(struct mailin_server_limits *limits)
{
	static struct mailin_network loopback[2];

	(void)mailin_network_parse(&loopback[0], "127.0.0.0/8");
	(void)mailin_network_parse(&loopback[1], "::1");
	limits->exempt = loopback;
	limits->exempt_count = 2;
}

/* Set the limits that the options ask for. */
static bool
set_limits(struct server *server)
{
	const struct options *options = server->service->present;
	struct mailin_server_limits limits = options->limits;

	limits.size = sizeof limits;
	limits.connections = server->places;
	limits.grace = options->grace > 0 ? options->grace : UINT_MAX;
	limits.exempt = options->exempt;
	if (limits.exempt_count == 0 && !options->exempts_none)
		exempt_loopback(&limits);
	if (mailin_server_set_limits(server->clients, &limits))
		return true;
	log_error("no memory");
	return false;
}

/* ---- Signals ---- */

static void
use(void *user, struct options *options, struct back_ends *back_ends)
{
	struct server *server = user;
	const struct service *service = server->service;

	if (!listeners_reload(&server->listeners, options, back_ends))
		return;
	options_report_fixed(service->options, service->present);
	options_warn(service->present);
	expiry_tell_again(&server->expiry);
	(void)set_limits(server);
	listeners_announce(&server->listeners);
	log_line("read the files again");
}

static void
on_signal(evutil_socket_t number, short what, void *argument)
{
	struct server *server = argument;

	(void)what;
	if (number != SIGHUP) {
		server->stopping = true;
		reload_close(&server->reload);
		manager_stopping();
		http_drain();
		mailin_server_stop(server->clients);
	} else if (!server->stopping) {
		reload_begin(&server->reload);
	}
}

/* Handle a signal even if it was ignored when the server was started. */
static bool
watch_signals(struct server *server)
{
	size_t i;

	for (i = 0; i < HANDLED_COUNT; i++) {
		evsignal_assign(&server->signals[i], server->base, handled[i],
		    on_signal, server);
		if (evsignal_add(&server->signals[i], NULL) != 0)
			return false;
	}
	return true;
}

/* ---- The start ---- */

static bool
listen_at_all(struct server *server)
{
	server->listeners.service = server->service;
	server->listeners.server = server->clients;
	return listeners_open(&server->listeners);
}

/* Write a warning or an error of libevent to the log.  By default libevent
 * writes it to stderr, and the server would have to wait if the reader of
 * stderr is slow. */
static void
on_warning(int severity, const char *text)
{
	if (severity >= EVENT_LOG_ERR)
		log_error("libevent: %s", text);
	else if (severity >= EVENT_LOG_WARN)
		log_warning("libevent: %s", text);
}

/* libevent ends the process after this call, since it cannot go on.  Write its
 * reason, which is still in the queue. */
static void
on_fatal(int error)
{
	(void)error;
	log_stop();
}

static bool
open_server(struct server *server)
{
	struct mailin_server_options options = {
		.size = sizeof options,
		.threads = server->service->options->threads,
		.event = on_event,
		.user = server->service,
	};

	event_set_log_callback(on_warning);
	event_set_fatal_callback(on_fatal);
	server->base = options.base = event_base_new();
	if (server->base != NULL)
		server->clients = mailin_server_new(&options, NULL);
	server->reload.service = server->service;
	server->reload.use = use;
	server->reload.user = server;
	if (server->clients != NULL && watch_signals(server) &&
	    reload_open(&server->reload, server->base))
		return true;
	log_error("cannot start libevent");
	return false;
}

static bool
serve_metrics(struct server *server)
{
	const char *address = server->service->options->metrics;

	return address == NULL || http_open(server->base, address);
}

/* Do everything that the start needs, except to start threads. */
static bool
prepare(struct server *server)
{
	struct service *service = server->service;

	if (!open_server(server) || !listen_at_all(server) ||
	    !serve_metrics(server) || !service_confine(service))
		return false;
	/* All descriptors that the server needs are open now. */
	server->places = service->options->max_connections;
	if (!descriptors_share(service->options, &server->places) ||
	    !set_limits(server))
		return false;
	service_set_clients(service, server->places);
	listeners_announce(&server->listeners);
	expiry_watch(&server->expiry, server->base, service);
	if (manager_watch(server->base))
		return true;
	log_error("no memory");
	return false;
}

static bool
start_pools(struct service *service)
{
	int error = 0;

	if (service_store_kind(service->options)->commit != NULL)
		error = pool_start(&service->storing,
		    service->options->workers);
	/* A file of settings may name a password file later. */
	if (error == 0 &&
	    (options_have_passwd(service->options) ||
		service->options->config != NULL))
		error = pool_start(&service->verifying, VERIFIERS);
	if (error != 0)
		log_error("cannot start threads: %s", strerror(error));
	return error == 0;
}

static int
serve(struct server *server)
{
	struct mailin_fault fault;
	bool good = log_start() && start_pools(server->service);

	if (good) {
		file_refuse_pipes();
		manager_ready();
		good = mailin_server_run(server->clients, &fault);
		if (!good)
			log_error("%s", fault.text);
	}
	pool_stop(&server->service->storing);
	pool_stop(&server->service->verifying);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
close_server(struct server *server)
{
	struct store *store = server->service->store;
	size_t i;

	/* The handlers are removed below.  Without them a signal would end the
	 * process too early, with another exit status. */
	thread_block_signals(NULL);
	if (store != NULL && store->kind->hang_up != NULL)
		store->kind->hang_up(store);
	mailin_server_free(server->clients);
	free(server->listeners.slots);
	if (server->base == NULL)
		return;
	manager_unwatch();
	expiry_unwatch(&server->expiry);
	reload_close(&server->reload);
	http_close();
	for (i = 0; i < HANDLED_COUNT; i++)
		if (event_initialized(&server->signals[i]))
			event_del(&server->signals[i]);
	event_base_free(server->base);
}

int
server_run(struct service *service)
{
	struct server server = { .service = service };
	int status = EXIT_FAILURE;

	descriptors_raise(service->options);
	if (prepare(&server))
		status = serve(&server);
	close_server(&server);
	return status;
}

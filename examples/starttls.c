/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * Mail only inside TLS: STARTTLS (RFC 3207) at one address, TLS from the first
 * octet on (RFC 8314) at another one.  libmailin-event does the handshakes.  A
 * server that receives mail from everywhere must not require TLS (RFC 3207 4);
 * a server for its own users should.  On SIGHUP the program reads the
 * certificate again: new clients get the new one, and no session is cut.
 * README.md in this folder says how to build and try it.
 */
#define _POSIX_C_SOURCE 200809L

#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <mailin/event.h>

#include "show.h"

static struct {
	const char *certificate, *key, *port, *tls_port;
} options = { .port = "2530" };

/* clang-format off */
static const char help[] =
"usage: starttls --certificate FILE --key FILE [--listen PORT] [--tls PORT]\n"
"\n"
"Receives mail on 127.0.0.1 from clients that use STARTTLS, and prints it on\n"
"standard output.\n"
"\n"
"  --certificate FILE  the certificate and its chain of issuers, in PEM\n"
"  --key FILE          the private key of the certificate, in PEM\n"
"  --listen PORT       the port (default 2530); 0 is any free port\n"
"  --tls PORT          a port for clients that begin with TLS (default none)\n"
"  --help              print this help and exit\n";
/* clang-format on */

static struct mailin_server *server;
static struct mailin_listener *listeners[2];

static const struct mailin_handler handler = {
	.size = sizeof handler,
	.rcpt = show_rcpt,
	.data_start = show_data_start,
	.data = show_data,
	.data_end = show_data_end,
	.reset = show_reset,
};

static void
fail(const char *why)
{
	fprintf(stderr, "starttls: %s\n", why);
	exit(1);
}

/* The library prints nothing, so the program must say what happens. */
static void
on_event(const struct mailin_event *event, void *user)
{
	(void)user;
	if (event->kind == MAILIN_EVENT_TLS_FAILED)
		fprintf(stderr, "starttls: no handshake: %s\n", event->reason);
}

static struct mailin_config *
make_config(void)
{
	struct mailin_config *config = mailin_config_new("localhost");

	if (config == NULL ||
	    mailin_config_set_extension(config, MAILIN_EXTENSION_STARTTLS,
		true) != MAILIN_OK ||
	    mailin_config_set_policy(config, MAILIN_POLICY_TLS,
		MAILIN_TLS_REQUIRED) != MAILIN_OK)
		fail("out of memory");
	return config;
}

/* The first call listens.  Each later call comes after the certificate was read
 * again, and replaces the services of the listeners. */
static bool
serve(const struct mailin_config *config, struct mailin_fault *fault)
{
	struct mailin_tls_options files = { .size = sizeof files,
		.certificate = options.certificate,
		.key = options.key };
	struct mailin_service service = { .size = sizeof service,
		.config = config,
		.handler = &handler,
		.tls = mailin_tls_context_new(&files, fault) };
	bool good = service.tls != NULL;
	char address[64];

	for (int i = 0; good && i < 2; ++i) {
		const char *port = i == 0 ? options.port : options.tls_port;

		if (port == NULL)
			continue;
		service.implicit_tls = i == 1;
		snprintf(address, sizeof address, "127.0.0.1:%s", port);
		if (listeners[i] == NULL)
			good = (listeners[i] = mailin_server_listen(server,
				    address, &service, fault)) != NULL;
		else
			good = mailin_listener_replace(listeners[i], &service,
			    fault);
	}
	mailin_tls_context_free(service.tls); /* the services keep a
						 reference to it */
	return good;
}

/* This thread only waits for signals.  It may call all functions of the
 * library. */
static void *
wait_for_signals(void *config)
{
	struct mailin_fault fault;
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	while (sigwait(&set, &number) == 0 && number == SIGHUP)
		if (!serve(config, &fault))
			fprintf(stderr, "starttls: %s\n", fault.text);
	mailin_server_stop(server);
	return NULL;
}

static void
read_options(int argc, char **argv)
{
	static const struct option known[] = {
		{ "certificate", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "key", required_argument, NULL, 'k' },
		{ "listen", required_argument, NULL, 'l' },
		{ "tls", required_argument, NULL, 't' }, { 0 }
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			exit(0);
		} else if (option == 'c') {
			options.certificate = optarg;
		} else if (option == 'k') {
			options.key = optarg;
		} else if (option == 'l') {
			options.port = optarg;
		} else if (option == 't') {
			options.tls_port = optarg;
		} else {
			exit(2);
		}
	}
	if (optind < argc || options.certificate == NULL ||
	    options.key == NULL) {
		fputs("starttls: --certificate and --key are needed, and no "
		      "other arguments (see --help)\n",
		    stderr);
		exit(2);
	}
}

int
main(int argc, char **argv)
{
	struct mailin_server_options how = { .size = sizeof how,
		.event = on_event };
	struct mailin_config *config = make_config();
	struct mailin_fault fault;
	pthread_t thread;
	sigset_t set;

	read_options(argc, argv);
	server = mailin_server_new(&how, &fault);
	if (server == NULL || !serve(config, &fault))
		fail(fault.text);
	for (int i = 0; i < 2; ++i)
		if (listeners[i] != NULL)
			fprintf(stderr, "listening on %s\n",
			    mailin_listener_address(listeners[i]));
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (pthread_create(&thread, NULL, wait_for_signals, config) != 0)
		fail("cannot start a thread");
	if (!mailin_server_run(server, &fault))
		fail(fault.text);
	pthread_join(thread, NULL);
	mailin_server_free(server);
	mailin_config_free(config);
	return 0;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hash_password.h"
#include "log/log.h"
#include "settings/options.h"
#include "receive/receiver.h"
#include "server.h"
#include "receive/service.h"

/* The exit status if an option, or a file that an option names, is wrong. */
#define EXIT_USAGE 2

/* Open /dev/null until descriptors 0 to 2 are in use.  If one of them were
 * closed, the next file to be opened would get its number.  That file could be
 * somebody's mail, and the log would be written into it. */
static void
occupy_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* Ignore a signal that would end the server.  Do nothing if the signal has a
 * handler already, which a profiler may have set. */
static void
ignore(int number)
{
	struct sigaction action;

	if (sigaction(number, NULL, &action) != 0 ||
	    action.sa_handler != SIG_DFL)
		return;
	action.sa_handler = SIG_IGN;
	(void)sigaction(number, &action, NULL);
}

/* Ignore signals that have no meaning for this server.  If SIGPIPE and SIGXFSZ
 * are ignored, write returns an error when the client is gone or the file may
 * not grow. */
static void
ignore_signals(void)
{
	static const int numbers[] = {
		SIGPIPE,
		SIGXFSZ,
		SIGUSR1,
		SIGUSR2,
		SIGALRM,
		SIGVTALRM,
		SIGPROF,
#ifdef SIGIO
		SIGIO,
#endif
#ifdef SIGPWR
		SIGPWR,
#endif
#ifdef SIGSTKFLT
		SIGSTKFLT,
#endif
	};
	size_t i;

	for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		ignore(numbers[i]);
#ifdef SIGRTMIN
	for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
		ignore(number);
#endif
}

/* Returns false if root starts the server without a sandbox, and without a user
 * that the server becomes. */
static bool
is_safe(const struct options *options)
{
	if (geteuid() != 0 || options->user.text != NULL || options->sandbox)
		return true;
	log_error("refusing to run as root without a sandbox: --user NAME "
		  "makes the server become that user after its start");
	return false;
}

/* Flush what was printed on standard output.  Returns the exit status: failure
 * if the output could not be written. */
static int
printed(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_SUCCESS;
	log_error("standard output: %s", strerror(errno));
	return EXIT_FAILURE;
}

/* Print that the settings are correct, for --check-config. */
static int
print_correct(const struct options *options)
{
	size_t count = options->stdio ? 0 : options->listener_count;

	printf("%s %s correct, with %zu listener%s\n",
	    options->config != NULL ? options->config : "the options",
	    options->config != NULL ? "is" : "are", count,
	    count == 1 ? "" : "s");
	return printed();
}

static int
serve(struct options *options)
{
	struct mailin_handler handler = receiver_handler(options);
	struct service service;
	int status;

	if (!service_load(&service, options, &handler)) {
		service_close(&service);
		return EXIT_USAGE;
	}
	options_warn(options);
	if (options->mode == MODE_CHECK)
		status = print_correct(options);
	else
		status = options->stdio ? stdio_run(&service) :
					  server_run(&service);
	service_close(&service);
	return status;
}

static int
run(struct options *options)
{
	occupy_standard_files();
	privileges_hide_memory();
	if (options->mode == MODE_HASH || options->mode == MODE_SCRAM)
		return hash_password(options->mode == MODE_SCRAM) ?
		    printed() :
		    EXIT_FAILURE;
	if (!is_safe(options))
		return EXIT_USAGE;
	ignore_signals();
	/* Files are made with mode 0600, directories with 0700.  The inherited
	 * umask might forbid even the owner to read them. */
	umask(077);
	log_to(options->log);
	if (!options->stdio) {
		/* The server handles SIGHUP only while it serves.  Before and
		 * after that the signal must not end the process. */
		ignore(SIGHUP);
		log_to_stdout();
	}
	return serve(options);
}

int
main(int argc, char **argv)
{
	struct options *options = options_new(argc, argv);
	int status = EXIT_USAGE;

	if (options == NULL)
		return EXIT_FAILURE;
	switch (options_parse(options)) {
	case OPTIONS_RUN:
		status = run(options);
		break;
	case OPTIONS_PRINTED:
		status = printed();
		break;
	case OPTIONS_WRONG:
		break;
	}
	options_drop(options);
	log_stop();
	return status;
}

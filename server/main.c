/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "log/log.h"
#include "settings/options.h"
#include "receive/receiver.h"
#include "server.h"
#include "receive/service.h"

/* The exit status for a command line that is wrong. */
#define EXIT_USAGE 2

/* Were one of the first three descriptors closed, the next file would get its
 * number, and what is printed would stand in somebody's mail. */
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

/* A signal that would end the server is ignored, unless somebody handles it, as
 * a profiler does. */
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

/* SIGPIPE and SIGXFSZ: a client that is gone, and a file that may not grow, are
 * errors of write.  The others have no meaning here. */
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

/* Passwords and mail are in this memory: no core dump, and no debugger of the
 * same user. */
static void
keep_memory_private(void)
{
	static const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
#ifdef PR_SET_DUMPABLE
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static int
serve(const struct options *options)
{
	struct mailin_handler handler = receiver_handler(options);
	struct service service;
	int status;

	if (!service_open(&service, options, &handler))
		return EXIT_FAILURE;
	status = options->stdio ? stdio_run(&service) : server_run(&service);
	service_close(&service);
	return status;
}

static int
run(const struct options *options)
{
	occupy_standard_files();
	keep_memory_private();
	ignore_signals();
	/* Files are made with mode 0600 and directories with 0700.  The umask
	 * that was inherited could take the owner's rights away too. */
	umask(077);
	if (!options->stdio)
		log_to_stdout();
	return serve(options);
}

/* The answer to --help or --version stands on standard output. */
static int
answered(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_SUCCESS;
	log_error("standard output: %s", strerror(errno));
	return EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	struct options options;
	int status = EXIT_USAGE;

	switch (options_parse(&options, argc, argv)) {
	case OPTIONS_RUN:
		status = run(&options);
		break;
	case OPTIONS_ANSWER:
		status = answered();
		break;
	case OPTIONS_WRONG:
		break;
	}
	options_free(&options);
	log_stop();
	return status;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "options.h"
#include "receiver.h"
#include "server.h"
#include "service.h"

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
	int status;

	occupy_standard_files();
	/* A client that is gone, and a file that may not grow, are errors of
	 * write and no reason to die. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (!log_start(options->stdio))
		return EXIT_FAILURE;
	status = serve(options);
	log_stop();
	return status;
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
	return status;
}

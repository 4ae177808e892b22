/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "thread/thread.h"

void
thread_block_signals(sigset_t *before)
{
	sigset_t all;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, before);
}

int
thread_start(pthread_t *id, void *(*function)(void *), void *argument)
{
	sigset_t before;
	int error;

	/* The new thread inherits what is blocked here. */
	thread_block_signals(&before);
	error = pthread_create(id, NULL, function, argument);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

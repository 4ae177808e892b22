/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_THREAD_H
#define MAILIN_SERVER_THREAD_H

#include <pthread.h>
#include <signal.h>

/*
 * Starts threads in which all signals are blocked.  So signals are handled in
 * the first thread, which blocks them itself before it removes their handlers.
 */

/* Block all signals in the calling thread.  If before is not NULL, *before is
 * set to the signals that were blocked before. */
void thread_block_signals(sigset_t *before);

/* Like pthread_create, without attributes: starts a thread in which all signals
 * are blocked.  Returns 0 or an errno. */
int thread_start(pthread_t *id, void *(*function)(void *), void *argument);

#endif

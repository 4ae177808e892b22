/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LINE_WRITER_H
#define MAILIN_SERVER_LINE_WRITER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* How many octets of lines may wait to be written; as many are being written
 * at the same time. */
#define LINE_WRITER_SIZE 262144

/*
 * Writes lines to a descriptor in a thread of its own.  Whoever has a line to
 * write only copies it, and never waits for the descriptor: a reader that
 * stalls, or a disk that is slow, delays nobody.  Lines for which there is no
 * room are lost.  They are counted, and the count is written in their place.
 */
struct line_writer {
	int fd;
	bool is_pipe;
	pthread_t thread;

	/* Guarded by lock. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool started;
	bool running; /* the thread is there */
	bool stopping, ended;
	size_t used;        /* of waiting */
	unsigned long lost; /* lines, after those that wait */
	char *waiting;      /* NULL: not used so far */

	/* The thread's own. */
	unsigned long missing; /* lost lines, not yet told */
	bool torn;             /* a line was written in part */
	char *writing;
	char octets[2][LINE_WRITER_SIZE];
};

#define LINE_WRITER_INIT(number) \
	{ \
		.fd = (number), .lock = PTHREAD_MUTEX_INITIALIZER \
	}

/* Before this a line is written at once if the descriptor has room for it, or
 * waits.  From here on the thread writes, which is there from the first line
 * on: a process of one thread is spared locks by libc and by the kernel.
 * Returns 0 or an errno. */
int line_writer_start(struct line_writer *writer);

/* Write a line, which ends in a newline.  From any thread. */
void line_writer_put(struct line_writer *writer, const char *line, size_t len);

/* Count a line that could not be made. */
void line_writer_lose(struct line_writer *writer);

/* Wait until all lines are written, but no longer than that (CLOCK_MONOTONIC).
 * Lines that come later are lost. */
void line_writer_stop(struct line_writer *writer, const struct timespec *until);

#endif

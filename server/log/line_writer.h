/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LINE_WRITER_H
#define MAILIN_SERVER_LINE_WRITER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* The size of a buffer.  One buffer holds the lines that wait to be written,
 * the other holds the lines that are being written. */
#define LINE_WRITER_SIZE 262144

/*
 * Writes lines to a descriptor in a thread of its own.  A thread that logs a
 * line only copies it, and never waits for the descriptor.  So a reader that
 * stalls, or a slow disk, delays nobody.  A line for which there is no room is
 * lost.  Lost lines are counted, and the count is written in their place.
 */
struct line_writer {
	int fd;
	/* NULL, or a function that writes lines in place of fd.  Set it before
	 * line_writer_start. */
	void (*send)(const char *lines, size_t len);
	bool is_pipe;
	pthread_t thread;

	/* Guarded by lock. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool started;
	bool running; /* the thread exists */
	bool idle;    /* the thread waits for a line */
	bool stopping, ended;
	size_t used;        /* octets in the buffer "waiting" */
	unsigned long lost; /* lines lost after those in "waiting" */
	char *waiting;      /* NULL: the writer was not used yet */

	/* Used by the thread only. */
	unsigned long missing; /* lost lines whose count was not written yet */
	bool torn;             /* the last line was written only in part */
	char *writing;
	char octets[2][LINE_WRITER_SIZE];
};

#define LINE_WRITER_INIT(number) \
	{ \
		.fd = (number), .lock = PTHREAD_MUTEX_INITIALIZER \
	}

/* Begin to write in a thread.  Before this call a line is written at once if
 * the descriptor has room for it; otherwise the line is kept until this call.
 * The thread is made when the first line is to be written: while a process has
 * only one thread, libc and the kernel need no locks.  Returns 0 or an
 * errno. */
int line_writer_start(struct line_writer *writer);

/* Write a line, which must end in a newline.  May be called in any thread. */
void line_writer_put(struct line_writer *writer, const char *line, size_t len);

/* Count one line as lost: the caller had no memory to make it. */
void line_writer_lose(struct line_writer *writer);

/* Wait until all lines are written, but not beyond the time "until"
 * (CLOCK_MONOTONIC).  Lines that are put later are lost. */
void line_writer_stop(struct line_writer *writer, const struct timespec *until);

#endif

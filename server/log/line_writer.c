/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/line_writer.h"
#include "log/stamp.h"
#include "thread/thread.h"

/* How long the thread waits for more lines before it writes, in nanoseconds. */
#define GATHER 2000000

/* Returns how many octets were written: all of them, unless an error occurred.
 * The descriptor may be non-blocking, since another process that shares it may
 * have set O_NONBLOCK. */
static size_t
write_octets(int fd, const char *octets, size_t len)
{
	struct pollfd room = { .fd = fd, .events = POLLOUT };
	size_t done = 0;

	while (done < len) {
		ssize_t n = write(fd, octets + done, len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			(void)poll(&room, 1, -1);
		else if (n == 0 || errno != EINTR)
			break;
	}
	return done;
}

static unsigned long
count_lines(const char *octets, size_t len)
{
	unsigned long count = 0;
	size_t i;

	for (i = 0; i < len; i++)
		count += octets[i] == '\n';
	return count;
}

/* Returns the length of the next piece to write, which ends at the end of a
 * line.  Other processes may write to the same pipe; a piece of at most
 * PIPE_BUF octets is written without interruption (POSIX, write). */
static size_t
piece_length(const struct line_writer *writer, const char *lines, size_t len)
{
	size_t end = PIPE_BUF;

	if (!writer->is_pipe || len <= PIPE_BUF)
		return len;
	while (end > 0 && lines[end - 1] != '\n')
		end--;
	if (end > 0)
		return end;
	return (size_t)((const char *)memchr(lines, '\n', len) - lines) + 1;
}

/* Write lines.  Returns false after an error; the lines that were not written
 * in full are then counted as missing. */
static bool
write_lines(struct line_writer *writer, const char *lines, size_t len)
{
	if (writer->send != NULL) {
		writer->send(lines, len);
		return true;
	}
	while (len > 0) {
		size_t piece = piece_length(writer, lines, len);
		size_t done = write_octets(writer->fd, lines, piece);

		lines += done;
		len -= done;
		if (done == piece)
			continue;
		writer->missing += count_lines(lines, len);
		if (done > 0)
			writer->torn = lines[-1] != '\n';
		return false;
	}
	return true;
}

/* Write how many lines are missing.  Returns false if that failed. */
static bool
tell_missing(struct line_writer *writer)
{
	bool stamped = stamp_form() != FORM_PLAIN;
	char stamp[STAMP_SIZE], text[STAMP_SIZE + 64];
	size_t done;
	int len;

	if (writer->missing == 0)
		return true;
	(void)stamp_write(stamp, LEVEL_WARNING);
	len = snprintf(text, sizeof text, "%s%s%s%lu log line%s lost%s\n",
	    writer->torn ? "\n" : "", stamp, stamped ? "msg=\"" : "",
	    writer->missing, writer->missing == 1 ? " was" : "s were",
	    stamped ? "\"" : "");
	if (writer->send != NULL) {
		writer->send(text, (size_t)len);
		writer->missing = 0;
		return true;
	}
	done = write_octets(writer->fd, text, (size_t)len);
	if (done > 0)
		writer->torn = text[done - 1] != '\n';
	if (done < (size_t)len)
		return false;
	writer->missing = 0;
	return true;
}

/* Write len octets of lines.  If lines after them were lost, write another line
 * that says how many. */
static void
write_batch(struct line_writer *writer, size_t len, unsigned long lost)
{
	if (tell_missing(writer))
		(void)write_lines(writer, writer->writing, len);
	else
		writer->missing += count_lines(writer->writing, len);
	writer->missing += lost;
	if (lost > 0)
		(void)tell_missing(writer);
}

/* Write the lines that wait.  The caller holds the lock, which is released
 * while this function writes. */
static void
write_waiting(struct line_writer *writer)
{
	char *lines = writer->waiting;
	size_t len = writer->used;
	unsigned long lost = writer->lost;

	writer->waiting = writer->writing;
	writer->writing = lines;
	writer->used = 0;
	writer->lost = 0;
	pthread_mutex_unlock(&writer->lock);
	write_batch(writer, len, lost);
	pthread_mutex_lock(&writer->lock);
}

/* Wait a moment for more lines, and then write them all at once: to wake this
 * thread for each line would cost more than to write the line.  The caller
 * holds the lock, which is released while the function waits. */
static void
gather(struct line_writer *writer)
{
	static const struct timespec pause = { .tv_nsec = GATHER };

	if (writer->stopping || writer->used > LINE_WRITER_SIZE / 2)
		return;
	pthread_mutex_unlock(&writer->lock);
	nanosleep(&pause, NULL);
	pthread_mutex_lock(&writer->lock);
}

static void *
run(void *argument)
{
	struct line_writer *writer = argument;

	pthread_mutex_lock(&writer->lock);
	for (;;) {
		if (writer->used > 0 || writer->lost > 0) {
			gather(writer);
			write_waiting(writer);
		} else if (writer->stopping) {
			break;
		} else {
			writer->idle = true;
			pthread_cond_wait(&writer->changed, &writer->lock);
			writer->idle = false;
		}
	}
	writer->ended = true;
	pthread_cond_broadcast(&writer->changed);
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

/* Prepare the writer for its first line.  The caller of this function, and of
 * the functions below, holds the lock. */
static void
prepare(struct line_writer *writer)
{
	pthread_condattr_t clock;
	struct stat facts;

	if (writer->waiting != NULL)
		return;
	writer->waiting = writer->octets[0];
	writer->writing = writer->octets[1];
	writer->is_pipe = fstat(writer->fd, &facts) == 0 &&
	    S_ISFIFO(facts.st_mode);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->changed, &clock);
	pthread_condattr_destroy(&clock);
}

/* If lines wait, wake the thread.  If the thread does not exist yet, start it.
 * Returns 0 or an errno. */
static int
wake_thread(struct line_writer *writer)
{
	int error = 0;

	if (writer->used == 0 && writer->lost == 0)
		return 0;
	if (writer->idle)
		pthread_cond_signal(&writer->changed);
	else if (!writer->running)
		error = thread_start(&writer->thread, run, writer);
	writer->running |= error == 0;
	return error;
}

static bool
has_room(const struct line_writer *writer, size_t len)
{
	struct pollfd file = { .fd = writer->fd, .events = POLLOUT };

	return writer->send == NULL && (!writer->is_pipe || len <= PIPE_BUF) &&
	    poll(&file, 1, 0) == 1 && (file.revents & POLLOUT) != 0;
}

/* Add a line to the lines that wait, or count it as lost.  Once a line is lost,
 * later lines are lost, too, even if they would fit, so that the count of lost
 * lines can be written in their place. */
static void
keep(struct line_writer *writer, const char *line, size_t len)
{
	if (writer->lost > 0 || len > LINE_WRITER_SIZE - writer->used) {
		writer->lost++;
	} else {
		memcpy(writer->waiting + writer->used, line, len);
		writer->used += len;
	}
}

int
line_writer_start(struct line_writer *writer)
{
	int error;

	pthread_mutex_lock(&writer->lock);
	prepare(writer);
	writer->started = true;
	error = wake_thread(writer);
	pthread_mutex_unlock(&writer->lock);
	return error;
}

void
line_writer_put(struct line_writer *writer, const char *line, size_t len)
{
	pthread_mutex_lock(&writer->lock);
	prepare(writer);
	if (writer->started || writer->used > 0 || !has_room(writer, len))
		keep(writer, line, len);
	else if (write_octets(writer->fd, line, len) < len)
		writer->lost++;
	if (writer->started)
		(void)wake_thread(writer);
	pthread_mutex_unlock(&writer->lock);
}

void
line_writer_lose(struct line_writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	prepare(writer);
	writer->lost++;
	if (writer->started)
		(void)wake_thread(writer);
	pthread_mutex_unlock(&writer->lock);
}

/* Wait until the lines are written, but not beyond the time "until".  If the
 * thread then still hangs in write(2), it ends when the process ends. */
void
line_writer_stop(struct line_writer *writer, const struct timespec *until)
{
	bool running, ended;

	pthread_mutex_lock(&writer->lock);
	prepare(writer);
	writer->stopping = true;
	(void)wake_thread(writer);
	running = writer->running;
	pthread_cond_broadcast(&writer->changed);
	while (running && !writer->ended &&
	    pthread_cond_timedwait(&writer->changed, &writer->lock, until) == 0)
		;
	ended = writer->ended;
	pthread_mutex_unlock(&writer->lock);
	if (ended)
		pthread_join(writer->thread, NULL);
	else if (running)
		pthread_detach(writer->thread);
}

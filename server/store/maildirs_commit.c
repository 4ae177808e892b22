/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log/log.h"
#include "store/directory.h"
#include "store/maildirs.h"

static void
fail(struct copies *copies, struct copy *copy, int error)
{
	if (error == 0)
		return;
	log_error("cannot store a message in %s/%s: %s", copies->maildirs->root,
	    copy->directory, directory_fault(error));
	copy->error = error < 0 ? ELOOP : error;
	if (copies->error == 0)
		copies->error = copy->error;
}

static void
add_text(struct maildir_file *file, const char *text)
{
	(void)maildir_file_write(file, text, strlen(text));
}

/* Add the body, which is in memory or in a file, to a copy. */
static int
add_body(struct maildir_file *body, struct maildir_file *file)
{
	off_t place = 0;
	ssize_t n;

	if (body->fd < 0)
		return maildir_file_write(file, body->buffer, body->used);
	for (;;) {
		n = pread(body->fd, body->buffer, sizeof body->buffer, place);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (n == 0)
			return 0;
		(void)maildir_file_write(file, body->buffer, (size_t)n);
		place += n;
	}
}

/* Write a copy to tmp/, and to the disk. */
static int
write_copy(struct copies *copies, const struct copy *copy,
    struct maildir *maildir, struct maildir_file *file)
{
	int error;

	maildir_file_init(file, maildir, copies->id, copies->lf);
	strcpy(copies->name, file->name);
	add_text(file, copies->trace);
	add_text(file, copy->fields);
	file->lf = false; /* the body has its line ends already */
	error = add_body(&copies->body, file);
	if (error == 0)
		error = maildir_file_sync(file);
	if (error != 0) {
		maildir_file_discard(file);
		return error;
	}
	close(file->fd);
	return 0;
}

static int
open_copy(const struct copies *copies, const struct copy *copy,
    struct maildir *maildir)
{
	return maildir_open_at(maildir, copies->maildirs->fd, copy->directory,
	    copies->maildirs->hostname);
}

static void
write_all(struct copies *copies, struct maildir_file *file)
{
	size_t i;

	for (i = 0; i < copies->count && (copies->each || copies->error == 0);
	     i++) {
		struct copy *copy = &copies->copies[i];
		struct maildir maildir;
		int error = open_copy(copies, copy, &maildir);

		if (error == 0) {
			error = write_copy(copies, copy, &maildir, file);
			maildir_close(&maildir);
		}
		copy->is_in_tmp = error == 0;
		fail(copies, copy, error);
	}
}

/* Move a copy to new/, and wait until that is on the disk. */
static int
publish(struct copies *copies, struct copy *copy, const struct maildir *maildir)
{
	const char *name = copies->name;

	if (renameat(maildir->tmp, name, maildir->new, name) != 0)
		return errno;
	copy->is_in_tmp = false;
	copy->is_in_new = true;
	return fsync(maildir->new) == 0 ? 0 : errno;
}

/* Remove a copy that must not be delivered.  A mail reader may have moved it
 * from new/ meanwhile; then it stays. */
static int
take_back(struct copies *copies, struct copy *copy,
    const struct maildir *maildir)
{
	const char *name = copies->name;

	if (copy->is_in_tmp)
		(void)unlinkat(maildir->tmp, name, 0);
	if (copy->is_in_new && unlinkat(maildir->new, name, 0) == 0)
		(void)fsync(maildir->new);
	copy->is_in_tmp = copy->is_in_new = false;
	return 0;
}

/* Open the Maildir of a copy, and call what() with both. */
static void
handle(struct copies *copies, struct copy *copy,
    int (*what)(struct copies *, struct copy *, const struct maildir *))
{
	struct maildir maildir;
	int error = open_copy(copies, copy, &maildir);

	if (error == 0) {
		error = what(copies, copy, &maildir);
		maildir_close(&maildir);
	}
	fail(copies, copy, error);
}

static void
publish_all(struct copies *copies)
{
	size_t i;

	for (i = 0; i < copies->count; i++) {
		struct copy *copy = &copies->copies[i];

		if (copy->is_in_tmp && (copies->each || copies->error == 0))
			handle(copies, copy, publish);
	}
	for (i = 0; i < copies->count; i++) {
		struct copy *copy = &copies->copies[i];

		if (copies->each ? copy->error != 0 : copies->error != 0)
			handle(copies, copy, take_back);
	}
}

void
copies_commit(struct copies *copies)
{
	struct maildir_file *file = malloc(sizeof *file);
	size_t i;

	copies->error = maildir_file_end(&copies->body);
	if (file == NULL)
		copies->error = ENOMEM;
	if (copies->error == 0) {
		write_all(copies, file);
		publish_all(copies);
	} else {
		log_error("cannot store a message: %s",
		    strerror(copies->error));
		for (i = 0; i < copies->count; i++)
			copies->copies[i].error = copies->error;
	}
	free(file);
}

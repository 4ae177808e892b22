/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/maildir.h"

static void
fail(struct maildir_file *file)
{
	if (file->error == 0)
		file->error = errno;
}

void
maildir_file_init(struct maildir_file *file, struct maildir *maildir,
    const char *id, bool lf)
{
	file->maildir = maildir;
	file->fd = -1;
	file->error = 0;
	file->lf = lf;
	file->has_cr = false;
	file->used = 0;
	strcpy(file->id, id);
	snprintf(file->name, sizeof file->name, "%s.%s", id, maildir->host);
}

static void
write_out(struct maildir_file *file)
{
	const char *octets = file->buffer;

	while (file->used > 0) {
		ssize_t n = write(file->fd, octets, file->used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fail(file);
			return;
		}
		octets += n;
		file->used -= (size_t)n;
	}
}

static void
flush(struct maildir_file *file)
{
	if (file->error == 0 && file->fd < 0) {
		file->fd = openat(file->maildir->tmp, file->name,
		    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (file->fd < 0)
			fail(file);
	}
	if (file->error == 0)
		write_out(file);
}

static void
add(struct maildir_file *file, const char *octets, size_t len)
{
	memcpy(file->buffer + file->used, octets, len);
	file->used += len;
}

/* Add octets without each CR that comes before a LF. */
static void
add_lines(struct maildir_file *file, const char *octets, size_t len)
{
	const char *end = octets + len, *cr;

	if (file->has_cr && *octets != '\n')
		add(file, "\r", 1);
	while ((cr = memchr(octets, '\r', (size_t)(end - octets))) != NULL) {
		bool has_lf = cr + 1 < end && cr[1] == '\n';

		add(file, octets, (size_t)(cr - octets) + !has_lf);
		octets = cr + 1;
	}
	add(file, octets, (size_t)(end - octets));
	file->has_cr = end[-1] == '\r';
	file->used -= file->has_cr;
}

int
maildir_file_write(struct maildir_file *file, const char *octets, size_t len)
{
	while (file->error == 0 && len > 0) {
		size_t room = sizeof file->buffer - file->used - file->has_cr;
		size_t part = len < room ? len : room;

		if (file->lf)
			add_lines(file, octets, part);
		else
			add(file, octets, part);
		octets += part;
		len -= part;
		if (file->used + file->has_cr == sizeof file->buffer)
			flush(file);
	}
	return file->error;
}

/* Move the file to new/.  Its name there also has the numbers of its device and
 * inode, which no other file has. */
static void
publish(struct maildir_file *file)
{
	const struct maildir *maildir = file->maildir;
	char name[MAILDIR_NAME_SIZE];
	struct stat facts;

	if (fstat(file->fd, &facts) != 0) {
		fail(file);
		return;
	}
	snprintf(name, sizeof name, "%sV%llxI%llx.%s", file->id,
	    (unsigned long long)facts.st_dev, (unsigned long long)facts.st_ino,
	    maildir->host);
	if (renameat(maildir->tmp, file->name, maildir->new, name) != 0) {
		fail(file);
		return;
	}
	if (fsync(maildir->new) != 0) {
		fail(file);
		unlinkat(maildir->new, name, 0);
		return;
	}
	strcpy(file->name, name);
}

int
maildir_file_end(struct maildir_file *file)
{
	if (file->has_cr)
		add(file, "\r", 1);
	file->has_cr = false;
	if (file->fd >= 0)
		flush(file);
	return file->error;
}

int
maildir_file_sync(struct maildir_file *file)
{
	(void)maildir_file_end(file);
	flush(file);
	if (file->error == 0 && fsync(file->fd) != 0)
		fail(file);
	return file->error;
}

int
maildir_file_commit(struct maildir_file *file)
{
	if (maildir_file_sync(file) == 0)
		publish(file);
	if (file->error != 0) {
		maildir_file_discard(file);
	} else {
		close(file->fd);
		file->fd = -1;
	}
	return file->error;
}

void
maildir_file_discard(struct maildir_file *file)
{
	if (file->fd < 0)
		return;
	close(file->fd);
	file->fd = -1;
	unlinkat(file->maildir->tmp, file->name, 0);
}

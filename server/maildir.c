/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "maildir.h"

/* Bring the directory that holds path to the disk. */
static bool
sync_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX];
	bool done;
	int fd;

	if (slash == NULL)
		strcpy(parent, ".");
	else
		snprintf(parent, sizeof parent, "%.*s",
		    slash == path ? 1 : (int)(slash - path), path);
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	done = fsync(fd) == 0;
	close(fd);
	return done;
}

/* A new directory is one only when its parent is on the disk: without that a
 * crash could take the Maildir, and the mail in it. */
static bool
make_directory(const char *path)
{
	if (mkdir(path, 0700) != 0)
		return errno == EEXIST;
	return sync_parent(path);
}

static bool
make_path(const char *path)
{
	char part[PATH_MAX];
	size_t i;

	for (i = 0; path[i] != '\0'; i++) {
		if (path[i] != '/' || i == 0)
			continue;
		snprintf(part, sizeof part, "%.*s", (int)i, path);
		if (!make_directory(part))
			return false;
	}
	return make_directory(path);
}

/* Make and open one of the three; -1 if that fails or it takes no files. */
static int
open_directory(const char *path, const char *name)
{
	char text[PATH_MAX];
	int fd;

	snprintf(text, sizeof text, "%s/%s", path, name);
	if (!make_directory(text))
		return -1;
	fd = open(text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) != 0 ||
	    fsync(fd) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A "/" would end a file name, a ":" its unique part. */
static void
escape_host(char *out, size_t room, const char *host)
{
	int used = 0;

	for (out[0] = '\0'; *host != '\0' && (size_t)used + 5 < room; host++)
		used += sprintf(out + used,
		    *host == '/' || *host == ':' ? "\\%03o" : "%c", *host);
}

static bool
open_all(struct maildir *maildir)
{
	int cur;

	if (!make_path(maildir->path))
		return false;
	maildir->tmp = open_directory(maildir->path, "tmp");
	if (maildir->tmp < 0)
		return false;
	maildir->new = open_directory(maildir->path, "new");
	if (maildir->new < 0)
		return false;
	cur = open_directory(maildir->path, "cur");
	if (cur < 0)
		return false;
	close(cur);
	return true;
}

bool
maildir_open(struct maildir *maildir, const char *path, const char *hostname)
{
	maildir->path = path;
	maildir->tmp = maildir->new = -1;
	atomic_init(&maildir->count, 0);
	escape_host(maildir->host, sizeof maildir->host, hostname);
	errno = ENAMETOOLONG;
	if (strlen(path) + MAILDIR_NAME_SIZE < PATH_MAX && open_all(maildir))
		return true;
	log_error("cannot store mail in %s: %s", path, strerror(errno));
	maildir_close(maildir);
	return false;
}

void
maildir_close(struct maildir *maildir)
{
	if (maildir->tmp >= 0)
		close(maildir->tmp);
	if (maildir->new >= 0)
		close(maildir->new);
}

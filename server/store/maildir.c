/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/directory.h"
#include "log/log.h"
#include "store/maildir.h"

/* Open one of the three directories of the Maildir, and make it first if it is
 * missing.  Returns -1 with errno if that fails.  If check is true, returns -1
 * with errno also if no file can be written there. */
static int
open_part(int maildir, const char *name, bool check)
{
	int fd = directory_open(maildir, name);

	if (fd < 0)
		return -1;
	if (!check)
		return fd;
	if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) != 0 ||
	    fsync(fd) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Write the host name for a file name.  In the name of a file "/" and ":" have
 * a meaning, so they are escaped. */
static void
escape_host(char *out, size_t room, const char *host)
{
	int used = 0;

	for (out[0] = '\0'; *host != '\0' && (size_t)used + 5 < room; host++)
		used += sprintf(out + used,
		    *host == '/' || *host == ':' ? "\\%03o" : "%c", *host);
}

static bool
open_parts(struct maildir *maildir, int fd, bool check)
{
	int cur;

	maildir->tmp = open_part(fd, "tmp", check);
	if (maildir->tmp < 0)
		return false;
	maildir->new = open_part(fd, "new", check);
	if (maildir->new < 0)
		return false;
	cur = open_part(fd, "cur", check);
	if (cur < 0)
		return false;
	close(cur);
	return true;
}

static bool
open_all(struct maildir *maildir, int at, bool check)
{
	int fd = directory_open(at, maildir->path);
	bool good;
	int error;

	if (fd < 0)
		return false;
	good = open_parts(maildir, fd, check);
	error = errno;
	close(fd);
	errno = error;
	return good;
}

static bool
open_maildir(struct maildir *maildir, int at, const char *path,
    const char *hostname, bool check)
{
	maildir->path = path;
	maildir->tmp = maildir->new = -1;
	escape_host(maildir->host, sizeof maildir->host, hostname);
	errno = ENAMETOOLONG;
	return strlen(path) + MAILDIR_NAME_SIZE < PATH_MAX &&
	    open_all(maildir, at, check);
}

bool
maildir_open(struct maildir *maildir, const char *path, const char *hostname)
{
	if (open_maildir(maildir, AT_FDCWD, path, hostname, true))
		return true;
	log_error("cannot store mail in %s: %s", path, directory_fault(errno));
	maildir_close(maildir);
	return false;
}

int
maildir_open_at(struct maildir *maildir, int at, const char *path,
    const char *hostname)
{
	int error;

	if (open_maildir(maildir, at, path, hostname, false))
		return 0;
	error = errno;
	maildir_close(maildir);
	return error;
}

void
maildir_close(struct maildir *maildir)
{
	if (maildir->tmp >= 0)
		close(maildir->tmp);
	if (maildir->new >= 0)
		close(maildir->new);
	maildir->tmp = maildir->new = -1;
}

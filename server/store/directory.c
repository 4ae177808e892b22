/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/directory.h"

/* The maximum number of symbolic links that Linux follows in a path
 * (path_resolution(7)). */
#define LINKS 40

/* A value for errno that the system does not use. */
#define FOREIGN_LINK (-1)

/* With O_PATH a symbolic link itself can be opened, and then be followed with
 * care.  On a system without O_PATH opening it fails, so the server follows no
 * links there. */
#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

#define FLAGS (O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* A walk along a path, through directories that need not be readable. */
struct walk {
	int at;              /* the directory reached so far */
	unsigned links;      /* symbolic links followed so far */
	char rest[PATH_MAX]; /* the rest of the path */
};

static bool
move_to(struct walk *walk, int fd)
{
	int error = errno;

	if (fd < 0)
		return false;
	close(walk->at);
	walk->at = fd;
	errno = error;
	return true;
}

/* Remove the first name from the rest of the path.  Returns false if the name
 * is too long. */
static bool
take_name(struct walk *walk, char name[NAME_MAX + 1])
{
	const char *begin = walk->rest + strspn(walk->rest, "/");
	size_t len = strcspn(begin, "/");

	if (len > NAME_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(name, begin, len);
	name[len] = '\0';
	memmove(walk->rest, begin + len, strlen(begin + len) + 1);
	return true;
}

/* Put the target of a symbolic link before the rest of the path. */
static bool
go_by(struct walk *walk, const char *target)
{
	char rest[PATH_MAX];
	int len = snprintf(rest, sizeof rest, "%s/%s", target, walk->rest);

	if (++walk->links > LINKS) {
		errno = ELOOP;
		return false;
	}
	if (len < 0 || (size_t)len >= sizeof rest) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(walk->rest, rest, (size_t)len + 1);
	return target[0] != '/' ||
	    move_to(walk, open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* Follow the symbolic link that is open as fd.  If fd is not a link, it is a
 * file that is not a directory; then returns false with ENOTDIR. */
static bool
follow(struct walk *walk, int fd)
{
	char target[PATH_MAX];
	struct stat facts;
	ssize_t len;

	if (fstat(fd, &facts) != 0)
		return false;
	if (!S_ISLNK(facts.st_mode)) {
		errno = ENOTDIR;
		return false;
	}
	if (facts.st_uid != 0 && facts.st_uid != geteuid()) {
		errno = FOREIGN_LINK;
		return false;
	}
	len = readlinkat(fd, "", target, sizeof target - 1);
	if (len < 0)
		return false;
	target[len] = '\0';
	return go_by(walk, target);
}

static bool
follow_link(struct walk *walk, const char *name)
{
	int fd = openat(walk->at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	bool good;
	int error;

	if (fd < 0)
		return false;
	good = follow(walk, fd);
	error = errno;
	close(fd);
	errno = error;
	return good;
}

/* Make a directory, and sync its parent, because otherwise a crash could remove
 * the new directory with the mail in it. */
static bool
make(struct walk *walk, const char *name)
{
	bool done;
	int fd;

	if (mkdirat(walk->at, name, 0700) != 0)
		return errno == EEXIST;
	fd = openat(walk->at, ".", O_RDONLY | FLAGS);
	if (fd < 0)
		return false;
	done = fsync(fd) == 0;
	close(fd);
	return done;
}

static bool
step(struct walk *walk, const char *name)
{
	int fd = openat(walk->at, name, O_PATH | FLAGS);

	if (fd < 0 && errno == ENOENT && make(walk, name))
		fd = openat(walk->at, name, O_PATH | FLAGS);
	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP))
		return follow_link(walk, name);
	return move_to(walk, fd);
}

static bool
go(struct walk *walk)
{
	char name[NAME_MAX + 1];

	do {
		if (!take_name(walk, name) ||
		    (name[0] != '\0' && !step(walk, name)))
			return false;
	} while (walk->rest[0] != '\0');
	return true;
}

int
directory_open(int at, const char *path)
{
	struct walk walk = { .links = 0 };
	size_t len = strlen(path);
	int fd = -1, error;

	if (len >= sizeof walk.rest) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(walk.rest, path, len + 1);
	walk.at = openat(at, path[0] == '/' ? "/" : ".",
	    O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (walk.at < 0)
		return -1;
	if (go(&walk))
		fd = openat(walk.at, ".", O_RDONLY | FLAGS);
	error = errno;
	close(walk.at);
	errno = error;
	return fd;
}

const char *
directory_fault(int error)
{
	return error == FOREIGN_LINK ?
	    "the path has a symbolic link of another user" :
	    strerror(error);
}

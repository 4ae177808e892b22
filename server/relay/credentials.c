/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mailin/codec.h>

#include "log/log.h"
#include "octet/wipe.h"
#include "relay/credentials.h"

#define FORM "the file must have one line, user:password, in UTF-8"

/* Returns what is wrong with the file, or NULL. */
static const char *
file_fault(int fd)
{
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		return strerror(errno);
	if (!S_ISREG(status.st_mode))
		return "not a regular file";
	if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0)
		return "everybody may read or write it, but it has a password: "
		       "chmod o= it";
	return NULL;
}

/* Read the whole file.  Returns its length, or -1 with errno.  For a file that
 * is too long, the result is only known to be more than CREDENTIALS_MOST +
 * 3. */
static ssize_t
read_text(int fd, struct credentials *credentials)
{
	size_t len = 0, room = sizeof credentials->text;
	ssize_t n = 1;

	while (n > 0 && len < room) {
		n = read(fd, credentials->text + len, room - len);
		if (n > 0)
			len += (size_t)n;
	}
	return n < 0 ? -1 : (ssize_t)len;
}

/* Returns the length of the line without its end, or 0 if the octets are not
 * one line of text. */
static size_t
line_len(const char *text, size_t len)
{
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len > 0 && text[len - 1] == '\r')
		len--;
	return memchr(text, '\n', len) == NULL &&
		memchr(text, '\0', len) == NULL ?
	    len :
	    0;
}

/* Split the text of the file.  Returns false if it has another form. */
static bool
split(struct credentials *credentials, size_t len)
{
	char *text = credentials->text, *colon;

	if (len == sizeof credentials->text)
		return false;
	len = line_len(text, len);
	text[len] = '\0';
	colon = strchr(text, ':');
	if (colon == NULL || len > CREDENTIALS_MOST + 1 ||
	    !mailin_utf8_valid((struct mailin_span){ text, len }))
		return false;
	*colon = '\0';
	credentials->user = text;
	credentials->password = colon + 1;
	return *credentials->user != '\0' && *credentials->password != '\0';
}

static const char *
load(int fd, struct credentials *credentials)
{
	const char *fault = file_fault(fd);
	ssize_t len;

	if (fault != NULL)
		return fault;
	len = read_text(fd, credentials);
	if (len < 0)
		return strerror(errno);
	return split(credentials, (size_t)len) ? NULL : FORM;
}

struct credentials *
credentials_load(const char *path)
{
	struct credentials *credentials = calloc(1, sizeof *credentials);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	const char *fault = credentials == NULL ? "no memory" :
						  load(fd, credentials);

	if (fd >= 0)
		close(fd);
	if (fault == NULL)
		return credentials;
	log_error("%s: %s", path, fault);
	credentials_free(credentials);
	return NULL;
}

void
credentials_free(struct credentials *credentials)
{
	if (credentials == NULL)
		return;
	wipe(credentials, sizeof *credentials);
	free(credentials);
}

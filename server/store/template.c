/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/maildir.h"
#include "store/template.h"

bool
template_is(const char *path)
{
	return strchr(path, '%') != NULL;
}

/* Returns true for an octet that is not escaped in a name. */
static bool
is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z') || (unsigned char)c > 127 ||
	    (c != '\0' && strchr("=_+-.", c) != NULL);
}

/* Returns true for an octet that ends the name before it, because it cannot be
 * in a name. */
static bool
ends_name(char c)
{
	return !is_plain(c) && c != '%';
}

const char *
template_fault(const char *path)
{
	bool has_name = false, may_begin = true;

	for (; *path != '\0'; path++) {
		if (*path != '%') {
			may_begin = may_begin || ends_name(*path);
			continue;
		}
		path++;
		if (*path == '%')
			continue;
		if (*path != 'u' && *path != 'd')
			return "after % must come u, d or %";
		if (!may_begin)
			return "between %u and %d must come / or @";
		has_name = true;
		may_begin = false;
	}
	return has_name ? NULL : "%u or %d is missing";
}

static size_t
root_length(const char *path)
{
	size_t len = strcspn(path, "%");

	while (len > 0 && path[len - 1] != '/')
		len--;
	return len;
}

char *
template_root(const char *path)
{
	size_t len = root_length(path);

	if (len == 0)
		return strdup(".");
	return strndup(path, len > 1 ? len - 1 : 1);
}

/* A path that is being made. */
struct text {
	char octets[PATH_MAX];
	size_t len;
	bool is_full;
};

static void
add(struct text *text, char c)
{
	if (text->len + 1 < sizeof text->octets)
		text->octets[text->len++] = c;
	else
		text->is_full = true;
}

static void
add_name(struct text *text, struct mailin_span name)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (is_plain(c) && (i > 0 || (c != '.' && c != '-'))) {
			add(text, c);
			continue;
		}
		add(text, '%');
		add(text, digits[(unsigned char)c >> 4]);
		add(text, digits[(unsigned char)c & 15]);
	}
}

/* Returns true if a part between two "/" is too long, or if the path of a
 * message in that directory would be too long. */
static bool
is_too_long(const struct text *text)
{
	const char *part = text->octets;

	while (*part != '\0') {
		size_t len = strcspn(part, "/");

		if (len > NAME_MAX)
			return true;
		part += len;
		part += strspn(part, "/");
	}
	return text->is_full || text->len + MAILDIR_NAME_SIZE >= PATH_MAX;
}

char *
template_fill(const char *path, struct mailin_span local,
    struct mailin_span domain)
{
	struct text text = { .len = 0 };

	if (local.len == 0 || domain.len == 0) {
		errno = ENOENT;
		return NULL;
	}
	for (path += root_length(path); *path != '\0'; path++) {
		if (*path != '%')
			add(&text, *path);
		else if (*++path == '%')
			add(&text, '%');
		else
			add_name(&text, *path == 'u' ? local : domain);
	}
	text.octets[text.len] = '\0';
	if (!is_too_long(&text))
		return strdup(text.octets);
	errno = ENAMETOOLONG;
	return NULL;
}

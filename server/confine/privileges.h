/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_PRIVILEGES_H
#define MAILIN_SERVER_PRIVILEGES_H

#include <stdbool.h>
#include <sys/types.h>

/* The user that the server becomes after it was started by root. */
struct user {
	const char *text; /* "NAME" or "NAME:GROUP"; NULL: none is given */
	char name[64];    /* for messages, and for the user's other groups */
	bool is_listed;   /* the name is in the list of users (passwd(5)) */
	uid_t uid;
	gid_t gid;
};

/* Find the user of a text "NAME" or "NAME:GROUP".  The user and the group may
 * also be given by number.  The group is needed if the system does not know the
 * number of the user.  Returns NULL, or a text that says what is wrong. */
const char *user_find(struct user *user, const char *text);

/*
 * If a user is given, become that user for good.  All user and group numbers
 * change, the groups become those of the user, and all capabilities are given
 * up.  The function then checks that all of this has happened.  With or without
 * a user, no program that this process starts can gain rights (no_new_privs).
 *
 * Call while the process has one thread.  Returns false, with the reason on
 * stderr, if anything fails; the process must then end.
 */
bool privileges_drop(const struct user *user);

/* Allow no core dump, and no debugger of the same user: the memory of this
 * process holds passwords and mail. */
void privileges_hide_memory(void);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SCRAM_USERS_H
#define MAILIN_SERVER_SCRAM_USERS_H

/* The mechanisms that the server itself implements. */
enum {
	SCRAM_SHA_256,
	SCRAM_SHA_256_PLUS,
	SCRAM_MECHANISMS
};
extern const char scram_mechanisms[SCRAM_MECHANISMS][20];

/* How many users in a password file have a hash for SCRAM.  Users who are
 * locked or have no password do not count. */
enum scram_users {
	SCRAM_USERS_UNKNOWN, /* the file cannot be read, or has no users */
	SCRAM_USERS_NONE,
	SCRAM_USERS_SOME,
	SCRAM_USERS_ALL
};

/* Look at the file at path.  Wrong lines are skipped here; passwd_load reports
 * them. */
enum scram_users scram_users(const char *path);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CREDENTIALS_H
#define MAILIN_SERVER_CREDENTIALS_H

/* The maximum length of user and password together, in octets, so that AUTH
 * PLAIN fits in one line (mailin_client_auth_plain). */
#define CREDENTIALS_MOST 370

/* The user as whom this server logs in to its back ends.  The texts are UTF-8,
 * and not empty. */
struct credentials {
	const char *user, *password; /* in the member "text" */
	char text[CREDENTIALS_MOST + 4];
};

/* Read a file with one line, user:password.  Returns NULL, with the reason on
 * stderr, if the file cannot be used, or if everybody on this machine may read
 * or write it. */
struct credentials *credentials_load(const char *path);

/* Overwrite the credentials, and free them.  NULL is allowed. */
void credentials_free(struct credentials *credentials);

#endif

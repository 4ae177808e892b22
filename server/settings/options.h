/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_OPTIONS_H
#define MAILIN_SERVER_OPTIONS_H

#include <stdatomic.h>

#include "confine/privileges.h"
#include "log/log.h"
#include "relay/back_ends.h"
#include "settings/policy.h"

/* The task of the program. */
enum mode {
	MODE_SERVE,
	MODE_CHECK,
	MODE_HELP,
	MODE_HASH,  /* make the hash of a password */
	MODE_SCRAM, /* make the hash of a password for SCRAM */
	MODE_VERSION
};

/* An endpoint, and the index of its policy. */
struct listener {
	const struct endpoint *endpoint;
	size_t policy;
};

/* The options of the whole process. */
struct options {
	atomic_uint owners;
	int argc; /* the command line */
	char **argv;
	struct givens givens; /* the options before any section; owns all
				 texts */
	const char *config;   /* the file of settings, or NULL */
	/* The first policy has the options before the first section.  Each
	 * section adds one policy. */
	struct policy **policies;
	size_t policy_count;
	struct listener *listeners; /* the endpoints of all policies */
	size_t listener_count;
	enum mode mode;
	enum log_destination log;
	const char *maildir;
	bool maildir_crlf; /* keep CR LF in the Maildir */
	/* If its count is 0, there are no back ends.  The array of names
	 * belongs to these options, its texts to the member givens. */
	struct back_end_options back_ends;
	const char *metrics; /* NULL: no metrics */
	struct user user;
	bool sandbox;     /* filter system calls */
	unsigned threads; /* how many event loops serve clients */
	unsigned workers; /* how many threads store messages */
	unsigned max_connections;
	/* The limits for each address.  Members that no option sets are 0. */
	struct mailin_server_limits limits;
	struct mailin_network *exempt; /* addresses without limits */
	bool exempts_none;
	unsigned grace; /* for the last sessions, in seconds */
	bool discard;   /* messages are not stored */
	bool stdio;
	bool trace;
};

enum options_result {
	OPTIONS_RUN,     /* do what the mode says */
	OPTIONS_PRINTED, /* --help or --version: printed on stdout */
	OPTIONS_WRONG    /* the reason is on stderr */
};

/* Returns options with their defaults; the caller is the first owner.  Returns
 * NULL if there is no memory. */
struct options *options_new(int argc, char **argv);
struct options *options_hold(struct options *options);

/* Remove one owner of the options.  If this was the last owner, free the
 * options.  May be called in any thread.  options may be NULL. */
void options_drop(struct options *options);

/* Parse the command line, and read the file of settings. */
enum options_result options_parse(struct options *options);

/* Parse the same command line again, and read the file of settings.  Returns
 * NULL, with the reason on stderr, if something is wrong. */
struct options *options_again(const struct options *options);

/* Write to stderr the names of the options that differ between "running" and
 * "now", but cannot change while the process runs. */
void options_report_fixed(const struct options *running,
    const struct options *now);

/* Returns true if each recipient has a Maildir of its own. */
bool options_have_template(const struct options *options);

/* If each recipient has a Maildir of its own, check that each policy has a list
 * of recipients.  Without a list any client could make the server create
 * directories.  Returns false, with the reason on stderr, if a list is
 * missing. */
bool options_check_recipients(const struct options *options);

/* Warn of each policy that passes on mail from anyone to anyone.  A back end
 * sees only this server as its client.  If it relays mail for this server, it
 * is an open relay. */
void options_warn(const struct options *options);

/* Returns true if a policy has a password file. */
bool options_have_passwd(const struct options *options);

/* Returns true if one of the policies 0 to count - 1 names this file.  Policies
 * without a listener do not matter. */
bool options_have_file(const struct options *options, size_t count,
    const char *path);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SCAN_PATH_H
#define MAILIN_SRC_SCAN_PATH_H

#include "command/scan.h"

/* The actions on paths, which store the kind of a path and its parts. */

static inline void
scan_quoted_s(struct mailin_scan *scan, const unsigned char *p)
{
	scan_open(&scan_path(scan)->local, p);
	scan_path(scan)->quoted = true;
}

/* RELAXED accepts a dot at the end of a domain.  The span ends before this
 * dot. */
static inline void
scan_domain_e(struct mailin_scan *scan, const unsigned char *p)
{
	scan_close(&scan_path(scan)->domain, p[-1] == '.' ? p - 1 : p);
}

static inline void
scan_mailbox(struct mailin_scan *scan)
{
	struct mailin_path *path = scan_path(scan);

	path->kind = MAILIN_PATH_MAILBOX;
	if (path->domain_kind == MAILIN_DOMAIN_NONE)
		path->domain_kind = MAILIN_DOMAIN_NAME;
}

/* RFC 5321 4.1.1.2: only MAIL accepts the null path. */
static inline void
scan_null(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->command->verb == MAILIN_VERB_RCPT)
		mailin_scan_refuse(scan, p);
}

/* RFC 5321 4.1.1.3: <Postmaster> is the only path without a domain.  MAIL does
 * not accept it. */
static inline bool
scan_is_postmaster(struct mailin_scan *scan)
{
	return scan->command->verb != MAILIN_VERB_MAIL &&
	    mailin_scan_is_postmaster(scan_path(scan)->local);
}

static inline void
scan_postmaster(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan_is_postmaster(scan))
		scan_path(scan)->kind = MAILIN_PATH_POSTMASTER;
	else
		mailin_scan_refuse(scan, p);
}

/* RELAXED accepts any local part without a domain. */
static inline void
scan_unqualified(struct mailin_scan *scan)
{
	scan_path(scan)->kind = scan_is_postmaster(scan) ?
	    MAILIN_PATH_POSTMASTER :
	    MAILIN_PATH_UNQUALIFIED;
}

static inline const unsigned char *
scan_path_s(struct mailin_scan *scan, const unsigned char *p)
{
	scan_open(&scan_path(scan)->text, p);
	scan->in_path = true;
	return p + scan_path(scan)->local.len;
}

static inline void
scan_path_e(struct mailin_scan *scan, const unsigned char *p)
{
	struct mailin_path *path = scan_path(scan);

	scan_close(&path->text, p);
	if (path->text.len > SCAN_SHORT_PATH)
		mailin_scan_limit_path(scan, p);
	scan->in_path = false;
	path->utf8 = scan->eight_bit != NULL;
	scan->command->error = MAILIN_REPLY_BAD_ARGUMENT;
}

/* The path has ended.  Returns true if it was parsed alone, without a command.
 * In that case nothing may follow it. */
static inline bool
scan_path_ends(struct mailin_scan *scan, const unsigned char *p)
{
	bool is_alone = scan->command->verb == MAILIN_VERB_UNKNOWN;

	if (is_alone && p != scan->pe)
		mailin_scan_refuse(scan, p);
	return is_alone;
}

#endif

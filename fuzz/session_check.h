/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_SESSION_CHECK_H
#define MAILIN_FUZZ_SESSION_CHECK_H

#include <stdint.h>

#include <mailin.h>

/*
 * What must hold of any session, whatever comes in: looked at by its handler
 * and on its output.  What does not hold aborts.
 */

/* Not assert, which NDEBUG takes out. */
#define CHECK(what) ((what) ? (void)0 : check_failed(__FILE__, __LINE__, #what))
void check_failed(const char *file, int line, const char *what);

/* Octets that grow; all zero is an empty one. */
struct pile {
	char  *octets;
	size_t len, room;
};

void pile_add(struct pile *pile, const void *octets, size_t len);

struct check {
	struct mailin_session *session;
	bool                   memory_fails;
	bool                   has_texts;  /* of the handler's, in replies */

	/* What has happened.  Octets of data in a row are one event. */
	struct pile            log;
	bool                   in_data;
	struct pile            out;

	/* The session. */
	uint64_t               token;      /* of the last decision */
	bool                   closed;
	bool                   aborted;    /* what was queued is lost */

	/* The transaction. */
	bool                   lost;       /* reset was called */
	uint64_t               octets;
	char                   last_octet;
	size_t                 ends;       /* calls of data_end */

	/* Replies to the last line. */
	enum mailin_verb       verb;       /* UNKNOWN: none came yet */
	bool                   any_line;
	bool                   answer;     /* to a challenge */
	size_t                 recipients; /* when it came */
	size_t                 replies;
	bool                   has_3xx;
};

void check_free(struct check *check);

/* Something happened; a field is an octet string that the client chose. */
void check_event(struct check *check, const char *name);
void check_field(struct check *check, struct mailin_span field, bool utf8);

/* The same of a name that is none, which may hold any octet above 127; of
 * parameters one by one, since tabs may be between them. */
void check_printable(struct check *check, struct mailin_span field);
void check_parameters(struct check *check, struct mailin_span text);
void check_path(struct check *check, const struct mailin_path *path);
/* A callback that decides has been called. */
void check_decision(struct check *check);

void check_data_start(struct check *check);
void check_data(struct check *check, struct mailin_span octets);
void check_data_end(struct check *check, const struct mailin_rcpt *rcpt);
void check_reset(struct check *check);
void check_close(struct check *check);
void check_line_in(struct check *check, struct mailin_span line);
void check_line_out(struct check *check, struct mailin_span line);

/* All output of a session that has ended. */
void check_output(const struct check *check);
/* No more input will be taken. */
void check_ended(struct check *check);

#endif

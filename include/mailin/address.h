/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_ADDRESS_H
#define MAILIN_ADDRESS_H

#include <stdint.h>

#include <mailin/error.h>
#include <mailin/span.h>

/*
 * Addresses: RFC 5321 4.1.2 (Path, Mailbox) and 4.1.3 (address literals), with
 * the UTF-8 forms of RFC 6531 3.3.
 *
 * The spans of a path point into the text that was parsed, and live as long as
 * this text.  They are raw: a quoted local part has its quotes and
 * backslashes, a literal has its brackets.  Even an unquoted local part may
 * hold ` $ { } | & ' and other octets that mean something to shells, databases
 * and markup: never paste it into another language.
 */

/*
 * How strictly commands and addresses are read.
 *
 * STRICT is exactly RFC 5321, with the UTF-8 of RFC 6531: look at path.utf8.
 * RELAXED also accepts these forms, which real
 * clients send:
 *
 *  - white space (blanks and tabs) of any length where STRICT has one blank,
 *    after "FROM:" and "TO:", and at both ends within the brackets of a path;
 *    but not in XCLIENT and XFORWARD, the commands of proxies;
 *  - a path without angle brackets;
 *  - a local part without a domain, which is UNQUALIFIED: <root>;
 *  - dots in odd places of a local part; an underscore in a domain; one dot at
 *    the end of a domain;
 *  - a local part of 255 and a path of 512 octets (STRICT: 64 and 256);
 *  - a HELO argument that is no domain, has more than 255 octets, or has octets
 *    above 127: MAILIN_DOMAIN_OTHER;
 *  - lower-case hexadecimal digits in the xtext of ENVID and ORCPT;
 *  - a mailbox in brackets, or a local part without a domain, as the value of
 *    AUTH;
 *  - text after QUIT;
 *  - AUTH and STARTTLS after HELO (mailin_session only).
 *
 * RELAXED does not change the rules for line endings and control characters; a
 * tab is allowed only where it is white space of the list above.  RELAXED
 * accepts no comments (RFC 5322 3.2.2), and UTF-8 only with SMTPUTF8 (RFC 6531
 * 3.4).  A line that STRICT accepts has the same result in RELAXED.
 */
enum mailin_syntax {
	MAILIN_SYNTAX_STRICT,
	MAILIN_SYNTAX_RELAXED
};

/* The kinds of paths. */
enum mailin_path_kind {
	MAILIN_PATH_NULL,       /* <>, for bounces (RFC 5321 4.5.5) */
	MAILIN_PATH_MAILBOX,    /* local@domain */
	MAILIN_PATH_POSTMASTER, /* <Postmaster> alone (RFC 5321 4.5.1) */
	MAILIN_PATH_UNQUALIFIED /* RELAXED: <root>, a local part alone */
};

/* The kinds of domains. */
enum mailin_domain_kind {
	MAILIN_DOMAIN_NONE,    /* no domain: the kind of the path is NULL,
				  POSTMASTER or UNQUALIFIED */
	MAILIN_DOMAIN_NAME,    /* example.org; labels may be UTF-8 */
	MAILIN_DOMAIN_IPV4,    /* [192.0.2.1] */
	MAILIN_DOMAIN_IPV6,    /* [IPv6:2001:db8::1] */
	MAILIN_DOMAIN_GENERAL, /* [tag:anything else], RFC 5321 4.1.3 */
	MAILIN_DOMAIN_OTHER    /* only for HELO in RELAXED: a name that is no
				  valid domain */
};

/*
 * The path of MAIL or RCPT, or a mailbox.
 *
 * "text" is the whole path, with its angle brackets if it has them.  If there
 * is white space within the brackets, "text" is without brackets and white
 * space: a@b for "< a@b >", and empty for "< >".  If a dot is at the end of the
 * domain, it is part of "text", but not of "domain".  To write a path, use the
 * members "kind", "local" and "domain".
 *
 * If the kind is UNQUALIFIED, the span "domain" is absent, and domain_kind is
 * MAILIN_DOMAIN_NONE.  The program adds a domain of its own, or refuses the
 * path.
 */
struct mailin_path {
	enum mailin_path_kind kind;
	enum mailin_domain_kind domain_kind;
	bool quoted;              /* the local part is a Quoted-string */
	bool utf8;                /* the path has octets above 127; they are
				     valid UTF-8 */
	struct mailin_span text;  /* the whole path; see above */
	struct mailin_span route; /* the source route "@a,@b": ignore it */
	struct mailin_span local;
	struct mailin_span domain;
	uint64_t reserved[2];
};

/*
 * Parse a whole text as an address.  mailin_path_parse reads a path in angle
 * brackets; null paths and <Postmaster> are paths, too.  mailin_mailbox_parse
 * reads a mailbox without brackets, which always has a domain.  In RELAXED a
 * path may be without brackets.  A path has at most 256 octets in STRICT (RFC
 * 5321 4.5.3.1.3), and at most 512 in RELAXED; the brackets, and white space
 * within them, are counted.
 *
 * SYNTAX: text is not such an address.  *error_at is then the offset of the
 * first octet that no valid address has at that place, or text.len if text ends
 * too soon.  path is all 0.  error_at may be NULL.  ARGUMENT: syntax is neither
 * STRICT nor RELAXED, path is NULL, or text has a length but no pointer.
 */
MAILIN_EXPORT enum mailin_error mailin_path_parse(struct mailin_path *path,
    enum mailin_syntax syntax, struct mailin_span text, size_t *error_at);
MAILIN_EXPORT enum mailin_error mailin_mailbox_parse(struct mailin_path *path,
    enum mailin_syntax syntax, struct mailin_span text, size_t *error_at);

/*
 * Write the local part without its quotes and backslashes into out, which has
 * room for at least local.len octets, and return the length.  For example, the
 * quoted local part "john smith" becomes john smith without quotes.  Quote the
 * result again before you write it in front of "@", because "a@b"@c is not
 * a@b@c.  Returns 0 if the path has no local part, or if path or out is NULL.
 */
MAILIN_EXPORT size_t mailin_local_part_unquote(const struct mailin_path *path,
    char *out);

/*
 * Write octets as a Local-part (RFC 5321 4.1.2) into out, with quotes only if
 * they are needed, and return the length.  out has room for 2 * local.len + 2
 * octets.  Returns 0 if local has an octet that is not allowed even after a
 * backslash (a control character, or an octet that is not valid UTF-8), if out
 * is NULL, or if local has a length but no pointer.
 */
MAILIN_EXPORT size_t mailin_local_part_quote(struct mailin_span local,
    char *out);

/* Returns true if the local part, without quotes and backslashes, is exactly
 * text; case matters.  Returns false also if path or text is NULL. */
MAILIN_EXPORT bool mailin_path_local_equal(const struct mailin_path *path,
    const char *text);

#endif

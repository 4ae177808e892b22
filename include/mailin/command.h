/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_COMMAND_H
#define MAILIN_COMMAND_H

#include <stdint.h>

#include <mailin/address.h>
#include <mailin/reply.h>

/*
 * The tokenizer: one command line in, one struct out.  It knows the grammar of
 * each command and of each ESMTP parameter, and nothing of sessions, order or
 * policy.  It copies nothing, allocates nothing and keeps nothing: spans
 * point into the line and live as long as the caller's octets do.
 */

enum mailin_verb {
	MAILIN_VERB_UNKNOWN = 0,
	MAILIN_VERB_HELO,
	MAILIN_VERB_EHLO,
	MAILIN_VERB_LHLO, /* RFC 2033 */
	MAILIN_VERB_MAIL,
	MAILIN_VERB_RCPT,
	MAILIN_VERB_DATA,
	MAILIN_VERB_BDAT, /* RFC 3030 */
	MAILIN_VERB_RSET,
	MAILIN_VERB_NOOP,
	MAILIN_VERB_VRFY,
	MAILIN_VERB_EXPN,
	MAILIN_VERB_HELP,
	MAILIN_VERB_QUIT,
	MAILIN_VERB_STARTTLS, /* RFC 3207 */
	MAILIN_VERB_AUTH,     /* RFC 4954 */
	MAILIN_VERB_ETRN,     /* RFC 1985 */
	MAILIN_VERB_BURL,     /* RFC 4468 */
	MAILIN_VERB_XCLIENT,  /* Postfix, XCLIENT_README */
	MAILIN_VERB_XFORWARD, /* Postfix, XFORWARD_README */
	MAILIN_VERB_COUNT
};

/* The ESMTP parameters that have a type of their own. */
enum mailin_parameter {
	MAILIN_PARAMETER_SIZE,        /* MAIL, RFC 1870 */
	MAILIN_PARAMETER_BODY,        /* MAIL, RFC 6152, RFC 3030 */
	MAILIN_PARAMETER_SMTPUTF8,    /* MAIL, VRFY, EXPN, RFC 6531 */
	MAILIN_PARAMETER_RET,         /* MAIL, RFC 3461 4.3 */
	MAILIN_PARAMETER_ENVID,       /* MAIL, RFC 3461 4.4 */
	MAILIN_PARAMETER_AUTH,        /* MAIL, RFC 4954 5 */
	MAILIN_PARAMETER_BY,          /* MAIL, RFC 2852 */
	MAILIN_PARAMETER_HOLDFOR,     /* MAIL, RFC 4865 */
	MAILIN_PARAMETER_HOLDUNTIL,   /* MAIL, RFC 4865 */
	MAILIN_PARAMETER_MT_PRIORITY, /* MAIL, RFC 6710 */
	MAILIN_PARAMETER_MTRK,        /* MAIL, RFC 3885 */
	MAILIN_PARAMETER_REQUIRETLS,  /* MAIL, RFC 8689 */
	MAILIN_PARAMETER_SOLICIT,     /* MAIL, RFC 3865 */
	MAILIN_PARAMETER_NOTIFY,      /* RCPT, RFC 3461 4.1 */
	MAILIN_PARAMETER_ORCPT,       /* RCPT, RFC 3461 4.2, RFC 6533 */
	MAILIN_PARAMETER_RRVS,        /* RCPT, RFC 7293 */
	MAILIN_PARAMETER_UNKNOWN,     /* any other, see mailin_parameter_next */
	MAILIN_PARAMETER_COUNT
};

/* Its bit in the parameters of a MAIL or RCPT. */
#define MAILIN_PARAMETER_BIT(parameter) (UINT32_C(1) << (parameter))

enum mailin_body_type {
	MAILIN_BODY_7BIT, /* also where there is no BODY= */
	MAILIN_BODY_8BITMIME,
	MAILIN_BODY_BINARYMIME
};

enum mailin_ret {
	MAILIN_RET_UNSET,
	MAILIN_RET_FULL,
	MAILIN_RET_HDRS
};

enum mailin_by_mode {
	MAILIN_BY_NOTIFY, /* N */
	MAILIN_BY_RETURN  /* R; by_time is then positive */
};

enum mailin_rrvs_action {
	MAILIN_RRVS_UNSET,
	MAILIN_RRVS_CONTINUE, /* C */
	MAILIN_RRVS_REJECT    /* R */
};

/* NOTIFY= is a set of these; NEVER excludes the others. */
#define MAILIN_NOTIFY_NEVER   1u
#define MAILIN_NOTIFY_SUCCESS 2u
#define MAILIN_NOTIFY_FAILURE 4u
#define MAILIN_NOTIFY_DELAY   8u

/* OTHER: RELAXED took what is no valid domain.  It may be as long as the line,
 * and hold blanks and any octet above 127, which need not be UTF-8: never put
 * it in a header or a reply.  All other kinds are ASCII, at most 255 octets. */
struct mailin_helo {
	struct mailin_span domain; /* the name, or [literal] */
	enum mailin_domain_kind domain_kind;
	uint32_t reserved[3];
};

/*
 * MAIL FROM:<...>.  parameters has the bit of each parameter that was given;
 * a field whose bit is clear is zero.  Each value is checked and converted;
 * where it is a span, it is as sent: xtext (envid, auth) decodes with
 * mailin_xtext_decode.  The span of auth has no brackets around a mailbox,
 * where RELAXED took AUTH=<a@b>; parameter_text has them.
 */
struct mailin_mail {
	struct mailin_path path;
	uint32_t parameters;
	struct mailin_span parameter_text; /* all of them, with the white
						 space between: for _next */
	uint64_t size;                     /* at most UINT64_MAX, */
	bool size_over;                    /* and it is more than that */
	enum mailin_body_type body;
	enum mailin_ret ret;
	struct mailin_span envid; /* xtext, printable when decoded */
	struct mailin_span auth;  /* xtext of a mailbox, or "<>" */
	int32_t by_time;          /* seconds, -999999999..999999999 */
	enum mailin_by_mode by_mode;
	bool by_trace;
	uint32_t hold_for;          /* seconds, 1..999999999 */
	int64_t hold_until;         /* seconds since 1970, UTC */
	int mt_priority;            /* -9..9 */
	struct mailin_span mtrk;    /* base64 certifier */
	uint32_t mtrk_timeout;      /* seconds; 0: not given */
	struct mailin_span solicit; /* keywords, "," between them */
	uint64_t reserved[4];
};

struct mailin_rcpt {
	struct mailin_path path;
	uint32_t parameters;
	struct mailin_span parameter_text;
	unsigned notify;               /* MAILIN_NOTIFY_* */
	struct mailin_span orcpt_type; /* "rfc822", "utf-8", ... */
	struct mailin_span orcpt;      /* xtext; utf-8: RFC 6533 */
	bool orcpt_utf8;               /* it has octets above 127 */
	int64_t rrvs;                  /* seconds since 1970, UTC */
	enum mailin_rrvs_action rrvs_action;
	uint64_t reserved[4];
};

/* NOOP, HELP (both may be empty), VRFY, EXPN, ETRN: the argument as sent,
 * printable ASCII, and UTF-8 where smtputf8 is given. */
struct mailin_text {
	struct mailin_span text;
	bool smtputf8; /* VRFY, EXPN: the parameter was given */
	bool utf8;     /* the text is not ASCII */
};

struct mailin_chunk {
	uint64_t size;
	bool last;
};

struct mailin_auth {
	struct mailin_span mechanism; /* any case */
	struct mailin_span initial;   /* base64, "=" for empty; or absent */
};

struct mailin_burl {
	struct mailin_span uri; /* RFC 3986 absolute-URI, unread */
	bool last;
};

/* The attributes of XCLIENT and XFORWARD. */
enum mailin_attribute {
	MAILIN_ATTRIBUTE_NAME,
	MAILIN_ATTRIBUTE_ADDR,
	MAILIN_ATTRIBUTE_PORT,
	MAILIN_ATTRIBUTE_PROTO,
	MAILIN_ATTRIBUTE_HELO,
	MAILIN_ATTRIBUTE_LOGIN,    /* XCLIENT */
	MAILIN_ATTRIBUTE_DESTADDR, /* XCLIENT */
	MAILIN_ATTRIBUTE_DESTPORT, /* XCLIENT */
	MAILIN_ATTRIBUTE_IDENT,    /* XFORWARD */
	MAILIN_ATTRIBUTE_SOURCE,   /* XFORWARD */
	MAILIN_ATTRIBUTE_COUNT
};

/* Each value is xtext that decodes to printable ASCII, "[UNAVAILABLE]" or
 * "[TEMPUNAVAIL]"; absent if it was not given. */
struct mailin_attributes {
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
};

struct mailin_unknown {
	struct mailin_span verb; /* octets up to the first blank */
	struct mailin_span text; /* the rest of the line after it */
};

struct mailin_command {
	enum mailin_verb verb;
	enum mailin_reply error; /* OK, or the reply to send */
	size_t error_at;         /* the first octet that is wrong */
	union {
		struct mailin_helo helo; /* HELO EHLO LHLO */
		struct mailin_mail mail;
		struct mailin_rcpt rcpt;
		struct mailin_text text; /* NOOP HELP VRFY EXPN ETRN */
		struct mailin_chunk bdat;
		struct mailin_auth auth;
		struct mailin_burl burl;
		struct mailin_attributes attributes; /* XCLIENT XFORWARD */
		struct mailin_unknown unknown;
		uint64_t reserved[64];
	};
};

/*
 * Read one line from bytes.  Returns the octets consumed, its CR LF included;
 * or 0 if there is no CR LF in the len octets yet, and then command holds
 * nothing.  Only CR LF ends a line (RFC 5321 2.3.8).  Also returns 0 if syntax
 * is neither STRICT nor RELAXED, or bytes is NULL.
 *
 * On an error the line is consumed all the same; command->error is the reply,
 * command->error_at the offset of the first octet that no valid command could
 * have there, and command->verb what the line was about.  The typed fields
 * are then not to be relied on, with one exception: BAD_PARAMETER (555) means
 * that all is well-formed and one parameter or more is not one of this
 * verb's; a caller that knows it may go on.
 *
 * mailin_command_parse is STRICT.
 */
MAILIN_EXPORT size_t mailin_command_parse(struct mailin_command *command,
    const char *bytes, size_t len);
MAILIN_EXPORT size_t mailin_command_parse_as(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);

/* "MAIL"; "?" for what is no verb, MAILIN_VERB_UNKNOWN too. */
MAILIN_EXPORT const char *mailin_verb_name(enum mailin_verb verb);

/* "MT-PRIORITY"; "?" for UNKNOWN and what is no parameter. */
MAILIN_EXPORT const char *mailin_parameter_name(
    enum mailin_parameter parameter);

/* "ADDR"; "?" for what is no attribute. */
MAILIN_EXPORT const char *mailin_attribute_name(
    enum mailin_attribute attribute);

/*
 * Take the next parameter off the front of *text (begin with a copy of
 * parameter_text), and the white space after it.  value.ptr is NULL if there
 * is no "=".  Returns false if no parameter is left.
 */
MAILIN_EXPORT bool mailin_parameter_next(struct mailin_span *text,
    struct mailin_span *keyword, struct mailin_span *value);

#endif

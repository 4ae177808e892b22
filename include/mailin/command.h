/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_COMMAND_H
#define MAILIN_COMMAND_H

#include <stdint.h>

#include <mailin/address.h>
#include <mailin/reply.h>

/*
 * The tokenizer: it reads one command line, and fills in one struct.  It knows
 * the grammar of each command and of each ESMTP parameter, but no sessions, no
 * order of commands and no policies.  It copies and allocates nothing: spans
 * point into the line, and live as long as the caller's octets.
 */

/* The verbs of commands: those of RFC 5321 4.1.1, and others whose source the
 * comment names. */
enum mailin_verb {
	MAILIN_VERB_UNKNOWN = 0, /* none of these, or a line without a verb */
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

/* The ESMTP parameters of MAIL and RCPT that the library knows.  Each has
 * members in struct mailin_mail or struct mailin_rcpt, and a bit that says
 * whether it was given (MAILIN_PARAMETER_BIT). */
enum mailin_parameter {
	MAILIN_PARAMETER_UNKNOWN = 0, /* see mailin_parameter_next */
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
	MAILIN_PARAMETER_COUNT
};

/* The bit of a parameter in the member "parameters" of struct mailin_mail and
 * struct mailin_rcpt. */
#define MAILIN_PARAMETER_BIT(parameter) (UINT32_C(1) << (parameter))

/* The values of BODY=: what the client says of the octets of the message.  The
 * library does not compare it with them; mailin_session_facts says what they
 * are. */
enum mailin_body_type {
	MAILIN_BODY_7BIT,      /* also the value if there is no BODY= */
	MAILIN_BODY_8BITMIME,  /* octets above 127, RFC 6152 */
	MAILIN_BODY_BINARYMIME /* any octets, even without lines, RFC 3030; only
				  by BDAT */
};

/* The values of RET= (RFC 3461 4.3): what a report of failure should return to
 * the sender. */
enum mailin_ret {
	MAILIN_RET_UNSET, /* not given: the server chooses */
	MAILIN_RET_FULL,  /* the whole message */
	MAILIN_RET_HDRS   /* only its header */
};

/* The modes of BY= (RFC 2852 4): what to do if the message is not delivered
 * within by_time seconds. */
enum mailin_by_mode {
	MAILIN_BY_NOTIFY, /* N: tell the sender, and go on */
	MAILIN_BY_RETURN  /* R: return the message; by_time is then positive */
};

/* The actions of RRVS= (RFC 7293): what to do with the message if the next
 * server does not offer RRVS. */
enum mailin_rrvs_action {
	MAILIN_RRVS_UNSET,    /* no action was given; mailin_client_rcpt then
				 does the same as for R */
	MAILIN_RRVS_CONTINUE, /* C: send it without RRVS */
	MAILIN_RRVS_REJECT    /* R: do not send it */
};

/* The words of NOTIFY=, as a set of bits.  NEVER is never combined with another
 * bit. */
#define MAILIN_NOTIFY_NEVER   1u
#define MAILIN_NOTIFY_SUCCESS 2u
#define MAILIN_NOTIFY_FAILURE 4u
#define MAILIN_NOTIFY_DELAY   8u

/*
 * The argument of HELO, EHLO or LHLO.
 *
 * If domain_kind is OTHER, the syntax is RELAXED, and the name is no valid
 * domain.  This name may be as long as the line.  It may have blanks and octets
 * above 127, even if they are not UTF-8: never put it in a header or a reply.
 * All other kinds are ASCII, with at most 255 octets.
 */
struct mailin_helo {
	struct mailin_span domain; /* the name, or [literal] */
	enum mailin_domain_kind domain_kind;
	uint32_t reserved[3];
};

/*
 * The arguments of MAIL: the sender and the parameters.
 *
 * The member "parameters" has a bit for each parameter that was given.  The
 * members of all other parameters are zero.  Each value is checked and
 * converted.  A span has the octets as they were sent: decode "envid" and
 * "auth" with mailin_xtext_decode.  If RELAXED accepted AUTH=<a@b>, "auth" is
 * without the brackets, but parameter_text has them.  If RELAXED accepted
 * AUTH=joe, a local part without a domain, "auth" is that local part.
 */
struct mailin_mail {
	struct mailin_path path;
	uint32_t parameters;
	struct mailin_span parameter_text; /* all parameters as sent, for
					      mailin_parameter_next */
	uint64_t size;                     /* octets */
	bool size_over;                    /* the number was too large, so
					      "size" is UINT64_MAX */
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
	struct mailin_span solicit; /* keywords, separated by "," */
	uint64_t reserved[4];
};

/* The arguments of RCPT: a recipient and the parameters, as in struct
 * mailin_mail. */
struct mailin_rcpt {
	struct mailin_path path;
	uint32_t parameters;
	struct mailin_span parameter_text;
	unsigned notify;               /* MAILIN_NOTIFY_* */
	struct mailin_span orcpt_type; /* "rfc822", "utf-8", ... */
	struct mailin_span orcpt;      /* xtext; for the type utf-8, see RFC
					  6533 */
	bool orcpt_utf8;               /* octets above 127 are in orcpt */
	int64_t rrvs;                  /* seconds since 1970, UTC */
	enum mailin_rrvs_action rrvs_action;
	uint64_t reserved[4];
};

/* The argument of NOOP and HELP (which may be empty), VRFY, EXPN and ETRN, as
 * it was sent: printable ASCII, and also UTF-8 if smtputf8 is set. */
struct mailin_text {
	struct mailin_span text;
	bool smtputf8; /* VRFY, EXPN: the parameter was given */
	bool utf8;     /* the text is not ASCII */
};

/* The arguments of BDAT (RFC 3030 2).  Right after the line come exactly "size"
 * octets of the message, whatever they are. */
struct mailin_chunk {
	uint64_t size; /* may be 0 */
	bool last;     /* the message ends with this chunk */
};

/* The arguments of AUTH (RFC 4954 4).  The tokenizer does not decode the
 * initial response, and does not look whether the mechanism exists. */
struct mailin_auth {
	struct mailin_span mechanism; /* in any case of letters */
	struct mailin_span initial;   /* base64, "=" for empty; or absent */
};

/* The arguments of BURL (RFC 4468 3.2).  A client chose the URI: a program that
 * fetches it must decide which hosts and users it may name. */
struct mailin_burl {
	struct mailin_span uri; /* RFC 3986 absolute-URI, not parsed */
	bool last;              /* the message ends with this text */
};

/* The attributes of XCLIENT and XFORWARD, by which a proxy describes its
 * client. */
enum mailin_attribute {
	MAILIN_ATTRIBUTE_NAME,     /* the client's name, from DNS */
	MAILIN_ATTRIBUTE_ADDR,     /* the client's IP address */
	MAILIN_ATTRIBUTE_PORT,     /* the client's port */
	MAILIN_ATTRIBUTE_PROTO,    /* SMTP or ESMTP */
	MAILIN_ATTRIBUTE_HELO,     /* the name in the client's HELO or EHLO */
	MAILIN_ATTRIBUTE_LOGIN,    /* XCLIENT: the client's identity */
	MAILIN_ATTRIBUTE_DESTADDR, /* XCLIENT: the IP address that the client
				      connected to */
	MAILIN_ATTRIBUTE_DESTPORT, /* XCLIENT: the port of that address */
	MAILIN_ATTRIBUTE_IDENT,    /* XFORWARD: the proxy's name of the
				      message */
	MAILIN_ATTRIBUTE_SOURCE,   /* XFORWARD: LOCAL or REMOTE */
	MAILIN_ATTRIBUTE_COUNT
};

/* The arguments of XCLIENT and XFORWARD.  Each value is xtext of printable
 * ASCII, or the text "[UNAVAILABLE]" or "[TEMPUNAVAIL]".  A value that was not
 * given is absent. */
struct mailin_attributes {
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
};

/* A command that the library does not know.  Both spans may have any octets but
 * CR, LF and NUL. */
struct mailin_unknown {
	struct mailin_span verb; /* the line up to the first blank */
	struct mailin_span text; /* the rest of the line, with this blank */
};

/* A command line that was parsed.  The verb says which member of the union has
 * its arguments. */
struct mailin_command {
	enum mailin_verb verb;
	enum mailin_reply error; /* OK, or the reply to send */
	size_t error_at;         /* offset of the first wrong octet */
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
 * Read one line from bytes.  mailin_command_parse uses the STRICT syntax.
 * Returns the length of the line with its CR LF.  Only CR LF ends a line (RFC
 * 5321 2.3.8).  Returns 0 if the len octets hold no CR LF, if syntax is neither
 * STRICT nor RELAXED, or if bytes is NULL; command is then undefined.
 *
 * The length is also returned for a line that is no valid command.
 * command->error is then the reply to send.  command->error_at is the offset of
 * the first octet that no valid command has at that place.  command->verb is
 * the verb, as far as it was read.  Do not use the other members, with one
 * exception.  BAD_PARAMETER (555) means that the line is well-formed, but has a
 * parameter that the tokenizer does not know for this verb.  A caller that
 * knows the parameter may go on and use the members.
 */
MAILIN_EXPORT size_t mailin_command_parse(struct mailin_command *command,
    const char *bytes, size_t len);
MAILIN_EXPORT size_t mailin_command_parse_as(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);

/* Returns the verb in capitals, such as "MAIL", a constant.  Returns "?" for
 * UNKNOWN and for a value that is not in the enum. */
MAILIN_EXPORT const char *mailin_verb_name(enum mailin_verb verb);

/* Returns the keyword in capitals, such as "MT-PRIORITY", a constant.  Returns
 * "?" for UNKNOWN and for a value that is not in the enum. */
MAILIN_EXPORT const char *mailin_parameter_name(
    enum mailin_parameter parameter);

/* Returns the name in capitals, such as "ADDR", a constant.  Returns "?" for a
 * value that is not in the enum. */
MAILIN_EXPORT const char *mailin_attribute_name(
    enum mailin_attribute attribute);

/*
 * Remove the next parameter, and the white space after it, from the front of
 * *text, which is parameter_text at first.  The spans point into the text.
 * *value is absent if there is no "=".  Returns false if no parameter is left,
 * if an argument is NULL, or if *text has a length but no pointer.
 */
MAILIN_EXPORT bool mailin_parameter_next(struct mailin_span *text,
    struct mailin_span *keyword, struct mailin_span *value);

#endif

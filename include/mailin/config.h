/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_CONFIG_H
#define MAILIN_CONFIG_H

#include <stdint.h>

#include <mailin/address.h>
#include <mailin/error.h>

/*
 * A config holds the settings of a server.  Make it before any client comes.
 * Every setting has a safe default.  All settings are in tables
 * (mailin_setting_at), so that a program can offer each of them by name
 * without a list of its own.
 */
struct mailin_config;

/* The functions by which a config and its sessions get and free memory.  alloc
 * returns memory that is aligned like malloc's, or NULL, which it may do at any
 * time.  free never gets NULL. */
struct mailin_allocator {
	void *(*alloc)(size_t size, void *user);
	void (*free)(void *memory, void *user);
	void *user;
};

/* The limits of a session.  mailin_setting_at returns the unit, default and
 * bounds of each limit.  "0: no limit" means that 0 switches the limit off. */
enum mailin_limit {
	MAILIN_LIMIT_COMMAND_LINE,  /* octets before CR LF */
	MAILIN_LIMIT_AUTH_LINE,     /* octets of a line with AUTH, or with a
				       response to a challenge, before CR LF */
	MAILIN_LIMIT_RECIPIENTS,    /* recipients accepted in a transaction */
	MAILIN_LIMIT_ENVELOPE_SIZE, /* octets of the MAIL and RCPT lines of a
				       transaction */
	MAILIN_LIMIT_MESSAGE_SIZE,  /* octets; 0: no limit */
	MAILIN_LIMIT_DISCARDED,     /* octets of a refused message that are read
				       and dropped; 0: 64 MiB, or twice
				       MESSAGE_SIZE if that is more */
	MAILIN_LIMIT_ERRORS, /* 5xx replies of the library; 0: no limit */
	MAILIN_LIMIT_JUNK,   /* commands such as NOOP and RSET; 0: no limit */
	MAILIN_LIMIT_REFUSED_RECIPIENTS, /* recipients that the handler refused;
					    0: no limit */
	MAILIN_LIMIT_AUTH_FAILURES,      /* failed AUTH commands; 0: no limit */
	MAILIN_LIMIT_TRANSACTIONS,       /* transactions in a session; 0: no
					    limit */
	MAILIN_LIMIT_RCPT_DOMAINS,   /* different domains of the recipients in a
					transaction; 0: no limit */
	MAILIN_LIMIT_OUTPUT,         /* octets of queued replies */
	MAILIN_LIMIT_TIMEOUT_INPUT,  /* seconds to wait for input */
	MAILIN_LIMIT_TIMEOUT_OUTPUT, /* seconds to wait until output is sent */
	MAILIN_LIMIT_TIMEOUT_PROXY,  /* seconds, for a PROXY header */
	MAILIN_LIMIT_COUNT
};

/* The policies of a config.  The first value of each enum is the default. */
enum mailin_policy {
	MAILIN_POLICY_PROTOCOL,      /* enum mailin_protocol */
	MAILIN_POLICY_BARE_NEWLINE,  /* enum mailin_bare_newline */
	MAILIN_POLICY_PIPELINING,    /* enum mailin_pipelining */
	MAILIN_POLICY_SYNTAX,        /* enum mailin_syntax */
	MAILIN_POLICY_PARAMETERS,    /* enum mailin_parameter_policy */
	MAILIN_POLICY_AUTH,          /* enum mailin_auth_policy */
	MAILIN_POLICY_TLS,           /* enum mailin_tls_policy */
	MAILIN_POLICY_RECEIVED_USER, /* enum mailin_received_user */
	MAILIN_POLICY_COUNT
};

/* The protocols that a session or a client can speak.  LMTP is for the last hop
 * to a mail store, and never for port 25 (RFC 2033 5). */
enum mailin_protocol {
	MAILIN_PROTOCOL_SMTP,
	MAILIN_PROTOCOL_LMTP /* RFC 2033: LHLO in place of HELO and EHLO, and a
				reply to the message for each recipient */
};

/* What to do with a CR or LF in a message that is not part of a CR LF.  With
 * every value, only CR LF . CR LF ends a message, and a dot is removed only
 * after CR LF.  Servers that do otherwise make SMTP smuggling possible. */
enum mailin_bare_newline {
	MAILIN_BARE_NEWLINE_NORMALIZE, /* LF becomes CR LF, CR a space */
	MAILIN_BARE_NEWLINE_REJECT,    /* 550 5.5.2 after the end */
	MAILIN_BARE_NEWLINE_PRESERVE /* unchanged: never relay such a message */
};

/* What to do with input that comes before a reply which the client must wait
 * for (RFC 2920 3.1): the greeting, the replies to HELO, EHLO, LHLO, STARTTLS,
 * VRFY, EXPN, NOOP, XCLIENT and AUTH without an initial response, each 334, and
 * the 354. */
enum mailin_pipelining {
	MAILIN_PIPELINING_REJECT, /* send that reply, then 554 5.5.0, and close;
				     after STARTTLS send only the 554, even with
				     ALLOW (CVE-2011-0411) */
	MAILIN_PIPELINING_ALLOW   /* run the input in order */
};

/*
 * What to do with a parameter that is unknown, or whose extension is not
 * offered.
 *
 * REJECT: 555 5.5.4.  Some parameters are accepted all the same, because large
 * senders use them without an offer: SIZE, BODY=7BIT, BODY=8BITMIME, RET,
 * ENVID, NOTIFY, ORCPT and AUTH= are reported, and have no effect.
 *
 * IGNORE: unknown parameters are ignored, too.  REQUIRETLS, BODY=BINARYMIME,
 * SMTPUTF8, BY, HOLDFOR and HOLDUNTIL get 555 with both values, because the
 * client relies on their effect.
 */
enum mailin_parameter_policy {
	MAILIN_PARAMETERS_REJECT,
	MAILIN_PARAMETERS_IGNORE
};

/*
 * If AUTH or TLS is required, it must come first (RFC 3207 4).  Before it,
 * each other command gets 530 5.7.0, even one that is unknown, not offered,
 * out of order or has a syntax error, or that only the program knows.  The
 * octets of BDAT are read before the 530 is sent.  A line that is no command
 * (too long, or with a bare CR or a NUL) gets 500.
 */
enum mailin_auth_policy {
	MAILIN_AUTH_OPTIONAL,
	MAILIN_AUTH_REQUIRED, /* 530 to all but AUTH EHLO HELO LHLO NOOP QUIT
				 RSET STARTTLS XCLIENT */
	MAILIN_AUTH_OFF
};

/* Whether clients must use TLS.  The config offers STARTTLS only if the program
 * switches on that extension; TLS may also come first
 * (mailin_session_expect_tls). */
enum mailin_tls_policy {
	MAILIN_TLS_FOR_AUTH, /* AUTH is offered and accepted only in TLS */
	MAILIN_TLS_REQUIRED, /* 530 in clear to all but EHLO HELO LHLO NOOP
				QUIT RSET STARTTLS XCLIENT */
	MAILIN_TLS_OPTIONAL
};

/* Whether mailin_session_received names the user who has logged in.  All who
 * get the message can read it. */
enum mailin_received_user {
	MAILIN_RECEIVED_USER_OMIT,
	MAILIN_RECEIVED_USER_SHOW
};

/* The extensions that EHLO can offer.  Switch on those that the program
 * supports.  On by default: PIPELINING, ENHANCEDSTATUSCODES, SIZE, 8BITMIME and
 * CHUNKING, which need nothing from the program. */
enum mailin_extension {
	MAILIN_EXTENSION_PIPELINING,          /* RFC 2920 */
	MAILIN_EXTENSION_ENHANCEDSTATUSCODES, /* RFC 2034 */
	MAILIN_EXTENSION_SIZE,                /* RFC 1870 */
	MAILIN_EXTENSION_8BITMIME,            /* RFC 6152 */
	MAILIN_EXTENSION_CHUNKING,            /* RFC 3030 */
	MAILIN_EXTENSION_BINARYMIME,          /* RFC 3030, needs CHUNKING */
	MAILIN_EXTENSION_SMTPUTF8,            /* RFC 6531, needs 8BITMIME */
	MAILIN_EXTENSION_STARTTLS,            /* RFC 3207 */
	MAILIN_EXTENSION_DSN,                 /* RFC 3461 */
	MAILIN_EXTENSION_DELIVERBY,           /* RFC 2852 */
	MAILIN_EXTENSION_FUTURERELEASE,       /* RFC 4865 */
	MAILIN_EXTENSION_MT_PRIORITY,         /* RFC 6710 */
	MAILIN_EXTENSION_REQUIRETLS,          /* RFC 8689, inside TLS only */
	MAILIN_EXTENSION_RRVS,                /* RFC 7293 */
	MAILIN_EXTENSION_MTRK,                /* RFC 3885 */
	MAILIN_EXTENSION_NO_SOLICITING,       /* RFC 3865 */
	MAILIN_EXTENSION_LIMITS,   /* RFC 9422: EHLO's reply names three of the
				      limits */
	MAILIN_EXTENSION_ETRN,     /* RFC 1985 */
	MAILIN_EXTENSION_BURL,     /* RFC 4468 */
	MAILIN_EXTENSION_XCLIENT,  /* Postfix; see
				      mailin_session_set_extension */
	MAILIN_EXTENSION_XFORWARD, /* Postfix */
	MAILIN_EXTENSION_VRFY,     /* RFC 5321 3.5.3: only adds a line to the
				      reply to EHLO */
	MAILIN_EXTENSION_EXPN,     /* RFC 5321 3.5.1: if it is off, EXPN gets
				      502 */
	MAILIN_EXTENSION_COUNT
};

/* SASL mechanisms whose responses the library decodes to credentials.  By
 * default AUTH offers none of them. */
enum mailin_mechanism {
	MAILIN_MECHANISM_PLAIN,       /* RFC 4616 */
	MAILIN_MECHANISM_LOGIN,       /* draft-murchison-sasl-login */
	MAILIN_MECHANISM_EXTERNAL,    /* RFC 4422 A: by the client's TLS
					 certificate */
	MAILIN_MECHANISM_XOAUTH2,     /* Google's */
	MAILIN_MECHANISM_OAUTHBEARER, /* RFC 7628 */
	MAILIN_MECHANISM_COUNT
};

/*
 * Make a config for the server with this name: a domain name or an address
 * literal (RFC 5321 4.1.3), which is copied.  Returns NULL if hostname is
 * neither of these, is NULL or has more than 255 octets, or if there is no
 * memory.
 */
MAILIN_EXPORT struct mailin_config *mailin_config_new(const char *hostname);

/* Like mailin_config_new, with the memory of allocator.  The struct is copied,
 * but the memory at its user pointer must outlive the config and its sessions.
 * Returns NULL also if allocator or one of its functions is NULL. */
MAILIN_EXPORT struct mailin_config *mailin_config_new_with(const char *hostname,
    const struct mailin_allocator *allocator);

/* Free the config, after its last session.  config may be NULL. */
MAILIN_EXPORT void mailin_config_free(struct mailin_config *config);

/* Set a limit.  For some limits 0 means no limit (enum mailin_limit).
 * ARGUMENT: there is no such limit.  RANGE: the value is outside the limit's
 * bounds (mailin_setting_at). */
MAILIN_EXPORT enum mailin_error mailin_config_set_limit(
    struct mailin_config *config, enum mailin_limit limit, uint64_t value);

/* Set a policy to a value of its enum (enum mailin_policy names it).
 * ARGUMENT: there is no such policy, or no such value. */
MAILIN_EXPORT enum mailin_error mailin_config_set_policy(
    struct mailin_config *config, enum mailin_policy policy, int value);

/* Switch an extension or a mechanism on or off.  An extension that needs
 * another one (enum mailin_extension) is offered only if both are on.
 * ARGUMENT: there is no such extension or mechanism. */
MAILIN_EXPORT enum mailin_error mailin_config_set_extension(
    struct mailin_config *config, enum mailin_extension extension, bool on);
MAILIN_EXPORT enum mailin_error mailin_config_set_mechanism(
    struct mailin_config *config, enum mailin_mechanism mechanism, bool on);

/*
 * Offer a mechanism of the program, such as "SCRAM-SHA-256".  The callback
 * "sasl" runs its steps. name has 1 to 20 capitals, digits, "-" and "_" (RFC
 * 4422 3.1), and is copied.  A mechanism whose name ends in "-PLUS" is offered
 * and accepted only if the TLS facts have a channel_binding.
 *
 * SYNTAX: name breaks this rule.  ARGUMENT: name is NULL, is the name of a
 * mechanism of the library, or was added before.  RANGE: eight mechanisms were
 * added before.
 */
MAILIN_EXPORT enum mailin_error mailin_config_add_mechanism(
    struct mailin_config *config, const char *name);

/* Returns the name of the server, which lives as long as the config.  Never
 * NULL. */
MAILIN_EXPORT const char *mailin_config_hostname(
    const struct mailin_config *config);

/* Returns the value of a limit, or 0 if there is no such limit. */
MAILIN_EXPORT uint64_t mailin_config_limit(const struct mailin_config *config,
    enum mailin_limit limit);

/* Returns the value of a policy (of its enum), or 0 if there is no such
 * policy. */
MAILIN_EXPORT int mailin_config_policy(const struct mailin_config *config,
    enum mailin_policy policy);

/* Returns true if the extension is on, and the extension that it needs is on,
 * too.  In LMTP, PIPELINING and ENHANCEDSTATUSCODES are always on.  Returns
 * false if there is no such extension. */
MAILIN_EXPORT bool mailin_config_extension(const struct mailin_config *config,
    enum mailin_extension extension);

/* Returns true if the mechanism is on, and false if there is no such
 * mechanism. */
MAILIN_EXPORT bool mailin_config_mechanism(const struct mailin_config *config,
    enum mailin_mechanism mechanism);

/* The kinds of settings.  mailin_setting_at returns the limits first, then the
 * policies, then "extensions" and "mechanisms".  Names of settings, and of the
 * values of policies, are lower-case words with hyphens, such as "command-line"
 * and "bare-newline". */
enum mailin_setting_kind {
	MAILIN_SETTING_LIMIT,
	MAILIN_SETTING_POLICY,
	MAILIN_SETTING_LIST /* "extensions", "mechanisms" */
};

/* A setting, with its bounds and a description. */
struct mailin_setting {
	enum mailin_setting_kind kind;
	const char *name;
	const char *summary; /* a phrase, for --help */
	const char *unit;    /* of a limit: "octets", "seconds" */
	uint64_t initial;    /* default of a limit or policy */
	uint64_t minimum;    /* of a limit */
	uint64_t maximum;    /* of a limit */
	uint64_t reserved[4];
};

/* Fill in the setting with this index, which begins at 0.  The texts are
 * constants.  Returns false after the last setting, or if setting is NULL. */
MAILIN_EXPORT bool mailin_setting_at(size_t index,
    struct mailin_setting *setting);

/*
 * Returns the name of a value of the policy or list with this index, a
 * constant.  Value 0 of "syntax" is "strict", value 0 of "extensions" is
 * "PIPELINING".  Returns NULL after the last value, for a limit, and if there
 * is no such setting.
 */
MAILIN_EXPORT const char *mailin_setting_value(size_t index, size_t value);

/*
 * Set the setting with this name.  value is a decimal number for a limit, the
 * name of a value for a policy, and names separated by commas for a list.  The
 * values with these names are switched on, and all others off ("" switches all
 * off).  Names may be in any case.
 *
 * ARGUMENT: name or value is NULL, or there is no such setting or value.
 * SYNTAX: value is not a decimal number.  RANGE: the number is outside the
 * limit's bounds.
 */
MAILIN_EXPORT enum mailin_error mailin_config_set(struct mailin_config *config,
    const char *name, const char *value);

#endif

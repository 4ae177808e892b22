/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_CONFIG_H
#define MAILIN_CONFIG_H

#include <stdint.h>

#include <mailin/address.h>
#include <mailin/error.h>

/*
 * What a program fixes before any client comes.  Every setting has a safe
 * default.  All settings are in tables (mailin_setting_at), so that a program
 * can offer each of them by name without a list of its own.
 */
struct mailin_config;

/* Memory for a config and its sessions, aligned as malloc's.  alloc may fail
 * (NULL) at any time; free is never given NULL. */
struct mailin_allocator {
	void *(*alloc)(size_t size, void *user);
	void (*free)(void *memory, void *user);
	void *user;
};

/* How many of a thing; see mailin_setting_at for units, default and bounds.
 * "0: none" is no limit. */
enum mailin_limit {
	MAILIN_LIMIT_COMMAND_LINE,       /* octets before CR LF */
	MAILIN_LIMIT_AUTH_LINE,          /* the same, for AUTH and responses */
	MAILIN_LIMIT_RECIPIENTS,         /* accepted, in a transaction */
	MAILIN_LIMIT_ENVELOPE_SIZE,      /* octets of MAIL and RCPT kept */
	MAILIN_LIMIT_MESSAGE_SIZE,       /* octets; 0: none */
	MAILIN_LIMIT_DISCARDED,          /* octets swallowed; 0: 64 MiB, or
	                                    twice MESSAGE_SIZE if more */
	MAILIN_LIMIT_ERRORS,             /* 5xx of the library's; 0: none */
	MAILIN_LIMIT_JUNK,               /* NOOP and the like; 0: none */
	MAILIN_LIMIT_REFUSED_RECIPIENTS, /* by the handler; 0: none */
	MAILIN_LIMIT_AUTH_FAILURES,      /* 0: none */
	MAILIN_LIMIT_TRANSACTIONS,       /* in a session; 0: none */
	MAILIN_LIMIT_RCPT_DOMAINS,       /* of recipients' domains; 0: none */
	MAILIN_LIMIT_OUTPUT,             /* octets of replies queued */
	MAILIN_LIMIT_TIMEOUT_INPUT,      /* seconds */
	MAILIN_LIMIT_TIMEOUT_OUTPUT,     /* seconds */
	MAILIN_LIMIT_TIMEOUT_PROXY,      /* seconds, for a PROXY header */
	MAILIN_LIMIT_COUNT
};

/* Which of several ways; the first of each is the default. */
enum mailin_policy {
	MAILIN_POLICY_PROTOCOL,     /* enum mailin_protocol */
	MAILIN_POLICY_BARE_NEWLINE, /* enum mailin_bare_newline */
	MAILIN_POLICY_PIPELINING,   /* enum mailin_pipelining */
	MAILIN_POLICY_SYNTAX,       /* enum mailin_syntax */
	MAILIN_POLICY_PARAMETERS,   /* enum mailin_parameter_policy */
	MAILIN_POLICY_AUTH,         /* enum mailin_auth_policy */
	MAILIN_POLICY_TLS,          /* enum mailin_tls_policy */
	MAILIN_POLICY_COUNT
};

enum mailin_protocol {
	MAILIN_PROTOCOL_SMTP,
	MAILIN_PROTOCOL_LMTP /* RFC 2033 */
};

/*
 * A CR or LF in a message that is no part of a CR LF.  Whatever is chosen,
 * only CR LF . CR LF ends a message, and a dot is removed only after a true
 * CR LF: this is what SMTP smuggling turned on.
 */
enum mailin_bare_newline {
	MAILIN_BARE_NEWLINE_NORMALIZE, /* LF becomes CR LF, CR a space */
	MAILIN_BARE_NEWLINE_REJECT,    /* 550 5.5.2 after the end */
	MAILIN_BARE_NEWLINE_PRESERVE   /* as sent: never relay such a message */
};

/*
 * Input that comes before a reply which the client must wait for (RFC 2920
 * 3.1): the greeting, the replies to HELO EHLO LHLO STARTTLS VRFY EXPN NOOP
 * XCLIENT and to AUTH without an initial response, each 334, the 354.
 */
enum mailin_pipelining {
	MAILIN_PIPELINING_REJECT, /* that reply, 554 5.5.0, close;
	                                  after STARTTLS the 554 alone, in
	                                  ALLOW as well (CVE-2011-0411) */
	MAILIN_PIPELINING_ALLOW   /* take it in order */
};

/*
 * A parameter that is unknown or belongs to an extension not offered.
 * REJECT: 555 5.5.4; yet SIZE, BODY=7BIT and 8BITMIME, RET, ENVID, NOTIFY,
 * ORCPT and AUTH= are reported, without effect, where they are not offered,
 * since large senders use them unasked.  IGNORE: those unknown too.  Never
 * ignored, for ignoring would break what they ask: REQUIRETLS,
 * BODY=BINARYMIME, SMTPUTF8, BY, HOLDFOR, HOLDUNTIL.
 */
enum mailin_parameter_policy {
	MAILIN_PARAMETERS_REJECT,
	MAILIN_PARAMETERS_IGNORE
};

/*
 * What is required comes first (RFC 3207 4): 530 5.7.0 is also the reply to a
 * verb that is unknown, the program's own or not offered, to a command out of
 * order, and to one with a syntax error.  The octets of BDAT are taken before
 * it.  A line that is no command at all (too long, or with a bare CR or a NUL)
 * is 500.
 */
enum mailin_auth_policy {
	MAILIN_AUTH_OPTIONAL,
	MAILIN_AUTH_REQUIRED, /* 530 to all but AUTH EHLO HELO LHLO NOOP QUIT
	                          RSET STARTTLS XCLIENT */
	MAILIN_AUTH_OFF
};

enum mailin_tls_policy {
	MAILIN_TLS_FOR_AUTH, /* AUTH is neither offered nor taken in clear */
	MAILIN_TLS_REQUIRED, /* 530 in clear to all but EHLO HELO LHLO NOOP
	                          QUIT RSET STARTTLS XCLIENT */
	MAILIN_TLS_OPTIONAL
};

/*
 * What EHLO offers.  Switch on what the program will honour.  On by default:
 * PIPELINING, ENHANCEDSTATUSCODES, SIZE, 8BITMIME and CHUNKING, which the
 * library honours by itself.
 */
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
	MAILIN_EXTENSION_LIMITS,              /* RFC 9422: the limits above */
	MAILIN_EXTENSION_ETRN,                /* RFC 1985 */
	MAILIN_EXTENSION_BURL,                /* RFC 4468 */
	MAILIN_EXTENSION_XCLIENT,             /* Postfix; see _set_extension */
	MAILIN_EXTENSION_XFORWARD,            /* Postfix */
	MAILIN_EXTENSION_VRFY,                /* RFC 5321 3.5.3: only named */
	MAILIN_EXTENSION_EXPN,                /* RFC 5321 3.5.1; else 502 */
	MAILIN_EXTENSION_COUNT
};

/* SASL mechanisms that the library decodes to credentials; AUTH offers none
 * of them by default. */
enum mailin_mechanism {
	MAILIN_MECHANISM_PLAIN,       /* RFC 4616 */
	MAILIN_MECHANISM_LOGIN,       /* draft-murchison-sasl-login */
	MAILIN_MECHANISM_EXTERNAL,    /* RFC 4422 appendix A; only by
	                                         a certificate in TLS */
	MAILIN_MECHANISM_XOAUTH2,     /* Google's */
	MAILIN_MECHANISM_OAUTHBEARER, /* RFC 7628 */
	MAILIN_MECHANISM_COUNT
};

/*
 * A config for a server that calls itself hostname: a domain name or an
 * address literal (RFC 5321 4.1.3), copied.  NULL if it is neither, or memory
 * is gone.  _with takes memory from allocator, which is copied and must have
 * both functions, else NULL; what its user points to must outlive the config
 * and its sessions.
 */
MAILIN_EXPORT struct mailin_config *mailin_config_new(const char *hostname);
MAILIN_EXPORT struct mailin_config *mailin_config_new_with(const char *hostname,
    const struct mailin_allocator *allocator);

/* After its last session.  NULL is allowed. */
MAILIN_EXPORT void mailin_config_free(struct mailin_config *config);

/* ARGUMENT for what is no limit, policy, extension, mechanism or value of
 * one; RANGE for a number outside its bounds.  Nothing is then changed. */
MAILIN_EXPORT enum mailin_error mailin_config_set_limit(
    struct mailin_config *config, enum mailin_limit limit, uint64_t value);
MAILIN_EXPORT enum mailin_error mailin_config_set_policy(
    struct mailin_config *config, enum mailin_policy policy, int value);
MAILIN_EXPORT enum mailin_error mailin_config_set_extension(
    struct mailin_config *config, enum mailin_extension extension, bool on);
MAILIN_EXPORT enum mailin_error mailin_config_set_mechanism(
    struct mailin_config *config, enum mailin_mechanism mechanism, bool on);

/*
 * Offer a mechanism of the program's own, such as "SCRAM-SHA-256": its steps
 * go to the sasl callback.  name is 1 to 20 capitals, digits, "-" and "_"
 * (RFC 4422 3.1), else SYNTAX, and is copied.  ARGUMENT: it is one of the
 * library's, or added already; RANGE: there are eight already.
 */
MAILIN_EXPORT enum mailin_error mailin_config_add_mechanism(
    struct mailin_config *config, const char *name);

/*
 * What is set.  The hostname lives as long as the config.  An extension is on
 * if the one that it needs is too; in LMTP PIPELINING and ENHANCEDSTATUSCODES
 * always are.  0 or false for what is no limit, policy, extension or
 * mechanism.
 */
MAILIN_EXPORT const char *mailin_config_hostname(
    const struct mailin_config *config);
MAILIN_EXPORT uint64_t mailin_config_limit(const struct mailin_config *config,
    enum mailin_limit limit);
MAILIN_EXPORT int mailin_config_policy(const struct mailin_config *config,
    enum mailin_policy policy);
MAILIN_EXPORT bool mailin_config_extension(const struct mailin_config *config,
    enum mailin_extension extension);
MAILIN_EXPORT bool mailin_config_mechanism(const struct mailin_config *config,
    enum mailin_mechanism mechanism);

/*
 * All settings by name: limits, policies, then "extensions" and "mechanisms".
 * Names are lower-case words with hyphens, such as "command-line" and
 * "bare-newline"; so are the values of policies.
 */
enum mailin_setting_kind {
	MAILIN_SETTING_LIMIT,
	MAILIN_SETTING_POLICY,
	MAILIN_SETTING_LIST /* "extensions", "mechanisms" */
};

struct mailin_setting {
	enum mailin_setting_kind kind;
	const char *name;
	const char *summary; /* a phrase, for --help */
	const char *unit;    /* limits: "octets", "seconds" */
	uint64_t initial;    /* limits and policies: default */
	uint64_t minimum;    /* limits */
	uint64_t maximum;    /* limits */
	uint64_t reserved[4];
};

/* Fill in setting number index, from 0; its texts are constants.  False after
 * the last one. */
MAILIN_EXPORT bool mailin_setting_at(size_t index,
    struct mailin_setting *setting);

/* The name of value number value of a policy or list setting, from 0: for
 * "syntax" 0 is "strict"; for "extensions" 0 is "PIPELINING".  NULL after
 * the last, and for limits. */
MAILIN_EXPORT const char *mailin_setting_value(size_t index, size_t value);

/*
 * Set one by name and text: a decimal number, a value's name (either may be in
 * any case), or for the lists names separated by commas, which are then on, and
 * all others off ("" switches all off).  ARGUMENT for an unknown name or value,
 * SYNTAX for a malformed number, RANGE as above.
 */
MAILIN_EXPORT enum mailin_error mailin_config_set(struct mailin_config *config,
    const char *name, const char *value);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_NAME_H
#define MAILIN_NAME_H

#include <mailin/session.h>

/*
 * Names of values, for logs and for programs in other languages.  Each name is
 * a constant, and never NULL; it is "?" for a value that is not in the enum.
 *
 * mailin/error.h has the names of errors, mailin/reply.h those of replies,
 * mailin/command.h those of verbs, parameters and attributes, and
 * mailin/client_reply.h those of a client's steps and a server's faults.
 */

/* Returns the last part of the enumerator: "EARLY_TALK" for
 * MAILIN_CLOSE_EARLY_TALK, and "?" for any other value. */
MAILIN_EXPORT const char *mailin_close_reason_name(
    enum mailin_close_reason reason);
MAILIN_EXPORT const char *mailin_reset_reason_name(
    enum mailin_reset_reason reason);
MAILIN_EXPORT const char *mailin_want_name(enum mailin_want want);

/* Returns the keyword in the reply to EHLO: "MT-PRIORITY" for
 * MAILIN_EXTENSION_MT_PRIORITY, and "?" for any other value. */
MAILIN_EXPORT const char *mailin_extension_name(
    enum mailin_extension extension);

/* Returns the name that AUTH uses: "PLAIN" for MAILIN_MECHANISM_PLAIN, and "?"
 * for any other value. */
MAILIN_EXPORT const char *mailin_mechanism_name(
    enum mailin_mechanism mechanism);

/* Returns the name for mailin_config_set: "command-line" for
 * MAILIN_LIMIT_COMMAND_LINE, "bare-newline" for MAILIN_POLICY_BARE_NEWLINE,
 * and "?" for any other value. */
MAILIN_EXPORT const char *mailin_limit_name(enum mailin_limit limit);
MAILIN_EXPORT const char *mailin_policy_name(enum mailin_policy policy);

/* Returns the name of a policy's value: "relaxed" for MAILIN_SYNTAX_RELAXED of
 * MAILIN_POLICY_SYNTAX, and "?" for any other policy or value. */
MAILIN_EXPORT const char *mailin_policy_value_name(enum mailin_policy policy,
    int value);

/* Returns the last part of the enumerator in lower case: "unqualified" for
 * MAILIN_PATH_UNQUALIFIED, "ipv6" for MAILIN_DOMAIN_IPV6, "inet" for
 * MAILIN_PROXY_FAMILY_INET, and "?" for any other value. */
MAILIN_EXPORT const char *mailin_path_kind_name(enum mailin_path_kind kind);
MAILIN_EXPORT const char *mailin_domain_kind_name(enum mailin_domain_kind kind);
MAILIN_EXPORT const char *mailin_proxy_family_name(
    enum mailin_proxy_family family);
MAILIN_EXPORT const char *mailin_proxy_transport_name(
    enum mailin_proxy_transport transport);

/* Returns the word or letter in the parameter of MAIL or RCPT: BODY=8BITMIME,
 * RET=HDRS, the R of BY=60;R, the C of RRVS=...;C.  Returns "?" for UNSET and
 * for any other value. */
MAILIN_EXPORT const char *mailin_body_type_name(enum mailin_body_type type);
MAILIN_EXPORT const char *mailin_ret_name(enum mailin_ret ret);
MAILIN_EXPORT const char *mailin_by_mode_name(enum mailin_by_mode mode);
MAILIN_EXPORT const char *mailin_rrvs_action_name(
    enum mailin_rrvs_action action);

/* Returns the word in NOTIFY=: "SUCCESS" for MAILIN_NOTIFY_SUCCESS.  Returns
 * "?" if notify is not exactly one MAILIN_NOTIFY_ bit. */
MAILIN_EXPORT const char *mailin_notify_name(unsigned notify);

#endif

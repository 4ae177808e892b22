/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_NAME_H
#define MAILIN_NAME_H

#include <mailin/session.h>

/*
 * Names of values, for logs and for programs in other languages.  Each name is
 * a constant, and never NULL: for a value that the enum does not have it is
 * "?".
 *
 * mailin/error.h has the names of errors, mailin/reply.h those of replies, and
 * mailin/command.h those of verbs, parameters and attributes.
 */

/* The last part of the enumerator: MAILIN_CLOSE_EARLY_TALK is "EARLY_TALK".
 * "?" for any other value. */
MAILIN_EXPORT const char *mailin_close_reason_name(
    enum mailin_close_reason reason);
MAILIN_EXPORT const char *mailin_reset_reason_name(
    enum mailin_reset_reason reason);
MAILIN_EXPORT const char *mailin_want_name(enum mailin_want want);

/* The keyword in the reply to EHLO: MAILIN_EXTENSION_MT_PRIORITY is
 * "MT-PRIORITY".  "?" for any other value. */
MAILIN_EXPORT const char *mailin_extension_name(
    enum mailin_extension extension);

/* The name that AUTH has: "PLAIN".  "?" for any other value. */
MAILIN_EXPORT const char *mailin_mechanism_name(
    enum mailin_mechanism mechanism);

/* The name of the setting (mailin_config_set): MAILIN_LIMIT_COMMAND_LINE is
 * "command-line", MAILIN_POLICY_BARE_NEWLINE is "bare-newline".  "?" for any
 * other value. */
MAILIN_EXPORT const char *mailin_limit_name(enum mailin_limit limit);
MAILIN_EXPORT const char *mailin_policy_name(enum mailin_policy policy);

/* A value of a policy: MAILIN_SYNTAX_RELAXED of MAILIN_POLICY_SYNTAX is
 * "relaxed".  "?" for any other policy or value. */
MAILIN_EXPORT const char *mailin_policy_value_name(enum mailin_policy policy,
    int value);

/* The last part of the enumerator in lower case: MAILIN_PATH_UNQUALIFIED is
 * "unqualified", MAILIN_DOMAIN_IPV6 is "ipv6", MAILIN_PROXY_FAMILY_INET is
 * "inet".  "?" for any other value. */
MAILIN_EXPORT const char *mailin_path_kind_name(enum mailin_path_kind kind);
MAILIN_EXPORT const char *mailin_domain_kind_name(enum mailin_domain_kind kind);
MAILIN_EXPORT const char *mailin_proxy_family_name(
    enum mailin_proxy_family family);
MAILIN_EXPORT const char *mailin_proxy_transport_name(
    enum mailin_proxy_transport transport);

/* The word or letter in the parameter of MAIL or RCPT: BODY=8BITMIME, RET=HDRS,
 * the R of BY=60;R, the C of RRVS=...;C.  "?" for UNSET, and for any other
 * value. */
MAILIN_EXPORT const char *mailin_body_type_name(enum mailin_body_type type);
MAILIN_EXPORT const char *mailin_ret_name(enum mailin_ret ret);
MAILIN_EXPORT const char *mailin_by_mode_name(enum mailin_by_mode mode);
MAILIN_EXPORT const char *mailin_rrvs_action_name(
    enum mailin_rrvs_action action);

/* The word in NOTIFY=: MAILIN_NOTIFY_SUCCESS is "SUCCESS".  "?" unless notify
 * is exactly one MAILIN_NOTIFY_ bit. */
MAILIN_EXPORT const char *mailin_notify_name(unsigned notify);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_NAME_H
#define MAILIN_NAME_H

#include <mailin/session.h>

/*
 * Names of values, for logs and for programs in other languages.  Each is a
 * constant, the last part of the enumerator: MAILIN_CLOSE_EARLY_TALK is
 * "EARLY_TALK".  A value that the enum does not have is "?".
 *
 * mailin/command.h has the names of verbs, parameters and attributes,
 * mailin/config.h those of settings and their values.
 */
MAILIN_EXPORT const char *mailin_close_reason_name(
    enum mailin_close_reason reason);
MAILIN_EXPORT const char *mailin_reset_reason_name(
    enum mailin_reset_reason reason);
MAILIN_EXPORT const char *mailin_want_name(enum mailin_want want);

/* The keyword in the reply to EHLO: MAILIN_EXTENSION_MT_PRIORITY is
 * "MT-PRIORITY". */
MAILIN_EXPORT const char *mailin_extension_name(
    enum mailin_extension extension);

#endif

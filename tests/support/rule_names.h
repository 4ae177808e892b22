/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_RULE_NAMES_H
#define MAILIN_TESTS_RULE_NAMES_H

#include "config/rules.h"

/* Return names such as "START", "EHLO", "(end of message)", for people who read
 * the table of states. */
const char *state_name(enum mailin_state state);
const char *event_name(enum mailin_event event);

#endif

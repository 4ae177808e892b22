/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_TABLES_H
#define MAILIN_SRC_TABLES_H

#include "command/parameter.h"
#include "session/decide.h"

/*
 * Do the tables lack a row, a member or a cell?  Debug builds ask this when a
 * session is made, so that no client finds out first.  The functions take the
 * row, so that a test can pass one from which something is missing.
 */

/* The decisions that are not in a row of a verb. */
#define DECISION_COUNT 11
extern const struct mailin_decision *const mailin_decisions[DECISION_COUNT];

bool mailin_table_decision(const struct mailin_decision *row);
bool mailin_table_verb(enum mailin_verb verb,
    const struct mailin_verb_row *row);
bool mailin_table_parameter(const struct mailin_parameter_row *row);
bool mailin_table_rules(const struct mailin_rule (*rules)[EVENT_COUNT]);
bool mailin_tables_are_whole(void);

#endif

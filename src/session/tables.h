/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_TABLES_H
#define MAILIN_SRC_TABLES_H

#include "command/parameter.h"
#include "session/decide.h"

/*
 * Checks that no table lacks a row, a member or a cell.  Debug builds call them
 * for each new session, so that a fault is found before any client finds it.
 * The functions have the row as an argument, so that a test can pass a wrong
 * row.
 */

/* Decisions that do not belong to a verb's row. */
#define DECISION_COUNT 11
extern const struct mailin_decision *const mailin_decisions[DECISION_COUNT];

bool mailin_table_decision(const struct mailin_decision *row);
bool mailin_table_verb(enum mailin_verb verb,
    const struct mailin_verb_row *row);
bool mailin_table_parameter(const struct mailin_parameter_row *row);
bool mailin_table_rules(const struct mailin_rule (*rules)[EVENT_COUNT]);
bool mailin_tables_are_whole(void);

#endif

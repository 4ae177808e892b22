/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_TABLE_H
#define MAILIN_BENCH_TABLE_H

#ifdef __cplusplus
extern "C" {
#endif

/* Fill the table of workload.h.  corpus is the folder with the command lines.
 * Ends the program after a message if something is wrong. */
void table_fill(const char *corpus);

/* Each function adds the rows of one source file: lines.c, bodies.c, sessions.c
 * and so on. */
void lines_add(const char *corpus);
void bodies_add(void);
void messages_add(void);
void sessions_add(void);
void growth_add(void);

#ifdef __cplusplus
}
#endif

#endif

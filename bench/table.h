/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_TABLE_H
#define MAILIN_BENCH_TABLE_H

#ifdef __cplusplus
extern "C" {
#endif

/* Fill the table of workload.h; corpus is the folder of the command lines.  It
 * ends the program where something is not as it must be. */
void table_fill(const char *corpus);

/* What it is made of, each in the file of its name. */
void lines_add(const char *corpus);
void bodies_add(void);
void sessions_add(void);
void growth_add(void);

#ifdef __cplusplus
}
#endif

#endif

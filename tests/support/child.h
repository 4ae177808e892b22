/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_CHILD_H
#define MAILIN_TESTS_CHILD_H

/*
 * Run function(argument) in a process of its own, for what a process cannot
 * take back.  Returns the function's result, from 0 to 255; or the negative
 * number of the signal that ended the process.
 */
int child_run(int (*function)(const void *argument), const void *argument);

#endif

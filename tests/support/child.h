/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_CHILD_H
#define MAILIN_TESTS_CHILD_H

/*
 * Run function(argument) in a child process, because it does something that a
 * process cannot undo.  Returns the function's result, from 0 to 255; or the
 * negative number of the signal that ended the child.
 */
int child_run(int (*function)(const void *argument), const void *argument);

#endif

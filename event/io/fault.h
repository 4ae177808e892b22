/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_FAULT_H
#define MAILIN_EVENT_FAULT_H

#include <mailin/event.h>

/* Fill in the fault, if it is not NULL.  Text that does not fit is cut. */
void mailin_fault_set(struct mailin_fault *fault, int error, const char *format,
    ...) MAILIN_FORMAT(3, 4);

#endif

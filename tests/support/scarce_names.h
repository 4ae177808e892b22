/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Each file of a copy of libmailin-event includes this header first, before the
 * headers of libevent. */
#include <config.h>

#include <stdlib.h>

#include "support/scarce.h"

#define malloc scarce_malloc
#define calloc scarce_calloc
#define free   scarce_free
/* This function sometimes allocates. */
#define event_add scarce_event_add

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_ARRAY_H
#define MAILIN_SERVER_ARRAY_H

#include <stddef.h>

/* Returns the array, perhaps moved, with room for one item more than count. The
 * room is always a power of two.  Returns NULL, with the reason on stderr, if
 * there is no memory; the array has then not changed. */
void *array_grow(void *array, size_t count, size_t size);

#endif

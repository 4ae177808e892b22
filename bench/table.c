/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "table.h"

void
table_fill(const char *corpus)
{
	lines_add(corpus);
	bodies_add();
	messages_add();
	sessions_add();
	growth_add();
}

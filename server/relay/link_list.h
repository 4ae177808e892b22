/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LINK_LIST_H
#define MAILIN_SERVER_LINK_LIST_H

#include "relay/link.h"

/* The two lists of a set of links. */

static inline void
leave_list(struct link *link)
{
	*link->at = link->next;
	if (link->next != NULL)
		link->next->at = link->at;
}

static inline void
join_list(struct link *link, struct link **list)
{
	link->next = *list;
	link->at = list;
	if (link->next != NULL)
		link->next->at = &link->next;
	*list = link;
}

static inline void
move_to(struct link *link, struct link **list)
{
	leave_list(link);
	join_list(link, list);
}

#endif

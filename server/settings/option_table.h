/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_OPTION_TABLE_H
#define MAILIN_SERVER_OPTION_TABLE_H

#include "settings/options.h"

/*
 * An option that the program adds itself.  All others are settings of the
 * library (mailin_setting_at), which concern a policy.
 *
 * To add an option, write a row, and the function that takes its value.  The
 * function returns false, with the reason on stderr (given_wrong), if the value
 * is wrong.
 */
struct option {
	const char *group; /* the heading before the option, or NULL */
	const char *name;
	const char *argument; /* NULL: the option takes no value */
	const char *help;
	/* One of the two: what the option concerns, the whole process or the
	 * policy of a listener. */
	bool (*process)(struct options *options, const struct given *given);
	bool (*listener)(struct policy *policy, const struct given *given);
	bool many;        /* it may be given several times */
	bool not_in_file; /* it has no meaning in a file of settings */
	bool is_live;     /* it can change in a process that runs */
	bool is_place; /* it says where to listen: each section has its own */
	/* The name of an option that this one belongs to, or NULL.  A section
	 * that has the other option does not inherit this one. */
	const char *belongs_to;
};

/* Returns row number i, NULL after the last one. */
const struct option *option_at(size_t i);

/* Returns NULL for a name that is not in the table. */
const struct option *option_find(const char *name);

/* Returns the name of the option that is a setting of the library.  It is the
 * setting's own name, but for "recipients": --recipients is a file. */
const char *setting_option(const struct mailin_setting *setting);

/* Look up the setting of an option, and its number for mailin_setting_at.
 * Returns false if no setting has this option. */
bool setting_find(const char *name, size_t *index,
    struct mailin_setting *setting);

#endif

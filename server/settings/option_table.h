/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_OPTION_TABLE_H
#define MAILIN_SERVER_OPTION_TABLE_H

#include "settings/options.h"

/*
 * An option that mailin-server itself adds.  All other options are settings of
 * the library (mailin_setting_at), which concern a policy.
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
	/* One of these two functions is set: "process" if the option concerns
	 * the whole process, "listener" if it concerns the policy of a
	 * listener. */
	bool (*process)(struct options *options, const struct given *given);
	bool (*listener)(struct policy *policy, const struct given *given);
	bool many;        /* the option may be given several times */
	bool not_in_file; /* the option must not be in a file of settings */
	bool is_live;     /* the option can change while the server runs */
	/* The option says where to listen.  A section never
	 * inherits it from the top of the file. */
	bool is_place;
	/* The name of the option that this one belongs to, or NULL.  If a
	 * section has that option, it does not inherit this one. */
	const char *belongs_to;
	/* Each of these is NULL, or names of options with blanks between them.
	 * The option has no effect unless one of "needs" is given.  It
	 * contradicts each option of "not_with".  See settings/effect.h. */
	const char *needs, *not_with;
};

/* Returns the row with index i, or NULL after the last row. */
const struct option *option_at(size_t i);

/* Returns the row of an option, or NULL if the table does not have it. */
const struct option *option_find(const char *name);

/* Returns the name of the option that sets the setting of the library.  It is
 * the name of the setting, with one exception: the option --recipients names a
 * file, so the setting "recipients" has another option. */
const char *setting_option(const struct mailin_setting *setting);

/* Look up the setting of an option, and its index for mailin_setting_at.
 * Returns false if no setting has this option. */
bool setting_find(const char *name, size_t *index,
    struct mailin_setting *setting);

#endif

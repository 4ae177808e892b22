/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "confine/privileges.h"
#include "log/log.h"
#include "octet/number.h"

/* The greatest ID of a user or group.  The next number, (uid_t)-1, means "do
 * not change" in setresuid(2). */
#define MAX_ID (UINT_MAX - 1)

/* ---- Finding the user ---- */

static const char *
find_user(struct user *user)
{
	const struct passwd *entry = getpwnam(user->name);
	unsigned number;

	if (entry == NULL && number_parse(user->name, MAX_ID, &number)) {
		user->uid = number;
		entry = getpwuid(number);
		if (entry == NULL)
			return NULL;
	}
	if (entry == NULL)
		return "there is no such user";
	if (strlen(entry->pw_name) >= sizeof user->name)
		return "the name of the user is too long";
	user->is_listed = true;
	user->uid = entry->pw_uid;
	user->gid = entry->pw_gid;
	strcpy(user->name, entry->pw_name);
	return NULL;
}

static const char *
find_group(struct user *user, const char *name)
{
	const struct group *entry;
	unsigned number;

	if (name == NULL)
		return user->is_listed ? NULL :
					 "the system has no user of this "
					 "number, so it needs a group";
	entry = getgrnam(name);
	if (entry != NULL)
		user->gid = entry->gr_gid;
	else if (number_parse(name, MAX_ID, &number))
		user->gid = number;
	else
		return "there is no such group";
	return NULL;
}

const char *
user_find(struct user *user, const char *text)
{
	size_t len = strcspn(text, ":");
	const char *fault;

	*user = (struct user){ .text = text };
	if (len >= sizeof user->name)
		return "there is no such user";
	memcpy(user->name, text, len);
	fault = find_user(user);
	return fault != NULL ?
	    fault :
	    find_group(user, text[len] == ':' ? text + len + 1 : NULL);
}

/* ---- Becoming the user ---- */

static bool
is_user(const struct user *user)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) == 0 && real == user->uid &&
	    effective == user->uid && saved == user->uid;
}

static bool
is_in_group(const struct user *user)
{
	gid_t real, effective, saved;

	return getresgid(&real, &effective, &saved) == 0 && real == user->gid &&
	    effective == user->gid && saved == user->gid;
}

/* Returns true if the process has no capability, and cannot get one back. */
static bool
is_without_capabilities(void)
{
#ifdef __linux__
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	return syscall(SYS_capget, &header, data) == 0 &&
	    (data[0].effective | data[0].permitted | data[1].effective |
		data[1].permitted) == 0;
#else
	return true;
#endif
}

/* Returns true if the process has no right of root left. */
static bool
is_dropped(const struct user *user)
{
	if (!is_user(user) || !is_in_group(user))
		return false;
	return user->uid == 0 ||
	    (is_without_capabilities() && setuid(0) != 0 && seteuid(0) != 0 &&
		is_user(user));
}

static bool
become(const struct user *user)
{
	int groups = user->is_listed ? initgroups(user->name, user->gid) :
				       setgroups(1, &user->gid);

	if (groups != 0 || setresgid(user->gid, user->gid, user->gid) != 0 ||
	    setresuid(user->uid, user->uid, user->uid) != 0) {
		log_error("cannot become the user %s: %s", user->text,
		    strerror(errno));
		return false;
	}
	if (is_dropped(user))
		return true;
	log_error("cannot become the user %s: some rights of root are left",
	    user->text);
	return false;
}

static bool
refuse_new_privileges(void)
{
#ifdef PR_SET_NO_NEW_PRIVS
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		log_error("no_new_privs: %s", strerror(errno));
		return false;
	}
#endif
	return true;
}

bool
privileges_drop(const struct user *user)
{
	/* A process that already runs as this user has no right to set its
	 * groups, and need not change anything. */
	bool stays = user->text == NULL ||
	    (geteuid() != 0 && is_user(user) && is_in_group(user));

	if ((!stays && !become(user)) || !refuse_new_privileges())
		return false;
	/* The change of the user may have allowed core dumps again. */
	privileges_hide_memory();
	return true;
}

void
privileges_hide_memory(void)
{
	static const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
#ifdef PR_SET_DUMPABLE
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how mailin-server becomes another user, and gives up all rights of
 * root. */
#include <config.h>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "confine/privileges.h"
#include "support/child.h"
#include "support/suite.h"

START_TEST(finds_users_and_groups)
{
	static const struct {
		const char *text;
		const char *name;
		uid_t uid;
		gid_t gid;
		bool is_listed;
	} rows[] = {
		{ "root", "root", 0, 0, true },
		{ "root:0", "root", 0, 0, true },
		{ "0", "root", 0, 0, true },
		{ "0:17", "root", 0, 17, true },
		{ "root:root", "root", 0, 0, true },
		{ "root:4294967294", "root", 0, 4294967294, true },
		{ "3999999:3999998", "3999999", 3999999, 3999998, false },
	};
	struct user user;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		const char *fault = user_find(&user, rows[i].text);

		ck_assert_msg(fault == NULL, "%s: %s", rows[i].text, fault);
		ck_assert_msg(strcmp(user.name, rows[i].name) == 0 &&
			user.uid == rows[i].uid && user.gid == rows[i].gid &&
			user.is_listed == rows[i].is_listed,
		    "%s: %s %u %u", rows[i].text, user.name, (unsigned)user.uid,
		    (unsigned)user.gid);
	}
}
END_TEST

#define TWENTY "aaaaaaaaaaaaaaaaaaaa"

START_TEST(refuses_what_is_no_user)
{
	static const struct {
		const char *text, *fault;
	} rows[] = {
		{ "", "no such user" },
		{ ":root", "no such user" },
		{ "no such user", "no such user" },
		{ "root:", "no such group" },
		{ "root:no such group", "no such group" },
		{ "root:root:root", "no such group" },
		{ "root:-1", "no such group" },
		{ "-1", "no such user" },
		/* A user ID has 32 bits.  This one is -1, which means "do not
		 * change" in system calls. */
		{ "4294967295", "no such user" },
		{ "root:4294967295", "no such group" },
		{ "root:4294967296", "no such group" },
		{ "4294967296:0", "no such user" },
		{ "3999999", "needs a group" },
		{ TWENTY TWENTY TWENTY "aaa", "no such user" },
		{ TWENTY TWENTY TWENTY "aaaa", "no such user" },
		{ TWENTY TWENTY TWENTY TWENTY ":root", "no such user" },
	};
	struct user user;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		const char *fault = user_find(&user, rows[i].text);

		ck_assert_msg(fault != NULL && strstr(fault, rows[i].fault),
		    "%s: %s", rows[i].text, fault);
	}
}
END_TEST

/* ---- Root becomes another user ---- */

/* Returns true if the process has no group that the user does not have. */
static bool
has_groups_of(const struct user *user)
{
	gid_t wanted[64], present[64];
	int wants = 64, has = getgroups(64, present), i, j;

	if (!user->is_listed)
		return has == 1 && present[0] == user->gid;
	if (getgrouplist(user->name, user->gid, wanted, &wants) < 0)
		return false;
	for (i = 0; i < has; i++) {
		for (j = 0; j < wants && present[i] != wanted[j]; j++)
			;
		if (j == wants)
			return false;
	}
	return true;
}

/* Returns 0, or a number that says which right of root is left. */
static int
drop(const void *argument)
{
	static const gid_t more[] = { 0, 1, 2, 3 };
	struct user user;
	struct rlimit core;

	if (setgroups(4, more) != 0 || user_find(&user, argument) != NULL)
		return 1;
	if (!privileges_drop(&user))
		return 2;
	if (getuid() != user.uid || geteuid() != user.uid ||
	    getgid() != user.gid || getegid() != user.gid)
		return 3;
	if (!has_groups_of(&user))
		return 4;
	if (setuid(0) == 0 || setresuid(0, 0, 0) == 0 || setgid(0) == 0 ||
	    setgroups(1, more) == 0)
		return 5;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 6;
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return 7;
	if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0)
		return 8;
	if (open("/etc/shadow", O_RDONLY) >= 0)
		return 9;
	return 0;
}

/* Returns a user who is not root, or NULL. */
static const char *
somebody(void)
{
	return getpwnam("nobody") != NULL ? "nobody" :
	    getpwnam("daemon") != NULL    ? "daemon" :
					    NULL;
}

START_TEST(leaves_nothing_of_root)
{
	int result;

	if (geteuid() != 0 || somebody() == NULL)
		return;
	result = child_run(drop, somebody());
	ck_assert_int_eq(result, 0);
	result = child_run(drop, "3999999:3999998");
	ck_assert_int_eq(result, 0);
}
END_TEST

/* Root's capabilities stay although the user changes, because of a flag of the
 * process.  The server must notice that. */
static int
drop_with_capabilities(const void *argument)
{
	struct user user;

	/* SECBIT_NO_SETUID_FIXUP */
	if (prctl(PR_SET_SECUREBITS, 4, 0, 0, 0) != 0)
		return 77;
	if (user_find(&user, argument) != NULL)
		return 1;
	return privileges_drop(&user) ? 2 : 0;
}

START_TEST(notices_capabilities_that_are_left)
{
	int result;

	if (geteuid() != 0)
		return;
	result = child_run(drop_with_capabilities, "3999999:3999998");
	ck_assert_msg(result == 0 || result == 77, "%d", result);
}
END_TEST

/* ---- Processes that are not root ---- */

static int
become_nobody(void)
{
	return geteuid() == 0 && setresuid(3999999, 3999999, 3999999) != 0;
}

/* Only root may become another user. */
static int
drop_without_root(const void *argument)
{
	struct user user;

	if (become_nobody() != 0)
		return 1;
	if (user_find(&user, argument) != NULL)
		return 2;
	return privileges_drop(&user) ? 3 : 0;
}

/* If the process runs as this user from the start, it may go on. */
static int
drop_to_same(const void *argument)
{
	struct user user;
	char text[32];

	(void)argument;
	if (become_nobody() != 0)
		return 1;
	snprintf(text, sizeof text, "%u:%u", (unsigned)getuid(),
	    (unsigned)getgid());
	if (user_find(&user, text) != NULL)
		return 2;
	if (!privileges_drop(&user))
		return 3;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
}

static int
drop_to_none(const void *argument)
{
	struct user user = { .text = argument };

	if (!privileges_drop(&user))
		return 1;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
}

START_TEST(others_become_nobody_else)
{
	ck_assert_int_eq(child_run(drop_without_root, "root"), 0);
	ck_assert_int_eq(child_run(drop_without_root, "3999998:3999998"), 0);
	ck_assert_int_eq(child_run(drop_to_same, NULL), 0);
	ck_assert_int_eq(child_run(drop_to_none, NULL), 0);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = { finds_users_and_groups,
		refuses_what_is_no_user, leaves_nothing_of_root,
		notices_capabilities_that_are_left, others_become_nobody_else };

	return suite_run("privileges", tests, ROWS(tests));
}

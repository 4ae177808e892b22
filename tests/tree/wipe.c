/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * For tests/tree/wipe.sh.  A thread, whose stack is an array of this program,
 * puts a secret on the stack, wipes it, and ends.  Then the program searches
 * the array.  The exit status is 0 if the secret is gone, 1 if it is still
 * there, and 2 if the test could not run.  With WIPE_NOT only memset() wipes
 * the secret, which compilers remove.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "octet/wipe.h"

#define STACK_SIZE (1024 * 1024)
#define SECRET     "correct horse battery staple"

static _Alignas(4096) char stack[STACK_SIZE];
static int (*volatile compare)(const void *, const void *, size_t) = memcmp;

/* Write the secret octet by octet, so that it is in no register or table. */
static void
write_secret(char *out, const volatile char *hidden)
{
	size_t i;

	for (i = 0; i < sizeof SECRET; i++)
		out[i] = (char)(hidden[i] ^ 0x55);
}

static void *
use_secret(void *hidden)
{
	char secret[4 * sizeof SECRET];
	size_t i;
	int seen;

	for (i = 0; i < 4; i++)
		write_secret(secret + i * sizeof SECRET, hidden);
	seen = compare(secret, secret + sizeof SECRET, sizeof SECRET);
#ifdef WIPE_NOT
	memset(secret, 0, sizeof secret);
#else
	wipe(secret, sizeof secret);
#endif
	return seen == 0 ? hidden : NULL;
}

/* Put the secret deep into the stack, because the end of a thread overwrites
 * the top. */
static void *(*volatile use)(void *hidden) = use_secret;

static void *
go_deep(void *hidden)
{
	volatile char room[STACK_SIZE / 4];
	void *seen;

	room[0] = 1;
	seen = use(hidden);
	return room[0] == 1 ? seen : NULL;
}

static int
is_left(const char *secret)
{
	size_t i;

	for (i = 0; i + sizeof SECRET <= sizeof stack; i++)
		if (memcmp(stack + i, secret, sizeof SECRET) == 0)
			return 1;
	return 0;
}

int
main(void)
{
	char secret[sizeof SECRET] = SECRET, hidden[sizeof SECRET];
	pthread_attr_t attributes;
	pthread_t thread;
	void *seen = NULL;
	size_t i;

	for (i = 0; i < sizeof hidden; i++)
		hidden[i] = (char)(secret[i] ^ 0x55);
	if (pthread_attr_init(&attributes) != 0 ||
	    pthread_attr_setstack(&attributes, stack, sizeof stack) != 0 ||
	    pthread_create(&thread, &attributes, go_deep, hidden) != 0 ||
	    pthread_join(thread, &seen) != 0 || seen == NULL) {
		puts("no thread with a stack of its own");
		return 2;
	}
	return is_left(secret);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "access/hash.h"
#include "hash_password.h"
#include "log/log.h"
#include "octet/wipe.h"

/* Room for the longest password, with its NUL.  A longer password does not fit
 * in a line of AUTH, and crypt(3) does not accept it. */
#define PASSWORD_SIZE 512

/* Signals that a terminal sends to end a program.  Echo must be switched on
 * again before the program ends. */
static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
#define ENDING_COUNT (sizeof ending / sizeof ending[0])

static volatile sig_atomic_t caught;

static void
on_signal(int number)
{
	caught = number;
}

static bool
has_control(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == '\x7f')
			return true;
	return false;
}

/* Read a line octet by octet, so that no copy of it stays in a buffer of stdio.
 * Returns what is wrong, or NULL. */
static const char *
read_line(char line[PASSWORD_SIZE])
{
	size_t len = 0;
	ssize_t n;

	while (
	    (n = read(STDIN_FILENO, line + len, 1)) == 1 && line[len] != '\n')
		if (++len == PASSWORD_SIZE)
			return "the password is too long";
	line[len] = '\0';
	if (n < 0)
		return strerror(errno);
	if (len == 0)
		return "there is no password";
	return has_control(line, len) ? "the password has a control character" :
					NULL;
}

/* If on is true, catch the signals, and store their current handling in the
 * array "before".  Otherwise restore this handling. */
static void
watch_signals(struct sigaction before[ENDING_COUNT], bool on)
{
	struct sigaction action = { .sa_handler = on_signal };
	size_t i;

	for (i = 0; i < ENDING_COUNT; i++)
		if (on)
			(void)sigaction(ending[i], &action, &before[i]);
		else
			(void)sigaction(ending[i], &before[i], NULL);
}

static const char *
ask(const char *prompt, char line[PASSWORD_SIZE])
{
	struct sigaction before[ENDING_COUNT];
	struct termios usual, silent;
	const char *fault;

	if (tcgetattr(STDIN_FILENO, &usual) != 0)
		return read_line(line);
	silent = usual;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	silent.c_lflag |= ECHONL;
	fprintf(stderr, "%s: ", prompt);
	watch_signals(before, true);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	fault = read_line(line);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual);
	watch_signals(before, false);
	if (caught != 0)
		(void)raise(caught);
	return fault;
}

static const char *
ask_twice(char line[PASSWORD_SIZE])
{
	char again[PASSWORD_SIZE];
	const char *fault = ask("Password", line);

	if (fault != NULL || !isatty(STDIN_FILENO))
		return fault;
	fault = ask("Once more", again);
	if (fault == NULL && strcmp(line, again) != 0)
		fault = "the two passwords differ";
	wipe(again, sizeof again);
	return fault;
}

bool
hash_password(bool scram)
{
	char password[PASSWORD_SIZE], hash[HASH_SIZE];
	const char *fault = ask_twice(password);

	if (fault == NULL)
		fault = hash_make(hash, password, scram);
	wipe(password, sizeof password);
	if (fault == NULL)
		puts(hash);
	else
		log_error("%s", fault);
	return fault == NULL;
}

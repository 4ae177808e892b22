/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "access/hash_form.h"

/* How a hash says how much work it is. */
enum cost {
	COST_NONE,
	COST_WORD,      /* "j9T$", for yescrypt */
	COST_ROUNDS,    /* "rounds=5000$", or nothing */
	COST_NUMBER,    /* "12000$" */
	COST_TWO_DIGITS /* "04$" to "31$" */
};

/* The form of a hash: its beginning, its cost, a salt and "$", and the hash
 * itself. */
struct form {
	char begin[16];
	enum cost cost;
	unsigned salt_least, salt_most; /* 0 and 0: the salt has no "$" */
	unsigned len;                   /* octets after the salt */
	bool any_salt;    /* all octets but ":" and "$" may be in the salt */
	bool two_dollars; /* a second "$" may follow the salt */
};

static const struct form forms[] = {
	{ "$y$", COST_WORD, 0, 86, 43, false, false },
	{ "$gy$", COST_WORD, 0, 86, 43, false, false },
	{ "$7$", COST_NONE, 11, 97, 43, false, false },
	{ "$2a$", COST_TWO_DIGITS, 0, 0, 53, false, false },
	{ "$2b$", COST_TWO_DIGITS, 0, 0, 53, false, false },
	{ "$2x$", COST_TWO_DIGITS, 0, 0, 53, false, false },
	{ "$2y$", COST_TWO_DIGITS, 0, 0, 53, false, false },
	{ "$6$", COST_ROUNDS, 1, 16, 86, true, false },
	{ "$5$", COST_ROUNDS, 1, 16, 43, true, false },
	{ "$sha1$", COST_NUMBER, 1, 64, 28, false, false },
	{ "$md5$", COST_NONE, 8, 8, 22, false, true },
	{ "$md5,rounds=", COST_NUMBER, 8, 8, 22, false, true },
	{ "$1$", COST_NONE, 1, 8, 22, true, false },
};

/* Each function below moves *at past the part of the hash that it knows.  It
 * returns false if the part is not there. */

static bool
skip_text(const char **at, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(*at, text, len) != 0)
		return false;
	*at += len;
	return true;
}

/* Returns true for a letter, a digit, "." or "/". */
static bool
is_base64(char c)
{
	return (c >= '.' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z');
}

static bool
skip_run(const char **at, bool any, size_t least, size_t most)
{
	const char *begin = *at;
	size_t len;

	while (
	    any ? **at != '\0' && **at != '$' && **at != ':' : is_base64(**at))
		(*at)++;
	len = (size_t)(*at - begin);
	return len >= least && len <= most;
}

/* least and most limit the number of digits, the first of which is not 0. */
static bool
skip_number(const char **at, size_t least, size_t most)
{
	size_t len = strspn(*at, "0123456789");
	bool good = len >= least && len <= most && **at != '0';

	*at += len;
	return good && skip_text(at, "$");
}

/* The word has a flavor, of which crypt(3) knows three, and two numbers of at
 * least an octet each. */
static bool
skip_word(const char **at)
{
	bool good = **at == '.' || **at == '/' || **at == 'j';

	return good && skip_run(at, false, 3, SIZE_MAX) && skip_text(at, "$");
}

static bool
skip_two_digits(const char **at)
{
	const char *text = *at;
	unsigned number;

	if (strspn(text, "0123456789") != 2 || text[2] != '$')
		return false;
	number = (unsigned)(10 * (text[0] - '0') + text[1] - '0');
	*at += 3;
	return number >= 4 && number <= 31;
}

static bool
skip_cost(const char **at, enum cost cost)
{
	switch (cost) {
	case COST_WORD:
		return skip_word(at);
	case COST_ROUNDS:
		/* crypt(3) takes from 1000 to 999,999,999 rounds. */
		return !skip_text(at, "rounds=") || skip_number(at, 4, 9);
	case COST_NUMBER:
		return skip_number(at, 1, SIZE_MAX);
	case COST_TWO_DIGITS:
		return skip_two_digits(at);
	default:
		return true;
	}
}

/* Returns true if the text encodes whole octets, as the salt of yescrypt must.
 * A character encodes 6 bits, the lowest first.  Its value is its position in
 * "./0-9A-Za-z".  The bits of the last character that are in no whole octet
 * must be 0. */
static bool
is_whole(const char *text, size_t len)
{
	switch (len % 4) {
	case 1:
		return false;
	case 2:
		return text[len - 1] <= '1';
	case 3:
		return text[len - 1] <= 'D';
	default:
		return true;
	}
}

static bool
skip_salt(const char **at, const struct form *form)
{
	const char *salt = *at;

	if (form->salt_most == 0)
		return true;
	if (!skip_run(at, form->any_salt, form->salt_least, form->salt_most))
		return false;
	if (form->cost == COST_WORD && !is_whole(salt, (size_t)(*at - salt)))
		return false;
	if (!skip_text(at, "$"))
		return false;
	if (form->two_dollars)
		(void)skip_text(at, "$");
	return true;
}

static bool
has_form(const char *hash, const struct form *form)
{
	return skip_text(&hash, form->begin) && skip_cost(&hash, form->cost) &&
	    skip_salt(&hash, form) &&
	    skip_run(&hash, false, form->len, form->len) && *hash == '\0';
}

bool
hash_form_is_known(const char *hash)
{
	size_t i;

	if (hash[0] == '!' || hash[0] == '*')
		return true;
	for (i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (has_form(hash, &forms[i]))
			return true;
	return false;
}

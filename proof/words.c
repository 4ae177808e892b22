/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Runs test inputs ("words") through the machines that Ragel has compiled, and
 * through the whole tokenizer, with and without the short cuts.  proof/words.py
 * makes the words from the automaton of each machine, and computes the result
 * that each word must have.  See proof/README.md. */
#include <stdlib.h>

#include "claim.h"
#include "client/reply.h"
#include "command/literal.h"
#include "command/scan.h"
#include "octet/utf8.h"
#include "proxy/line.h"

#define MOST 4096

/* The functions of libplain.la, the tokenizer without short cuts. */
bool plain_scan_strict(struct mailin_scan *scan, enum mailin_scan_entry entry);
bool plain_scan_relaxed(struct mailin_scan *scan, enum mailin_scan_entry entry);
size_t plain_command_parse_as(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);
enum mailin_error plain_path_parse(struct mailin_path *path,
    enum mailin_syntax syntax, struct mailin_span text, size_t *error_at);
enum mailin_error plain_mailbox_parse(struct mailin_path *path,
    enum mailin_syntax syntax, struct mailin_span text, size_t *error_at);

/* The kinds of words, with the names of words.py.  The machine of lines reads
 * the first four kinds. */
/* clang-format off */
enum kind { LINE, PATH, MAILBOX, PARAMETERS, LITERAL, UTF8, PROXY, REPLY_ASCII,
	REPLY_UTF8, REPLY_ANY };
/* clang-format on */

struct word {
	enum kind kind;
	enum mailin_syntax syntax;
	bool accepted; /* the expected result */
	size_t place;  /* where the machine should stop */
	size_t len;
	char octets[MOST];
};

struct result {
	bool accepted;
	size_t place;
};

/* Read a word.  Returns false at the end of the file. */
static bool
read_word(FILE *file, struct word *word)
{
	uint8_t bytes[3];
	uint16_t numbers[2];

	if (fread(bytes, sizeof bytes, 1, file) != 1 ||
	    fread(numbers, sizeof numbers, 1, file) != 1)
		return false;
	word->kind = (enum kind)bytes[0];
	word->syntax = bytes[1] ? MAILIN_SYNTAX_RELAXED : MAILIN_SYNTAX_STRICT;
	word->accepted = bytes[2];
	word->place = numbers[0];
	word->len = numbers[1];
	return word->len <= MOST &&
	    fread(word->octets, 1, word->len, file) == word->len;
}

static bool
run_machine(struct mailin_scan *scan, enum mailin_scan_entry entry,
    bool is_plain)
{
	if (!is_plain)
		return scan_run(scan, entry);
	return scan->syntax == MAILIN_SYNTAX_STRICT ?
	    plain_scan_strict(scan, entry) :
	    plain_scan_relaxed(scan, entry);
}

/* Run only the state machine: the claim is not about the checks after it. */
static struct result
scan(const struct word *word, enum mailin_scan_entry entry, bool is_plain)
{
	static struct mailin_command command;
	struct mailin_scan scan;
	struct mailin_span text = { word->octets, word->len };
	struct result result;

	memset(&command, 0, sizeof command);
	if (entry == SCAN_PATH || entry == SCAN_MAILBOX)
		text.len -= 2; /* the text does not include the CR LF */
	if (entry == SCAN_PARAMETERS_FOLLOW)
		command.verb = MAILIN_VERB_MAIL;
	scan_begin(&scan, word->syntax, &command, text);
	result.accepted = run_machine(&scan, entry, is_plain);
	result.place = (size_t)(scan.p - scan.from);
	return result;
}

static struct result
read_proxy(const struct word *word)
{
	struct mailin_proxy_line line;
	size_t used = word->place;
	enum mailin_proxy_result got;

	memset(&line, 0, sizeof line);
	got = mailin_proxy_line_parse(&line, word->octets, word->len, &used);
	if (got == MAILIN_PROXY_OK)
		return (struct result){ true, used };
	/* The result must be INCOMPLETE if, and only if, the machine has read
	 * the line to its end. */
	if ((got == MAILIN_PROXY_INCOMPLETE) != (word->place == word->len))
		return (struct result){ false, SIZE_MAX };
	return (struct result){ false, word->place };
}

static struct result
read_reply(const struct word *word)
{
	static const enum mailin_reply_octets octets[] = {
		[REPLY_ASCII] = REPLY_OCTETS_ASCII,
		[REPLY_UTF8] = REPLY_OCTETS_UTF8,
		[REPLY_ANY] = REPLY_OCTETS_ANY,
	};
	static char text[MOST];
	struct mailin_reply_line line;
	struct result result;

	mailin_reply_line_begin(&line, text, octets[word->kind]);
	result.accepted = mailin_reply_line_read(&line, word->octets, word->len,
			      &result.place) == REPLY_LINE;
	return result;
}

static bool
is_line(const struct word *word)
{
	return word->kind <= PARAMETERS;
}

static struct result
run(const struct word *word, bool is_plain)
{
	static const enum mailin_scan_entry entries[] = { [LINE] = SCAN_VERB,
		[PATH] = SCAN_PATH,
		[MAILBOX] = SCAN_MAILBOX,
		[PARAMETERS] = SCAN_PARAMETERS_FOLLOW };
	struct mailin_span text = { word->octets, word->len };
	struct result result;

	if (is_line(word))
		return scan(word, entries[word->kind], is_plain);
	if (word->kind == PROXY)
		return read_proxy(word);
	if (word->kind >= REPLY_ASCII)
		return read_reply(word);
	if (word->kind == LITERAL)
		result.accepted = mailin_literal_parse(text, &result.place) !=
		    MAILIN_DOMAIN_NONE;
	else
		result.accepted = mailin_utf8_read(
		    (const unsigned char *)word->octets, word->len,
		    &result.place);
	return result;
}

static void
try_machine(struct claim *claim, const struct word *word, bool is_plain)
{
	struct result result = run(word, is_plain);
	char quoted[320];

	claim->cases++;
	if (claim->failed ||
	    (result.accepted == word->accepted && result.place == word->place))
		return;
	claim->failed = true;
	claim_quote(quoted, sizeof quoted, word->octets, word->len);
	snprintf(claim->counterexample, sizeof claim->counterexample,
	    "counterexample (kind %d, syntax %d): %s: %s at %zu, but the "
	    "automaton: %s at %zu",
	    (int)word->kind, (int)word->syntax, quoted,
	    result.accepted ? "taken" : "stopped", result.place,
	    word->accepted ? "taken" : "stopped", word->place);
}

/* ---- The whole tokenizer, with short cuts and without -------------------- */

static bool
has_fields(const struct mailin_command *command)
{
	return command->error == MAILIN_REPLY_OK ||
	    command->error == MAILIN_REPLY_BAD_PARAMETER;
}

static bool
is_command_same(const struct word *word)
{
	static struct mailin_command quick, plain;
	size_t used;

	memset(&quick, 0, sizeof quick);
	memset(&plain, 0, sizeof plain);
	used = mailin_command_parse_as(&quick, word->syntax, word->octets,
	    word->len);
	if (plain_command_parse_as(&plain, word->syntax, word->octets,
		word->len) != used)
		return false;
	if (used == 0)
		return true;
	return quick.verb == plain.verb && quick.error == plain.error &&
	    quick.error_at == plain.error_at &&
	    (!has_fields(&quick) || memcmp(&quick, &plain, sizeof quick) == 0);
}

static bool
is_path_same(const struct word *word)
{
	bool is_path = word->kind == PATH;
	struct mailin_span text = { word->octets, word->len - 2 };
	struct mailin_path quick, plain;
	size_t quick_at = 0, plain_at = 0;

	memset(&quick, 0, sizeof quick);
	memset(&plain, 0, sizeof plain);
	return (is_path ? mailin_path_parse : mailin_mailbox_parse)(&quick,
		   word->syntax, text, &quick_at) ==
	    (is_path ? plain_path_parse : plain_mailbox_parse)(&plain,
		word->syntax, text, &plain_at) &&
	    quick_at == plain_at && memcmp(&quick, &plain, sizeof quick) == 0;
}

static void
try_tokenizer(struct claim *claim, const struct word *word)
{
	claim->cases++;
	if (claim->failed ||
	    (word->kind == LINE ? is_command_same(word) : is_path_same(word)))
		return;
	claim->failed = true;
	claim_quote(claim->counterexample, sizeof claim->counterexample,
	    word->octets, word->len);
}

int
main(int argc, char **argv)
{
	static const char bound[] = "one word for each transition and each "
				    "state that it could lead to";
	static struct word word;
	struct claim machines = { .what = "the compiled machines are the "
					  "automata of Ragel",
		.bound = bound };
	struct claim plain = { .what = "so are those without short cuts",
		.bound = bound };
	struct claim lines = { .what = "lines and paths give the same, field "
				       "for field, with short cuts and without",
		.bound = bound };
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
	bool held;

	if (file == NULL) {
		fprintf(stderr, "usage: words FILE (proof/words.py)\n");
		return EXIT_FAILURE;
	}
	while (read_word(file, &word)) {
		try_machine(&machines, &word, false);
		if (!is_line(&word))
			continue;
		try_machine(&plain, &word, true);
		if (word.kind != PARAMETERS)
			try_tokenizer(&lines, &word);
	}
	fclose(file);
	held = claim_end(&machines);
	held &= claim_end(&plain);
	held &= claim_end(&lines);
	return held ? EXIT_SUCCESS : EXIT_FAILURE;
}

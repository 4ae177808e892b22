/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Fuzz target: a program that calls every public function of a session, in any
 * order, between other calls and from inside every callback.  Each octet of the
 * input chooses the next call or decision.  Whatever is called, these must
 * hold: inside a callback only the allowed calls have an effect; each
 * transaction ends in one call; the callback "close" is called once and last;
 * and all memory is freed.
 */
#include "check.h"
#include "calls.h"

/* ---- The input ----------------------------------------------------------- */

uint8_t
calls_next(struct calls *calls)
{
	return calls->at < calls->size ? calls->data[calls->at++] : 0;
}

/* ---- Memory -------------------------------------------------------------- */

/* Allocations count for this input. */
static struct calls *memory_of;

static void *
take_memory(size_t size, void *user)
{
	struct calls *calls = memory_of;
	void *memory = NULL;

	(void)user;

	if (++calls->allocations % 256 != calls->fails)
		memory = malloc(size);
	calls->blocks += memory != NULL;
	return memory;
}

static void
give_memory(void *memory, void *user)
{
	(void)user;
	memory_of->blocks--;
	free(memory);
}

/* ---- Between calls ------------------------------------------------------- */

/* Texts that a client may send.  The last one is taken from the input. */
static const char lines[][72] = { "EHLO c.example.org\r\n", "HELO c\r\n",
	"LHLO c\r\n", "MAIL FROM:<a@b.example> SIZE=3\r\n",
	"MAIL FROM:<> BODY=BINARYMIME\r\n", "RCPT TO:<c@d.example>\r\n",
	"RCPT TO:<e@f.example> X-OWN=1\r\n", "DATA\r\n", "text\r\n..x\r\n",
	".\r\n", "BDAT 4\r\nabcd", "BDAT 3 LAST\r\nabc", "BDAT 9\r\nab",
	"BURL imap://u@d/x LAST\r\n", "RSET\r\n", "NOOP\r\n", "VRFY a\r\n",
	"EXPN a\r\n", "HELP\r\n", "ETRN d\r\n", "STARTTLS\r\n",
	"AUTH PLAIN AHUAcA==\r\n", "AUTH LOGIN\r\ndQ==\r\n", "AUTH X-OWN\r\n",
	"cA==\r\n", "*\r\n", "XCLIENT ADDR=192.0.2.9 LOGIN=u\r\n",
	"XFORWARD NAME=x ADDR=192.0.2.7\r\n", "FOO\r\n", "QUIT\r\n", "NO",
	"\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "x\ny\r\n",
	"GET / \r\n" };

#define LINES (sizeof lines / sizeof lines[0])

static void
feed(struct calls *calls)
{
	size_t number = calls_next(calls) % (LINES + 1), used, len;
	const char *octets = number < LINES ?
	    lines[number] :
	    (const char *)calls->data + calls->at;
	char *copy;

	len = number < LINES ? strlen(octets) : calls_next(calls) % 64u;
	if (number == LINES && len > calls->size - calls->at)
		len = calls->size - calls->at;
	copy = check_copy(octets, len);
	used = mailin_session_feed(calls->session, copy, len);
	check_drop(copy, len);
	if (calls->freed)
		return;
	CHECK(used <= len);
	CHECK(used == len || calls->ended ||
	    mailin_session_want(calls->session) != MAILIN_WANT_INPUT);
	CHECK(used == 0 || !calls->was_closed);
}

static void
drain(struct calls *calls)
{
	struct mailin_span out = mailin_session_output(calls->session);
	size_t len = out.len;

	if (calls->freed)
		return;
	CHECK(len == 0 || !calls->mute);
	if (len > 1 && calls_next(calls) % 4 == 0)
		len /= 2;
	/* After an abort the session has no output.  The program may still call
	 * mailin_session_sent() for octets that it took before the abort. */
	CHECK(out.ptr == NULL ||
	    mailin_session_sent(calls->session, out.len + 1) ==
		MAILIN_ERROR_RANGE);
	CHECK(mailin_session_sent(calls->session, len) == MAILIN_OK);
}

static void
end_some(struct calls *calls, uint8_t how)
{
	switch (how % 8) {
	case 0:
		calls->ended = true;
		CHECK(mailin_session_eof(calls->session) == MAILIN_OK);
		break;
	case 1:
		calls->mute = true;
		CHECK(mailin_session_abort(calls->session,
			  MAILIN_CLOSE_ABORT) == MAILIN_OK);
		break;
	case 2:
		(void)mailin_session_timed_out(calls->session);
		break;
	case 3:
		CHECK(mailin_session_shutdown(calls->session) == MAILIN_OK);
		break;
	case 4:
		mailin_session_free(calls->session);
		CHECK(calls->closes == 1);
		calls->session = NULL;
		break;
	default:
		calls_any(calls, false);
		break;
	}
}

static void
step(struct calls *calls)
{
	uint8_t what = calls_next(calls);

	calls->was_closed = calls->closes > 0;
	if (what < 128)
		feed(calls);
	else if (what < 192)
		drain(calls);
	else if (what < 220)
		calls_resume(calls);
	else if (what < 250)
		calls_any(calls, false);
	else
		end_some(calls, what);
	/* A callback has freed the session, so it no longer exists. */
	if (calls->freed)
		calls->session = NULL;
	calls->freed = false;
}

/* The octets that choose the settings. */
struct settings {
	uint8_t policies[MAILIN_POLICY_COUNT];
	uint8_t bits;
};

static struct mailin_config *
make_config(const struct settings *settings,
    const struct mailin_allocator *allocator)
{
	struct mailin_config *config = mailin_config_new_with("mx.example.org",
	    allocator);
	uint8_t bits = settings->bits;
	int i;

	if (config == NULL)
		return NULL;
	for (i = 0; i < MAILIN_POLICY_COUNT; i++)
		(void)mailin_config_set_policy(config, (enum mailin_policy)i,
		    settings->policies[i] % 4);
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		(void)mailin_config_set_extension(config,
		    (enum mailin_extension)i,
		    (bits & 1) == 0 || i % 5 != bits % 5);
	for (i = 0; i < MAILIN_MECHANISM_COUNT; i++)
		(void)mailin_config_set_mechanism(config,
		    (enum mailin_mechanism)i, true);
	(void)mailin_config_add_mechanism(config, "X-OWN");
	return config;
}

/* Returns a configuration.  That of the last input is used again if the
 * settings are the same, because making one takes longer than most inputs. */
static const struct mailin_config *
find_config(struct calls *calls)
{
	static struct calls maker = { .fails = UINT64_MAX };
	static struct mailin_allocator allocator = { take_memory, give_memory,
		NULL };
	static struct mailin_config *config;
	static struct settings last;
	struct settings settings;
	size_t i;

	for (i = 0; i < MAILIN_POLICY_COUNT; i++)
		settings.policies[i] = calls_next(calls);
	settings.bits = calls_next(calls);
	if (config == NULL || memcmp(&settings, &last, sizeof last) != 0) {
		memory_of = &maker;
		mailin_config_free(config);
		config = make_config(&settings, &allocator);
		CHECK(config != NULL && maker.blocks == 1);
		last = settings;
	}
	memory_of = calls;
	return config;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct calls calls;
	const struct mailin_config *config;

	memset(&calls, 0, sizeof calls);
	calls.data = data;
	calls.size = size;
	calls.fails = calls_next(&calls);
	config = find_config(&calls);
	calls.allocations = 1; /* as if the configuration were new */
	if (calls.fails != 1)
		calls.session = mailin_session_new(config, &calls_handler,
		    &calls);
	calls.begun = calls.session != NULL;
	while (calls.session != NULL && calls.at < calls.size)
		step(&calls);
	mailin_session_free(calls.session);
	CHECK(calls.closes == calls.begun && !calls.in_transaction);
	CHECK(calls.blocks == 0);
	return 0;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* Measures whole sessions with a message of 4 KiB: their time, their
 * allocations, and the memory that they hold. */
#include <string.h>

#include "support/heap.h"

#include "table.h"
#include "talk.h"
#include "workload.h"

#define MESSAGE ((size_t)4096)

static struct talk_text hello, message, whole;

static void
write_texts(void)
{
	talk_add(&hello, "EHLO client.example.org\r\n");
	talk_add(&message,
	    "MAIL FROM:<alice@example.org>\r\n"
	    "RCPT TO:<bob@example.net>\r\n"
	    "DATA\r\n");
	talk_add_body(&message, MESSAGE);
	talk_add(&message, ".\r\n");
	talk_add_span(&whole, talk_span(&hello));
	talk_add_span(&whole, talk_span(&message));
	talk_add(&whole, "QUIT\r\n");
}

static void
say_hello(struct mailin_session *session)
{
	talk_feed(session, talk_span(&hello), SIZE_MAX);
}

/* ---- The work ------------------------------------------------------------ */

static void
run_one_feed(const struct workload *workload)
{
	struct mailin_session *session = talk_open(workload->with);

	talk_feed(session, talk_span(&whole), SIZE_MAX);
	mailin_session_free(session);
}

static void
run_lines(const struct workload *workload)
{
	struct mailin_session *session = talk_open(workload->with);

	talk_lines(session, talk_span(&whole));
	mailin_session_free(session);
}

static void
run_new_free(const struct workload *workload)
{
	static const struct mailin_handler none = { .size = sizeof none };

	mailin_session_free(mailin_session_new(workload->with, &none, NULL));
}

static void
run_hello(const struct workload *workload)
{
	struct mailin_session *session = talk_open(workload->with);

	say_hello(session);
	mailin_session_free(session);
}

/* The session for the workload that sends one more message.  It has already
 * sent an earlier one. */
static struct mailin_session *used;

static void
prepare_used(const struct workload *workload)
{
	mailin_session_free(used);
	used = talk_open(workload->with);
	say_hello(used);
	talk_lines(used, talk_span(&message));
}

static void
run_next_message(const struct workload *workload)
{
	(void)workload;
	talk_lines(used, talk_span(&message));
}

/* ---- The table ---- */

static void
add(const char *name, const char *unit, bool waits, size_t messages,
    void (*run)(const struct workload *))
{
	struct heap *heap = workload_memory(sizeof *heap);
	struct workload *row = workload_add(unit, "session/%s", name);
	uint64_t calls;

	row->run = run;
	row->counted = true;
	if (run == run_next_message)
		row->prepare = prepare_used;

	/* Run once with a counting allocator, to get the
	 * number of allocations. */
	heap_init(heap);
	row->with = talk_config(&heap->allocator, true, waits);
	row->prepare(row);
	calls = heap->calls;
	messages += talk_messages;
	run(row);
	if (talk_messages != messages)
		workload_fail("a message was not accepted", row->name);
	row->allocations = (double)(heap->calls - calls);
	row->with = talk_config(NULL, true, waits);
}

/* Measures the memory that a session holds after this number of messages, in
 * octets requested from the allocator. */
static void
add_memory(const char *name, unsigned messages)
{
	struct heap *heap = workload_memory(sizeof *heap);
	struct workload *row = workload_add("session", "memory/%s", name);
	struct mailin_session *session;
	struct mailin_config *config;
	uint64_t calls;
	size_t octets;

	heap_init(heap);
	config = talk_config(&heap->allocator, true, true);
	calls = heap->calls;
	octets = heap->octets;
	session = talk_open(config);
	say_hello(session);
	while (messages-- > 0)
		talk_lines(session, talk_span(&message));
	row->memory = (double)(heap->octets - octets);
	row->allocations = (double)(heap->calls - calls);
	row->timed = false;
	mailin_session_free(session);
	if (heap->octets != octets)
		workload_fail("a session leaks memory", row->name);
	mailin_config_free(config);
}

void
sessions_add(void)
{
	write_texts();
	add("one-feed", "session", false, 1, run_one_feed);
	add("lines", "session", true, 1, run_lines);
	add("next-message", "message", true, 1, run_next_message);
	add("new-free", "session", true, 0, run_new_free);
	add("new-hello-free", "session", true, 0, run_hello);
	add_memory("idle", 0);
	add_memory("used", 5);
}

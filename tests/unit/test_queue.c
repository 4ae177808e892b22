/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the queue of output: src/reply/queue.c.  Octets were shown if the queue
 * has returned a span that contains them. */
#include <stdlib.h>
#include <string.h>

#include "support/heap.h"
#include "reply/queue.h"
#include "support/suite.h"

static struct heap heap;
static struct mailin_queue queue;

static void
start(void)
{
	heap_init(&heap);
	mailin_queue_init(&queue);
}

static void
end(void)
{
	mailin_queue_free(&queue, &heap.allocator);
	ck_assert_uint_eq(heap.octets, 0);
}

static bool
reserve(size_t len)
{
	return mailin_queue_reserve(&queue, &heap.allocator, len);
}

static bool
sent(size_t len)
{
	return mailin_queue_sent(&queue, &heap.allocator, len, false);
}

static void
put(const char *text)
{
	if (!reserve(strlen(text)))
		ck_abort_msg("no room for %s", text);
	mailin_queue_put(&queue, text, strlen(text));
}

static bool
shows(const char *text)
{
	return mailin_span_equal(mailin_queue_show(&queue), text);
}

START_TEST(octets_leave_in_the_order_they_came)
{
	start();
	ck_assert(shows(""));
	put("250 A\r\n");
	put("250 B\r\n");
	ck_assert_uint_eq(mailin_queue_len(&queue), 14);
	ck_assert(shows("250 A\r\n250 B\r\n"));
	ck_assert(sent(9));
	ck_assert(shows("0 B\r\n"));
	ck_assert(sent(5));
	ck_assert(shows(""));
	ck_assert_uint_eq(mailin_queue_len(&queue), 0);
	end();
}
END_TEST

/* Octets are returned in as few spans as possible, because each span may become
 * a packet of its own. */
START_TEST(octets_not_shown_yet_go_out_with_later_ones)
{
	start();
	put("250 A\r\n");
	ck_assert(reserve(QUEUE_FIRST_ROOM));
	put("250 B\r\n");
	ck_assert(shows("250 A\r\n250 B\r\n"));
	ck_assert(sent(14));
	put("250 A\r\n");
	ck_assert(shows("250 A\r\n"));
	ck_assert(reserve(QUEUE_FIRST_ROOM));
	put("250 B\r\n");
	ck_assert(shows("250 A\r\n"));
	ck_assert(sent(7));
	ck_assert(shows("250 B\r\n"));
	end();
}
END_TEST

START_TEST(no_more_is_sent_than_was_shown)
{
	start();
	put("250 A\r\n");
	ck_assert(!sent(1));
	ck_assert(shows("250 A\r\n"));
	put("250 B\r\n");
	ck_assert(!sent(8));
	ck_assert(!sent(SIZE_MAX));
	ck_assert(sent(0));
	ck_assert(sent(7));
	ck_assert(!sent(1));
	ck_assert(shows("250 B\r\n"));
	end();
}
END_TEST

/* Feed and drain the queue at random.  Octets that were shown stay in place,
 * unchanged, until they are sent. */
START_TEST(octets_that_were_shown_stay_in_place)
{
	uint64_t in = 0, out = 0;
	struct mailin_span shown;
	char octets[1500];
	size_t i, len;
	int turn;

	start();
	for (turn = 0; turn < 20000; turn++) {
		len = suite_random(suite_random(8) == 0 ? 1500 : 100);
		shown = mailin_queue_show(&queue);
		if (mailin_queue_len(&queue) < 20000 && reserve(len)) {
			for (i = 0; i < len; i++)
				octets[i] = (char)(in + i);
			mailin_queue_put(&queue, octets, len);
			in += len;
		}
		len = suite_random((unsigned)shown.len + 1);
		for (i = 0; i < shown.len; i++)
			if (shown.ptr[i] != (char)(out + i))
				ck_abort_msg("turn %d: octet %zu of %zu", turn,
				    i, shown.len);
		if (!mailin_queue_sent(&queue, &heap.allocator, len,
			turn % 3 == 0))
			ck_abort_msg("turn %d: cannot send", turn);
		out += len;
		if (mailin_queue_len(&queue) != in - out)
			ck_abort_msg("turn %d: octets lost", turn);
	}
	end();
}
END_TEST

/* A span that was shown must not move when octets are reserved and added. */
START_TEST(a_span_survives_later_octets)
{
	struct mailin_span shown;
	int i;

	start();
	put("250 A\r\n");
	shown = mailin_queue_show(&queue);
	for (i = 0; i < 1000; i++)
		put("250 This is another reply\r\n");
	ck_assert(mailin_span_equal(shown, "250 A\r\n"));
	ck_assert(sent(7));
	ck_assert_ptr_eq(mailin_queue_show(&queue).ptr, shown.ptr + 7);
	end();
}
END_TEST

/* An empty queue can always reserve QUEUE_FIRST_ROOM octets, even without
 * memory.  The session's error replies rely on this. */
START_TEST(an_empty_queue_has_room_without_memory)
{
	char octets[QUEUE_FIRST_ROOM] = { 0 };
	int turn;

	start();
	heap_fail(&heap, 1, true);
	for (turn = 0; turn < 3; turn++) {
		ck_assert(reserve(QUEUE_FIRST_ROOM));
		ck_assert(!reserve(QUEUE_FIRST_ROOM + 1));
		mailin_queue_put(&queue, octets, sizeof octets);
		ck_assert(!reserve(1));
		ck_assert_uint_eq(mailin_queue_show(&queue).len, sizeof octets);
		ck_assert(sent(sizeof octets));
	}
	end();
}
END_TEST

/* After a queue has grown and was emptied, it can again reserve
 * QUEUE_FIRST_ROOM octets without memory. */
START_TEST(an_emptied_queue_has_room_without_memory)
{
	bool keep = false;
	int turn;

	for (turn = 0; turn < 2; turn++, keep = true) {
		char octets[3000] = { 0 };
		struct mailin_span shown;

		start();
		put("250 A\r\n");
		ck_assert(reserve(sizeof octets));
		mailin_queue_put(&queue, octets, sizeof octets);
		heap_fail(&heap, 1, true);
		while ((shown = mailin_queue_show(&queue)).len > 0)
			ck_assert(mailin_queue_sent(&queue, &heap.allocator,
			    shown.len, keep));
		ck_assert(reserve(QUEUE_FIRST_ROOM));
		end();
	}
}
END_TEST

/* If memory fails, the queue does not change. */
START_TEST(a_failed_reservation_changes_nothing)
{
	start();
	put("250 A\r\n");
	heap_fail(&heap, 1, true);
	ck_assert(!reserve(5000));
	ck_assert(shows("250 A\r\n"));
	heap_fail(&heap, 0, false);
	put("250 B\r\n");
	ck_assert(shows("250 A\r\n250 B\r\n"));
	end();
}
END_TEST

/* An empty queue keeps one block at most (property 45). */
START_TEST(an_emptied_queue_keeps_little)
{
	bool keep = false;
	int turn, i;

	for (turn = 0; turn < 2; turn++, keep = true) {
		struct mailin_span shown;

		start();
		for (i = 0; i < 1000; i++)
			put("250 This is another reply\r\n");
		while ((shown = mailin_queue_show(&queue)).len > 0)
			ck_assert(mailin_queue_sent(&queue, &heap.allocator,
			    shown.len, keep));
		ck_assert_uint_le(heap.octets, keep ? 1024 : 0);
		end();
	}
}
END_TEST

/* The queue can take back the 220 to STARTTLS (CVE-2011-0411). */
START_TEST(octets_that_were_not_shown_can_be_taken_back)
{
	uint64_t mark;

	start();
	put("250 A\r\n");
	ck_assert(shows("250 A\r\n"));
	mark = queue.added;
	put("220 Go\r\n");
	ck_assert(mailin_queue_undo(&queue, mark));
	ck_assert(shows("250 A\r\n"));
	put("554 No\r\n");
	ck_assert(shows("250 A\r\n554 No\r\n"));
	ck_assert_uint_eq(mailin_queue_len(&queue), 15);
	end();
}
END_TEST

START_TEST(octets_that_were_shown_cannot_be_taken_back)
{
	uint64_t mark;

	start();
	mark = queue.added;
	put("220 Go\r\n");
	ck_assert(shows("220 Go\r\n"));
	ck_assert(!mailin_queue_undo(&queue, mark));
	ck_assert(shows("220 Go\r\n"));
	ck_assert(sent(1));
	ck_assert(!mailin_queue_undo(&queue, mark));
	ck_assert(sent(7));
	ck_assert(!mailin_queue_undo(&queue, mark));
	ck_assert(shows(""));
	end();
}
END_TEST

/* Octets in a separate block, after a block that was shown, can be taken
 * back. */
START_TEST(octets_after_the_shown_block_can_be_taken_back)
{
	char octets[QUEUE_FIRST_ROOM] = { 0 };
	uint64_t mark;

	start();
	mailin_queue_put(&queue, octets, sizeof octets);
	ck_assert_uint_eq(mailin_queue_show(&queue).len, sizeof octets);
	mark = queue.added;
	put("220 Go\r\n");
	ck_assert(mailin_queue_undo(&queue, mark));
	ck_assert(sent(sizeof octets));
	ck_assert(shows(""));
	put("554 No\r\n");
	ck_assert(shows("554 No\r\n"));
	end();
}
END_TEST

/* If octets are in two blocks, none of them can be taken back: taking back must
 * be possible for all of them or for none. */
START_TEST(octets_in_two_blocks_cannot_be_taken_back)
{
	char octets[5000] = { 0 };
	uint64_t mark;

	start();
	ck_assert(reserve(QUEUE_FIRST_ROOM));
	mailin_queue_put(&queue, octets, QUEUE_FIRST_ROOM);
	(void)mailin_queue_show(&queue);
	mark = queue.added;
	put("220 Go\r\n");
	ck_assert(reserve(sizeof octets));
	mailin_queue_put(&queue, octets, sizeof octets);
	if (queue.head->next != NULL && queue.head->next->next != NULL) {
		ck_assert(!mailin_queue_undo(&queue, mark));
		ck_assert_uint_eq(mailin_queue_len(&queue),
		    QUEUE_FIRST_ROOM + 8 + sizeof octets);
	} else {
		ck_abort_msg("the test has no three blocks");
	}
	end();
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		octets_leave_in_the_order_they_came,
		octets_not_shown_yet_go_out_with_later_ones,
		no_more_is_sent_than_was_shown,
		octets_that_were_shown_stay_in_place,
		a_span_survives_later_octets,
		an_empty_queue_has_room_without_memory,
		an_emptied_queue_has_room_without_memory,
		a_failed_reservation_changes_nothing,
		an_emptied_queue_keeps_little,
		octets_that_were_not_shown_can_be_taken_back,
		octets_that_were_shown_cannot_be_taken_back,
		octets_in_two_blocks_cannot_be_taken_back,
		octets_after_the_shown_block_can_be_taken_back,
	};

	return suite_run("queue", tests, ROWS(tests));
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Tries every state of a session that a client and a program can reach, in each
 * configuration, with each event and each decision.  The session must do what
 * an observer expects.  The observer does not know the library's table.  See
 * proof/README.md.
 */
#include <string.h>

#include "claim.h"
#include "session_search.h"

/* After the first failure the search tries this many more states, to test the
 * other claims. */
#define STATES_AFTER_FAILURE 3000

static uint64_t failures;
struct search search;
static bool astray; /* the session did not do what the observer expected */
static uint64_t edges_in_all, states_in_all, setups_in_all;

/* ---- Claims -------------------------------------------------------------- */

static struct claim claims[CLAIMS] = {
#define CLAIM(name, text) [CLAIM_##name] = { .what = text }
	CLAIM(STATE, "the session is in the state that the dialogue says"),
	CLAIM(REPLIES,
	    "each command has its replies and no other, in order (23, 25)"),
	CLAIM(CALLS, "the handler is asked about what a command needs, once"),
	CLAIM(OCTETS,
	    "no message begins, and no octet of one is handed on, without an "
	    "accepted MAIL and RCPT (15, 20)"),
	CLAIM(ENVELOPE,
	    "the envelope has what was accepted, and nothing else (15, 19)"),
	CLAIM(ENDS, "each transaction ends in one call"),
	CLAIM(ACCEPTED,
	    "delivered, and 250 to a message, mean that the handler took it"),
	CLAIM(CLEARED, "nothing is left of a transaction that ended (16)"),
	CLAIM(UNCHANGED,
	    "a command that only asks, or is refused, changes counters only "
	    "(17, 19)"),
	CLAIM(CLEAR,
	    "no octet is read between STARTTLS and the handshake, or in the "
	    "place of a header (14)"),
	CLAIM(TLS,
	    "nothing said before STARTTLS is known after it; the session is "
	    "like one that began in TLS (18)"),
	CLAIM(XCLIENT,
	    "nothing said before XCLIENT is known after it, and only a client "
	    "that the program trusts may send it (54)"),
	CLAIM(AUTH,
	    "AUTH only after EHLO, outside transactions, once, and never in "
	    "clear if it needs TLS (21)"),
	CLAIM(WAIT, "in an AUTH exchange no line is a command (22)"),
	CLAIM(OFFER, "EHLO offers what is on, and nothing else (26)"),
	CLAIM(COUNTERS,
	    "counters count what the client did, and close at their limit "
	    "(29)"),
	CLAIM(MISUSE, "a call out of place fails, without effect (51)"),
	CLAIM(CLOSED, "a session that is closed stays so (13)"),
	CLAIM(FREE, "a session freed in any state leaves no memory (48)"),
	CLAIM(LATER,
	    "the result is the same if a decision is made at once or later "
	    "(27)"),
	CLAIM(PIPELINED,
	    "two commands in one piece give what they give alone (28)"),
	CLAIM(EARLY,
	    "a client that does not wait for a reply is sent away, and what it "
	    "sends is not read"),
	CLAIM(ALIKE,
	    "two histories that lead to one state do the same in each event"),
	CLAIM(REACH,
	    "each state is reached, and leads to the end of the session (24)"),
	CLAIM(CELLS, "each cell of the table is reached (24)"),
#undef CLAIM
};

static const char *
reason_of(enum claim_of claim)
{
	return claims[claim].counterexample;
}

/* Print the events that led to the current one, as a client sees them. */
static void
print_event(const struct event *event, const uint8_t *verdicts)
{
	unsigned i;

	printf("    C: %s\n", event->name);
	for (i = 0; i < outcome.record.call_count; i++)
		printf("       %s%s%s\n", on_names[outcome.record.calls[i].on],
		    outcome.record.calls[i].on < ON_DECISIONS ? " = " : "",
		    outcome.record.calls[i].on < ON_DECISIONS ?
			verdict_names[outcome.record.calls[i].verdict] :
			"");
	for (i = 0; i < outcome.record.code_count; i++)
		printf("    S: %u\n", outcome.record.codes[i]);
	(void)verdicts;
}

static void
run_again(const struct event *event, const uint8_t *verdicts)
{
	memcpy(choices.verdicts, verdicts, sizeof choices.verdicts);
	choices.given = MOST_CHOICES;
	choices.may_wait = true;
	world_run(event);
	print_event(event, verdicts);
}

static void
print_way(uint32_t node)
{
	if (search.nodes[node].parent != NO_NODE) {
		print_way(search.nodes[node].parent);
		run_again(&events[search.nodes[node].event],
		    search.nodes[node].verdicts);
	}
}

/* Print how the claim failed; keep the world and the outcome. */
static void
print_failure(enum claim_of claim)
{
	struct world *kept = world_copy();
	struct outcome kept_outcome = outcome;
	struct choices kept_choices = choices;

	printf("    %s; %s:\n", setup_name(&search.setup), reason_of(claim));
	world_restore(search.start);
	print_way(search.node);
	outcome = kept_outcome;
	print_event(search.event, kept_choices.verdicts);
	world_restore(kept);
	choices = kept_choices;
	free(kept);
}

void
hold(enum claim_of claim, bool holds, const char *what)
{
	claims[claim].cases++;
	failures += !holds;
	astray |= !holds && claim <= CLAIM_ENDS && claim != CLAIM_OCTETS;
	if (holds || claims[claim].failed)
		return;
	claims[claim].failed = true;
	snprintf(claims[claim].counterexample,
	    sizeof claims[claim].counterexample, "counterexample: %s", what);
	if (search.event == NULL)
		return;
	printf("%s\n", claims[claim].what);
	print_failure(claim);
}

/* ---- States ------------------------------------------------------------ */

/* A state may be reached by several histories.  Record how the session reacts
 * to the event after the first history.  After the other histories it must
 * react in the same way. */
static void
react(uint32_t index, uint32_t *number, bool is_first, uint32_t to)
{
	struct node *node = &search.nodes[index];
	uint64_t value = search_hash(HASH, &outcome.record,
	    sizeof outcome.record);
	enum mailin_want want = mailin_session_want(world.session);

	value = search_hash(value, outcome.text, outcome.len);
	value = search_hash(value, &outcome.used, sizeof outcome.used);
	value = search_hash(value, &outcome.handed_on,
	    sizeof outcome.handed_on);
	value = search_hash(value, &outcome.error, sizeof outcome.error);
	value = search_hash(value, &want, sizeof want);
	value = search_hash(value, &to, sizeof to);
	if (is_first) {
		node->reactions = realloc(node->reactions,
		    (*number + 1) * sizeof *node->reactions);
		if (node->reactions == NULL)
			abort();
		node->reactions[*number] = value;
		node->reaction_count = *number + 1;
	} else {
		hold(CLAIM_ALIKE,
		    *number < node->reaction_count &&
			node->reactions[*number] == value,
		    "the abstraction hides a difference");
	}
	++*number;
}

/* Returns true if a decision about this event may be PENDING.  Returns false if
 * octets of the event would then be left unread. */
static bool
may_wait(const struct event *event)
{
	if (!search.waits)
		return false;
	return (event->in & (IN_DATA | IN_CHUNK)) == 0 ||
	    ((event->has & IS_BARE) == 0 && event->octets.len > 1 &&
		!world.model.held);
}

static void
try_event(uint32_t index, const struct world *from, const struct event *event,
    bool is_first, uint32_t *number)
{
	struct key before = search.nodes[index].key, after;
	uint32_t to;

	search.event = event;
	choices.given = 0;
	do {
		world_restore(from);
		astray = false;
		choices.may_wait = may_wait(event);
		world_run(event);
		judge(&search.setup, event, &before);
		cover_note();
		/* Do not go on from here: the consequences of a failure would
		 * be failures, too. */
		if (astray)
			continue;
		key_take(&after, &search.setup);
		to = search_arrive(&after, index);
		search_note_edge(index, to);
		edges_in_all++;
		react(index, number, is_first, to);
	} while (choices_next());
}

static void
try_state(const struct waiting *waiting)
{
	bool is_first = search.nodes[waiting->node].reactions == NULL;
	const struct event *event, *last = events + events_count;
	uint32_t number = 0;

	search.node = waiting->node;
	for (event = events; event < last; event++) {
		world_restore(waiting->world);
		if (!ways_is_tried(&search.setup, event))
			continue;
		try_event(waiting->node, waiting->world, event, is_first,
		    &number);
		if (is_first)
			ways_try(&search.setup, waiting->world, event);
	}
	search.event = NULL;
	world_restore(waiting->world);
	judge_free();
}

/* ---- The search ---------------------------------------------------------- */

static void
set_fresh(void)
{
	static const struct event tls = { .act = ACT_TLS };
	static const struct event look = { .act = ACT_LOOK };
	struct key fresh;

	choices.given = 0;
	world_run(&tls);
	world_run(&look);
	world.model.tls = 1;
	world.model.phase = PHASE_START;
	key_take(&fresh, &search.setup);
	judge_set_fresh(&fresh);
}

static void
run_setup(void)
{
	struct mailin_allocator allocator = world_allocator();
	struct key key;
	uint32_t i, failed = 0;
	uint64_t failures_before = failures;

	search.config = setup_config(&search.setup, &allocator);
	if (search.config == NULL)
		abort();
	memset(search.table, 0xff, TABLE * sizeof *search.table);
	search.count = search.first = search.last = 0;
	search.edge_count = 0;
	search.event = NULL;
	world_begin(&search.setup, search.config);
	search.start = world_copy();
	set_fresh();
	world_restore(search.start);
	key_take(&key, &search.setup);
	(void)search_arrive(&key, NO_NODE);
	while (search.first < search.last && failed < STATES_AFTER_FAILURE) {
		struct waiting waiting = search.queue[search.first++];

		try_state(&waiting);
		free(waiting.world);
		failed += failures > failures_before;
	}
	while (search.first < search.last)
		free(search.queue[search.first++].world);
	search_check_ends();
	for (i = 0; i < search.count; i++)
		free(search.nodes[i].reactions);
	free(search.start);
	world_end(search.config);
	states_in_all += search.count;
	setups_in_all++;
}

static void
run_setups(unsigned most, size_t first, size_t last)
{
	size_t index;

	for (index = first; failures == 0 && index <= last &&
	     setup_at(&search.setup, index, most);
	     index++) {
		uint64_t states = states_in_all, edges = edges_in_all;

		run_setup();
		if (most <= 1)
			printf("%s: %llu states, %llu edges\n",
			    setup_name(&search.setup),
			    (unsigned long long)(states_in_all - states),
			    (unsigned long long)(edges_in_all - edges));
		fflush(stdout);
	}
}

/* Usage: session [MOST [all [FIRST LAST]]].  Tries the configurations that
 * differ from the first one in at most MOST settings (default 1).  With "all",
 * tries all events and decisions, and lets decisions stay pending while other
 * events come.  FIRST and LAST select a range of the configurations. */
int
main(int argc, char **argv)
{
	unsigned most = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1;
	char bound[128];
	bool held = true;
	int i;

	search.waits = argc > 2 && strcmp(argv[2], "all") == 0;
	choices.few = !search.waits;
	search.table = malloc(TABLE * sizeof *search.table);
	if (search.table == NULL)
		return EXIT_FAILURE;
	run_setups(most, argc > 4 ? strtoul(argv[3], NULL, 10) : 0,
	    argc > 4 ? strtoul(argv[4], NULL, 10) : SIZE_MAX);
	cover_end();
	printf("%llu configurations, %zu events\n",
	    (unsigned long long)setups_in_all, events_count);
	snprintf(bound, sizeof bound, "%llu states, %llu edges",
	    (unsigned long long)states_in_all,
	    (unsigned long long)edges_in_all);
	for (i = 0; i < CLAIMS; i++) {
		claims[i].bound = bound;
		held &= claim_end(&claims[i]);
	}
	return held ? EXIT_SUCCESS : EXIT_FAILURE;
}

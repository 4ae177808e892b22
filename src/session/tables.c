/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/tables.h"

const struct mailin_decision *const mailin_decisions[DECISION_COUNT] = {
	&mailin_decide_auth, &mailin_decide_burl, &mailin_decide_connect,
	&mailin_decide_data, &mailin_decide_data_end, &mailin_decide_helo,
	&mailin_decide_mail, &mailin_decide_parameter, &mailin_decide_rcpt,
	&mailin_decide_sasl, &mailin_decide_xclient
};

bool
mailin_table_decision(const struct mailin_decision *row)
{
	int ok = mailin_reply_code((enum mailin_reply)row->ok);

	return row->callback != 0 && row->ask != NULL &&
	    row->carry_out != NULL &&
	    mailin_reply_code((enum mailin_reply)row->fallback) != 0 &&
	    ok >= 200 && ok < 400 &&
	    (row->agrees == ok / 100 || row->agrees == ok);
}

bool
mailin_table_verb(enum mailin_verb verb, const struct mailin_verb_row *row)
{
	/* AUTH is offered if a mechanism is, so "offer" names no extension. */
	bool has_offer = row->offer != 0 || verb == MAILIN_VERB_AUTH;

	return has_offer == ((row->needs & NEEDS_OFFER) != 0) &&
	    (row->run != NULL) != (row->decision != NULL) &&
	    (row->decision == NULL || mailin_table_decision(row->decision));
}

bool
mailin_table_parameter(const struct mailin_parameter_row *row)
{
	return row->name[0] != '\0' && row->extension != 0 &&
	    (row->verb == MAILIN_VERB_MAIL || row->verb == MAILIN_VERB_RCPT);
}

#define VERB(name) ((enum mailin_event)MAILIN_VERB_##name)
#define VERBS(a, b) \
	{ \
		VERB(a), VERB(b) \
	}

/* A state must allow both events of a pair, or neither of them. */
static const struct {
	enum mailin_event one, other;
} pairs[] = { VERBS(NOOP, VRFY), VERBS(NOOP, EXPN), VERBS(NOOP, HELP),
	VERBS(NOOP, UNKNOWN), VERBS(NOOP, RSET), VERBS(NOOP, HELO),
	VERBS(NOOP, EHLO), VERBS(NOOP, LHLO), VERBS(BDAT, BURL),
	{ EVENT_REFUSE, EVENT_END }, { EVENT_CHALLENGE, EVENT_AUTH_END },
	{ EVENT_EXPECT_PROXY, EVENT_EXPECT_TLS } };

/* Is the row of the state complete in the table "rules"?  Another state must
 * lead to this state; CLOSE and at least one other event must lead out of it;
 * and it must allow both events of each pair or neither. */
static bool
is_state_whole(const struct mailin_rule (*rules)[EVENT_COUNT], int state)
{
	const struct mailin_rule *row = rules[state];
	bool entered = state == STATE_NEW, left = false;
	size_t i;
	int other;

	for (i = 0; i < EVENT_COUNT; i++) {
		if ((row[i].yes == STATE_NONE) != (row[i].no == STATE_NONE))
			return false;
		left |= i != EVENT_CLOSE && row[i].yes != STATE_NONE &&
		    row[i].yes != state;
		for (other = STATE_NEW; other < STATE_COUNT; other++)
			entered |= other != state &&
			    (rules[other][i].yes == state ||
				rules[other][i].no == state);
	}
	for (i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if ((row[pairs[i].one].yes == STATE_NONE) !=
		    (row[pairs[i].other].yes == STATE_NONE))
			return false;
	/* If the state waits for a PROXY header, the header must lead out of
	 * it.  If the state waits for TLS, the handshake must lead out of
	 * it. */
	if (row[EVENT_EXPECT_PROXY].yes == state)
		left = row[EVENT_PROXY].yes != STATE_NONE;
	else if (row[EVENT_EXPECT_TLS].yes == state)
		left = row[EVENT_TLS].yes != STATE_NONE;
	if (row[VERB(NOOP)].yes != STATE_NONE &&
	    row[VERB(QUIT)].yes != STATE_CLOSED)
		return false;
	return entered &&
	    (state == STATE_CLOSED ||
		(left && row[EVENT_CLOSE].yes == STATE_CLOSED));
}

bool
mailin_table_rules(const struct mailin_rule (*rules)[EVENT_COUNT])
{
	int state, event;

	for (state = STATE_NEW; state < STATE_COUNT; state++)
		if (!is_state_whole(rules, state))
			return false;
	for (event = 0; event < EVENT_COUNT; event++) {
		for (state = STATE_NEW; state < STATE_CLOSED; state++)
			if (rules[state][event].yes != STATE_NONE)
				break;
		if (state == STATE_CLOSED)
			return false;
	}
	return true;
}

bool
mailin_tables_are_whole(void)
{
	bool whole = mailin_table_rules(mailin_rules);
	int i;

	for (i = 0; i < DECISION_COUNT; i++)
		whole &= mailin_table_decision(mailin_decisions[i]);
	for (i = 0; i < MAILIN_VERB_COUNT; i++) {
		whole &= *mailin_verb_name((enum mailin_verb)i) != '\0';
		whole &= mailin_table_verb((enum mailin_verb)i,
		    &mailin_verbs[i]);
	}
	for (i = PARAMETER_FIRST; i < MAILIN_PARAMETER_COUNT; i++)
		whole &= mailin_table_parameter(&mailin_parameter_rows[i]);
	return whole;
}

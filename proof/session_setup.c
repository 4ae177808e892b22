/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "session.h"

/* The differences of a setup from the first one. */
struct change {
	const char *name;
	void (*make)(struct setup *setup);
	int excludes; /* at most one of the changes with the same number is
			 made */
};

#define CHANGE(function, statement) \
	static void function(struct setup *setup) \
	{ \
		statement; \
	}

CHANGE(make_lmtp, setup->lmtp = true)
CHANGE(make_relaxed, setup->relaxed = true)
CHANGE(make_tls_required, setup->tls = MAILIN_TLS_REQUIRED)
CHANGE(make_tls_optional, setup->tls = MAILIN_TLS_OPTIONAL)
CHANGE(make_auth_required, setup->auth = MAILIN_AUTH_REQUIRED)
CHANGE(make_auth_off, setup->auth = MAILIN_AUTH_OFF)
CHANGE(make_no_starttls, setup->no_starttls = true)
CHANGE(make_first_tls, setup->first_tls = true)
CHANGE(make_proxy, setup->proxy = setup->first_tls = true)
CHANGE(make_trusts, setup->trusts = true)
CHANGE(make_allow, setup->allow = true)
CHANGE(make_no_extensions, setup->no_extensions = setup->no_starttls = true)
CHANGE(make_ignore, setup->ignore = true)
CHANGE(make_no_own, setup->no_own = true)
CHANGE(make_reject, setup->reject = true)

#define LIMITED(function, name) \
	CHANGE(function, setup->limited = true; \
	       setup->limit = MAILIN_LIMIT_##name)

LIMITED(make_errors, ERRORS)
LIMITED(make_junk, JUNK)
LIMITED(make_refused, REFUSED_RECIPIENTS)
LIMITED(make_failures, AUTH_FAILURES)
LIMITED(make_transactions, TRANSACTIONS)

/* clang-format off */
static const struct change changes[] = {
	{ "LMTP",               make_lmtp,          1 },
	{ "RELAXED",            make_relaxed,       2 },
	{ "TLS required",       make_tls_required,  3 },
	{ "TLS optional",       make_tls_optional,  3 },
	{ "AUTH required",      make_auth_required, 4 },
	{ "AUTH off",           make_auth_off,      4 },
	{ "no STARTTLS",        make_no_starttls,   5 },
	{ "TLS first",          make_first_tls,     6 },
	{ "PROXY header",       make_proxy,         7 },
	{ "XCLIENT",            make_trusts,        8 },
	{ "PIPELINING allow",   make_allow,         9 },
	{ "no extensions",      make_no_extensions, 5 },
	{ "PARAMETERS ignore",  make_ignore,       10 },
	{ "no own verbs",       make_no_own,       11 },
	{ "newlines reject",    make_reject,       12 },
	{ "limit of errors",    make_errors,       13 },
	{ "limit of junk",      make_junk,         13 },
	{ "limit of refused recipients", make_refused, 13 },
	{ "limit of AUTH failures", make_failures, 13 },
	{ "limit of transactions", make_transactions, 13 },
};
/* clang-format on */

#define CHANGES (sizeof changes / sizeof changes[0])

static char name[128];

const char *
setup_name(const struct setup *setup)
{
	(void)setup;
	return name;
}

static void
make(struct setup *setup, size_t first, size_t second)
{
	*setup = (struct setup){ .tls = MAILIN_TLS_FOR_AUTH };
	snprintf(name, sizeof name, "%s%s%s",
	    first < CHANGES ? changes[first].name : "SMTP",
	    second < CHANGES ? ", " : "",
	    second < CHANGES ? changes[second].name : "");
	if (first < CHANGES)
		changes[first].make(setup);
	if (second < CHANGES)
		changes[second].make(setup);
}

bool
setup_at(struct setup *setup, size_t index, unsigned most)
{
	size_t first, second;

	if (index == 0) {
		make(setup, CHANGES, CHANGES);
		return true;
	}
	if (most >= 1 && index <= CHANGES) {
		make(setup, index - 1, CHANGES);
		return true;
	}
	index -= CHANGES + 1;
	for (first = 0; most >= 2 && first < CHANGES; first++)
		for (second = first + 1; second < CHANGES; second++) {
			if (changes[first].excludes == changes[second].excludes)
				continue;
			if (index-- == 0) {
				make(setup, first, second);
				return true;
			}
		}
	return false;
}

static void
set_extensions(const struct setup *setup, struct mailin_config *config)
{
	int i;

	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++) {
		bool on = !setup->no_extensions;

		if (i == MAILIN_EXTENSION_STARTTLS)
			on = !setup->no_starttls;
		else if (i == MAILIN_EXTENSION_XCLIENT ||
		    i == MAILIN_EXTENSION_XFORWARD)
			on = setup->trusts;
		else if (i == MAILIN_EXTENSION_ENHANCEDSTATUSCODES)
			on = true;
		(void)mailin_config_set_extension(config,
		    (enum mailin_extension)i, on);
	}
}

static void
set_policies(const struct setup *setup, struct mailin_config *config)
{
	const int values[MAILIN_POLICY_COUNT] = {
		[MAILIN_POLICY_PROTOCOL] = setup->lmtp,
		[MAILIN_POLICY_BARE_NEWLINE] = setup->reject,
		[MAILIN_POLICY_PIPELINING] = setup->allow,
		[MAILIN_POLICY_SYNTAX] = setup->relaxed,
		[MAILIN_POLICY_PARAMETERS] = setup->ignore,
		[MAILIN_POLICY_AUTH] = (int)setup->auth,
		[MAILIN_POLICY_TLS] = (int)setup->tls,
	};
	int i;

	for (i = 0; i < MAILIN_POLICY_COUNT; i++)
		(void)mailin_config_set_policy(config, (enum mailin_policy)i,
		    values[i]);
}

struct mailin_config *
setup_config(const struct setup *setup,
    const struct mailin_allocator *allocator)
{
	struct mailin_config *config = mailin_config_new_with("h", allocator);
	static const enum mailin_limit counted[] = { MAILIN_LIMIT_ERRORS,
		MAILIN_LIMIT_JUNK, MAILIN_LIMIT_REFUSED_RECIPIENTS,
		MAILIN_LIMIT_AUTH_FAILURES, MAILIN_LIMIT_TRANSACTIONS };
	size_t i;

	if (config == NULL)
		return NULL;
	set_extensions(setup, config);
	set_policies(setup, config);
	for (i = 0; i < MAILIN_MECHANISM_COUNT; i++)
		(void)mailin_config_set_mechanism(config,
		    (enum mailin_mechanism)i, true);
	(void)mailin_config_add_mechanism(config, "X-OWN");
	for (i = 0; i < sizeof counted / sizeof counted[0]; i++)
		(void)mailin_config_set_limit(config, counted[i],
		    setup->limited && setup->limit == counted[i] ? LIMIT : 0);
	(void)mailin_config_set_limit(config, MAILIN_LIMIT_RECIPIENTS,
	    RECIPIENTS);
	(void)mailin_config_set_limit(config, MAILIN_LIMIT_COMMAND_LINE, 512);
	return config;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CONFIG_DATA_H
#define MAILIN_SRC_CONFIG_DATA_H

#include <mailin/config.h>

#include "encode.h"
#include "vector.h"

/* How many mechanisms of its own a program may add. */
#define MECHANISMS_OWN 8

/* What a config holds; written by the setters, read by everything else. */
struct mailin_config {
	struct mailin_allocator allocator;
	uint64_t                limits[MAILIN_LIMIT_COUNT];
	int                     policies[MAILIN_POLICY_COUNT];
	uint32_t                extensions;   /* a bit each */
	uint32_t                mechanisms;
	enum mailin_vector      vector;       /* for the octets of messages */
	char                    hostname[256];
	size_t                  own_count;    /* of the program's mechanisms */
	char                    own_mechanisms[MECHANISMS_OWN][21];

	/* Made anew by each setter: what a session offers and checks while it
	 * knows nothing of its client, says first, and tells EHLO. */
	uint32_t                offered;
	uint8_t                 checks;
	char                    banner[REPLY_ROOM], hello[REPLY_ROOM];
	size_t                  banner_len, hello_len;
};

#define MAILIN_BIT(number) (UINT32_C(1) << (number))

/* The order of mailin_setting: limits, policies, then these two. */
enum {
	SETTING_POLICIES   = MAILIN_LIMIT_COUNT,
	SETTING_EXTENSIONS = SETTING_POLICIES + MAILIN_POLICY_COUNT,
	SETTING_MECHANISMS,
	SETTING_COUNT
};

/* The bit of each extension that is on by default. */
uint32_t mailin_extensions_default(void);

/* "PIPELINING" and the like, as EHLO spells them. */
struct mailin_keyword {
	char    text[23];
	uint8_t len;
};

extern const struct mailin_keyword
    mailin_extension_keywords[MAILIN_EXTENSION_COUNT + 1];

/* Which of the bits are offered, since what they need is offered too; and are
 * of use, in TLS or not. */
uint32_t mailin_extensions_offered(const struct mailin_config *config,
    uint32_t extensions);
uint32_t mailin_extensions_useful(const struct mailin_config *config,
    uint32_t extensions, bool tls);

/* Is there any mechanism of AUTH, offered now or not? */
bool mailin_config_has_auth(const struct mailin_config *config);

/* Of what a command may need (rules.h), what there is not, in TLS or not, with
 * an identity or not; and what is looked at for each command that has it. */
uint8_t mailin_config_checks(const struct mailin_config *config, bool tls,
    bool identity);

/*
 * The mechanisms that AUTH offers, numbered: the library's, then the
 * program's own.  NULL: number is none, or is not on.
 */
#define MECHANISMS_MOST (MAILIN_MECHANISM_COUNT + MECHANISMS_OWN)

/* A bit for each that is offered, and taken, in TLS or not, to a client that
 * has shown a certificate there or not. */
uint32_t mailin_mechanisms_offered(const struct mailin_config *config, bool tls,
    bool certificate);
const char *mailin_mechanism_name(const struct mailin_config *config,
    unsigned number);
/* The number of the one of that name; MECHANISMS_MOST if there is none. */
unsigned mailin_mechanism_number(const struct mailin_config *config,
    struct mailin_span name);

/* How many values a policy has. */
int mailin_policy_values(enum mailin_policy policy);

#endif

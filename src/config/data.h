/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CONFIG_DATA_H
#define MAILIN_SRC_CONFIG_DATA_H

#include <mailin/config.h>

#include "reply/encode.h"
#include "octet/vector.h"

/* The maximum number of mechanisms that a program may add. */
#define MECHANISMS_OWN 8

/* A config.  Only the setters change it. */
struct mailin_config {
	struct mailin_allocator allocator;
	uint64_t limits[MAILIN_LIMIT_COUNT];
	int policies[MAILIN_POLICY_COUNT];
	uint32_t extensions; /* a bit for each extension that is on */
	uint32_t mechanisms;
	uint32_t binding;          /* mechanisms that need a channel binding */
	enum mailin_vector vector; /* the instructions that read the text
				      of messages */
	char hostname[256];
	size_t own_count; /* how many mechanisms the program has added */
	char own_mechanisms[MECHANISMS_OWN][21];

	/* The following members are for a session without TLS and without an
	 * identity: what it offers and checks, its greeting, and its reply to
	 * EHLO.  Each setter computes them again. */
	uint32_t offered;
	uint8_t checks;
	char banner[REPLY_ROOM], hello[REPLY_ROOM];
	size_t banner_len, hello_len;
};

#define MAILIN_BIT(number) (UINT32_C(1) << (number))

/* The index of a setting in mailin_setting_at().  First come all limits, then
 * all policies, then two lists. */
enum {
	SETTING_POLICIES = MAILIN_LIMIT_COUNT,
	SETTING_EXTENSIONS = SETTING_POLICIES + MAILIN_POLICY_COUNT,
	SETTING_MECHANISMS,
	SETTING_COUNT
};

uint32_t mailin_extensions_default(void);

/* Returns a bit for each extension that is on and of use.  In LMTP, PIPELINING
 * and ENHANCEDSTATUSCODES are always on.  Three kinds of extensions are of no
 * use: an extension that needs another extension which is off; STARTTLS inside
 * TLS; REQUIRETLS outside of TLS. */
uint32_t mailin_extensions_useful(const struct mailin_config *config,
    uint32_t extensions, bool tls);

/* Returns the conditions (NEEDS_ bits of rules.h) that must be checked for each
 * command of a session.  tls and identity say whether the session has TLS, and
 * whether a user has logged in.  A condition that such a session always meets
 * is left out. */
uint8_t mailin_config_checks(const struct mailin_config *config, bool tls,
    bool identity);

/* Each mechanism of AUTH has a number, which is its index in a list.  The
 * library's mechanisms come first, then those that the program has added.
 * mailin_config_mechanism_name() returns NULL if no mechanism has the number,
 * or if the mechanism is off. */
#define MECHANISMS_MOST (MAILIN_MECHANISM_COUNT + MECHANISMS_OWN)

/* Returns a bit for each mechanism that is offered.  tls, certificate and
 * binding say whether the session is inside TLS, whether the client has a
 * certificate, and whether the TLS has a channel binding.  AUTH accepts these
 * mechanisms and no others. */
uint32_t mailin_mechanisms_offered(const struct mailin_config *config, bool tls,
    bool certificate, bool binding);
const char *mailin_config_mechanism_name(const struct mailin_config *config,
    unsigned number);
/* Returns the number of the mechanism with this name, or MECHANISMS_MOST. */
unsigned mailin_mechanism_number(const struct mailin_config *config,
    struct mailin_span name);

/* RFC 5321 4.1.3: the name of a host is a domain or an address literal. */
bool mailin_hostname_valid(const char *name);

#endif

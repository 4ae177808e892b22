/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/span.h>

#include "config_data.h"

/*
 * The one table of every limit and policy: their names for people, defaults
 * and bounds.  Texts are arrays, so that nothing needs relocation.
 */

struct limit_row {
	char     name[20];
	char     unit[8];
	uint64_t initial, minimum, maximum;
	char     summary[48];
};

#define MEBI  (UINT64_C(1) << 20)
#define MOST  (UINT64_C(1) << 62)

static const struct limit_row limits[MAILIN_LIMIT_COUNT] = {
[MAILIN_LIMIT_COMMAND_LINE]       = { "command-line", "octets",
	2048, 512, 65536, "a command line, without CR LF" },
[MAILIN_LIMIT_AUTH_LINE]          = { "auth-line", "octets",
	12288, 512, 65536, "an AUTH line or answer, without CR LF" },
[MAILIN_LIMIT_RECIPIENTS]         = { "recipients", "",
	1000, 1, 100000, "accepted recipients of a message" },
[MAILIN_LIMIT_ENVELOPE_SIZE]      = { "envelope-size", "octets",
	MEBI / 4, 2048, 64 * MEBI, "sender and recipients of a message" },
[MAILIN_LIMIT_MESSAGE_SIZE]       = { "message-size", "octets",
	0, 0, MOST, "a message; 0 for no limit" },
[MAILIN_LIMIT_DISCARDED]          = { "discarded", "octets",
	0, 0, MOST, "swallowed of a refused message; 0: see manual" },
[MAILIN_LIMIT_ERRORS]             = { "errors", "",
	20, 0, 1000000, "errors of the client; 0 for no limit" },
[MAILIN_LIMIT_JUNK]               = { "junk", "",
	100, 0, 1000000, "NOOP, RSET, VRFY and the like; 0: no limit" },
[MAILIN_LIMIT_REFUSED_RECIPIENTS] = { "refused-recipients", "",
	0, 0, 1000000, "recipients refused; 0 for no limit" },
[MAILIN_LIMIT_AUTH_FAILURES]      = { "auth-failures", "",
	3, 0, 1000000, "failed AUTH commands; 0 for no limit" },
[MAILIN_LIMIT_TRANSACTIONS]       = { "transactions", "",
	0, 0, 1000000, "messages in a session; 0 for no limit" },
[MAILIN_LIMIT_OUTPUT]             = { "output", "octets",
	16384, 4096, MEBI, "replies waiting to be sent" },
[MAILIN_LIMIT_TIMEOUT_INPUT]      = { "timeout-input", "seconds",
	300, 1, 86400, "waiting for the client to send" },
[MAILIN_LIMIT_TIMEOUT_OUTPUT]     = { "timeout-output", "seconds",
	300, 1, 86400, "waiting for the client to read" },
};

struct policy_row {
	char name[16];
	char values[4][12];  /* "" behind the last */
	char summary[48];
};

static const struct policy_row policies[MAILIN_POLICY_COUNT] = {
[MAILIN_POLICY_PROTOCOL]     = { "protocol",
	{ "smtp", "lmtp" }, "what is spoken" },
[MAILIN_POLICY_BARE_NEWLINE] = { "bare-newline",
	{ "normalize", "reject", "preserve" },
	"a CR or LF alone in a message" },
[MAILIN_POLICY_PIPELINING]   = { "pipelining",
	{ "reject", "allow" }, "input before a reply to wait for" },
[MAILIN_POLICY_SYNTAX]       = { "syntax",
	{ "strict", "relaxed" }, "which commands are well-formed" },
[MAILIN_POLICY_PARAMETERS]   = { "parameters",
	{ "reject", "ignore" }, "ESMTP parameters not offered" },
[MAILIN_POLICY_AUTH]         = { "auth",
	{ "optional", "required", "off" }, "whether clients must use AUTH" },
[MAILIN_POLICY_TLS]          = { "tls",
	{ "for-auth", "required", "optional" },
	"whether clients must use TLS" },
};

/* As EHLO spells them. */
static const char extensions[MAILIN_EXTENSION_COUNT + 1][20] = {
	[MAILIN_EXTENSION_PIPELINING]          = "PIPELINING",
	[MAILIN_EXTENSION_ENHANCEDSTATUSCODES] = "ENHANCEDSTATUSCODES",
	[MAILIN_EXTENSION_SIZE]                = "SIZE",
	[MAILIN_EXTENSION_8BITMIME]            = "8BITMIME",
	[MAILIN_EXTENSION_CHUNKING]            = "CHUNKING",
	[MAILIN_EXTENSION_BINARYMIME]          = "BINARYMIME",
	[MAILIN_EXTENSION_SMTPUTF8]            = "SMTPUTF8",
	[MAILIN_EXTENSION_STARTTLS]            = "STARTTLS",
	[MAILIN_EXTENSION_DSN]                 = "DSN",
	[MAILIN_EXTENSION_DELIVERBY]           = "DELIVERBY",
	[MAILIN_EXTENSION_FUTURERELEASE]       = "FUTURERELEASE",
	[MAILIN_EXTENSION_MT_PRIORITY]         = "MT-PRIORITY",
	[MAILIN_EXTENSION_REQUIRETLS]          = "REQUIRETLS",
	[MAILIN_EXTENSION_RRVS]                = "RRVS",
	[MAILIN_EXTENSION_MTRK]                = "MTRK",
	[MAILIN_EXTENSION_NO_SOLICITING]       = "NO-SOLICITING",
	[MAILIN_EXTENSION_ETRN]                = "ETRN",
	[MAILIN_EXTENSION_VRFY]                = "VRFY",
	[MAILIN_EXTENSION_EXPN]                = "EXPN",
};

static const char mechanisms[MAILIN_MECHANISM_COUNT + 1][20] = {
	[MAILIN_MECHANISM_PLAIN] = "PLAIN",
	[MAILIN_MECHANISM_LOGIN] = "LOGIN",
};

/* The order of mailin_setting: limits, policies, then these two. */
enum {
	FIRST_POLICY = MAILIN_LIMIT_COUNT,
	EXTENSIONS   = FIRST_POLICY + MAILIN_POLICY_COUNT,
	MECHANISMS,
	SETTINGS
};

uint32_t
mailin_extensions_default(void)
{
	return MAILIN_BIT(MAILIN_EXTENSION_PIPELINING) |
	    MAILIN_BIT(MAILIN_EXTENSION_ENHANCEDSTATUSCODES) |
	    MAILIN_BIT(MAILIN_EXTENSION_SIZE) |
	    MAILIN_BIT(MAILIN_EXTENSION_8BITMIME) |
	    MAILIN_BIT(MAILIN_EXTENSION_CHUNKING);
}

const char *
mailin_extension_name(enum mailin_extension extension)
{
	return extensions[extension];
}

const char *
mailin_mechanism_name(enum mailin_mechanism mechanism)
{
	return mechanisms[mechanism];
}

int
mailin_policy_values(enum mailin_policy policy)
{
	int count = 0;

	while (count < 4 && policies[policy].values[count][0] != '\0')
		count++;
	return count;
}

static void
describe_limit(const struct limit_row *row, struct mailin_setting *setting)
{
	*setting = (struct mailin_setting){
		.kind = MAILIN_SETTING_LIMIT,
		.name = row->name,
		.summary = row->summary,
		.unit = row->unit,
		.initial = row->initial,
		.minimum = row->minimum,
		.maximum = row->maximum,
	};
}

bool
mailin_setting(size_t index, struct mailin_setting *setting)
{
	if (index >= SETTINGS)
		return false;
	*setting = (struct mailin_setting){ .unit = "" };
	if (index < FIRST_POLICY) {
		describe_limit(&limits[index], setting);
	} else if (index < EXTENSIONS) {
		setting->kind = MAILIN_SETTING_POLICY;
		setting->name = policies[index - FIRST_POLICY].name;
		setting->summary = policies[index - FIRST_POLICY].summary;
	} else if (index == EXTENSIONS) {
		setting->kind = MAILIN_SETTING_LIST;
		setting->name = "extensions";
		setting->summary = "what EHLO offers";
	} else {
		setting->kind = MAILIN_SETTING_LIST;
		setting->name = "mechanisms";
		setting->summary = "what AUTH offers";
	}
	return true;
}

const char *
mailin_setting_value(size_t index, size_t value)
{
	if (index >= FIRST_POLICY && index < EXTENSIONS)
		return value < (size_t)mailin_policy_values(
		    (enum mailin_policy)(index - FIRST_POLICY))
		    ? policies[index - FIRST_POLICY].values[value] : NULL;
	if (index == EXTENSIONS)
		return value < MAILIN_EXTENSION_COUNT
		    ? extensions[value] : NULL;
	if (index == MECHANISMS)
		return value < MAILIN_MECHANISM_COUNT
		    ? mechanisms[value] : NULL;
	return NULL;
}

static enum mailin_error
set_limit(struct mailin_config *config, size_t index, const char *text)
{
	uint64_t value = 0;

	if (*text == '\0')
		return MAILIN_ERROR_SYNTAX;
	for (; *text != '\0'; text++) {
		unsigned digit = (unsigned)(unsigned char)*text - '0';

		if (digit > 9)
			return MAILIN_ERROR_SYNTAX;
		if (value > (UINT64_MAX - digit) / 10)
			return MAILIN_ERROR_RANGE;
		value = value * 10 + digit;
	}
	return mailin_config_set_limit(config, (enum mailin_limit)index,
	    value);
}

/* The number of the value that is so named; false if none is. */
static bool
find_value(size_t index, struct mailin_span name, size_t *value)
{
	const char *candidate;

	for (*value = 0; (candidate = mailin_setting_value(index, *value)) !=
	    NULL; ++*value)
		if (mailin_span_iequal(name, candidate))
			return true;
	return false;
}

static enum mailin_error
set_list(struct mailin_config *config, size_t index, const char *text)
{
	uint32_t bits = 0;
	size_t value;

	while (*text != '\0') {
		struct mailin_span name = { text, strcspn(text, ",") };

		if (!find_value(index, name, &value))
			return MAILIN_ERROR_ARGUMENT;
		bits |= MAILIN_BIT(value);
		text += name.len;
		if (*text == ',')
			text++;
	}
	if (index == EXTENSIONS)
		config->extensions = bits;
	else
		config->mechanisms = bits;
	return MAILIN_OK;
}

enum mailin_error
mailin_config_set(struct mailin_config *config, const char *name,
    const char *value)
{
	struct mailin_setting setting;
	size_t index, number;

	for (index = 0; mailin_setting(index, &setting); index++)
		if (mailin_span_iequal(mailin_span_of(name), setting.name))
			break;
	if (index == SETTINGS)
		return MAILIN_ERROR_ARGUMENT;
	if (index < FIRST_POLICY)
		return set_limit(config, index, value);
	if (index >= EXTENSIONS)
		return set_list(config, index, value);
	if (!find_value(index, mailin_span_of(value), &number))
		return MAILIN_ERROR_ARGUMENT;
	return mailin_config_set_policy(config,
	    (enum mailin_policy)(index - FIRST_POLICY), (int)number);
}

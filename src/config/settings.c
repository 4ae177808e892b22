/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/name.h>

#include "config/data.h"

/* The table of all limits and policies.  Texts are arrays, not pointers, so
 * that no relocation is needed. */

struct limit_row {
	char name[20];
	char unit[8];
	uint64_t initial, minimum, maximum;
	char summary[72];
};

#define MEBI (UINT64_C(1) << 20)
#define MOST (UINT64_C(1) << 62)

/* clang-format off */
static const struct limit_row limits[MAILIN_LIMIT_COUNT] = {
[MAILIN_LIMIT_COMMAND_LINE]       = { "command-line", "octets",
	2048, 512, 65536, "a command line, without CR LF" },
[MAILIN_LIMIT_AUTH_LINE]          = { "auth-line", "octets",
	12288, 512, 65536, "a line of AUTH, without CR LF" },
[MAILIN_LIMIT_RECIPIENTS]         = { "recipients", "",
	1000, 1, 100000, "accepted recipients of a message" },
[MAILIN_LIMIT_ENVELOPE_SIZE]      = { "envelope-size", "octets",
	MEBI / 4, 2048, 64 * MEBI, "sender and recipients of a message" },
[MAILIN_LIMIT_MESSAGE_SIZE]       = { "message-size", "octets",
	0, 0, MOST, "a message; 0 for no limit" },
[MAILIN_LIMIT_DISCARDED]          = { "discarded", "octets",
	0, 0, MOST, "dropped of a refused message; 0: 64 MiB, or twice "
	"message-size" },
[MAILIN_LIMIT_ERRORS]             = { "errors", "",
	20, 0, 1000000, "errors of the client; 0 for no limit" },
[MAILIN_LIMIT_JUNK]               = { "junk", "",
	100, 0, 1000000, "commands such as NOOP and RSET; 0 for no limit" },
[MAILIN_LIMIT_REFUSED_RECIPIENTS] = { "refused-recipients", "",
	100, 0, 1000000, "recipients refused; 0 for no limit" },
[MAILIN_LIMIT_AUTH_FAILURES]      = { "auth-failures", "",
	3, 0, 1000000, "failed AUTH commands; 0 for no limit" },
[MAILIN_LIMIT_TRANSACTIONS]       = { "transactions", "",
	0, 0, 1000000, "messages in a session; 0 for no limit" },
[MAILIN_LIMIT_RCPT_DOMAINS]       = { "rcpt-domains", "",
	0, 0, 64, "different domains of recipients; 0 for no limit" },
[MAILIN_LIMIT_OUTPUT]             = { "output", "octets",
	16384, 4096, MEBI, "replies waiting to be sent" },
[MAILIN_LIMIT_TIMEOUT_INPUT]      = { "timeout-input", "seconds",
	300, 1, 86400, "waiting for the client to send" },
[MAILIN_LIMIT_TIMEOUT_OUTPUT]     = { "timeout-output", "seconds",
	300, 1, 86400, "waiting for the client to read" },
[MAILIN_LIMIT_TIMEOUT_PROXY]      = { "timeout-proxy", "seconds",
	10, 1, 86400, "waiting for a PROXY header that is expected" },
};
/* clang-format on */

#define VALUES_MOST 3

struct policy_row {
	char name[16];
	char values[VALUES_MOST][12]; /* unused ones are "" */
	char summary[48];
};

/* clang-format off */
static const struct policy_row policies[MAILIN_POLICY_COUNT] = {
[MAILIN_POLICY_PROTOCOL]     = { "protocol",
	{ "smtp", "lmtp" }, "the protocol" },
[MAILIN_POLICY_BARE_NEWLINE] = { "bare-newline",
	{ "normalize", "reject", "preserve" },
	"a CR or LF alone in a message" },
[MAILIN_POLICY_PIPELINING]   = { "pipelining",
	{ "reject", "allow" }, "input of a client that must wait for a reply" },
[MAILIN_POLICY_SYNTAX]       = { "syntax",
	{ "strict", "relaxed" }, "which commands are valid" },
[MAILIN_POLICY_PARAMETERS]   = { "parameters",
	{ "reject", "ignore" }, "ESMTP parameters that are not offered" },
[MAILIN_POLICY_AUTH]         = { "auth",
	{ "optional", "required", "off" }, "whether clients must use AUTH" },
[MAILIN_POLICY_TLS]          = { "tls",
	{ "for-auth", "required", "optional" },
	"whether clients must use TLS" },
[MAILIN_POLICY_RECEIVED_USER] = { "received-user",
	{ "omit", "show" }, "the user's name in the Received: field" },
};

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
	[MAILIN_EXTENSION_LIMITS]              = "LIMITS",
	[MAILIN_EXTENSION_ETRN]                = "ETRN",
	[MAILIN_EXTENSION_BURL]                = "BURL",
	[MAILIN_EXTENSION_XCLIENT]             = "XCLIENT",
	[MAILIN_EXTENSION_XFORWARD]            = "XFORWARD",
	[MAILIN_EXTENSION_VRFY]                = "VRFY",
	[MAILIN_EXTENSION_EXPN]                = "EXPN",
};

static const char mechanisms[MAILIN_MECHANISM_COUNT + 1][20] = {
	[MAILIN_MECHANISM_PLAIN]       = "PLAIN",
	[MAILIN_MECHANISM_LOGIN]       = "LOGIN",
	[MAILIN_MECHANISM_EXTERNAL]    = "EXTERNAL",
	[MAILIN_MECHANISM_XOAUTH2]     = "XOAUTH2",
	[MAILIN_MECHANISM_OAUTHBEARER] = "OAUTHBEARER",
};
/* clang-format on */

uint32_t
mailin_extensions_default(void)
{
	return MAILIN_BIT(MAILIN_EXTENSION_PIPELINING) |
	    MAILIN_BIT(MAILIN_EXTENSION_ENHANCEDSTATUSCODES) |
	    MAILIN_BIT(MAILIN_EXTENSION_SIZE) |
	    MAILIN_BIT(MAILIN_EXTENSION_8BITMIME) |
	    MAILIN_BIT(MAILIN_EXTENSION_CHUNKING);
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
mailin_setting_at(size_t index, struct mailin_setting *setting)
{
	if (index >= SETTING_COUNT || setting == NULL)
		return false;
	*setting = (struct mailin_setting){ .unit = "" };
	if (index < SETTING_POLICIES) {
		describe_limit(&limits[index], setting);
	} else if (index < SETTING_EXTENSIONS) {
		setting->kind = MAILIN_SETTING_POLICY;
		setting->name = policies[index - SETTING_POLICIES].name;
		setting->summary = policies[index - SETTING_POLICIES].summary;
	} else if (index == SETTING_EXTENSIONS) {
		setting->kind = MAILIN_SETTING_LIST;
		setting->name = "extensions";
		setting->summary = "the extensions that EHLO offers";
	} else {
		setting->kind = MAILIN_SETTING_LIST;
		setting->name = "mechanisms";
		setting->summary = "the mechanisms that AUTH offers";
	}
	return true;
}

const char *
mailin_setting_value(size_t index, size_t value)
{
	size_t policy = index - SETTING_POLICIES;

	if (policy < MAILIN_POLICY_COUNT)
		return value < VALUES_MOST &&
			policies[policy].values[value][0] != '\0' ?
		    policies[policy].values[value] :
		    NULL;
	if (index == SETTING_EXTENSIONS)
		return value < MAILIN_EXTENSION_COUNT ? extensions[value] :
							NULL;
	if (index == SETTING_MECHANISMS)
		return value < MAILIN_MECHANISM_COUNT ? mechanisms[value] :
							NULL;
	return NULL;
}

const char *
mailin_config_mechanism_name(const struct mailin_config *config,
    unsigned number)
{
	if (number < MAILIN_MECHANISM_COUNT)
		return (config->mechanisms & MAILIN_BIT(number)) != 0 ?
		    mailin_setting_value(SETTING_MECHANISMS, number) :
		    NULL;
	number -= MAILIN_MECHANISM_COUNT;
	return number < config->own_count ? config->own_mechanisms[number] :
					    NULL;
}

unsigned
mailin_mechanism_number(const struct mailin_config *config,
    struct mailin_span name)
{
	unsigned i;

	for (i = 0; i < MECHANISMS_MOST; i++) {
		const char *known = mailin_config_mechanism_name(config, i);

		if (known != NULL && mailin_span_iequal(name, known))
			break;
	}
	return i;
}

const char *
mailin_limit_name(enum mailin_limit limit)
{
	return (unsigned)limit < MAILIN_LIMIT_COUNT ? limits[limit].name : "?";
}

const char *
mailin_policy_name(enum mailin_policy policy)
{
	return (unsigned)policy < MAILIN_POLICY_COUNT ? policies[policy].name :
							"?";
}

const char *
mailin_policy_value_name(enum mailin_policy policy, int value)
{
	size_t index = SETTING_POLICIES + (size_t)policy;
	const char *name = mailin_setting_value(index, (size_t)value);

	return (unsigned)policy < MAILIN_POLICY_COUNT && name != NULL ? name :
									"?";
}

const char *
mailin_extension_name(enum mailin_extension extension)
{
	return (unsigned)extension < MAILIN_EXTENSION_COUNT ?
	    extensions[extension] :
	    "?";
}

const char *
mailin_mechanism_name(enum mailin_mechanism mechanism)
{
	return (unsigned)mechanism < MAILIN_MECHANISM_COUNT ?
	    mechanisms[mechanism] :
	    "?";
}

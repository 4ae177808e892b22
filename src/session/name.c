/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/name.h>

/* The names are arrays, not pointers, so that no relocation is needed. */
/* clang-format off */
static const char close_reasons[][11] = {
	[MAILIN_CLOSE_QUIT]       = "QUIT",
	[MAILIN_CLOSE_EOF]        = "EOF",
	[MAILIN_CLOSE_REFUSED]    = "REFUSED",
	[MAILIN_CLOSE_TIMEOUT]    = "TIMEOUT",
	[MAILIN_CLOSE_SHUTDOWN]   = "SHUTDOWN",
	[MAILIN_CLOSE_LIMIT]      = "LIMIT",
	[MAILIN_CLOSE_EARLY_TALK] = "EARLY_TALK",
	[MAILIN_CLOSE_PROTOCOL]   = "PROTOCOL",
	[MAILIN_CLOSE_ABORT]      = "ABORT",
	[MAILIN_CLOSE_TLS]        = "TLS",
	[MAILIN_CLOSE_MEMORY]     = "MEMORY",
};

static const char reset_reasons[][9] = {
	[MAILIN_RESET_RSET]     = "RSET",
	[MAILIN_RESET_HELO]     = "HELO",
	[MAILIN_RESET_STARTTLS] = "STARTTLS",
	[MAILIN_RESET_REFUSED]  = "REFUSED",
	[MAILIN_RESET_CLOSED]   = "CLOSED",
};

static const char wants[][9] = {
	[MAILIN_WANT_INPUT]    = "INPUT",
	[MAILIN_WANT_OUTPUT]   = "OUTPUT",
	[MAILIN_WANT_DECISION] = "DECISION",
	[MAILIN_WANT_TLS]      = "TLS",
	[MAILIN_WANT_CLOSE]    = "CLOSE",
};
static const char families[][7] = {
	[MAILIN_PROXY_FAMILY_UNSPEC] = "unspec",
	[MAILIN_PROXY_FAMILY_INET]   = "inet",
	[MAILIN_PROXY_FAMILY_INET6]  = "inet6",
	[MAILIN_PROXY_FAMILY_UNIX]   = "unix",
};

static const char transports[][7] = {
	[MAILIN_PROXY_TRANSPORT_UNSPEC] = "unspec",
	[MAILIN_PROXY_TRANSPORT_STREAM] = "stream",
	[MAILIN_PROXY_TRANSPORT_DGRAM]  = "dgram",
};
/* clang-format on */

#define NAME(names, value) \
	((size_t)(value) < sizeof(names) / sizeof *(names) ? (names)[value] : \
							     "?")

const char *
mailin_close_reason_name(enum mailin_close_reason reason)
{
	return NAME(close_reasons, reason);
}

const char *
mailin_reset_reason_name(enum mailin_reset_reason reason)
{
	return NAME(reset_reasons, reason);
}

const char *
mailin_want_name(enum mailin_want want)
{
	return NAME(wants, want);
}

const char *
mailin_proxy_family_name(enum mailin_proxy_family family)
{
	return NAME(families, family);
}

const char *
mailin_proxy_transport_name(enum mailin_proxy_transport transport)
{
	return NAME(transports, transport);
}

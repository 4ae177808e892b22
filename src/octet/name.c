/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/name.h>

/* The names are arrays, not pointers, so that no relocation is needed. */
/* clang-format off */
static const char attribute_names[MAILIN_ATTRIBUTE_COUNT][9] = {
	[MAILIN_ATTRIBUTE_NAME]     = "NAME",
	[MAILIN_ATTRIBUTE_ADDR]     = "ADDR",
	[MAILIN_ATTRIBUTE_PORT]     = "PORT",
	[MAILIN_ATTRIBUTE_PROTO]    = "PROTO",
	[MAILIN_ATTRIBUTE_HELO]     = "HELO",
	[MAILIN_ATTRIBUTE_LOGIN]    = "LOGIN",
	[MAILIN_ATTRIBUTE_DESTADDR] = "DESTADDR",
	[MAILIN_ATTRIBUTE_DESTPORT] = "DESTPORT",
	[MAILIN_ATTRIBUTE_IDENT]    = "IDENT",
	[MAILIN_ATTRIBUTE_SOURCE]   = "SOURCE",
};

static const char path_kinds[][12] = {
	[MAILIN_PATH_NULL]        = "null",
	[MAILIN_PATH_MAILBOX]     = "mailbox",
	[MAILIN_PATH_POSTMASTER]  = "postmaster",
	[MAILIN_PATH_UNQUALIFIED] = "unqualified",
};

static const char domain_kinds[][8] = {
	[MAILIN_DOMAIN_NONE]    = "none",
	[MAILIN_DOMAIN_NAME]    = "name",
	[MAILIN_DOMAIN_IPV4]    = "ipv4",
	[MAILIN_DOMAIN_IPV6]    = "ipv6",
	[MAILIN_DOMAIN_GENERAL] = "general",
	[MAILIN_DOMAIN_OTHER]   = "other",
};

static const char body_types[][11] = {
	[MAILIN_BODY_7BIT]       = "7BIT",
	[MAILIN_BODY_8BITMIME]   = "8BITMIME",
	[MAILIN_BODY_BINARYMIME] = "BINARYMIME",
};

static const char rets[][5] = {
	[MAILIN_RET_UNSET] = "?",
	[MAILIN_RET_FULL]  = "FULL",
	[MAILIN_RET_HDRS]  = "HDRS",
};

static const char by_modes[][2] = {
	[MAILIN_BY_NOTIFY] = "N",
	[MAILIN_BY_RETURN] = "R",
};

static const char rrvs_actions[][2] = {
	[MAILIN_RRVS_UNSET]    = "?",
	[MAILIN_RRVS_CONTINUE] = "C",
	[MAILIN_RRVS_REJECT]   = "R",
};

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
mailin_attribute_name(enum mailin_attribute attribute)
{
	return NAME(attribute_names, attribute);
}

const char *
mailin_path_kind_name(enum mailin_path_kind kind)
{
	return NAME(path_kinds, kind);
}

const char *
mailin_domain_kind_name(enum mailin_domain_kind kind)
{
	return NAME(domain_kinds, kind);
}

const char *
mailin_body_type_name(enum mailin_body_type type)
{
	return NAME(body_types, type);
}

const char *
mailin_ret_name(enum mailin_ret ret)
{
	return NAME(rets, ret);
}

const char *
mailin_by_mode_name(enum mailin_by_mode mode)
{
	return NAME(by_modes, mode);
}

const char *
mailin_rrvs_action_name(enum mailin_rrvs_action action)
{
	return NAME(rrvs_actions, action);
}

const char *
mailin_notify_name(unsigned notify)
{
	switch (notify) {
	case MAILIN_NOTIFY_NEVER:
		return "NEVER";
	case MAILIN_NOTIFY_SUCCESS:
		return "SUCCESS";
	case MAILIN_NOTIFY_FAILURE:
		return "FAILURE";
	case MAILIN_NOTIFY_DELAY:
		return "DELAY";
	default:
		return "?";
	}
}

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

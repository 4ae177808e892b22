/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PROXY_H
#define MAILIN_PROXY_H

#include <stdint.h>

#include <mailin/span.h>

/*
 * The PROXY protocol, versions 1 and 2 (HAProxy, proxy-protocol.txt): a proxy
 * begins its connection with a header that names its client.  This function
 * reads the header and knows nothing of sessions.
 *
 * Expect a header only if the peer is a proxy that the program trusts: its
 * sender may claim any address.  Never guess from the first octets whether
 * there is one (section 5).
 *
 * The library writes the addresses as text, in the family that the header
 * names: "::ffff:192.0.2.1" of INET6 does not become IPv4 here, as it does in
 * mailin_session_peer.  The spans point into the header and live as long as the
 * caller's octets do.  Some were chosen by the client behind the proxy
 * (authority, alpn, tls_name), and may have any octet.
 */

/* The most octets of a header: in version 1 a line with its CR LF; in version 2
 * 16 octets and 4096 after them, though the format allows 65551 in all. */
#define MAILIN_PROXY_V1_MOST 107
#define MAILIN_PROXY_V2_MOST 4112

/* Room for any address as text, NUL included. */
#define MAILIN_PROXY_ADDRESS_ROOM 46

enum mailin_proxy_result {
	MAILIN_PROXY_OK = 0,
	MAILIN_PROXY_INCOMPLETE, /* right so far: call again with more */
	MAILIN_PROXY_MALFORMED   /* no header begins so: close */
};

enum mailin_proxy_family {
	MAILIN_PROXY_FAMILY_UNSPEC,
	MAILIN_PROXY_FAMILY_INET,
	MAILIN_PROXY_FAMILY_INET6,
	MAILIN_PROXY_FAMILY_UNIX
};

enum mailin_proxy_transport {
	MAILIN_PROXY_TRANSPORT_UNSPEC,
	MAILIN_PROXY_TRANSPORT_STREAM, /* always so in version 1 */
	MAILIN_PROXY_TRANSPORT_DGRAM
};

/*
 * local: the header names no addresses (version 1 UNKNOWN, version 2 LOCAL or
 * UNSPEC).  Use those of the connection itself.  LOCAL is a connection of the
 * proxy's own, such as a health check; all other members are then zero.
 */
struct mailin_proxy {
	bool local;
	enum mailin_proxy_family family; /* local: UNSPEC */
	enum mailin_proxy_transport transport;

	/* INET, INET6: "192.0.2.1", "2001:db8::1" (RFC 5952); else "" and 0. */
	char source[MAILIN_PROXY_ADDRESS_ROOM];
	char destination[MAILIN_PROXY_ADDRESS_ROOM];
	unsigned source_port;
	unsigned destination_port;

	/* UNIX: the paths, up to their NUL; empty for a socket without. */
	struct mailin_span source_path;
	struct mailin_span destination_path;

	/* Version 2, 2.2.1 to 2.2.7: absent where they were not sent. */
	struct mailin_span alpn;
	struct mailin_span authority; /* the server name the client asked for */
	struct mailin_span unique_id; /* at most 128 octets */
	struct mailin_span netns;

	/* The client spoke TLS to the proxy; if not, all below is zero. */
	bool tls;
	bool tls_certificate;           /* it gave one, now or earlier in
	                                       the same TLS session, */
	bool tls_verified;              /* and the proxy found it valid */
	uint32_t tls_verify;            /* the proxy's code, 0: no error,
	                                       also without a certificate */
	struct mailin_span tls_version; /* "TLSv1.3" */
	struct mailin_span tls_cipher;  /* "ECDHE-RSA-AES128-GCM-SHA256" */
	struct mailin_span tls_name;    /* Common Name of the certificate,
	                                       a claim if it is not verified */
	struct mailin_span tls_sig_alg; /* of the proxy's certificate */
	struct mailin_span tls_key_alg;

	uint64_t reserved[8];
};

/*
 * Read the header at the beginning of octets; len may be 0.
 *
 * OK: the first *used octets were the header, the others are the client's.
 * INCOMPLETE: the octets are right as far as they go; call again with these
 * octets and more.  It is not returned if there are V1_MOST octets of version
 * 1, or V2_MOST of version 2.
 * MALFORMED: an octet is wrong, whatever may follow.  It is returned as soon as
 * that octet is there; but a wrong checksum (2.2.3) only when the header is
 * complete.  MALFORMED also if proxy or used is NULL, or if octets is NULL and
 * len is not 0.
 *
 * If the result is not OK, *proxy and *used are zero.
 */
MAILIN_EXPORT enum mailin_proxy_result mailin_proxy_parse(
    struct mailin_proxy *proxy, const char *octets, size_t len, size_t *used);

#endif

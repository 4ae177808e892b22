/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PROXY_H
#define MAILIN_PROXY_H

#include <stdint.h>

#include <mailin/span.h>

/*
 * The PROXY protocol, versions 1 and 2 (HAProxy, proxy-protocol.txt): a proxy
 * begins its connection with a header that names its client.
 * mailin_proxy_parse reads the header; it does not know sessions.
 *
 * Expect a header only from a proxy that the program trusts, because the
 * sender of a header may claim any address.  Never guess from the first octets
 * whether there is a header (section 5).
 *
 * The library writes the addresses as text, in the family that the header
 * names: "::ffff:192.0.2.1" of INET6 does not become IPv4 here
 * (mailin_session_peer has it as IPv4).  The spans point into the header, and
 * live as long as the caller's octets.  Some of them come from the client of
 * the proxy (authority, alpn, tls_name), and may have any octet.
 */

/* The maximum length of a header, in octets.  Version 1 is a line with its CR
 * LF.  Version 2 is 16 octets and up to 4096 after them; the protocol would
 * allow 65551 in all. */
#define MAILIN_PROXY_V1_MOST 107
#define MAILIN_PROXY_V2_MOST 4112

/* Room for any address as text with its NUL. */
#define MAILIN_PROXY_ADDRESS_ROOM 46

/* The results of mailin_proxy_parse. */
enum mailin_proxy_result {
	MAILIN_PROXY_OK = 0,
	MAILIN_PROXY_INCOMPLETE, /* the octets are right so far: call again with
				    more */
	MAILIN_PROXY_MALFORMED   /* the octets are no header: close the
				    connection */
};

/* The family of the addresses in a header.  It says which members of struct
 * mailin_proxy have them. */
enum mailin_proxy_family {
	MAILIN_PROXY_FAMILY_UNSPEC, /* no addresses */
	MAILIN_PROXY_FAMILY_INET,   /* IPv4: source, destination, and ports */
	MAILIN_PROXY_FAMILY_INET6,  /* IPv6: the same */
	MAILIN_PROXY_FAMILY_UNIX    /* source_path, destination_path */
};

/* The transport of the connection from the client to the proxy, as the header
 * names it. */
enum mailin_proxy_transport {
	MAILIN_PROXY_TRANSPORT_UNSPEC,
	MAILIN_PROXY_TRANSPORT_STREAM, /* TCP, or a UNIX stream; version 1 has
					  no other transport */
	MAILIN_PROXY_TRANSPORT_DGRAM   /* UDP, or UNIX datagrams */
};

/* A PROXY header.  If the member "local" is true, the header names no addresses
 * (version 1 UNKNOWN, version 2 LOCAL or UNSPEC): use those of the connection
 * itself.  LOCAL is a connection of the proxy itself, such as a health check;
 * all other members are then zero. */
struct mailin_proxy {
	bool local;
	enum mailin_proxy_family family; /* UNSPEC if "local" is true */
	enum mailin_proxy_transport transport;

	/* INET, INET6: "192.0.2.1", "2001:db8::1" (RFC 5952) and ports.
	 * Otherwise "" and 0. */
	char source[MAILIN_PROXY_ADDRESS_ROOM];
	char destination[MAILIN_PROXY_ADDRESS_ROOM];
	unsigned source_port;
	unsigned destination_port;

	/* UNIX: the paths up to their NUL; empty if a socket has no path. */
	struct mailin_span source_path;
	struct mailin_span destination_path;

	/* Only version 2 has the following values (proxy-protocol.txt 2.2.1 to
	 * 2.2.7).  A value that was not sent is absent. */
	struct mailin_span alpn;
	struct mailin_span authority; /* the server name that the client sent */
	struct mailin_span unique_id; /* at most 128 octets */
	struct mailin_span netns;

	/* True if the client spoke TLS to the proxy.  If it is false, all
	 * members below are zero. */
	bool tls;
	bool tls_certificate;           /* the client gave a certificate, now
					   or earlier in this TLS session */
	bool tls_verified;              /* the proxy found this certificate
					   valid */
	uint32_t tls_verify;            /* the proxy's result of the check of
					   the certificate; 0: no error, or no
					   certificate */
	struct mailin_span tls_version; /* "TLSv1.3" */
	struct mailin_span tls_cipher;  /* "ECDHE-RSA-AES128-GCM-SHA256" */
	struct mailin_span tls_name;    /* the Common Name in the client's
					   certificate; do not trust it unless
					   tls_verified is true */
	struct mailin_span tls_sig_alg; /* the signature algorithm of the
					   proxy's certificate */
	struct mailin_span tls_key_alg;

	uint64_t reserved[8];
};

/*
 * Read the header at the start of octets.  len may be 0.
 *
 * OK: the first *used octets are the header, the other octets are the client's.
 * INCOMPLETE: the octets are right so far; call again with these octets and
 * more.  With V1_MOST octets of version 1, or V2_MOST of version 2, the result
 * is never INCOMPLETE.  MALFORMED: an octet is wrong, whatever follows.  The
 * result is MALFORMED as soon as the wrong octet has come; only a wrong
 * checksum (2.2.3) is found when the header is complete.  Returns MALFORMED
 * also if proxy or used is NULL, or if octets is NULL and len is not 0.
 *
 * If the result is not OK, *proxy and *used are zero.
 */
MAILIN_EXPORT enum mailin_proxy_result mailin_proxy_parse(
    struct mailin_proxy *proxy, const char *octets, size_t len, size_t *used);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stddef.h>

#include "settings/option_table.h"

/* clang-format off */
const struct option own_options[OPTION_COUNT] = {
[OPTION_LISTEN] = { "Serving", "listen", "ADDRESS:PORT",
	"where to listen, such as 192.0.2.1:25 or [::1]:2525; port 0 is any "
	"free port; may be given several times (default 127.0.0.1:2525, "
	"but none with --listen-tls)" },
[OPTION_LISTEN_TLS] = { NULL, "listen-tls", "ADDRESS:PORT",
	"where to listen for clients that start with TLS, as on port 465; "
	"may be given several times" },
[OPTION_HOSTNAME] = { NULL, "hostname", "NAME",
	"the name by which the server calls itself (default: the machine's "
	"name)" },
[OPTION_DOMAIN] = { NULL, "domain", "NAME",
	"accept mail for this domain and for <postmaster>, and refuse all "
	"other mail; may be given several times (default: accept any "
	"recipient)" },
[OPTION_STDIO] = { NULL, "stdio", NULL,
	"serve one session on standard input and output, as inetd expects; "
	"log lines go to standard error" },
[OPTION_MAX_CONNECTIONS] = { NULL, "max-connections", "NUMBER",
	"clients at the same time; any more get 421 (default 1000, or fewer "
	"if the limit of descriptors, ulimit -n, allows no more)" },
[OPTION_GRACE] = { NULL, "grace", "SECONDS",
	"how long sessions may go on after SIGTERM (default 30)" },
[OPTION_THREADS] = { NULL, "threads", "NUMBER",
	"threads that serve clients (default: one for each processor)" },
[OPTION_PROXY_FROM] = { "Proxies", "proxy-from", "NETWORK",
	"peers in NETWORK, such as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32, "
	"are proxies and must begin with a PROXY protocol header, version 1 "
	"or 2, which names the true client, and describes its TLS if that "
	"ends at the proxy; may be given several times" },
[OPTION_XCLIENT_FROM] = { NULL, "xclient-from", "NETWORK",
	"offer XCLIENT and XFORWARD to peers in NETWORK, and believe what "
	"they say about the client; after an XCLIENT the client itself sends "
	"the commands, so both are off unless the named client is in NETWORK, "
	"too; a peer that is also in --proxy-from gets neither; may be given "
	"several times" },
[OPTION_MAILDIR] = { "Storing", "maildir", "DIRECTORY",
	"the Maildir, which is made if it is missing (default ./mail)" },
[OPTION_WORKERS] = { NULL, "workers", "NUMBER",
	"threads that write messages to the disk (default 16)" },
[OPTION_DISCARD] = { NULL, "discard", NULL,
	"accept messages and throw them away, to test clients or to measure "
	"the server: no Maildir is made or used, and messages are not logged" },
[OPTION_TLS_CERTIFICATE] = { "TLS", "tls-certificate", "FILE",
	"the server's certificate and its chain of issuers, in PEM; switches "
	"STARTTLS on" },
[OPTION_TLS_KEY] = { NULL, "tls-key", "FILE",
	"the private key of the certificate, in PEM and without a passphrase "
	"(default: read from the certificate's file)" },
[OPTION_PASSWD] = { "Logging in", "passwd", "FILE",
	"offer AUTH to the users of FILE, which has lines user:hash with "
	"hashes of crypt(5); only inside TLS, unless --tls optional lets "
	"clients send passwords in clear" },
[OPTION_TRACE] = { "Diagnosis", "trace", NULL,
	"write each line received (<) and sent (>) to standard error" },
[OPTION_HELP] = { NULL, "help", NULL, "print this and exit" },
[OPTION_VERSION] = { NULL, "version", NULL, "print the version and exit" },
};
/* clang-format on */

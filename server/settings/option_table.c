/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stddef.h>

#include "settings/option_table.h"

/* clang-format off */
const struct option own_options[OPTION_COUNT] = {
[OPTION_LISTEN] = { "Serving", "listen", "ADDRESS:PORT",
	"where to listen, such as 192.0.2.1:25 or [::1]:2525; port 0 takes "
	"a free one; may be given several times (default 127.0.0.1:2525, "
	"but none with --listen-tls)" },
[OPTION_LISTEN_TLS] = { NULL, "listen-tls", "ADDRESS:PORT",
	"the same for clients that begin with TLS, as they do on port 465; "
	"may be given several times" },
[OPTION_HOSTNAME] = { NULL, "hostname", "NAME",
	"what the server calls itself (default: the machine's name)" },
[OPTION_DOMAIN] = { NULL, "domain", "NAME",
	"accept mail for this domain and for <postmaster>, and refuse all "
	"other; may be given several times (default: accept any recipient)" },
[OPTION_STDIO] = { NULL, "stdio", NULL,
	"serve one session on standard input and output, as inetd wants it; "
	"messages for the operator go to standard error" },
[OPTION_MAX_CONNECTIONS] = { NULL, "max-connections", "NUMBER",
	"clients at the same time; more get 421 (default 1000, or what the "
	"limit of descriptors, ulimit -n, allows)" },
[OPTION_GRACE] = { NULL, "grace", "SECONDS",
	"how long SIGTERM lets sessions end by themselves (default 30)" },
[OPTION_THREADS] = { NULL, "threads", "NUMBER",
	"threads that serve clients (default: one a processor)" },
[OPTION_PROXY_FROM] = { "Proxies", "proxy-from", "NETWORK",
	"peers in NETWORK, such as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32, "
	"are proxies and must begin with a PROXY protocol header, version 1 "
	"or 2, which tells the true client, and its TLS if that ends at the "
	"proxy; may be given several times" },
[OPTION_XCLIENT_FROM] = { NULL, "xclient-from", "NETWORK",
	"offer XCLIENT and XFORWARD to peers in NETWORK, and believe what "
	"they say of the client; the client's own words follow an XCLIENT, "
	"so only one that is in NETWORK may then say another; not to those in "
	"--proxy-from as well; may be given several times" },
[OPTION_MAILDIR] = { "Storing", "maildir", "DIRECTORY",
	"the Maildir, which is made if missing (default ./mail)" },
[OPTION_WORKERS] = { NULL, "workers", "NUMBER",
	"threads that bring messages to the disk (default 16)" },
[OPTION_DISCARD] = { NULL, "discard", NULL,
	"accept messages and throw them away, to try or to measure clients: "
	"no Maildir is made or touched, and messages are not logged" },
[OPTION_TLS_CERTIFICATE] = { "TLS", "tls-certificate", "FILE",
	"the server's certificate and those that lead to its root, in PEM; "
	"switches STARTTLS on" },
[OPTION_TLS_KEY] = { NULL, "tls-key", "FILE",
	"its private key, in PEM and without a passphrase (default: in the "
	"certificate's file)" },
[OPTION_PASSWD] = { "Logging in", "passwd", "FILE",
	"offer AUTH to the users of FILE, which has lines user:hash with "
	"hashes as crypt(5) tells; inside TLS only, unless with --tls "
	"optional passwords may travel in clear" },
[OPTION_TRACE] = { "Diagnosis", "trace", NULL,
	"show each line in (<) and out (>) on standard error" },
[OPTION_HELP] = { NULL, "help", NULL, "print this and exit" },
[OPTION_VERSION] = { NULL, "version", NULL, "print the version and exit" },
};
/* clang-format on */

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "settings/limit_options.h"
#include "settings/option_table.h"
#include "settings/policy_options.h"
#include "settings/process_options.h"
#include "settings/store_options.h"
#include "settings/take.h"

/* clang-format off */
static const struct option table[] = {
{ "Serving", "listen", "ADDRESS:PORT",
	"where to listen, such as 192.0.2.1:25 or [::1]:2525; *:25, or only "
	"25, is all addresses of the machine; port 0 is any free port; "
	"systemd:NAME is the socket that systemd passes with this name; may be "
	"given several times (default 127.0.0.1:2525, but none with "
	"--listen-tls)",
	.listener = take_listen, .many = true, .is_place = true },
{ NULL, "listen-tls", "ADDRESS:PORT",
	"where to listen for clients that start with TLS, as on port 465; "
	"may be given several times",
	.listener = take_listen_tls, .many = true, .is_place = true },
{ NULL, "hostname", "NAME",
	"the name by which the server calls itself (default: the machine's "
	"name)",
	.listener = take_hostname },
{ NULL, "domain", "NAME",
	"accept mail for this domain and for <postmaster>, and refuse all "
	"other mail; may be given several times (default: accept any "
	"recipient)",
	.listener = take_domain, .many = true },
{ NULL, "recipients", "FILE",
	"accept mail only for the recipients in FILE, which has an address "
	"(user@example.org) or a whole domain (@example.org) in each line; "
	"postmaster of these domains is always accepted",
	.listener = take_recipients },
{ NULL, "ignore-case", NULL,
	"Joe@example.org and joe@example.org are the same for --recipients "
	"and the senders in --passwd (default: they differ)",
	.listener = take_ignore_case,
	.needs = "recipients passwd" },
{ NULL, "stdio", NULL,
	"serve one session on standard input and output, as inetd expects; "
	"log lines go to standard error",
	.process = take_stdio, .not_in_file = true,
	.not_with = "smtp lmtp" },
{ NULL, "max-connections", "NUMBER",
	"clients at the same time; others get 421 (default 1000, or fewer "
	"if the limit of descriptors, ulimit -n, allows no more)",
	.process = take_max_connections },
{ NULL, "address-connections", "NUMBER",
	"clients at the same time with one IPv4 address or in one IPv6 /64; "
	"others get 421; here and in the next options 0 means no limit, and "
	"clients behind a proxy count by their own address (default a tenth "
	"of --max-connections, but at least 10)",
	.process = take_address_connections, .is_live = true },
{ NULL, "address-window", "SECONDS",
	"the length of the window in which the next four options count, over "
	"all sessions of an address (default 600)",
	.process = take_address_window, .is_live = true },
{ NULL, "address-new-connections", "NUMBER",
	"connections in the window (default 3000)",
	.process = take_address_new, .is_live = true },
{ NULL, "address-messages", "NUMBER",
	"messages in the window (default 10000)",
	.process = take_address_messages, .is_live = true },
{ NULL, "address-refused", "NUMBER",
	"recipients that are refused, in the window (default 300)",
	.process = take_address_refused, .is_live = true },
{ NULL, "address-auth-failures", "NUMBER",
	"failed logins in the window (default 30)",
	.process = take_address_auth, .is_live = true },
{ NULL, "exempt", "NETWORK",
	"addresses in NETWORK, such as 192.0.2.0/24, have none of these "
	"limits; with none, all addresses have them; may be given several "
	"times (default 127.0.0.0/8 and ::1)",
	.process = take_exempt, .many = true, .is_live = true },
{ NULL, "grace", "SECONDS",
	"how long sessions may go on after SIGTERM (default 30)",
	.process = take_grace, .is_live = true },
{ NULL, "threads", "NUMBER",
	"threads that serve clients (default: one for each processor)",
	.process = take_threads },
{ "Proxies", "proxy-from", "NETWORK",
	"peers in NETWORK, such as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32, "
	"are proxies and must begin with a PROXY protocol header, version 1 "
	"or 2; the header names the true client, and describes its TLS if "
	"that ends at the proxy; may be given several times",
	.listener = take_proxy_from, .many = true },
{ NULL, "xclient-from", "NETWORK",
	"offer XCLIENT and XFORWARD to peers in NETWORK, and believe what "
	"they say about the client; after an XCLIENT the client itself sends "
	"the commands, so both are off unless the named client is in NETWORK, "
	"too; a peer that is also in --proxy-from may use neither; may be "
	"given several times",
	.listener = take_xclient_from, .many = true },
{ "Storing", "maildir", "DIRECTORY",
	"the Maildir, which is made if it is missing; with %u, the local part, "
	"or %d, the domain, each recipient has a Maildir of its own, as in "
	"/srv/mail/%d/%u: that needs --recipients; %% is a percent sign "
	"(default ./mail)",
	.process = take_maildir,
	.not_with = "smtp lmtp" },
{ NULL, "maildir-newline", "NEWLINE",
	"the end of each line in the Maildir; lf: LF, as mail readers on Unix "
	"expect; crlf: CR LF, so that each octet is stored as it was sent; a "
	"message with BODY=BINARYMIME always keeps its octets (default lf)",
	.process = take_maildir_newline,
	.not_with = "smtp lmtp" },
{ NULL, "workers", "NUMBER",
	"threads that write messages to the disk (default 16)",
	.process = take_workers,
	.not_with = "smtp lmtp" },
{ NULL, "discard", NULL,
	"accept messages and throw them away, to test clients or to measure "
	"the server: no Maildir is made or used, and neither messages nor "
	"sessions are logged",
	.process = take_discard,
	.not_with = "smtp lmtp" },
{ NULL, "smtp", "HOST:PORT",
	"hand messages on to the mail server there, or at unix:PATH, by SMTP, "
	"and store nothing: the client gets the replies of that server; if "
	"given several times, the servers take turns, and one that cannot be "
	"reached is passed over for 3 seconds; names are looked up at the "
	"start and on SIGHUP; needs --domain, --recipients, --auth required "
	"or --back-end-xclient if the server there may relay for this one",
	.process = take_smtp, .many = true, .is_live = true },
{ NULL, "lmtp", "HOST:PORT",
	"the same by LMTP; a client that speaks SMTP then sends one recipient "
	"at a time, since LMTP has a reply for each",
	.process = take_lmtp, .many = true, .is_live = true,
	.not_with = "smtp" },
{ NULL, "back-end-tls", "MODE",
	"use TLS with the servers in --smtp or --lmtp, and only if their "
	"certificate is valid for HOST; starttls: by STARTTLS; implicit: from "
	"the first octet on; none: never (default none)",
	.process = take_back_end_tls, .is_live = true,
	.needs = "smtp lmtp" },
{ NULL, "back-end-ca", "FILE",
	"the authorities that --back-end-tls trusts, in PEM; the file is read "
	"at the start and on SIGHUP (default: those of the system)",
	.process = take_back_end_ca, .is_live = true,
	.needs = "back-end-tls" },
{ NULL, "back-end-auth", "FILE",
	"log in to the servers in --smtp or --lmtp, as the user "
	"in FILE, which has one line, user:password, and which others may not "
	"read; to another machine only inside TLS; a server that refuses gets "
	"no mail; the file is read at the start and on SIGHUP",
	.process = take_back_end_auth, .is_live = true,
	.needs = "smtp lmtp" },
{ NULL, "back-end-xclient", NULL,
	"tell the servers in --smtp or --lmtp by XCLIENT where the client is, "
	"and as whom it has logged in here, so that they treat it as if it "
	"had come to them; a server that does not offer that gets no mail "
	"(default: tell them by XFORWARD, for their log)",
	.process = take_back_end_xclient, .is_live = true,
	.needs = "smtp lmtp", .not_with = "back-end-auth" },
{ NULL, "back-end-timeout", "SECONDS",
	"how long to wait for a reply of the server in --smtp or --lmtp; "
	"twice as long for the reply to a message (default 300)",
	.process = take_back_end_timeout, .is_live = true,
	.needs = "smtp lmtp" },
{ "Confinement", "user", "NAME[:GROUP]",
	"if root starts the server: listen, read the files, and then become "
	"this user for good; without a sandbox root needs this option",
	.process = take_user },
{ NULL, "sandbox", "MODE",
	"on: allow only the system calls that the server needs, by a filter "
	"of seccomp(2); off: have no filter (default: on, if the build has "
	"libseccomp)",
	.process = take_sandbox },
{ "TLS", "tls-certificate", "FILE",
	"the server's certificate and its chain of issuers, in PEM; switches "
	"STARTTLS on; may be given several times, for several names of the "
	"server (SNI), and with keys of different kinds; the first one is the "
	"default",
	.listener = take_tls_certificate, .many = true },
{ NULL, "tls-key", "FILE",
	"the private key of the certificate before it, in PEM and without a "
	"passphrase (default: read from the certificate's file)",
	.listener = take_tls_key, .many = true,
	.belongs_to = "tls-certificate",
	.needs = "tls-certificate" },
{ NULL, "tls-self-signed", NULL,
	"for trials: make a certificate for --hostname in memory, which "
	"clients cannot verify",
	.listener = take_tls_self_signed },
{ NULL, "tls-client-ca", "FILE",
	"ask clients for a certificate that an authority in FILE, in PEM, has "
	"issued; its common name is a user of --passwd, who may log in by it "
	"(EXTERNAL)",
	.listener = take_tls_client_ca },
{ "Logging in", "passwd", "FILE",
	"offer AUTH to the users of FILE, which has lines user:hash or "
	"user:hash:senders with hashes of crypt(5), and the senders that the "
	"user may use; only inside TLS, unless --tls optional lets "
	"clients send passwords in clear",
	.listener = take_passwd },
{ NULL, "hash-password", NULL,
	"read a password from the terminal, or a line of standard input, "
	"print its hash for --passwd, and exit",
	.process = take_hash_password, .not_in_file = true },
{ NULL, "hash-scram", NULL,
	"like --hash-password, but print a hash for SCRAM-SHA-256",
	.process = take_hash_scram, .not_in_file = true },
{ "Settings", "config", "FILE",
	"read options from a file with lines such as threads = 4 or discard = "
	"yes, and with a section [listener NAME] for each listener that has "
	"options of its own; an option of the command line replaces those of "
	"the same name before the first section",
	.process = take_config, .not_in_file = true },
{ NULL, "check-config", NULL,
	"read all options, and the files that they name, say in one line "
	"whether they are correct, and exit",
	.process = take_check_config, .not_in_file = true },
{ "Diagnosis", "log", "WHERE",
	"where the log goes while the server serves; stdout: standard output "
	"(with --stdio: standard error), each line with time and level; "
	"journald: like stdout, but with levels that journald understands, "
	"and no time; syslog: syslog with the facility mail (default stdout, "
	"or journald if journald reads it)",
	.process = take_log },
{ NULL, "trace", NULL,
	"write each line received (<) and sent (>) to standard error",
	.process = take_trace },
{ NULL, "metrics", "ADDRESS:PORT",
	"serve counters for Prometheus by HTTP, at /metrics, and /health, "
	"which is 503 after SIGTERM; a port without an address is one of "
	"127.0.0.1",
	.process = take_metrics,
	.not_with = "stdio" },
{ NULL, "help", NULL,
	"print this and exit",
	.process = take_help, .not_in_file = true },
{ NULL, "version", NULL,
	"print the version and exit",
	.process = take_version, .not_in_file = true },
};
/* clang-format on */

const struct option *
option_at(size_t i)
{
	return i < sizeof table / sizeof table[0] ? &table[i] : NULL;
}

const struct option *
option_find(const char *name)
{
	const struct option *option;
	size_t i;

	for (i = 0; (option = option_at(i)) != NULL; i++)
		if (strcmp(option->name, name) == 0)
			break;
	return option;
}

const char *
setting_option(const struct mailin_setting *setting)
{
	return strcmp(setting->name, "recipients") == 0 ? "message-recipients" :
							  setting->name;
}

bool
setting_find(const char *name, size_t *index, struct mailin_setting *setting)
{
	size_t i = 0;

	while (mailin_setting_at(i, setting) &&
	    strcmp(setting_option(setting), name) != 0)
		i++;
	*index = i;
	return mailin_setting_at(i, setting);
}

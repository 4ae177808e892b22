#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Servers that other people wrote send mail to mailin-server: HAProxy is in
# front of it, and Postfix relays to it.  All their files are in a temporary
# folder.
. "$srcdir/tests/programs/server.sh"

PATH=$PATH:/usr/sbin:/sbin
lacking=0
haproxy=
postfix=

# lacks TEXT: a program is missing.  The script then ends with SKIP, unless a
# test fails.
lacks() {
	echo "SKIP: $*"
	lacking=77
}

end_peers() {
	[ -z "$haproxy" ] || kill "$haproxy" 2>/dev/null || :
	[ -z "$postfix" ] || postfix -c "$postfix/etc" stop >/dev/null 2>&1 || :
	clean_up
}
trap end_peers EXIT

# stored NUMBER: succeeds if this number of messages is in new/.
stored() {
	[ "$(ls "$maildir/new" | wc -l)" -eq "$1" ]
}

# ---- HAProxy ----

configure_haproxy() {
	cat <<-END
	defaults
		mode tcp
		timeout connect 5s
		timeout client 30s
		timeout server 30s
		timeout check 5s
	END
	index=0
	for options in send-proxy send-proxy-v2 \
	    "send-proxy-v2 proxy-v2-options crc32c,unique-id"; do
		cat <<-END
		listen proxy_$index
			bind "fd@\${SOCKET_$index}"
			unique-id-format %[uuid()]
			option smtpchk EHLO health-$index.example.org
			server mailin 127.0.0.1:$port $options check \
			    check-send-proxy inter 500ms
		END
		index=$((index + 1))
	done
}

# The log must show a session for HAProxy's health check.
is_checked() {
	for index in 0 1 2; do
		grep -q "< EHLO health-$index.example.org" "$scratch/errors" ||
		    return 1
	done
}

try_haproxy() {
	start --trace --proxy-from 127.0.0.0/8
	configure_haproxy >"$scratch/haproxy.cfg"
	python3 "$srcdir/tests/programs/haproxy.py" "$scratch/haproxy.cfg" 3 \
	    >"$scratch/ports" 2>"$scratch/haproxy.log" &
	haproxy=$!
	within_time [ -s "$scratch/ports" ] || fail "HAProxy does not start"
	for front in $(cat "$scratch/ports"); do
		py through_proxy "$front" "$maildir" ||
		    fail "HAProxy: $(tail -n 5 "$scratch/haproxy.log")"
	done
	within_time is_checked || fail "no health check"
	grep -q 'is DOWN' "$scratch/haproxy.log" &&
	    fail "a health check failed: $(cat "$scratch/haproxy.log")"
	kill "$haproxy"
	wait "$haproxy" 2>/dev/null || :
	haproxy=
	stop
	grep -qF ' client=127.0.0.9 ' "$scratch/log" ||
	    fail "the log does not name the client"
}

# ---- smtp-source: many clients at a time ----

# many OPTION...: send 200 messages, 10 at a time.
many() {
	timeout 60 smtp-source -s 10 -m 200 -f alice@example.org \
	    -t bob@example.org -F "$scratch/dots.text" "$@" \
	    127.0.0.1:"$port" || fail "smtp-source $*"
	stored 200 || fail "smtp-source $*: $(ls "$maildir/new" | wc -l) of 200"
	# smtp-source adds one CR LF to its input.
	{ cat "$scratch/dots" && printf '\r\n'; } >"$scratch/sent"
	for file in "$maildir"/new/*; do
		tail -c "$(wc -c <"$scratch/sent")" "$file" |
		    cmp -s - "$scratch/sent" ||
		    { fail "smtp-source $*: $(cat "$file")" && break; }
	done
	rm -f "$maildir"/new/*
}

try_smtp_source() {
	start
	many
	many -d
	stop
	start --protocol lmtp
	many -L -r 3
	stop
	[ "$(grep -c ' event=message .* recipients=3 ' \
	    "$scratch/log")" -eq 200 ] ||
	    fail "smtp-source -L -r 3: a message is stored twice"
}

# ---- Postfix ----

# Remove Postfix's Received: field, so that the rest can be compared.
configure_postfix() {
	mkdir -p "$postfix/etc" "$postfix/spool" "$postfix/data"
	chmod 711 "$postfix"
	chown postfix "$postfix/data"
	cat >"$postfix/etc/main.cf" <<-END
	compatibility_level = 3.6
	queue_directory = $postfix/spool
	data_directory = $postfix/data
	maillog_file = $postfix/log
	maillog_file_prefixes = $postfix
	myhostname = client.example.org
	mydestination =
	alias_maps =
	alias_database =
	inet_interfaces = loopback-only
	inet_protocols = ipv4
	smtp_dns_support_level = disabled
	smtputf8_enable = yes
	header_checks = regexp:$postfix/etc/headers
	default_transport = $protocol:[127.0.0.1]:$port
	END
	echo '/^Received: by client\.example\.org \(Postfix/ IGNORE' \
	    >"$postfix/etc/headers"
	cat >"$postfix/etc/master.cf" <<-END
	pickup   unix       n - n 60    1 pickup
	cleanup  unix       n - n -     0 cleanup
	qmgr     unix       n - n 300   1 qmgr
	rewrite  unix       - - n -     - trivial-rewrite
	bounce   unix       - - n -     0 bounce
	defer    unix       - - n -     0 bounce
	trace    unix       - - n -     0 bounce
	proxymap unix       - - n -     - proxymap
	smtp     unix       - - n -     - smtp
	lmtp     unix       - - n -     - lmtp
	error    unix       - - n -     - error
	retry    unix       - - n -     - error
	postlog  unix-dgram n - n -     1 postlogd
	END
}

# submit FILE SENDER RECIPIENT...: give FILE to Postfix, with its CR LF turned
# into LF.
submit() {
	file=$1 sender=$2
	shift 2
	sendmail -C "$postfix/etc" -i -f "${sender:-<>}" -- "$@" \
	    <"$scratch/$file.text"
}

# relay FILE SENDER RECIPIENT...: submit FILE, and check what is stored.
relay() {
	submit "$@" || fail "sendmail $*"
	file=$1
	shift
	within_time stored 1 || fail "$protocol, $file: not delivered:" \
	    "$(tail -n 5 "$postfix/log")"
	fault=$(py stored "$maildir" "$scratch/$file" "$@" 2>&1) ||
	    fail "Postfix $protocol, $file: $fault"
}

traced() {
	grep -q -e "$1" "$scratch/errors" ||
	    fail "Postfix $protocol: $1 is not in the trace"
}

# Of two recipients one is refused.  The other one gets the message, and the
# sender gets a report from the null sender.
bounce() {
	submit short alice@example.org bob@example.org dave@example.com
	within_time stored 2 || fail "$protocol: no report of a refusal"
	grep -q '^Return-Path: <>' "$maildir"/new/* ||
	    fail "$protocol: a report with a sender"
	for text in 'to=<bob@example.org>.*status=sent (250 2.0.0 Stored as' \
	    'to=<dave@example.com>.*status=bounced .*550 5.7.1'; do
		grep -q "$text" "$postfix/log" || fail "$protocol: no $text"
	done
	rm -f "$maildir"/new/*
}

try_postfix() {
	protocol=$1 postfix=$scratch/postfix
	start --trace --protocol "$protocol" --domain example.org
	configure_postfix
	postfix -c "$postfix/etc" start >"$scratch/start" 2>&1 ||
	    fail "Postfix: $(cat "$scratch/start" "$postfix/log")"
	relay dots alice@example.org bob@example.org
	relay short "" bob@example.org
	relay big alice@example.org bob@example.org carol@example.org
	relay eight alice@example.org bob@example.org
	relay utf8 älice@example.org bøb@example.org
	bounce
	traced '< MAIL FROM:<alice@example.org>.* BODY=8BITMIME'
	traced '< MAIL FROM:<\\xC3\\xA4lice@example.org>.* SMTPUTF8'
	traced '< RCPT TO:<b\\xC3\\xB8b@example.org>'
	postfix -c "$postfix/etc" stop >/dev/null 2>&1 || fail "postfix stop"
	postfix=
	stop
}

py messages "$scratch"
for file in dots short big eight utf8; do
	tr -d '\r' <"$scratch/$file" >"$scratch/$file.text"
done

if command -v haproxy >/dev/null; then
	try_haproxy
else
	lacks "haproxy is missing"
fi
if command -v smtp-source >/dev/null; then
	try_smtp_source
else
	lacks "smtp-source of Postfix is missing"
fi
if ! command -v postfix >/dev/null; then
	lacks "Postfix is missing"
elif [ "$(id -u)" -ne 0 ]; then
	lacks "Postfix starts for root alone"
elif ! opens_to postfix; then
	lacking=77
else
	try_postfix smtp
	try_postfix lmtp
fi

[ $status -ne 0 ] || status=$lacking
exit $status

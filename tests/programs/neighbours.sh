#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Mail servers that other people wrote get mail from mailin-server: Postfix by
# SMTP, and Dovecot by LMTP.  All their files are in a temporary folder.  This
# takes about a minute, so "make check-neighbours" runs it, not "make check".
. "$srcdir/tests/programs/server.sh"

. "$srcdir/tests/programs/back_ends.sh"

needs smtp-source postfix
needs swaks swaks
needs curl curl
needs msmtp msmtp

# ---- The tests of each back end ----

# opens OPTION...: start mailin-server with the back end.
opens() {
	launch "$server" --listen "127.0.0.1:${again:-0}" \
	    --hostname mx.example.org "$@"
}

# acknowledged NUMBER: succeeds if at least NUMBER messages have been
# acknowledged.
acknowledged() {
	[ "$(wc -l <"$scratch/acknowledged")" -ge "$1" ]
}

# try_load NAME OPTION...: while clients send 400 messages, SIGKILL ends the
# server and later the back end.
try_load() {
	name=$1
	shift
	: >"$scratch/acknowledged"
	again=
	opens "$@"
	again=$port
	py neighbours_load send "$port" "$scratch" 400 &
	load=$!
	for number in 40 120; do
		within_time acknowledged $number || fail "$name: no progress"
		kill -9 "$pid"
		wait "$pid" 2>/dev/null || :
		opens "$@"
	done
	for number in 180 240; do
		within_time acknowledged $number || fail "$name: no progress"
		kill_family "$scratch/$name/pid"
		sleep 0.3
		"start_$name" "$name"
	done
	wait "$load" || fail "$name: the clients"
	py neighbours_load arrived "$scratch" "$scratch/$name/mail/bob" 400 ||
	    fail "$name: mail was lost, doubled or cut"
	again=
	stop
}

# hears TEXT COMMAND...: a client must show this text.
hears() {
	text=$1
	shift
	"$@" >"$scratch/client" 2>&1 || :
	grep -q -e "$text" "$scratch/client" ||
	    fail "$1: no '$text' in: $(cat "$scratch/client")"
}

# try_clients TEXT FOLDER: clients send mail to bob, and show this text of the
# back end.  The message must arrive in FOLDER, octet for octet.
try_clients() {
	py messages "$scratch"
	for file in dots short big eight; do
		hears "$1" swaks --server 127.0.0.1:"$port" \
		    --from alice@example.org --to bob@example.org \
		    --data "@$scratch/$file.swaks"
		within_time py neighbours_load same "$scratch/$file" "$2" ||
		    fail "swaks, $file: other octets"
	done
	hears "$1" curl -sv "smtp://127.0.0.1:$port/curl.example.org" \
	    --mail-from alice@example.org --mail-rcpt bob@example.org \
	    --upload-file "$scratch/dots"
	within_time py neighbours_load same "$scratch/dots" "$2" ||
	    fail "curl: other octets"
	hears "$1" env HOME="$scratch" msmtp --debug --host=127.0.0.1 \
	    --port="$port" --from=alice@example.org bob@example.org \
	    <"$scratch/eight"
	within_time py neighbours_load same "$scratch/eight" "$2" ||
	    fail "msmtp: other octets"
}

try_postfix() {
	back=$(py free_port)
	configure_postfix postfix "127.0.0.1:$back"
	start_postfix postfix
	opens --smtp "127.0.0.1:$back"
	try_clients '250 2.0.0 Ok: queued as' "$folder/mail/bob"
	timeout 60 smtp-source -s 10 -m 200 -f alice@example.org \
	    -t carol@example.org -l 5000 127.0.0.1:"$port" || fail smtp-source
	py neighbours_load number "$folder/mail/carol" 200 ||
	    fail "smtp-source: messages are missing"
	for name in postfix innocent; do
		py neighbours $name "$port" "$scratch" "$folder" ||
		    fail "Postfix, $name: $(tail -n 5 "$folder/log")"
	done
	stop
	try_load postfix --smtp "127.0.0.1:$back"
	kill_family "$scratch/postfix/pid"
}

# configure_more LINE...: add lines to the settings of Postfix.
configure_more() {
	printf '%s\n' "$@" >>"$folder/etc/main.cf"
}

# try_guide: the lines for master.cf in doc/server.md and in the manual page.
# This Postfix is otherwise as after its installation: it relays for all clients
# of this machine, and believes no XFORWARD.
try_guide() {
	back=$(py free_port)
	configure_postfix guide "127.0.0.1:$back"
	configure_more 'mynetworks = 127.0.0.0/8' \
	    'smtpd_authorized_xforward_hosts =' \
	    'smtpd_recipient_restrictions =' \
	    'smtpd_relay_restrictions = permit_mynetworks' \
	    '    reject_unauth_destination'
	sed -n '/^    127\.0\.0\.1:10025 inet/,/^$/s/^    //p' \
	    "$srcdir/doc/server.md" >"$folder/lines"
	sed -n '/^127\.0\.0\.1:10025 inet/,/^\.Ed/p' \
	    "$srcdir/doc/mailin-server.1" | sed '$d' |
	    cmp - "$folder/lines" || fail "two documents have different lines"
	# Only the installation of Debian prepares a chroot, the "y".
	{ sed "s/10025/$back/; s/ n - y / n - n /" "$folder/lines" &&
	    sed 1,2d "$folder/etc/master.cf"; } >"$folder/master.cf"
	mv "$folder/master.cf" "$folder/etc/master.cf"
	start_postfix guide
	opens --domain example.org --smtp "127.0.0.1:$back"
	py neighbours guide "$port" "$scratch" "$folder" ||
	    fail "the guide: $(tail -n 5 "$folder/log")"
	stop
	kill_family "$scratch/guide/pid"
}

try_dovecot() {
	back=$(py free_port)
	configure_dovecot dovecot "127.0.0.1:$back"
	start_dovecot dovecot
	opens --lmtp "unix:$folder/run/lmtp"
	try_clients '250 2.0.0 <bob@example.org>.* Saved' "$folder/mail/bob"
	py neighbours dovecot_smtp "$port" "$scratch" "$folder" ||
	    fail "Dovecot: $(tail -n 5 "$folder/log")"
	stop
	opens --lmtp "127.0.0.1:$back" --protocol lmtp
	py neighbours dovecot_lmtp "$port" "$scratch" "$folder" ||
	    fail "Dovecot: $(tail -n 5 "$folder/log")"
	stop
	try_load dovecot --lmtp "127.0.0.1:$back"
	kill_family "$scratch/dovecot/pid"
}

# try_xclient: with XCLIENT, Postfix treats each client as if it had connected
# to Postfix.
try_xclient() {
	back=$(py free_port)
	configure_postfix xclient "127.0.0.1:$back"
	configure_more 'smtpd_authorized_xclient_hosts = 127.0.0.1' \
	    'smtpd_delay_reject = no' \
	    'smtpd_client_restrictions = check_client_access inline:{' \
	    '    {127.0.0.6 = 554 5.7.1 Not you}' \
	    '    {127.0.0.7 = 450 4.7.1 Not now} }' \
	    'smtpd_helo_restrictions = check_helo_access inline:{' \
	    '    {worse.example = 504 5.5.2 Not this name} }'
	start_postfix xclient
	opens --smtp "127.0.0.1:$back" --back-end-xclient \
	    --xclient-from 127.0.0.4
	py neighbours xclient "$port" "$scratch" "$folder" ||
	    fail "XCLIENT: $(tail -n 5 "$folder/log")"
	stop
	kill_family "$scratch/xclient/pid"
}

# try_login MECHANISM: the server logs in to Postfix, which asks Dovecot about
# passwords, inside TLS.
try_login() {
	export MECHANISM="$1"
	rm -rf "$scratch/users" "$scratch/login"
	configure_dovecot users "127.0.0.1:$(py free_port)"
	echo 'door:{PLAIN}tanstaaftanstaaf' >>"$folder/users"
	cat >>"$folder/conf" <<-END
	auth_mechanisms = $MECHANISM
	service auth {
	  unix_listener $folder/login {
	    mode = 0666
	  }
	}
	END
	start_dovecot users
	back=$(py free_port)
	configure_postfix login "127.0.0.1:$back"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -days 30 -subj /CN=back -addext subjectAltName=IP:127.0.0.1 \
	    -keyout "$folder/key" -out "$folder/pem" 2>"$scratch/openssl" ||
	    fail "openssl: $(cat "$scratch/openssl")"
	configure_more 'smtpd_sasl_auth_enable = yes' \
	    'smtpd_sasl_type = dovecot' \
	    "smtpd_sasl_path = $scratch/users/login" \
	    'smtpd_tls_security_level = encrypt' 'smtpd_tls_auth_only = yes' \
	    "smtpd_tls_cert_file = $folder/pem" \
	    "smtpd_tls_key_file = $folder/key" \
	    'smtpd_client_restrictions = permit_sasl_authenticated reject'
	cat >>"$folder/etc/master.cf" <<-END
	tlsmgr   unix       - - n 1000? 1 tlsmgr
	END
	start_postfix login
	# Dovecot delays a client whose password was wrong.
	for word in tanstaaftanstaaf wrong; do
		(umask 077 && echo "door:$word" >"$scratch/secret")
		opens --smtp "127.0.0.1:$back" --back-end-tls starttls \
		    --back-end-ca "$folder/pem" \
		    --back-end-auth "$scratch/secret"
		case $word in wrong) name=no_login ;; *) name=login ;; esac
		py neighbours $name "$port" "$scratch" "$folder" ||
		    fail "AUTH: $(tail -n 5 "$folder/log")"
		stop
	done
	kill_family "$scratch/login/pid"
	kill_family "$scratch/users/pid"
}

try_postfix
try_guide
try_dovecot
try_xclient
if ! has_back_end_tls; then
	echo "SKIP: AUTH: mailin-server was built without libevent_openssl"
else
	needs openssl openssl
	try_login plain
	if "$server" --hash-scram </dev/null 2>&1 | grep -q 'has no SCRAM'; then
		echo "SKIP: SCRAM: mailin-server was built without libgsasl"
	else
		try_login "plain scram-sha-256"
	fi
fi
exit $status

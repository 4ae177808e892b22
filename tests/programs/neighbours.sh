#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Mail servers that other people wrote get mail from mailin-server: Postfix by
# SMTP, and Dovecot by LMTP.  All their files are in a temporary folder.  This
# takes about a minute, so "make check-neighbours" runs it, not "make check".
. "$srcdir/tests/programs/server.sh"

PATH=$PATH:/usr/sbin:/sbin
postfix=
dovecot=

# needs COMMAND PACKAGE
needs() {
	command -v "$1" >/dev/null || skip "$1 is missing (package $2)"
}

needs postfix postfix
needs smtp-source postfix
needs dovecot dovecot-core
needs swaks swaks
needs curl curl
needs msmtp msmtp
[ -x /usr/lib/dovecot/lmtp ] || skip "LMTP of Dovecot is missing" \
    "(package dovecot-lmtpd)"
[ "$(id -u)" -eq 0 ] || skip "Postfix and Dovecot start for root alone"

# family PID: print the process ids of a process and of all its descendants.
family() {
	echo "$1"
	for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
		family "$child"
	done
}

end_neighbours() {
	[ -z "$postfix" ] || kill -9 $(family "$postfix") 2>/dev/null || :
	[ -z "$dovecot" ] || kill -9 $(family "$dovecot") 2>/dev/null || :
	clean_up
}
trap end_neighbours EXIT

# within_time COMMAND...: repeat the command until it succeeds, for 20 seconds
# at most.
within_time() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -le 200 ] || return 1
		sleep 0.1
	done
}

# free_port: print the number of a port that nobody uses.
free_port() {
	python3 -c 'import socket
one = socket.create_server(("127.0.0.1", 0))
print(one.getsockname()[1])'
}

# is_open PORT: succeeds if a server there greets.
is_open() {
	python3 -c 'import socket, sys
one = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
sys.exit(one.recv(4)[:3] != b"220")' "$1" 2>/dev/null
}

# ---- Postfix ----

configure_postfix() {
	mkdir -p "$folder/etc" "$folder/spool" "$folder/data" "$folder/mail"
	chmod 711 "$scratch" "$folder"
	chown postfix "$folder/data"
	chown nobody "$folder/mail"
	cat >"$folder/etc/main.cf" <<-END
	compatibility_level = 3.6
	queue_directory = $folder/spool
	data_directory = $folder/data
	maillog_file = $folder/log
	maillog_file_prefixes = $folder
	myhostname = back.example.org
	mydestination =
	alias_maps =
	alias_database =
	inet_interfaces = loopback-only
	inet_protocols = ipv4
	smtputf8_enable = yes
	message_size_limit = 2000000
	virtual_mailbox_domains = example.org
	virtual_mailbox_base = $folder/mail
	virtual_mailbox_maps = inline:{ {bob@example.org=bob/}
	    {carol@example.org=carol/} {later@example.org=later/}
	    {bøb@example.org=boeb/} }
	virtual_uid_maps = static:$(id -u nobody)
	virtual_gid_maps = static:$(id -g nobody)
	smtpd_authorized_xforward_hosts = 127.0.0.0/8
	smtpd_recipient_restrictions = check_recipient_access
	    inline:{ { later@example.org = 450 4.2.1 Come back later } }
	    reject_unauth_destination
	smtpd_relay_restrictions =
	notify_classes =
	bounce_notice_recipient = bob@example.org
	default_transport = error:there is no other server
	END
	cat >"$folder/etc/master.cf" <<-END
	127.0.0.1:$back inet n - n - - smtpd
	    -o syslog_name=back
	pickup   unix       n - n 60    1 pickup
	cleanup  unix       n - n -     0 cleanup
	qmgr     unix       n - n 300   1 qmgr
	rewrite  unix       - - n -     - trivial-rewrite
	bounce   unix       - - n -     0 bounce
	defer    unix       - - n -     0 bounce
	trace    unix       - - n -     0 bounce
	proxymap unix       - - n -     - proxymap
	virtual  unix       - n n -     - virtual
	anvil    unix       - - n -     1 anvil
	error    unix       - - n -     - error
	retry    unix       - - n -     - error
	postlog  unix-dgram n - n -     1 postlogd
	END
}

start_postfix() {
	folder=$scratch/postfix
	rm -f "$folder/spool/pid/master.pid"
	postfix -c "$folder/etc" start >"$scratch/start" 2>&1 &&
	    within_time is_open "$back" ||
	    fail "Postfix: $(cat "$scratch/start" "$folder/log")"
	postfix=$(tr -d ' ' <"$folder/spool/pid/master.pid")
}

kill_postfix() {
	kill -9 $(family "$postfix") 2>/dev/null || :
	postfix=
}

# ---- Dovecot ----

configure_dovecot() {
	mkdir -p "$folder/run" "$folder/mail" "$folder/state"
	chmod 711 "$scratch" "$folder"
	for user in bob full late; do
		mkdir -p "$folder/mail/$user"
	done
	chown -R nobody "$folder/mail"
	rm -rf "$folder/mail/late"
	echo "no folder" >"$folder/mail/late"
	uid=$(id -u nobody) gid=$(id -g nobody)
	for user in bob full late; do
		limit=
		[ $user != full ] || limit='userdb_quota_rule=*:bytes=100'
		echo "$user@example.org::$uid:$gid::$folder/mail/$user::$limit"
	done >"$folder/users"
	cat >"$folder/conf" <<-END
	base_dir = $folder/run
	state_dir = $folder/state
	log_path = $folder/log
	protocols = lmtp
	ssl = no
	default_internal_user = dovecot
	default_login_user = dovenull
	first_valid_uid = 1
	mail_location = maildir:~/Maildir
	mail_plugins = quota
	plugin {
	  quota = maildir:User quota
	}
	protocol lmtp {
	  postmaster_address = postmaster@example.org
	}
	passdb {
	  driver = passwd-file
	  args = $folder/users
	}
	userdb {
	  driver = passwd-file
	  args = $folder/users
	}
	service lmtp {
	  inet_listener lmtp {
	    address = 127.0.0.1
	    port = $back
	  }
	  unix_listener lmtp {
	    mode = 0666
	  }
	}
	service stats {
	  unix_listener stats-writer {
	    mode = 0666
	  }
	}
	END
}

start_dovecot() {
	folder=$scratch/dovecot
	rm -f "$folder/run/master.pid"
	dovecot -F -c "$folder/conf" >"$scratch/start" 2>&1 &
	dovecot=$!
	within_time is_open "$back" ||
	    fail "Dovecot: $(cat "$scratch/start" "$folder/log")"
}

kill_dovecot() {
	kill -9 $(family "$dovecot") 2>/dev/null || :
	wait "$dovecot" 2>/dev/null || :
	dovecot=
}

# ---- What is tried with each of them ----

# opens OPTION...: start mailin-server with the back end.
opens() {
	launch "$server" --listen "127.0.0.1:${again:-0}" \
	    --hostname mx.example.org "$@"
}

# acknowledged NUMBER: succeeds if so many messages have been acknowledged.
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
		"kill_$name"
		sleep 0.3
		"start_$name"
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
# back end.  Each octet must arrive in this folder.
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
	folder=$scratch/postfix back=$(free_port)
	configure_postfix
	start_postfix
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
	kill_postfix
}

try_dovecot() {
	folder=$scratch/dovecot back=$(free_port)
	configure_dovecot
	start_dovecot
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
	kill_dovecot
}


try_postfix
try_dovecot
exit $status

# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The tests that hand mail on to Postfix and Dovecot source this file after
# server.sh.  Its functions start and kill these back ends.  A back end has a
# NAME, and all its files are in $scratch/NAME.

PATH=$PATH:/usr/sbin:/sbin

# needs COMMAND PACKAGE: skip the test if the command is not installed.
needs() {
	command -v "$1" >/dev/null || skip "$1 is missing (package $2)"
}

needs postfix postfix
needs dovecot dovecot-core
[ -x /usr/lib/dovecot/lmtp ] || skip "LMTP of Dovecot is missing" \
    "(package dovecot-lmtpd)"
[ "$(id -u)" -eq 0 ] || skip "Postfix and Dovecot start for root alone"
opens_to nobody || exit 77

# family PID: print the process ids of a process and of all its descendants.
family() {
	echo "$1"
	for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
		family "$child"
	done
}

# kill_family FILE: SIGKILL ends the process whose id is in the file, and all
# its descendants.
kill_family() {
	[ -s "$1" ] || return 0
	leader=$(cat "$1")
	kill -9 $(family "$leader") 2>/dev/null || :
	wait "$leader" 2>/dev/null || :
	rm -f "$1"
}

end_back_ends() {
	for file in "$scratch"/*/pid; do
		kill_family "$file"
	done
	clean_up
}
trap end_back_ends EXIT

# is_open ADDRESS:PORT: succeeds if a server there greets.
is_open() {
	python3 -c 'import socket, sys
host, port = sys.argv[1].split(":")
one = socket.create_connection((host, int(port)), 5)
sys.exit(one.recv(4)[:3] != b"220")' "$1" 2>/dev/null
}

# prepare NAME ADDRESS:PORT: make the folder of a back end that will listen
# there; sets $folder and $place.
prepare() {
	folder=$scratch/$1 place=$2
	mkdir -p "$folder/mail"
	chmod 711 "$folder"
	chown nobody "$folder/mail"
	echo "$place" >"$folder/place"
}

# await_back_end: the back end in $folder must greet.
await_back_end() {
	within_time is_open "$(cat "$folder/place")" ||
	    fail "$folder: $(cat "$scratch/start" "$folder/log")"
}

# ---- Postfix ----

# configure_postfix NAME ADDRESS:PORT: make the files of a Postfix that will
# listen there.
configure_postfix() {
	prepare "$@"
	mkdir -p "$folder/etc" "$folder/spool" "$folder/data"
	chown postfix "$folder/data"
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
	$place inet n - n - - smtpd
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

# start_postfix NAME: start the Postfix that configure_postfix made, in the
# foreground.
start_postfix() {
	folder=$scratch/$1
	rm -f "$folder/spool/pid/master.pid"
	postfix -c "$folder/etc" start-fg >"$scratch/start" 2>&1 &
	echo $! >"$folder/pid"
	await_back_end
}

# ---- Dovecot ----

# configure_dovecot NAME ADDRESS:PORT: make the files of a Dovecot that will
# listen there.
configure_dovecot() {
	prepare "$@"
	mkdir -p "$folder/run" "$folder/state"
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
	    address = ${place%:*}
	    port = ${place#*:}
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

# start_dovecot NAME: start the Dovecot that configure_dovecot made.
start_dovecot() {
	folder=$scratch/$1
	rm -f "$folder/run/master.pid"
	dovecot -F -c "$folder/conf" >"$scratch/start" 2>&1 &
	echo $! >"$folder/pid"
	await_back_end
}

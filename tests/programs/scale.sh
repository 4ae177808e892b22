#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# HAProxy, three mailin-servers (the doors) and two back ends, with the
# configurations of doc/scale.md: first with Postfix by SMTP, then with Dovecot
# by LMTP.  Each part is killed under load.  This takes about a minute, so "make
# check-scale" runs it, not "make check".
#
# Each machine of the page is an address of the loopback, 127.A.B.N for
# 192.0.2.N, and the ports are above 1024.
. "$srcdir/tests/programs/server.sh"
. "$srcdir/tests/programs/back_ends.sh"

needs haproxy haproxy
for option in '--config x' '--metrics 0'; do
	! "$server" $option --help 2>&1 >/dev/null |
	    grep 'it was built without' ||
	    skip "mailin-server was built without a library"
done

net=127.$(($$ / 250 % 250 + 1)).$(($$ % 250 + 1))

# block FIRST: print the configuration in doc/scale.md that begins with this
# line, changed for a test on one machine.  Here a door connects to its back
# ends from 127.0.0.1, because that is the source address of connections within
# the loopback.
block() {
	awk -v wanted="$1" '
		/^```/ { inside = !inside; first = 1; next }
		inside && first { shown = $0 == wanted; first = 0 }
		inside && shown' "$srcdir/doc/scale.md" |
	sed -e 's/192\.0\.2\.11, 192\.0\.2\.12, 192\.0\.2\.13$/127.0.0.1/' \
	    -e "s/192\\.0\\.2\\./$net./" -e 's/9125/19125/' \
	    -e 's/:25$/:2525/; s/:24$/:2424/; s/port = 24$/port = 2424/' \
	    -e "s,/run/haproxy/,$scratch/haproxy/,"
}

# ---- The parts ----

start_haproxy() {
	haproxy -db -f "$scratch/haproxy/cfg" >>"$scratch/haproxy/log" 2>&1 &
	echo $! >"$scratch/haproxy/pid"
	within_time is_open "$net.1:2525" ||
	    fail "HAProxy: $(tail -n 5 "$scratch/haproxy/log")"
}

# start_door NUMBER: start this door, with the configuration that
# configure_doors made.
start_door() {
	"$server" --config "$scratch/door$1/conf" >>"$scratch/door$1/log" \
	    2>>"$scratch/door$1/errors" &
	echo $! >"$scratch/door$1/pid"
}

# start_back_end NUMBER: start this back end, Postfix or Dovecot.
start_back_end() {
	"start_$kind" "back$1"
}

# configure_doors PROTOCOL: write the configurations of the doors, which speak
# this protocol to the back ends, and start the doors.
configure_doors() {
	for number in 1 2 3; do
		mkdir "$scratch/door$number"
		{ block '# door.conf' &&
		    block "# door.conf: back ends that speak $1"; } |
		sed "s/door1/door$number/; s/$net\\.11/$net.1$number/" \
		    >"$scratch/door$number/conf"
		"$server" --config "$scratch/door$number/conf" --check-config \
		    >"$scratch/start" 2>&1 || fail "$(cat "$scratch/start")"
		start_door $number
	done
}

# Both back ends have the same mailboxes.
configure_back_ends() {
	for number in 1 2; do
		if [ $kind = postfix ]; then
			configure_postfix back$number "$net.2$number:2525"
			block '# main.cf' >>"$folder/etc/main.cf"
		else
			configure_dovecot back$number "$net.3$number:2424"
			block '# dovecot.conf' |
			    sed "s/$net\\.31/$net.3$number/" >>"$folder/conf"
		fi
	done
	rm -r "$scratch/back2/mail"
	ln -s ../back1/mail "$scratch/back2/mail"
	start_back_end 1
	start_back_end 2
}

configure_haproxy() {
	mkdir "$scratch/haproxy"
	block '# haproxy.cfg' >"$scratch/haproxy/cfg"
	haproxy -c -f "$scratch/haproxy/cfg" >"$scratch/start" 2>&1 ||
	    fail "HAProxy: $(cat "$scratch/start")"
	start_haproxy
}

# ---- The tests ----

# acknowledged NUMBER: succeeds if at least NUMBER messages have been
# acknowledged.
acknowledged() {
	[ "$(wc -l <"$scratch/acknowledged")" -ge "$1" ]
}

# go_on WHEN: the clients must get another 150 messages through.
go_on() {
	wanted=$(($(wc -l <"$scratch/acknowledged") + 150))
	within_time acknowledged $wanted && return
	fail "$kind: nothing goes on $1"
	exit 1
}

# without PART NUMBER: mail must go on while this part is dead, and after it was
# started again.
without() {
	kill_family "$scratch/$1$2/pid"
	case $1 in back) part=back_end ;; *) part=$1 ;; esac
	go_on "without $1$2"
	"start_$part" "$2"
	go_on "after $1$2 came back"
}

# roll NUMBER: end a door as an upgrade does.  Its last sessions end by
# themselves.
roll() {
	leader=$(cat "$scratch/door$1/pid")
	kill "$leader"
	go_on "while door$1 ends"
	wait "$leader" || fail "door$1: exit status $?"
	start_door "$1"
	go_on "after the upgrade of door$1"
}

# under_load: kill each part of the system while clients send mail.
under_load() {
	: >"$scratch/acknowledged"
	rm -f "$scratch/enough"
	py scale send "$net" "$scratch" &
	load=$!
	mkdir -p "$scratch/load"
	echo $load >"$scratch/load/pid"
	go_on "at the beginning"
	without door 1
	without back 1
	py scale cut "$scratch" door2
	go_on "after connections were cut"
	roll 3
	kill_family "$scratch/haproxy/pid"
	start_haproxy
	go_on "after HAProxy came back"
	without back 2
	without door 2
	: >"$scratch/enough"
	wait $load || fail "$kind: the clients"
	py scale arrived "$net" "$scratch" ||
	    fail "$kind: mail was lost, doubled or cut"
}

# try KIND PROTOCOL: start all parts, with back ends of this kind ("postfix" or
# "dovecot") that speak the protocol, and run all tests.
try() {
	kind=$1
	configure_back_ends
	configure_doors "$2"
	configure_haproxy
	within_time py scale is_up "$scratch" 3 || fail "$kind: a door is down"
	for name in hammer crowd; do
		py scale $name "$net" "$scratch" || fail "$kind: $name"
	done
	under_load
	py scale logs "$net" "$scratch" $kind || fail "$kind: the logs"
	for file in "$scratch"/*/pid; do
		kill_family "$file"
	done
	rm -rf "$scratch/back1" "$scratch/back2" "$scratch/haproxy" \
	    "$scratch"/door?
}

try postfix SMTP
try dovecot LMTP
exit $status

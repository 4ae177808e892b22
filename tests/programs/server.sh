# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The tests of mailin-server source this file.  It starts a server on a free
# port of the loopback, with its own Maildir, and ends it when the test ends.
set -eu
export LC_ALL=C

server=${server_of_test-./mailin-server}
status=0
pid=

skip() {
	echo "SKIP: $*"
	exit 77
}

# fail TEXT: a check failed; the other checks go on.
fail() {
	echo "FAIL: $*"
	status=1
}

[ -x "$server" ] || skip "mailin-server was not built (it needs libevent)"
command -v python3 >/dev/null || skip "python3 is missing"

scratch=$(mktemp -d)
maildir=$scratch/mail
export PYTHONDONTWRITEBYTECODE=1

clean_up() {
	[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || :
	rm -rf "$scratch"
}
trap clean_up EXIT
# Without this trap, a signal would end the shell and not run the EXIT trap.
trap 'exit 1' HUP INT TERM

# Without a sandbox, root must name a user.
if [ "$(id -u)" -eq 0 ] &&
    ! "$server" --sandbox on --help >/dev/null 2>&1; then
	printf '#!/bin/sh\nexec "%s" --user root "$@"\n' "$PWD/$server" \
	    >"$scratch/mailin-server"
	chmod +x "$scratch/mailin-server"
	server=$scratch/mailin-server
fi

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

# opens_to USER: open the folder of the test to the user.  Fails, with a line
# that says why, if a folder above it is closed to the user.
opens_to() {
	chmod 711 "$scratch"
	python3 -c 'import os, pwd, sys
user = pwd.getpwnam(sys.argv[1])
os.setgroups([])
os.setgid(user.pw_gid)
os.setuid(user.pw_uid)
sys.exit(not os.access(sys.argv[2], os.X_OK))' "$1" "$scratch" || {
		echo "SKIP: the user $1 cannot enter $scratch (see TMPDIR)"
		return 1
	}
}

# has_inih: succeeds if the server was built with inih, so that it can read
# files of settings.
has_inih() {
	! "$server" --config "$scratch/none" 2>&1 |
	    grep -q 'built without inih'
}

# has_tls: succeeds if the server was built with OpenSSL.
has_tls() {
	! "$server" --tls-key none --stdio 2>&1 |
	    grep -q 'has no TLS: it was built'
}

# make_pem NAME DAYS [ALGORITHM...]: make $scratch/NAME.pem, which has a new key
# and its certificate for mx.example.org, valid for DAYS.
make_pem() (
	name=$1 days=$2
	shift 2
	[ $# -gt 0 ] || set -- ec -pkeyopt ec_paramgen_curve:P-256
	openssl req -x509 -newkey "$@" -nodes -days "$days" -subj "/CN=$name" \
	    -addext subjectAltName=DNS:mx.example.org \
	    -keyout "$scratch/key" -out "$scratch/pem" 2>/dev/null
	cat "$scratch/key" "$scratch/pem" >"$scratch/$name.pem"
)

# make_late_pem KEY: make $scratch/late.pem, which has this key and a
# certificate that expires at once.  (OpenSSL 3.5 makes no certificate that ends
# before it begins.)
make_late_pem() {
	openssl req -new -key "$1" -subj /CN=late -out "$scratch/request"
	openssl x509 -req -in "$scratch/request" -signkey "$1" -days 0 \
	    -out "$scratch/pem" 2>/dev/null
	cat "$1" "$scratch/pem" >"$scratch/late.pem"
}

# has_back_end_tls: succeeds if the server was built with TLS to back ends.
has_back_end_tls() {
	! "$server" --check-config --smtp 127.0.0.1:25 --back-end-tls starttls \
	    2>&1 | grep -q 'built without libevent_openssl'
}

# py NAME ARGUMENT...: run NAME.py of this folder.
py() {
	program=$1
	shift
	python3 "$srcdir/tests/programs/$program.py" "$@"
}

# start [OPTION...]: start a server; sets $pid and $port.  Messages are stored
# octet for octet, so that the tests can compare them with those that were sent.
start() {
	launch "$server" --listen 127.0.0.1:0 --maildir "$maildir" \
	    --maildir-newline crlf --hostname mx.example.org "$@"
}

# launch COMMAND...: start a command that is or becomes a server; sets $pid and
# $port, and $tls_port: 0 without --listen-tls.
launch() {
	# Remove the log of an earlier server: it names a port that is no
	# longer used.
	: >"$scratch/log"
	"$@" >"$scratch/log" 2>"$scratch/errors" &
	pid=$!
	port=
	case "$*" in
	*--listen-tls*) tls_port= ;;
	*) tls_port=0 ;;
	esac
	tries=0
	while [ -z "$port" ] || [ -z "$tls_port" ]; do
		tries=$((tries + 1))
		if [ $tries -gt 100 ] || ! kill -0 "$pid" 2>/dev/null; then
			cat "$scratch/errors"
			echo "FAIL: the server did not start"
			exit 1
		fi
		sleep 0.1
		port=$(listens '')
		[ "$tls_port" = 0 ] || tls_port=$(listens ' by TLS')
	done
}

# listens HOW: print the port at which the server listens.  HOW is the text
# after the port in the log.
listens() {
	sed -n "s/^listening on .*:\\([0-9]*\\)$1, .*/\\1/p" "$scratch/log"
}

# run_tests PROGRAM NAME...: run these tests of a Python program against the
# server.
run_tests() {
	tests=$1
	shift
	for name in "$@"; do
		py "$tests" "$name" "$scratch" "$port" "$pid" "$tls_port" ||
		    fail "$name: $(cat "$scratch/errors")"
	done
}

# stop [STATUS]: end the server, which must exit with STATUS (by default 0).
stop() {
	kill "$pid" 2>/dev/null || :
	ended "${1:-0}"
}

# ended STATUS: the server must end within a minute, with this exit status.
ended() {
	result=0
	tries=0
	while grep -q '^State:.[^Z]' "/proc/$pid/status" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -ne 600 ] || kill -9 "$pid"
		sleep 0.1
	done
	wait "$pid" || result=$?
	pid=
	[ "$result" -eq "$1" ] ||
	    fail "the server's exit status is $result, not $1:" \
	        "$(cat "$scratch/errors")"
}

# refuses STATUS TEXT OPTION...: the server must not start, and must say why.
refuses() {
	expected=$1 text=$2
	shift 2
	result=0
	timeout 10 "$server" "$@" >"$scratch/log" 2>"$scratch/errors" ||
	    result=$?
	[ $result -eq "$expected" ] || fail "$*: status $result"
	grep -qF -e "$text" "$scratch/errors" ||
	    fail "$*: no '$text' in: $(cat "$scratch/errors")"
}

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# A message that was acknowledged is not lost.  One test kills the server (kill
# -9) during deliveries.  Another one checks the order of the system calls,
# which matters if the power fails.
. "$srcdir/tests/programs/server.sh"

start
py durability "$port" "$pid" "$maildir" || fail "kill -9"
ended 137

# Files left in tmp/ do not disturb later deliveries.
rm -f "$maildir"/new/*
py messages "$scratch"
start
py smtplib_client : "$port" "$scratch/short" alice@example.org \
    bob@example.org || fail "no delivery after kill -9"
stop
rm -rf "$maildir"

# With -D, strace is not the parent of the server.  So the server stays the
# child of this shell, which can then stop it.
if ! strace -D -o "$scratch/trace" true 2>/dev/null; then
	echo "SKIP: strace cannot run: system calls are not checked"
	exit $status
fi

# traced OPTION... -- OPTION...: start a server under strace.  The first
# options are for strace, the others for the server.  LeakSanitizer is off,
# because it is a tracer, too, and a process can have only one.
traced() {
	tracing=
	while [ "$1" != -- ]; do
		tracing="$tracing $1"
		shift
	done
	shift
	ASAN_OPTIONS=detect_leaks=0 launch strace -D -f -y -s 64 \
	    -o "$scratch/trace" $tracing "$server" --listen 127.0.0.1:0 \
	    --maildir "$maildir" --hostname mx.example.org "$@"
}

stored() {
	ls "$maildir/new" | wc -l
}

traced --
py smtplib_client : "$port" "$scratch/big" alice@example.org \
    bob@example.org || fail "delivery under strace"
stop
py durability_trace "$scratch/trace" "$maildir" ||
    fail "the order of system calls"
rm -f "$maildir"/new/*

# Use one event loop, in which one client could delay another.  There are four
# messages; the client of one of them disconnects.
traced -e trace=fsync -e inject=fsync:delay_enter=700000 -- --threads 1
py disks slow "$port" "$pid" || fail "a slow disk"
ended 0
[ "$(stored)" -eq 4 ] || fail "a slow disk: $(stored) messages instead of 4"
rm -f "$maildir"/new/*

# strace counts the syncs of each thread separately.  The first thread syncs
# three directories.  The worker syncs two files and a directory, and then
# fails.
traced -e trace=fsync -e inject=fsync:error=EIO:when=4+ -- --workers 1
py disks failing "$port" || fail "a sync that fails"
stop
[ "$(stored)" -eq 1 ] || fail "a sync fails: $(stored) messages instead of 1"
[ -z "$(ls "$maildir/tmp")" ] || fail "a sync fails, a file is left in tmp/"
rm -rf "$maildir"

# ---- The second move to new/ fails ----

# unmoved NAME PLACE OPTION...: run a test of unmoved.py.
unmoved() {
	name=$1 place=$2
	shift 2
	traced -e trace=renameat,renameat2 \
	    -e inject=renameat,renameat2:error=EIO:when=2 -- --workers 1 \
	    --maildir "$place" "$@"
	py unmoved "$name" "$port" "$maildir" ||
	    fail "$name: $(cat "$scratch/errors")"
	stop
	rm -rf "$maildir"
}

printf '%s\n' bob@example.org ann@example.org >"$scratch/list"
unmoved one "$maildir"
unmoved smtp "$maildir/%u" --recipients "$scratch/list"
unmoved lmtp "$maildir/%u" --recipients "$scratch/list" --protocol lmtp

exit $status

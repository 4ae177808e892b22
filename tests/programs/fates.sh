#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# For each transaction that reached DATA, the log says how it ended.
. "$srcdir/tests/programs/server.sh"

# hands_on OPTION...: start a server with a back end in the folder of the test.
hands_on() {
	launch "$server" --listen 127.0.0.1:0 --hostname mx.example.org \
	    --threads 1 --domain example.org --smtp "unix:$scratch/back" "$@"
}

start
run_tests fates gone given_up
stop
start --timeout-input 1
run_tests fates timed_out
stop
hands_on
run_tests fates gone_relayed accepted
stop
hands_on --message-size 1M
run_tests fates answered unanswered
stop
hands_on --grace 1
run_tests fates no_verdict
ended 0

if ! strace -D -o "$scratch/trace" true 2>/dev/null; then
	echo "SKIP: strace cannot run: a slow disk is not tried"
	exit $status
fi
ASAN_OPTIONS=detect_leaks=0 launch strace -D -f -o "$scratch/trace" \
    -e trace=renameat,renameat2 \
    -e inject=renameat,renameat2:delay_enter=4500000 "$server" \
    --listen 127.0.0.1:0 --maildir "$maildir" --grace 1
run_tests fates slow
ended 0

exit $status

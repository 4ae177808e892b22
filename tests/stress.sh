#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server where it is pressed hard: a log that nobody reads (V58 and
# property 56) or that a client wants to forge (V60), few descriptors, signals,
# an odd umask (V57), another user's links, users who are found out by the time
# they take (V54), and passwords that stay in memory (V35).
. "$srcdir/tests/server.sh"

# ---- The log ----

for how in stalled full trace stdio gone small; do
	[ $how != gone ] || [ -w /dev/full ] || continue
	timeout 120 python3 "$srcdir/tests/stress_log.py" $how "$server" \
	    "$maildir" || fail "the log: $how"
done

rm -rf "$maildir"
start
py stress_log forged "$port" "$scratch/log" || fail "a forged log"
stop

# A directory with a blank in its name does not end the field.
maildir="$scratch/a mail=dir"
start
py stress_log forged "$port" "$scratch/log" || fail "the name of the Maildir"
stop
maildir=$scratch/mail

# ---- Signals ----

start
py stress signals "$port" "$pid" || fail "a signal without a meaning"
stop

exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The head of src/session/calls.h lists the functions through which a RCPT
# command goes, to the callback and then to its reply.  This script compares the
# lists with the functions that are called (rcpt_calls.c prints them).  It also
# fails if more than 8 functions of the library, with mailin_session_feed(), are
# on the stack when the callback is called.
set -eu

. "$srcdir/tests/tree/checks.sh"

MAX_DEPTH=8

# The generated C files are in the build folder, or with the sources.
[ -f grammar/strict.c ] && machines=grammar || machines=$srcdir/grammar
flags="-w -std=gnu11 -O0 -no-pie -fvisibility=hidden -DHAVE_CONFIG_H -I.
    -I$srcdir/include -Iinclude -I$srcdir/src"
$CC $flags -c -o "$scratch/main.o" "$srcdir/tests/tree/rcpt_calls.c"
$CC $flags -finstrument-functions -o "$scratch/program" "$scratch/main.o" \
    $(find "$srcdir/src" -name '*.c') "$machines"/*.c
"$scratch/program" >"$scratch/stacks"
$NM "$scratch/program" | sed 's/^0*//' >"$scratch/symbols"

# called CALLBACK: print the names of the functions, the outermost first.
called() {
	sed -n "s/^$1 //p" "$scratch/stacks" | head -n 1 | tr ' ' '\n' |
	    while read -r address; do
		    awk -v at="$address" '$1 == at { print $3 }' \
			"$scratch/symbols"
	    done
}

# The names in the two lists of the header, one on a line.
awk '
/^ \* How a command runs\./ { is_in = 1 }
/^ \* A step begins/ { is_in = 0 }
is_in && sub(/^ \*\t/, "") { sub(/  .*/, ""); gsub(/, /, "\n"); print }
' "$srcdir/src/session/calls.h" >"$scratch/told"
sed '/^handler->rcpt$/,$d' "$scratch/told" >"$scratch/told_rcpt"
sed '1,/^handler->rcpt$/d' "$scratch/told" >"$scratch/told_reply"
[ -s "$scratch/told_reply" ] || complain "calls.h has no second list"

called rcpt >"$scratch/rcpt"
diff "$scratch/told_rcpt" "$scratch/rcpt" ||
    complain "calls.h lists the functions (<), but these call the callback (>)"
depth=$(wc -l <"$scratch/rcpt")
[ "$depth" -le $MAX_DEPTH ] ||
    complain "the callback is $depth functions deep, of $MAX_DEPTH"

# The second list begins where session_run_due() calls, and ends where the reply
# is queued.
called reply | sed '1,/^session_run_due$/d' |
    head -n "$(wc -l <"$scratch/told_reply")" >"$scratch/reply"
diff "$scratch/told_reply" "$scratch/reply" ||
    complain "calls.h lists the functions (<), but these carry out the verdict
(>)"

[ $status -eq 0 ] && echo "$depth functions"
exit $status

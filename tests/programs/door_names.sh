#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --smtp with names: SIGHUP makes the server look them up again.
# Mail goes on meanwhile, even if that takes long.
. "$srcdir/tests/programs/server.sh"

BACK=$(py free_port)
export BACK
conf=$scratch/conf
printf 'smtp = 127.0.0.1:%s\n' "$BACK" >"$conf"
has_inih || skip "mailin-server was built without inih"
strace -D -o "$scratch/trace" true 2>/dev/null ||
    skip "strace cannot run: it delays the look-up of names"

# stalls: start a server that needs 3 seconds to open /etc/hosts.  LeakSanitizer
# is off, because it is a tracer, like strace, and a process can have only one.
stalls() {
	printf 'smtp = 127.0.0.1:%s\n' "$BACK" >"$conf"
	ASAN_OPTIONS=detect_leaks=0 launch strace -D -f -o "$scratch/trace" \
	    -P /etc/hosts -e inject=openat:delay_enter=3000000 \
	    "$server" --listen 127.0.0.1:0 --threads 1 --config "$conf"
}
for name in serves latest; do
	stalls
	run_tests door_names $name
	stop
done
for name in ends ends_at_once; do
	stalls
	run_tests door_names $name
	ended 0
done

exit $status

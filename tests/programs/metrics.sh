#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --metrics: counters for Prometheus, and /health.
. "$srcdir/tests/programs/server.sh"

"$server" --metrics 9125 --help >/dev/null 2>"$scratch/errors" || {
	grep -q "no metrics: it was built without" "$scratch/errors" ||
	    fail "--metrics 9125: $(cat "$scratch/errors")"
	skip "mailin-server was built without libevent_extra"
}

for address in "" x : :9125 127.0.0.1 "[::1]" ::1:9125 localhost:9125 65536 \
    127.0.0.1:65536 -1 "9125 "; do
	refuses 2 "--metrics takes an address such as 127.0.0.1:9125" \
	    --metrics "$address"
done
refuses 2 "--metrics cannot be used with --stdio" --stdio --metrics 9125
refuses 1 "cannot listen on 192.0.2.1:9125" --metrics 192.0.2.1:9125 \
    --listen 127.0.0.1:0 --maildir "$maildir"

# does NAME: run the test with this name in metrics.py.  The port of the metrics
# is in the log.
does() {
	metrics=$(sed -n 's,.*metrics at http://127.0.0.1:\([0-9]*\)/.*,\1,p' \
	    "$scratch/log")
	py metrics "$1" "$port" "$metrics" "$pid" "$scratch/errors" || fail "$1"
}

# The hash of "secret" by crypt(3), with MD5.
echo 'joe:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1' >"$scratch/passwd"
# The dashboard also shows when the certificate expires.
certificate=
! has_tls || certificate=--tls-self-signed
for threads in 1 3; do
	# shellcheck disable=SC2086 # an option, or nothing
	start --threads $threads --metrics 0 --domain example.org \
	    --passwd "$scratch/passwd" --tls optional $certificate
	does counts
	if has_tls; then
		does dashboard
	else
		echo "SKIP: the dashboard: there is no certificate"
	fi
	does requests
	does crowd
	does exhausted
	does drains
	ended 0
done

start --discard --metrics 127.0.0.1:0
does discarded
stop

# promtool is in Debian's package prometheus.
if command -v promtool >/dev/null; then
	start --metrics 0
	does print >"$scratch/scrape"
	promtool check metrics <"$scratch/scrape" >"$scratch/found" 2>&1 ||
	    fail "promtool: $(cat "$scratch/found")"
	stop
else
	echo "SKIP: promtool is missing"
fi

exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server looks at its certificates once a day, and its metrics say when
# the first of them expires.  The server of this test has days of a fifth of a
# second (tests/support/day_names.h).
server_of_test=./tests/programs/short_days_server
. "$srcdir/tests/programs/server.sh"

has_tls || skip "mailin-server was built without OpenSSL"
command -v openssl >/dev/null || skip "the openssl command is missing"

for days in 2 3 5 30; do
	make_pem $days $days
done
make_late_pem "$scratch/key"

# The hash of "secret" by crypt(3), with MD5.
echo 'joe:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1' >"$scratch/passwd"
# start_with OPTION...: start a server with mx.pem, which expires in 3 days, and
# others, which expire later.
start_with() {
	cp "$scratch/3.pem" "$scratch/mx.pem"
	cp "$scratch/5.pem" "$scratch/other.pem"
	cp "$scratch/30.pem" "$scratch/ca.pem"
	start --tls-certificate "$scratch/mx.pem" --passwd "$scratch/passwd" \
	    --tls-certificate "$scratch/other.pem" \
	    --tls-client-ca "$scratch/ca.pem" "$@"
}

metrics="--metrics 0"
"$server" --metrics 9125 --help >/dev/null 2>&1 || {
	echo "SKIP: the metrics: mailin-server was built without libevent_extra"
	metrics=
}
# shellcheck disable=SC2086 # an option and its argument, or nothing
start_with $metrics
run_tests expiry again renewed authority expired new_day
stop

export NO_TIMER=yes
# shellcheck disable=SC2086 # an option and its argument, or nothing
start_with $metrics
run_tests expiry no_timer
stop
unset NO_TIMER

if [ -n "$metrics" ]; then
	# shellcheck disable=SC2086 # an option and its argument
	start $metrics
	run_tests expiry without_tls
	stop
fi

exit $status

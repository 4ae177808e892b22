#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The filter of fail2ban finds clients that guess passwords or recipients.  A
# client cannot make it find the address of somebody else.
. "$srcdir/tests/programs/server.sh"

# If fail2ban is not installed, quickstart unpacks it in the build folder.
unpacked=$srcdir/build/fail2ban/usr
PATH=$PATH:$unpacked/bin
PYTHONPATH=$unpacked/lib/python3/dist-packages
export PYTHONPATH
command -v fail2ban-regex >/dev/null ||
    skip "fail2ban-regex is missing (Debian: apt-get install fail2ban)"

# The hash of "secret" by crypt(3), with MD5, which is quick.
echo 'joe:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1' >"$scratch/passwd"
start --passwd "$scratch/passwd" --tls optional --domain example.org
py stress_log blamed "$port" || fail "the clients"
stop

# found LOG: print how often the filter finds each address.
found() {
	fail2ban-regex --out ip "$1" \
	    "$srcdir/contrib/fail2ban/mailin-server.conf" | sort | uniq -c |
	    sed 's/^ *//'
}

cp "$scratch/log" "$scratch/timed"
# The log as syslog writes it to a file.
head="$(date '+%b %e %T') mx mailin-server[1]:"
sed -n "s/^time=[^ ]* level=[a-z]* /$head /p" "$scratch/log" >"$scratch/syslog"
for log in timed syslog; do
	found "$scratch/$log" >"$scratch/found"
	printf '%s\n' '3 127.0.0.1' '2 127.0.0.2' | diff - "$scratch/found" ||
	    fail "$log: $(cat "$scratch/log")"
done

# If a client reaches a limit because it guesses, the filter also finds the line
# event=limit, and for logins the AUTH that got 421.  It does not find a client
# that reaches another limit.  OTHER in addresses.py is 127.0.0.2.
#
# limited TEST EXPECTED OPTION...: the filter finds EXPECTED in the log of this
# test.
limited() {
	test=$1 expected=$2
	shift 2
	start --exempt none --tls optional --passwd "$scratch/passwd" \
	    --domain example.org "$@"
	py addresses "$test" "$port" || fail "the clients of $test"
	stop
	grep -q ' event=limit ' "$scratch/log" || fail "$test: no limit"
	[ "$(found "$scratch/log" | tr '\n' ' ')" = "$expected" ] ||
	    fail "$test: $(cat "$scratch/log")"
}
limited recipients '5 127.0.0.1 1 127.0.0.2 ' --address-refused 4
limited passwords '4 127.0.0.1 ' --address-auth-failures 2
limited at_once '' --address-connections 3

exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Limits for each address (--address-...), and clients that are slow.
. "$srcdir/tests/programs/server.sh"

# does NAME: run the test with this name in addresses.py against the server.
does() {
	py addresses "$1" "$port" || fail "$1"
	stop
}

# has COUNT REASON: check how many lines of the log report this limit.
has() {
	[ "$(grep -c " event=limit client=127.0.0.1 reason=$2$" \
	    "$scratch/log")" -eq "$1" ] ||
	    fail "not $1 lines '$2': $(cat "$scratch/log")"
}

# The hash of "secret" by crypt(3), with MD5, which is quick.
echo 'joe:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1' >"$scratch/passwd"

start --exempt none --address-connections 3
does at_once
has 2 'its\\x20address\\x20has\\x20too\\x20many\\x20clients'

start --exempt none --address-new-connections 5 --address-window 3
does hammer
has 100 'its\\x20address\\x20opens\\x20too\\x20many\\x20connections'

start --proxy-from 127.0.0.9 --address-new-connections 5 --address-window 30
does hammer_from_a_network
[ "$(grep -c ' event=limit client=2001:db8:0:1::' "$scratch/log")" -eq 100 ] ||
    fail "not 100 lines for a network: $(cat "$scratch/log")"

start --exempt 192.0.2.0/24 --address-messages 3 --address-refused 4 \
    --address-auth-failures 2 --domain example.org --tls optional \
    --passwd "$scratch/passwd"
does messages
has 1 'its\\x20address\\x20sends\\x20too\\x20many\\x20messages'
start --exempt none --address-refused 4 --domain example.org
does recipients
has 1 'its\\x20address\\x20names\\x20too\\x20many\\x20wrong\\x20recipients'
start --exempt none --address-auth-failures 2 --tls optional \
    --passwd "$scratch/passwd"
does passwords
has 1 'its\\x20address\\x20fails\\x20to\\x20log\\x20in\\x20too\\x20often'

# The host's own addresses have no limit, so that people can try the server.
start --address-connections 1 --address-new-connections 1
does exempt
has 0 '.*'

start --timeout-input 2
does slow
grep -q ' event=closed .* reason=TIMEOUT ' "$scratch/log" ||
    fail "a slow client: $(cat "$scratch/log")"

refuses 2 "--exempt takes an address or a network" --exempt all
refuses 2 "--address-window takes a number from 1 to 86400" --address-window 0

exit $status

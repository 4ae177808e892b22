#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server under systemd: the sockets that systemd passes, and the
# messages that it gets.  A program in Python takes the part of systemd.  After
# that systemd-analyze checks the units.
. "$srcdir/tests/programs/server.sh"

# ---- A socket that is open already ----

refuses 2 "--listen takes an address" --listen fd:
refuses 2 "--listen takes an address" --listen fd:-1
refuses 2 "--listen takes an address" --listen fd:3x
refuses 1 "cannot listen on fd:777: Bad file descriptor" --listen fd:777 \
    --maildir "$maildir"
refuses 1 "cannot listen on fd:0: Socket operation on non-socket" \
    --listen fd:0 --maildir "$maildir" </dev/null
py systemd descriptors "$server" "$maildir" "$scratch" || fail "descriptors"

# ---- systemd ----

result=0
"$server" --listen systemd:none 2>"$scratch/errors" >"$scratch/log" || result=$?
[ $result -eq 2 ] || fail "--listen systemd:none: status $result"
if grep -q 'built without libsystemd' "$scratch/errors"; then
	echo "SKIP: mailin-server was built without libsystemd"
else
	grep -q "passed no socket of the name 'none'" "$scratch/errors" ||
	    fail "$(cat "$scratch/errors")"
	for name in sockets names told watchdog stopped; do
		py systemd $name "$server" "$maildir" "$scratch" ||
		    fail "$name: $(cat "$scratch/errors")"
	done
fi

# ---- The units ----

command -v systemd-analyze >/dev/null || skip "systemd-analyze is missing"
units=$scratch/units
mkdir "$units"
# The program must exist: "systemd-analyze verify" looks for it.
sed "s|^ExecStart=[^ ]*|ExecStart=$PWD/mailin-server|" \
    contrib/systemd/mailin-server.service >"$units/mailin-server.service"
cp "$srcdir"/contrib/systemd/*.socket "$units/"
chmod 644 "$units"/*
result=0
SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no \
    "$units"/mailin-server.service "$units"/*.socket \
    >"$scratch/found" 2>&1 || result=$?
if grep -q 'mailin-' "$scratch/found" || [ $result -ne 0 ]; then
	fail "verify: $(cat "$scratch/found")"
fi
systemd-analyze security --offline=true --threshold=15 --no-pager \
    "$units/mailin-server.service" >"$scratch/found" 2>&1 ||
    fail "security: $(cat "$scratch/found")"
grep -i 'overall exposure' "$scratch/found" || fail "no exposure level"

# The drop-in of doc/scale.md opens the network, which the unit closes.
# open_barriers NUMBER: with the units in $units, this many of the two barriers
# that keep the server from the network must be open.
open_barriers() {
	SYSTEMD_UNIT_PATH=$units: systemd-analyze security --offline=true \
	    --no-pager "$units/mailin-server.service" >"$scratch/found" 2>&1
	found=$(grep -c -e 'has access to the host.s network' \
	    -e 'may allocate Internet sockets' "$scratch/found" || :)
	[ "$found" -eq "$1" ] || fail "$found barriers of $1 are open"
	! grep 'door.conf' "$scratch/found" || fail "the drop-in is wrong"
}
open_barriers 0
mkdir "$units/mailin-server.service.d"
awk '/^```/ { inside = !inside; first = 1; next }
	inside && first { shown = $0 == "[Service]"; first = 0 }
	inside && shown' "$srcdir/doc/scale.md" \
    >"$units/mailin-server.service.d/door.conf"
open_barriers 2

exit $status

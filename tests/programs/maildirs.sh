#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# A Maildir for each recipient: --maildir with %u and %d.
. "$srcdir/tests/programs/server.sh"

list=$scratch/list
printf '%s\n' bob@example.org ann@example.org in-the-way@example.org \
    @all.example >"$list"
maildir=$scratch/mail/%d/%u

# stores OPTION... -- NAME...: run tests of maildirs.py with these options.
stores() {
	options=
	while [ "$1" != -- ]; do
		options="$options $1"
		shift
	done
	shift
	rm -rf "$scratch/mail"
	start --maildir-newline lf --recipients "$list" $options
	for name in "$@"; do
		py maildirs "$name" "$scratch/mail" "$port" ||
		    fail "$name: $(cat "$scratch/errors")"
	done
	stop
}

stores -- copies hostile
stores --ignore-case -- ignored_case
stores --message-recipients 40000 --envelope-size 4M -- many
stores -- smtp
grep -q "cannot store a message in $scratch/mail/example.org/in-the-way:" \
    "$scratch/errors" || fail "the log does not name the Maildir"
stores --protocol lmtp -- lmtp
[ "$(grep -c ' event=refused .* to=<in-the-way@example.org>$' \
    "$scratch/log")" -eq 2 ] || fail "the log: $(cat "$scratch/log")"

# ---- A link of another user, and a full disk ----

other=65534
if [ "$(id -u)" -eq 0 ]; then
	mkdir -p "$scratch/mail/example.org" "$scratch/aim"
	rm -rf "$scratch/mail/example.org/in-the-way"
	ln -s "$scratch/aim" "$scratch/mail/example.org/in-the-way"
	chown -h $other "$scratch/mail/example.org/in-the-way"
	start --recipients "$list" --maildir-newline lf
	py maildirs smtp "$scratch/mail" "$port" || fail "a link"
	stop
	[ -z "$(ls "$scratch/aim")" ] || fail "the link was followed"
	grep -q "has a symbolic link of another user" "$scratch/errors" ||
	    fail "the link is not reported: $(cat "$scratch/errors")"
else
	echo "SKIP of links: only root can make those of another user"
fi

mkdir "$scratch/small"
if mount -t tmpfs -o size=320k tmpfs "$scratch/small" 2>/dev/null; then
	trap 'umount -l "$scratch/small"; clean_up' EXIT
	launch "$server" --listen 127.0.0.1:0 --recipients "$list" \
	    --maildir "$scratch/small/%d/%u"
	py maildirs full "$scratch/small" "$port" ||
	    fail "a full disk: $(cat "$scratch/errors")"
	stop
else
	echo "SKIP of a full disk: only root can mount a small one"
fi

# ---- Templates that are wrong ----

refuses 2 "--maildir with a name such as %u needs --recipients" \
    --maildir "$maildir"
for wrong in "/srv/%x/%u" "/srv/%" "/srv/100%%" "/srv/%u%d" "/srv/%d-%u"; do
	refuses 2 "--maildir takes a directory; " --maildir "$wrong" \
	    --recipients "$list"
done
refuses 1 "cannot store mail in $list: " --maildir "$list/%u" \
    --recipients "$list"

# ---- After SIGHUP there is no list: nobody has a Maildir ----

if ! has_inih; then
	echo "SKIP: SIGHUP: mailin-server was built without inih"
	exit $status
fi
printf 'listen = 127.0.0.1:0\nmaildir = %s\nrecipients = %s\n' "$maildir" \
    "$list" >"$scratch/conf"
launch "$server" --config "$scratch/conf"
printf 'listen = 127.0.0.1:0\nmaildir = %s\n' "$scratch/mail" >"$scratch/conf"
kill -HUP "$pid"
within_time grep -q 'maildir has changed: that needs a restart' \
    "$scratch/errors" || fail "SIGHUP is not reported"
python3 - "$port" "$srcdir/tests/programs" <<'END' || fail "without a list"
import sys
sys.path.insert(0, sys.argv[2])
from rawsmtp import Client
client = Client(int(sys.argv[1]))
client.greet()
client.command("MAIL FROM:<>", 250)
client.command("RCPT TO:<eve@example.org>", 451)
END
stop

exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The third field of the password file lists the senders that a user may use.
. "$srcdir/tests/programs/server.sh"

# The hash of "secret" by crypt(3), with MD5, which is quick.
hash='$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1'
cat >"$scratch/passwd" <<END
any:$hash
one:$hash:one@example.org
several:$hash: several@Example.Org , "john smith"@example.org,@example.net
nobody:$hash:
dovecot:$hash::1000:1000::/home/dovecot
fields:$hash:fields@example.org:one@example.org:@example.net
host:$hash:@mx.example.org
locked:!:locked@example.org
END
start --passwd "$scratch/passwd" --tls optional --xclient-from 127.0.0.1
run_tests senders any_sender listed nobody_else case without_a_user xclient
stop

start --passwd "$scratch/passwd" --tls optional --ignore-case
run_tests senders listed nobody_else ignored_case
stop

start --passwd "$scratch/passwd" --tls optional --domain example.org
run_tests senders elsewhere
stop

cp "$scratch/passwd" "$scratch/old.passwd"
start --passwd "$scratch/passwd" --tls optional
run_tests senders changed
stop

# refuses_senders TEXT: a password file with this third field is refused.
refuses_senders() {
	printf 'ann:!\nbob:%s:%s\n' "$hash" "$1" >"$scratch/passwd"
	refuses 2 "$scratch/passwd:2: a sender is neither an address such as" \
	    --tls optional --maildir "$maildir" --passwd "$scratch/passwd"
}
for senders in bob '*' '<>' bob@ @ , bob@example.org, ,bob@example.org \
    'bob@example.org,,ann@example.org' 'bob@example.org ann@example.org' \
    'bob@example.org;ann@example.org' example.org 1000 \
    '"a,b"@example.org' 'bob@[IPv6:2001:db8::1]'; do
	refuses_senders "$senders"
done

# ---- Many users ----

# A search through the whole list for each line would take minutes.
python3 - "$scratch/passwd" "$hash" <<'END'
import sys
path, password = sys.argv[1:]
with open(path, "w") as out:
    for i in range(100_000):
        name = f"user{i * 7919 % 100_003}"
        print(f"{name}:{password}:{name}@example.org", file=out)
END
before=$(date +%s)
start --passwd "$scratch/passwd" --tls optional
[ $(($(date +%s) - before)) -le 8 ] || fail "the users took long to read"
run_tests senders many
stop
printf 'user7919:!\n\nuser1:!\nuser1:!\n' >>"$scratch/passwd"
refuses 2 "$scratch/passwd:100001: the user is named twice" --tls optional \
    --maildir "$maildir" --passwd "$scratch/passwd"
[ "$(wc -l <"$scratch/errors")" -eq 1 ] || fail "named twice: not one line"

exit $status

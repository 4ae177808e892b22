#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# --hash-password and --hash-scram, and logins with the hashes that they make.
. "$srcdir/tests/programs/server.sh"

# hash OPTION PASSWORD: print a hash.
hash() {
	printf '%s\n' "$2" | "$server" "$1"
}

# refuses_password TEXT PASSWORD: PASSWORD (a format of printf) is refused with
# TEXT.
refuses_password() {
	printf "$2" >"$scratch/password"
	for option in --hash-password --hash-scram; do
		refuses 1 "$1" $option <"$scratch/password"
		[ ! -s "$scratch/log" ] || fail "a hash of '$2'"
		[ "$(wc -l <"$scratch/errors")" -eq 1 ] || fail "not one line"
	done
}

long=$(printf '%0511d' 0)
refuses_password "there is no password" ''
refuses_password "there is no password" '\nsecret\n'
refuses_password "the password is too long" "${long}0\n"
refuses_password "the password has a control character" 'secret\r\n'
refuses_password "the password has a control character" 'sec\000ret\n'
refuses_password "the password has a control character" '\177\n'
refuses 1 "Is a directory" --hash-password <"$scratch"
refuses 2 "--hash-password takes no value" --hash-password=secret
refuses 2 "--hash-scram takes no value" --hash-scram=secret

scram=yes
if hash --hash-scram secret 2>&1 | grep -q 'this build has no SCRAM'; then
	scram=no
	echo "SKIP: SCRAM: mailin-server was built without libgsasl"
fi

cat >"$scratch/passwd" <<END
crypt:$(hash --hash-password secret)
again:$(hash --hash-password secret)
accents:$(hash --hash-password 'sécret "x" $1')
long:$(hash --hash-password "$long")
unended:$(printf 'secret' | "$server" --hash-password)
END
if [ $scram = yes ]; then
	cat >>"$scratch/passwd" <<END
scram:$(hash --hash-scram secret):scram@example.org
accents-scram:$(hash --hash-scram 'sécret "x" $1')
prepared:$(hash --hash-scram 'Ⅸ')
lower:$(hash --hash-scram secret | sed 's/SCRAM-SHA/scram-sha/')
locked:!$(hash --hash-scram secret)
END
fi
for pair in crypt:again accents:long; do
	[ "$(grep "^${pair%:*}:" "$scratch/passwd" | cut -d : -f 2)" != \
	    "$(grep "^${pair#*:}:" "$scratch/passwd" | cut -d : -f 2)" ] ||
	    fail "two hashes are the same"
done
! grep -q secret "$scratch/passwd" || fail "a hash holds the password"
start --tls optional --passwd "$scratch/passwd" --auth-failures 0
py passwords logins "$port" $scram || fail "logins"
stop

py passwords terminal "$server" || fail "passwords from a terminal"
if [ -w /dev/full ]; then
	result=0
	echo secret | "$server" --hash-password >/dev/full \
	    2>"$scratch/errors" || result=$?
	[ $result -eq 1 ] && grep -q 'standard output: ' "$scratch/errors" ||
	    fail "a hash to a full disk: $result"
fi

# refuses_hash TEXT HASH: a password file in which bob has HASH is refused with
# TEXT.
refuses_hash() {
	printf 'ann:!\nbob:%s\n' "$2" >"$scratch/passwd"
	refuses 2 "$scratch/passwd:2: $1" --tls optional \
	    --maildir "$maildir" --passwd "$scratch/passwd"
}

good='{SCRAM-SHA-256}4096,c2FsdA==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU='
if [ $scram = no ]; then
	refuses_hash "this build has no SCRAM" "$good"
	exit $status
fi
py passwords scram_form "$server" || fail "the form of a hash for SCRAM"
keys=${good#*==,}
form="not {SCRAM-SHA-256}iterations,salt,StoredKey,ServerKey"
for hash in '{SCRAM-SHA-256}' '{SCRAM-SHA-256}secret' "${good%,*}" \
    "$good,more" "{SCRAM-SHA-256}4096,,$keys" \
    "{SCRAM-SHA-256}4096,c2FsdA,$keys" "{SCRAM-SHA-256}4096,c2FsdA=!,$keys" \
    "{SCRAM-SHA-256}4096,$(printf '%088d' 0),$keys" "${good%Y=*}," \
    "{SCRAM-SHA-256}4096,c2FsdA==,c2FsdA==,${keys#*,}" \
    "{SCRAM-SHA-256}4096,c2FsdA==,${keys%,*},c2FsdA==" \
    "{SCRAM-SHA-256}4096,c2FsdA==,$long,$long"; do
	refuses_hash "$form" "$hash"
done
for iterations in '' 0 1 4095 1000001 4294971392 4096x -4096 99999999999999; do
	refuses_hash "the iterations are not from 4096 to 1000000" \
	    "{SCRAM-SHA-256}$iterations,c2FsdA==,$keys"
done
refuses_hash "not a hash of crypt(5)" "{SCRAM-SHA-1}4096,c2FsdA==,$keys"
for iterations in 4096 1000000; do
	echo "bob:{SCRAM-SHA-256}$iterations,c2FsdA==,$keys" >"$scratch/passwd"
	start --tls optional --passwd "$scratch/passwd"
	stop
done

exit $status

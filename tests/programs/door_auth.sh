#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --back-end-auth: the server logs in to its back ends, or hands
# on no mail.
. "$srcdir/tests/programs/server.sh"

secret=$scratch/secret
smtp=unix:$scratch/back

# ---- The file ----

refuses 2 "--back-end-auth needs --smtp or --lmtp" --back-end-auth x
refuses 2 "--back-end-auth takes a file" --smtp unix:a --back-end-auth ""

# wrong TEXT: the file must be refused with this text.
wrong() {
	refuses 2 "$secret: $1" --smtp unix:a --back-end-auth "$secret"
	[ "$(wc -l <"$scratch/errors")" -eq 1 ] ||
	    fail "$1: $(cat "$scratch/errors")"
	if grep -q 'tanstaaf' "$scratch/errors"; then
		fail "a password on standard error"
	fi
}

# right: the file must be accepted.
right() {
	"$server" --check-config --lmtp unix:a --back-end-auth "$secret" \
	    >"$scratch/log" 2>"$scratch/errors" ||
	    fail "$(cat "$scratch/errors")"
}

wrong "No such file or directory"
mkdir "$secret"
wrong "not a regular file"
rmdir "$secret"
mkfifo "$secret"
wrong "not a regular file"
rm "$secret"
umask 077
echo 'tim:tanstaaftanstaaf' >"$secret"
for mode in 0604 0602 0666; do
	chmod $mode "$secret"
	wrong "everybody may read or write it"
done
for mode in 0600 0640 0660 0400; do
	chmod $mode "$secret"
	right
done
chmod 0600 "$secret"
long=$(printf '%0366d' 0)
for text in '' '\n' 'tanstaaf' ':tanstaaf' 'tim:' 'tim:\n' 'tim:\r\n' \
    'tim:tanstaaf\n\n' 'tim:a\ntanstaaf' '\ntim:tanstaaf' 'tim:tan\0staaf' \
    't\377m:tanstaaf' "tim:xx$long" "tim:xx$long\n" "tim:$long$long" \
    "tim:xx$long\r\n" "tim:$long\r\nx"; do
	printf "$text" >"$secret"
	wrong "the file must have one line, user:password"
done
for text in 'tim:tanstaaf' 'tim:tanstaaf\r\n' 't\303\274m: a:b \n' 'a:b' \
    "tim:x$long" "tim:x$long\n" "tim:x$long\r\n"; do
	printf "$text" >"$secret"
	right
done

# ---- Where the password may go ----

echo 'tim:tanstaaftanstaaf' >"$secret"
for place in 192.0.2.1:25 '[2001:db8::1]:25' 128.0.0.1:25; do
	refuses 2 "back-end-auth: $place is on another machine" \
	    --smtp unix:a --smtp "$place" --back-end-auth "$secret"
done
for place in unix:a 127.0.0.1:25 127.255.0.1:25 '[::1]:25'; do
	"$server" --check-config --lmtp "$place" --back-end-auth "$secret" \
	    >"$scratch/log" 2>&1 || fail "$place: $(cat "$scratch/log")"
done
"$server" --check-config --smtp 192.0.2.1:25 --back-end-auth "$secret" \
    --back-end-tls starttls >"$scratch/log" 2>&1 ||
    grep -q 'built without libevent_openssl' "$scratch/log" ||
    fail "$(cat "$scratch/log")"

# ---- Mail ----

for option in --smtp --lmtp; do
	launch "$server" --listen 127.0.0.1:0 --threads 1 \
	    --hostname mx.example.org $option "$smtp" --back-end-auth "$secret"
	case $option in
	--smtp) run_tests door_auth login refusals later again ;;
	--lmtp) run_tests door_auth login_lmtp ;;
	esac
	if grep -qE 'tanstaaf|dGltAH|Y2hhbGxlbmdl' "$scratch/log" \
	    "$scratch/errors"; then
		fail "a secret in the log"
	fi
	stop
done

launch "$server" --listen 127.0.0.1:0 --threads 3 --hostname mx.example.org \
    --smtp "$smtp" --back-end-auth "$secret"
run_tests door_auth backs_off
stop

exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --back-end-auth with a back end that offers SCRAM-SHA-256: both
# sides prove that they know the password, and it is not sent.
. "$srcdir/tests/programs/server.sh"

secret=$scratch/secret
smtp=unix:$scratch/back
umask 077
printf 'tim:tanstaaftanstaaf' >"$secret"

scram=$(echo tanstaaftanstaaf | "$server" --hash-scram 2>"$scratch/errors") ||
    skip "mailin-server was built without libgsasl"

# opens OPTION...: start a server that logs in to its back end.
opens() {
	launch "$server" --listen 127.0.0.1:0 --threads 1 \
	    --hostname mx.example.org --domain example.org \
	    --back-end-auth "$secret" "$@"
}

opens --smtp "$smtp"
run_tests door_scram logs_in plain impostors challenges refused long_user \
    unusual
[ ! -r /proc/self/stat ] || run_tests door_scram salted_once
if grep -qE 'tanstaaf|dGFuc3RhYWY' "$scratch/log" "$scratch/errors"; then
	fail "a secret in the log"
fi
stop
opens --lmtp "$smtp"
run_tests door_scram logs_in_lmtp
stop

# ---- Another mailin-server, inside TLS ----

has_back_end_tls || {
	echo "SKIP: TLS: mailin-server was built without libevent_openssl"
	exit $status
}
command -v openssl >/dev/null || skip "the openssl command is missing"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>"$scratch/openssl" ||
    fail "openssl: $(cat "$scratch/openssl")"

back_end=
clean_up_both() {
	[ -z "$back_end" ] || kill -9 "$back_end" 2>/dev/null || :
	clean_up
}
trap clean_up_both EXIT

# with_back_end PASSWORD MECHANISM NAME: run a test of door_scram.py with a
# back end that knows this password, and offers this mechanism.
with_back_end() {
	export BACK_END="$scratch/other" MECHANISM="$2"
	mkdir -p "$BACK_END"
	front=$scratch
	printf 'tim:tanstaaftanstaaf' >"$secret"
	echo "tim:$1" >"$scratch/passwd"
	scratch=$BACK_END
	launch "$server" --listen 127.0.0.1:0 --hostname back.example.org \
	    --maildir "$BACK_END/mail" --auth required \
	    --passwd "$front/passwd" --mechanisms "$2" \
	    --tls-certificate "$front/cert.pem" --tls-key "$front/key.pem"
	back_end=$pid
	scratch=$front
	opens --smtp "localhost:$port" --back-end-tls starttls \
	    --back-end-ca "$scratch/cert.pem"
	run_tests door_scram "$3"
	stop
	pid=$back_end back_end=
	stop
	rm -rf "$BACK_END"
}

other=$(echo wrong | "$server" --hash-scram)
for mechanism in SCRAM-SHA-256 SCRAM-SHA-256-PLUS; do
	with_back_end "$scram" "PLAIN,$mechanism" real
	with_back_end "$scram" "$mechanism" real
	with_back_end "$other" "$mechanism" real_refused
done

exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# AUTH SCRAM-SHA-256 and SCRAM-SHA-256-PLUS of mailin-server, with a client in
# Python, with gsasl and with msmtp.
. "$srcdir/tests/programs/server.sh"

# has_failed MECHANISM USER: the log must have a line of a login that failed.
has_failed() {
	grep "event=auth-failed .* reply=535 .* mechanism=$1 login=$2\( \|$\)" \
	    "$scratch/log" >"$scratch/found" ||
	    fail "no line of a failed login by $1: $2"
	! grep -q 'user=' "$scratch/found" || fail "a failed login has a user"
}

refuses 2 "--mechanisms takes names separated by commas, of PLAIN, LOGIN" \
    --mechanisms SCRAM-SHA-256,SCRAM --passwd "$scratch/none"
refuses 2 "SCRAM-SHA-256-PLUS, not 'SCRAM-SHA-1'" \
    --mechanisms SCRAM-SHA-1 --passwd "$scratch/none"
if ! scram=$(echo secret | "$server" --hash-scram 2>"$scratch/errors"); then
	refuses 2 "this build has no SCRAM" --mechanisms PLAIN,SCRAM-SHA-256 \
	    --passwd "$scratch/none" --tls optional
	skip "mailin-server was built without libgsasl"
fi
refuses 2 "--mechanisms needs --passwd" --mechanisms SCRAM-SHA-256

# The hash of "secret" by crypt(3), with MD5, which is quick.
crypt='$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1'
cat >"$scratch/passwd" <<END
joe:$scram:joe@example.org
a,b=c:$scram
jürgen:$scram
locked:!$scram
shut:*
END
start --tls optional --passwd "$scratch/passwd" --auth-failures 0 --errors 0
run_tests scram offered_in_clear logs_in refused malformed pretence locked \
    senders often
stop
for user in joe locked nobody; do
	has_failed SCRAM-SHA-256 $user
done

# The line with the secret does not count as a user's.
for octet in 1 1 2; do
	{
		cat "$scratch/passwd"
		printf '{SCRAM-SECRET}:!%031d%d\n' 0 $octet
	} >"$scratch/secret"
	start --tls optional --passwd "$scratch/secret"
	run_tests scram secret
	stop
done
[ "$(cut -d ' ' -f 1 "$scratch/salts" | uniq | wc -l)" -eq 1 ] &&
    [ "$(sort -u "$scratch/salts" | wc -l)" -eq 2 ] &&
    [ "$(uniq "$scratch/salts" | wc -l)" -eq 2 ] ||
    fail "salts: $(cat "$scratch/salts")"
for secret in '!1234567890123456789012345678901' "$crypt" \
    '*12345678901234567890123456789012'; do
	printf '%s\n' "joe:$scram" "{SCRAM-SECRET}:$secret" >"$scratch/secret"
	refuses 2 "$scratch/secret:2: the secret of SCRAM is" \
	    --tls optional --passwd "$scratch/secret"
done

# Without --mechanisms, SCRAM is offered only if each user has a hash for it.
sed 's/^shut.*/crypt:'"$(echo "$crypt" | sed 's,/,\\/,g')"'/' \
    "$scratch/passwd" >"$scratch/mixed"
start --tls optional --passwd "$scratch/mixed"
run_tests scram not_offered
stop
start --tls optional --passwd "$scratch/mixed" --auth-failures 0 --errors 0 \
    --mechanisms plain,Scram-Sha-256
run_tests scram only_without_plus logs_in crypt_user
stop
echo "crypt:$crypt" >"$scratch/mixed"
refuses 2 "SCRAM needs a user with a hash of --hash-scram" --tls optional \
    --mechanisms SCRAM-SHA-256 --passwd "$scratch/mixed"

has_tls || {
	echo "SKIP: SCRAM-SHA-256-PLUS: mailin-server was built without OpenSSL"
	exit $status
}
command -v openssl >/dev/null || skip "the openssl command is missing"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj /CN=localhost -addext subjectAltName=DNS:mx.example.org,IP:127.0.0.1 \
    -keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>/dev/null
cat "$scratch/key.pem" >>"$scratch/cert.pem"
start --passwd "$scratch/passwd" --tls-certificate "$scratch/cert.pem" \
    --listen-tls 127.0.0.1:0 --auth-failures 0 --errors 0
run_tests scram plus plus_refused exporter
stop
has_failed SCRAM-SHA-256-PLUS joe

# with_gsasl TLS BINDING PRIORITY: gsasl must log in by SCRAM-SHA-256-PLUS in
# this version of TLS, with this channel binding, and not with a wrong password.
with_gsasl() {
	for password in secret wrong; do
		result=0
		timeout 30 gsasl --smtp --connect="127.0.0.1:$port" --verbose \
		    --x509-ca-file="$scratch/cert.pem" \
		    --mechanism=SCRAM-SHA-256-PLUS --authentication-id=joe \
		    --password=$password --priority="$3" </dev/null \
		    >"$scratch/client" 2>&1 || result=$?
		first=$(sed -n '/^AUTH SCRAM-SHA-256-PLUS/,$p' \
		    "$scratch/client" | sed -n 3p | base64 -d 2>/dev/null) || :
		case $password:$result:$first in
		secret:0:"p=$2,,n=joe,"*)
			grep -q '^235 2.7.0' "$scratch/client" &&
			    grep -q 'server trusted' "$scratch/client" ||
			    fail "gsasl, $1: $(cat "$scratch/client")"
			;;
		wrong:1:"p=$2,,n=joe,"*)
			grep -q '^535 5.7.8' "$scratch/client" ||
			    fail "gsasl, $1: $(cat "$scratch/client")"
			;;
		*) fail "gsasl, $1, $password: $result, $first," \
			"$(cat "$scratch/client")" ;;
		esac
	done
	within_time grep -q "event=closed .* user=joe tls=$1 " "$scratch/log" ||
	    fail "gsasl, $1: no session of joe in $(cat "$scratch/log")"
	within_time grep -q "mechanism=SCRAM-SHA-256-PLUS login=joe tls=$1" \
	    "$scratch/log" || fail "gsasl, $1: $(cat "$scratch/log")"
}

# gsasl gets SCRAM from libgsasl, too, but TLS and the channel binding from
# GnuTLS.  gsasl does not see STARTTLS if it is the last line of the reply to
# EHLO.  With --tls optional the server offers AUTH in clear, too, so that the
# line of AUTH is the last.  tls-exporter is new in version 2.1.
if ! command -v gsasl >/dev/null; then
	echo "SKIP: gsasl is missing (Debian: gsasl)"
elif ! gsasl --version | grep -qE '^gsasl .* (2\.[1-9]|[3-9]|[1-9][0-9])'; then
	echo "SKIP: gsasl is older than 2.1: it has no tls-exporter"
else
	start --passwd "$scratch/passwd" --tls-certificate "$scratch/cert.pem" \
	    --tls optional --auth-failures 0 --mechanisms \
	    SCRAM-SHA-256-PLUS,SCRAM-SHA-256
	with_gsasl TLSv1.3 tls-exporter NORMAL
	with_gsasl TLSv1.2 tls-unique NORMAL:-VERS-TLS1.3
	stop
fi

# msmtp gets SCRAM from libgsasl, and TLS from GnuTLS.
if ! command -v msmtp >/dev/null ||
    ! msmtp --version | grep -q '^plain.* scram-sha-256 '; then
	echo "SKIP: msmtp with SCRAM-SHA-256 is missing"
	exit $status
fi
start --passwd "$scratch/passwd" --tls-certificate "$scratch/cert.pem"
for password in secret wrong; do
	cat >"$scratch/msmtprc" <<END
account default
host 127.0.0.1
port $port
from joe@example.org
auth scram-sha-256
user joe
password $password
tls on
tls_certcheck off
END
	chmod 600 "$scratch/msmtprc"
	result=0
	printf 'Subject: test\n\ntext\n' | msmtp --file="$scratch/msmtprc" \
	    bob@example.org >"$scratch/client" 2>&1 || result=$?
	case $password:$result in
	secret:0 | wrong:77) ;;
	*) fail "msmtp, $password: $result, $(cat "$scratch/client")" ;;
	esac
done
stop

exit $status

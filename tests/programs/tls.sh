#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server with TLS: what clients inside TLS may and may not do.
. "$srcdir/tests/programs/server.sh"

command -v openssl >/dev/null || skip "the openssl command is missing"
has_tls || skip "mailin-server was built without OpenSSL"

# make_key NAME KIND...: make NAME.key, and NAME.pem with its certificate.
make_key() {
	name=$1
	shift
	openssl req -x509 -newkey "$@" -nodes -days 30 -subj "/CN=$name" \
	    -addext subjectAltName=DNS:mx.example.org \
	    -keyout "$scratch/$name.key" -out "$scratch/$name.pem" \
	    >"$scratch/openssl" 2>&1 || {
		cat "$scratch/openssl"
		echo "FAIL: openssl makes no certificate"
		exit 1
	}
}
make_key mx ec -pkeyopt ec_paramgen_curve:P-256
make_key other ec -pkeyopt ec_paramgen_curve:P-256
make_key rsa rsa:2048
cat "$scratch/mx.key" "$scratch/mx.pem" >"$scratch/both.pem"

# The hash of "secret" by crypt(3), with SHA-512.
cat >"$scratch/passwd" <<'END'
joe:$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG.
END

# start_tls OPTION...: start a server that has TLS.
start_tls() {
	start --listen-tls 127.0.0.1:0 --tls-certificate "$scratch/mx.pem" \
	    --tls-key "$scratch/mx.key" "$@"
}

# does PROGRAM NAME...: run the tests with these names, in PROGRAM.py, against
# the server.
does() {
	program=$1
	shift
	for name in "$@"; do
		py "$program" "$name" "$port" "$tls_port" "$scratch/mx.pem" \
		    "$maildir" || fail "$program $name"
	done
}

extensions=PIPELINING,ENHANCEDSTATUSCODES,SIZE,8BITMIME,CHUNKING,SMTPUTF8
extensions=$extensions,STARTTLS,REQUIRETLS

# has TEXT: the log must contain TEXT.
has() {
	grep -q -e "$1" "$scratch/errors" ||
	    fail "no '$1' in: $(cat "$scratch/errors")"
}

# ---- Options ----

pem=$scratch/mx.pem
refuses 2 "--stdio has no TLS" --stdio --tls-certificate "$pem"
refuses 2 "--listen-tls needs --tls-certificate" --listen-tls 127.0.0.1:0
refuses 2 "--listen-tls takes an address" --listen-tls 465x
refuses 2 "--tls-key needs --tls-certificate" --tls-key "$scratch/mx.key"
refuses 2 "--tls-key needs --tls-certificate" --tls-self-signed \
    --tls-key "$scratch/mx.key"
refuses 2 "needs STARTTLS in --extensions, or --listen-tls" \
    --tls-certificate "$pem" --extensions SIZE

# certificate TEXT CERTIFICATE [KEY]: the server must refuse these files, and
# its only message must be TEXT.
certificate() {
	refuses 2 "$1" --listen 127.0.0.1:0 --maildir "$maildir" \
	    --tls-certificate "$2" ${3:+--tls-key "$3"} ${4:+"$4" "$5"}
	[ "$(wc -l <"$scratch/errors")" -eq 1 ] ||
	    fail "$1: $(cat "$scratch/errors")"
}
touch "$scratch/empty"
echo "-----BEGIN CERTIFICATE-----" >"$scratch/torn"
openssl ec -in "$scratch/mx.key" -aes128 -passout pass:x \
    -out "$scratch/locked.key" 2>/dev/null
certificate "$scratch/none: No such file or directory" "$scratch/none"
certificate "$scratch/none: No such file or directory" "$pem" "$scratch/none"
certificate "$scratch/empty: no certificate in it" "$scratch/empty"
certificate "$scratch/mx.key: no certificate in it" "$scratch/mx.key"
certificate "$scratch/torn: " "$scratch/torn"
certificate "$scratch: " "$scratch"
certificate "$scratch/empty: no private key" "$pem" "$scratch/empty"
certificate "$pem: no private key" "$pem"
certificate "$scratch/locked.key: the private key has a passphrase" "$pem" \
    "$scratch/locked.key"
certificate "$scratch: " "$pem" "$scratch"
for other in other rsa; do
	certificate "$scratch/$other.key: the key is not that of" "$pem" \
	    "$scratch/$other.key"
done
certificate "$scratch/empty: no certificate in it" "$pem" "$scratch/mx.key" \
    --tls-certificate "$scratch/empty"
certificate "$scratch/none: No such file or directory" "$pem" \
    "$scratch/mx.key" --tls-certificate "$scratch/none"
if [ "$(id -u)" -ne 0 ]; then
	touch "$scratch/closed"
	chmod 0 "$scratch/closed"
	certificate "$scratch/closed: Permission denied" "$scratch/closed"
	certificate "$scratch/closed: Permission denied" "$pem" \
	    "$scratch/closed"
else
	echo "SKIP: root may read any file"
fi
[ ! -e "$maildir" ] || fail "a Maildir was created though a file is bad"

# ---- Several certificates, and one for trying things out ----

refuses 2 "--tls-key takes one key for each --tls-certificate" \
    --tls-certificate "$pem" --tls-key "$scratch/mx.key" \
    --tls-key "$scratch/other.key"
refuses 2 "--tls-key takes one key for each --tls-certificate" \
    --tls-key "$scratch/mx.key" --tls-key "$scratch/other.key" \
    --tls-certificate "$pem"
refuses 2 "--tls-self-signed replaces no --tls-certificate" \
    --tls-self-signed --tls-certificate "$pem"
refuses 2 "--stdio has no TLS" --stdio --tls-self-signed

# certify NAME DAYS KIND...: make NAME.pem for NAME and *.w.NAME, with its key
# in it.
certify() {
	name=$1 file=$2 days=$3
	shift 3
	openssl req -x509 -newkey "$@" -nodes -days $days -subj "/CN=x" \
	    -addext "subjectAltName=DNS:$name,DNS:*.w.$name" \
	    -keyout "$scratch/key" -out "$scratch/pem" 2>/dev/null
	cat "$scratch/key" "$scratch/pem" >"$scratch/$file.pem"
}
certify one.example one-ec 30 ec -pkeyopt ec_paramgen_curve:P-256
certify one.example one-rsa 30 rsa:2048
certify two.example two-rsa 13 rsa:2048
certify three.example far 15 ec -pkeyopt ec_paramgen_curve:P-256
cat "$scratch/one-ec.pem" "$scratch/one-rsa.pem" "$scratch/two-rsa.pem" \
    >"$scratch/all.pem"

# The key of two.example is in its own file, the other keys are in the files of
# their certificates.
start --listen-tls 127.0.0.1:0 --tls-certificate "$scratch/one-rsa.pem" \
    --tls-certificate "$scratch/two-rsa.pem" --tls-key "$scratch/two-rsa.pem" \
    --tls-certificate "$scratch/one-ec.pem" \
    --tls-certificate "$scratch/far.pem"
py tls_resume several "$port" "$tls_port" "$scratch/all.pem" "$maildir" ||
    fail "several certificates"
stop
grep -v 'no shared cipher' "$scratch/errors" >"$scratch/lines" || :
line="mailin-server: $scratch/two-rsa.pem: the certificate expires in 13 days"
[ "$(cat "$scratch/lines")" = "$line" ] ||
    fail "not one line for a certificate: $(cat "$scratch/errors")"

# If two sections use a certificate, it is reported once.
if has_inih; then
	cat >"$scratch/conf" <<END
tls-certificate = $scratch/two-rsa.pem
tls-client-ca = $scratch/two-rsa.pem
passwd = $scratch/passwd
[listener a]
listen = 25
[listener b]
listen-tls = 465
END
	"$server" --config "$scratch/conf" --check-config >"$scratch/log" \
	    2>"$scratch/errors" || fail "$(cat "$scratch/errors")"
	printf '%s\n' "$line" "$(echo "$line" | sed 's/the cert/a cert/')" |
	    diff - "$scratch/errors" || fail "sections with one certificate"
fi

make_late_pem "$scratch/mx.key"
sleep 1
start --listen-tls 127.0.0.1:0 --tls-certificate "$scratch/late.pem"
stop
[ "$(cat "$scratch/errors")" = \
    "mailin-server: $scratch/late.pem: the certificate has expired" ] ||
    fail "expired: $(cat "$scratch/errors")"

start --listen-tls 127.0.0.1:0 --tls-self-signed
openssl s_client -connect "127.0.0.1:$tls_port" </dev/null 2>/dev/null |
    openssl x509 >"$scratch/self.pem"
py tls_resume self_signed "$port" "$tls_port" "$scratch/self.pem" \
    "$maildir" || fail "--tls-self-signed"
stop
[ "$(grep -c -e '--tls-self-signed: clients cannot verify' \
    "$scratch/errors")" -eq 1 ] || fail "$(cat "$scratch/errors")"

# ---- Clients ----

start_tls --passwd "$scratch/passwd" --extensions $extensions --junk 0
does tls starttls implicit login records deaf half_closed truncated
stop
[ ! -s "$scratch/errors" ] || fail "errors: $(cat "$scratch/errors")"

start_tls --trace
does tls names
stop
for facts in 'server name mx.example.org protocol smtp' \
    'server name mx.example.org protocol esmtp' \
    'server name mx.example.org'; do
	grep -q "^#[0-9]* = TLSv1.3 TLS_[A-Z0-9_]* $facts\$" \
	    "$scratch/errors" || fail "'$facts' is not in the trace"
done
[ "$(grep -c 'TLS handshake with 127.0.0.1 failed: ' \
    "$scratch/errors")" -eq 2 ] || fail "a protocol other than SMTP"

start_tls --max-connections 2
does tls places
stop

# ---- Sessions that are resumed, and forward secrecy ----

start_tls --passwd "$scratch/passwd"
does tls_resume resumption started_fresh elsewhere order
for version in -tls1_2 -tls1_3; do
	for how in "-starttls smtp -connect 127.0.0.1:$port" \
	    "-connect 127.0.0.1:$tls_port"; do
		for way in out in; do
			{
				sleep 0.3
				echo quit
				within_time grep -q '^221 ' "$scratch/client"
			} | timeout 60 openssl s_client -crlf $version $how \
			    -CAfile "$pem" -sess_$way "$scratch/session" \
			    >"$scratch/client" 2>&1 || fail "-sess_$way"
			[ $way = in ] && word=Reused || word=New
			grep -q "^$word, TLSv1" "$scratch/client" ||
			    fail "s_client $version $how: not '$word'"
		done
		openssl sess_id -in "$scratch/session" -noout -text \
		    >"$scratch/client"
		grep -q 'ticket lifetime hint: 3600 ' "$scratch/client" ||
		    fail "$version: $(cat "$scratch/client")"
		! grep 'Max Early Data: [1-9]' "$scratch/client" ||
		    fail "early data is accepted"
	done
done
stop
[ ! -s "$scratch/errors" ] || fail "errors: $(cat "$scratch/errors")"

start --listen-tls 127.0.0.1:0 --tls-certificate "$scratch/rsa.pem" \
    --tls-key "$scratch/rsa.key"
py tls_resume no_secrecy "$port" "$tls_port" "$scratch/rsa.pem" "$maildir" ||
    fail "ciphers without forward secrecy"
stop

start_tls --trace
does tls_attacks injection
stop
! grep -q '[<>] .*injected' "$scratch/errors" ||
    fail "injected: $(grep -n injected "$scratch/errors")"
has 'TLS handshake with 127.0.0.1 failed: '

start_tls
does tls_attacks garbage gone untrusting old
does tls half_closed
if [ -d "/proc/$pid/fd" ]; then
	py tls_attacks descriptors "$port" "$tls_port" "$pem" "$maildir" \
	    "$pid" || fail "descriptors"
fi
stop
for reason in 'wrong version number' 'http request' 'unsupported protocol' \
    'the client is gone' 'alert bad certificate' 'unknown ca'; do
	has "TLS handshake with 127.0.0.1 failed: .*$reason"
done
! grep -v 'TLS handshake with 127.0.0.1 failed: ' "$scratch/errors" ||
    fail "other errors"

start_tls --timeout-input 1
does tls_attacks stalled
stop
[ "$(grep -c 'TLS handshake with 127.0.0.1 failed: it took too long' \
    "$scratch/errors")" -eq 4 ] || fail "stalled: $(cat "$scratch/errors")"

start_tls --tls required --passwd "$scratch/passwd"
does tls_attacks required
stop

start_tls --proxy-from 127.0.0.9
does tls_attacks proxied
stop
[ "$(grep -c '127.0.0.9 is in --proxy-from and sent no PROXY header' \
    "$scratch/errors")" -eq 5 ] || fail "proxies: $(cat "$scratch/errors")"

start_tls --proxy-from 127.0.0.9 --timeout-proxy 1
py proxied_tls late "$tls_port" 127.0.0.9 || fail "--timeout-proxy before TLS"
stop
[ "$(grep -c '127.0.0.9 is in --proxy-from and sent no PROXY header' \
    "$scratch/errors")" -eq 3 ] || fail "late: $(cat "$scratch/errors")"

for threads in 1 4; do
	start_tls --threads $threads
	py tls_attacks stopped "$port" "$tls_port" "$pem" "$maildir" "$pid" ||
	    fail "SIGTERM, $threads threads"
	ended 0
done

start_tls --grace 1
py tls_attacks grace "$port" "$tls_port" "$pem" "$maildir" "$pid" ||
    fail "--grace"
ended 0
[ -z "$(ls "$maildir/tmp" "$maildir/new" | grep -v :)" ] ||
    fail "--grace: files are left"

# ---- Clients that other people wrote ----

py messages "$scratch"

# Each of these functions gets the port, and the way in which TLS begins there:
# starttls or tls.

by_curl() {
	[ "$1" = tls ] && scheme=smtps || scheme=smtp
	timeout 60 curl -sS --ssl-reqd --cacert "$pem" --user joe:secret \
	    --resolve "mx.example.org:$2:127.0.0.1" \
	    "$scheme://mx.example.org:$2/client.example.org" \
	    --mail-from alice@example.org --mail-rcpt bob@example.org \
	    --upload-file "$scratch/big"
}

by_msmtp() {
	[ "$1" = tls ] && starttls=off || starttls=on
	timeout 60 msmtp --file=/dev/null --host=127.0.0.1 --port="$2" \
	    --auth=off --tls=on --tls-starttls=$starttls \
	    --tls-trust-file="$pem" \
	    --tls-host-override=mx.example.org \
	    --domain=client.example.org --from=alice@example.org \
	    -- bob@example.org <"$scratch/big"
}

# s_client ends when its input ends, even if more output is to come.  A line K
# makes it send a KeyUpdate.  Lines that begin with Q or R would be commands to
# s_client, too.
by_openssl() {
	[ "$1" = tls ] && starttls= || starttls='-starttls smtp'
	{
		for line in 'EHLO client.example.org' K \
		    'MAIL FROM:<alice@example.org>' K \
		    'rcpt TO:<bob@example.org>' DATA; do
			sleep 0.3
			echo "$line"
		done
		sleep 0.3
		tr -d '\r' <"$scratch/short"
		printf '.\nquit\n'
		within_time grep -q '^221 ' "$scratch/client"
	} | timeout 60 openssl s_client -crlf -tls1_3 -CAfile "$pem" \
	    -verify_return_error $starttls -connect "127.0.0.1:$2"
}

start_tls --passwd "$scratch/passwd" --pipelining allow
for client in curl msmtp openssl; do
	if ! command -v $client >/dev/null; then
		echo "SKIP: $client is missing"
		continue
	fi
	[ $client = openssl ] && file=short || file=big
	for how in "starttls $port" "tls $tls_port"; do
		if ! by_$client $how >"$scratch/client" 2>&1; then
			fail "$client, $how: $(tail -n 3 "$scratch/client")"
			continue
		fi
		# RFC 3848 defines these names, and RFC 6531 4.3 those for
		# clients that use SMTPUTF8.
		grep -qE ' with (ESMTP|UTF8SMTP)SA?[[:space:]]' \
		    "$maildir"/new/* ||
		    fail "$client, $how: no ESMTPS"
		fault=$(py stored "$maildir" "$scratch/$file" \
		    alice@example.org bob@example.org 2>&1) ||
		    fail "$client, $how: $fault"
	done
done
grep -q KEYUPDATE "$scratch/client" || fail "openssl sent no KeyUpdate"

# TLS 1.3 has no renegotiation; in TLS 1.2 the server refuses it (threat V56).
{
	sleep 0.3
	echo R
	within_time grep -q 'no renegotiation' "$scratch/client"
} | timeout 20 openssl s_client -crlf -tls1_2 -connect "127.0.0.1:$tls_port" \
    >"$scratch/client" 2>&1 || :
grep -q 'no renegotiation' "$scratch/client" ||
    fail "renegotiation: $(tail -n 3 "$scratch/client")"
stop

# ---- The key and the certificate in one file, and a list without STARTTLS ----

launch "$server" --listen-tls 127.0.0.1:0 --listen 127.0.0.1:0 \
    --tls-certificate "$scratch/both.pem" --maildir "$maildir" \
    --extensions SIZE
py tls unoffered "$port" 0 "$pem" "$maildir" ||
    fail "STARTTLS, but it is not in --extensions"
stop

# The lines of the last server must not be found.
: >"$scratch/log"
"$server" --listen-tls 127.0.0.1:0 --tls-certificate "$scratch/both.pem" \
    --maildir "$maildir" >"$scratch/log" 2>"$scratch/errors" &
pid=$!
within_time grep -q '^listening' "$scratch/log" || :
stop
[ "$(grep -c '^listening on 127.0.0.1:[0-9]* by TLS, ' "$scratch/log")" \
    -eq 1 ] && [ "$(wc -l <"$scratch/log")" -eq 1 ] ||
    fail "--listen-tls alone: $(cat "$scratch/log")"

exit $status

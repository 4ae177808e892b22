#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# AUTH EXTERNAL of mailin-server: clients log in by their certificates.
. "$srcdir/tests/programs/server.sh"

ca=$scratch/ca.pem
has_tls || skip "mailin-server was built without OpenSSL"
command -v openssl >/dev/null || skip "the openssl command is missing"

# ---- Certificates ----

ssl() {
	openssl "$@" >"$scratch/openssl" 2>&1 || {
		cat "$scratch/openssl"
		echo "FAIL: openssl $*"
		exit 1
	}
}

# authority NAME: make NAME.pem and NAME.key.
authority() {
	ssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$1" \
	    -keyout "$scratch/$1.key" -out "$scratch/$1.pem"
}
authority good-ca
authority other-ca
cp "$scratch/good-ca.pem" "$ca"

# The certificates of all clients have the same key.
ssl ecparam -name prime256v1 -genkey -noout -out "$scratch/key"

# issue NAME SUBJECT ISSUER [DAYS [EXTENSION]]: make NAME.pem, with the key.
issue() {
	echo "${5:-basicConstraints=CA:FALSE}" >"$scratch/extension"
	ssl req -new -utf8 -key "$scratch/key" -subj "$2" \
	    -out "$scratch/request"
	ssl x509 -req -in "$scratch/request" -CA "$scratch/$3.pem" \
	    -CAkey "$scratch/$3.key" -CAcreateserial -days "${4:-30}" \
	    -extfile "$scratch/extension" -out "$scratch/certificate"
	cat "$scratch/certificate" "$scratch/key" >"$scratch/$1.pem"
}

# change NAME SOURCE OLD NEW KEY: copy SOURCE.pem to NAME.pem, with the octets
# NEW in place of OLD (both in hex).  KEY is the file of the issuer's key, which
# signs the copy, or "none": the copy keeps the old signature.
change() {
	py certificates "$scratch/$2.pem" "$3" "$4" "$5" "$scratch/certificate"
	cat "$scratch/certificate" "$scratch/key" >"$scratch/$1.pem"
}

client=extendedKeyUsage=clientAuth
issue expired /CN=alice good-ca 0
issue alice /O=Example/CN=alice good-ca 30 $client
issue any-purpose /CN=alice good-ca
issue bob /CN=bob good-ca 30 $client
issue carol /CN=carol good-ca
issue dave /CN=dave good-ca
issue eve /CN=eve good-ca
issue capital /CN=Alice good-ca
issue server /CN=alice good-ca 30 extendedKeyUsage=serverAuth
issue two /CN=alice/CN=bob good-ca
issue none /O=alice good-ca
issue placeholder /CN=aliceZbob good-ca
issue stranger /CN=alice other-ca
key=$scratch/good-ca.key
# Replace the Z in "eZb" by a NUL, a tab or a DEL.
change nul placeholder 655a62 650062 "$key"
change tab placeholder 655a62 650962 "$key"
change del placeholder 655a62 657f62 "$key"
# Replace "eve" by "bob", without the key of the authority.
change forged eve 657665 626f62 none
ssl req -x509 -key "$scratch/key" -days 30 -subj /CN=alice \
    -out "$scratch/certificate"
cat "$scratch/certificate" "$scratch/key" >"$scratch/self.pem"
ssl req -new -key "$scratch/other-ca.key" -subj /CN=issuer \
    -out "$scratch/request"
echo basicConstraints=critical,CA:TRUE >"$scratch/extension"
ssl x509 -req -in "$scratch/request" -CA "$scratch/good-ca.pem" \
    -CAkey "$key" -CAcreateserial -days 30 -extfile "$scratch/extension" \
    -out "$scratch/issuer.pem"
cp "$scratch/other-ca.key" "$scratch/issuer.key"
issue without-issuer /CN=alice issuer
cat "$scratch/without-issuer.pem" "$scratch/issuer.pem" \
    >"$scratch/with-issuer.pem"
ssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj /CN=mx -addext subjectAltName=DNS:mx.example.org \
    -keyout "$scratch/mx.key" -out "$scratch/mx.pem"
touch "$scratch/index"
printf '[ca]\ndefault_ca = it\n[it]\ndatabase = %s\ndefault_md = sha256\n' \
    "$scratch/index" >"$scratch/ca.conf"
ssl ca -gencrl -config "$scratch/ca.conf" -keyfile "$key" -cert "$ca" \
    -crldays 30 -out "$scratch/crl"
cat "$ca" "$scratch/crl" >"$scratch/crl.pem"

# "secret", as crypt(3) hashes it with MD5, which is quick.
hash='$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1'
printf '%s\n' "alice:$hash" "bob:$hash:bob@example.org" "dave:!$hash" \
    'carol:{External}:carol@example.org' >"$scratch/passwd"

# ---- Options ----

pem="--tls-certificate $scratch/mx.pem --tls-key $scratch/mx.key"
passwd="--passwd $scratch/passwd"
refuses 2 "--tls-client-ca needs --tls-certificate" --tls-client-ca "$ca"
refuses 2 "--stdio has no TLS" --stdio $pem --tls-client-ca "$ca"
refuses 2 "--tls-client-ca takes a file" $pem $passwd --tls-client-ca ""
refuses 2 "--tls-client-ca needs --passwd" $pem --tls-client-ca "$ca"
refuses 2 "--tls-client-ca needs EXTERNAL in --mechanisms" $pem $passwd \
    --tls-client-ca "$ca" --mechanisms PLAIN
refuses 2 "--tls-client-ca needs EXTERNAL in --mechanisms" $pem $passwd \
    --tls-client-ca "$ca" --proxy-from 127.0.0.9
refuses 2 "EXTERNAL needs --tls-client-ca, or --proxy-from" $pem $passwd \
    --mechanisms PLAIN,EXTERNAL
refuses 2 "--mechanisms needs --passwd" $pem --mechanisms EXTERNAL
"$server" $pem $passwd --tls-client-ca "$ca" --check-config \
    >"$scratch/log" 2>&1 || fail "--check-config: $(cat "$scratch/log")"

# broken TEXT FILE: the file must be refused with TEXT and nothing else.
broken() {
	refuses 2 "$1" $pem $passwd --tls-client-ca "$2" --check-config
	[ "$(wc -l <"$scratch/errors")" -eq 1 ] ||
	    fail "$1: $(cat "$scratch/errors")"
}
touch "$scratch/empty"
echo "-----BEGIN CERTIFICATE-----" >"$scratch/torn"
cat "$ca" "$scratch/torn" >"$scratch/half"
broken "$scratch/missing: No such file" "$scratch/missing"
broken "$scratch/empty: no certificate in it" "$scratch/empty"
broken "$scratch/mx.key: no certificate in it" "$scratch/mx.key"
broken "$scratch/torn: " "$scratch/torn"
broken "$scratch/half: " "$scratch/half"
broken "$scratch: " "$scratch"
broken "$scratch/crl.pem: a list of revoked certificates is not supported" \
    "$scratch/crl.pem"

# The certificate that expires first counts, wherever it is in the file.
ssl req -x509 -key "$scratch/key" -days 13 -subj /CN=soon \
    -out "$scratch/certificate"
cat "$ca" "$scratch/certificate" "$scratch/other-ca.pem" >"$scratch/soon.pem"
"$server" $pem $passwd --tls-client-ca "$scratch/soon.pem" --check-config \
    >"$scratch/log" 2>&1 || fail "an authority that expires soon is refused"
grep -qx "mailin-server: $scratch/soon.pem: a certificate expires in 13 days" \
    "$scratch/log" || fail "expires soon: $(cat "$scratch/log")"

# ---- Clients ----

# begin OPTION...: start a server that trusts the authority in $ca.
begin() {
	start $pem $passwd --listen-tls 127.0.0.1:0 --tls-client-ca "$ca" \
	    --auth-failures 0 --errors 0 --junk 0 "$@"
}

begin --threads 2
run_tests external without_name logs_in without_password acts_as_another \
    unknown_users senders in_clear resumed replaced closed_account
stop
! grep -v "$ca: " "$scratch/errors" || fail "other errors"

begin --mechanisms PLAIN,EXTERNAL --proxy-from 127.0.0.9
run_tests external proxied by_proxy
stop

# The server trusts only the certificate of the issuer, or only that of the
# client.
for authority in issuer alice; do
	[ $authority = issuer ] && own=without-issuer || own=alice
	openssl x509 -in "$scratch/$authority.pem" -out "$ca"
	begin --trace
	timeout 20 openssl s_client -crlf -quiet \
	    -connect "127.0.0.1:$tls_port" \
	    -cert "$scratch/$own.pem" -key "$scratch/key" \
	    -cert_chain "$scratch/$own.pem" >"$scratch/client" 2>&1 <<END || :
EHLO client.example.org
quit
END
	stop
	grep -q ' certificate alice$' "$scratch/errors" ||
	    fail "$authority is trusted: $(cat "$scratch/errors")"
done

# names TEXT: openssl must report TEXT about the names of authorities that the
# server sends.
names() {
	begin
	echo quit | timeout 20 openssl s_client -crlf -tls1_2 \
	    -connect "127.0.0.1:$tls_port" >"$scratch/client" 2>/dev/null || :
	grep -q "$1" "$scratch/client" || fail "$1: $(cat "$scratch/client")"
	stop
}
word=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
subject=
for i in 1 2 3 4 5 6 7 8 9 10; do
	subject=$subject/OU=$word/OU=$word/OU=$word/OU=$word
done
cp "$scratch/good-ca.pem" "$ca"
for i in 1 2 3 4 5; do
	ssl req -x509 -key "$scratch/key" -days 30 -subj "/CN=$i$subject" \
	    -out "$scratch/certificate"
	cat "$scratch/certificate" >>"$ca"
done
names '^Acceptable client certificate CA names'
ssl req -x509 -key "$scratch/key" -days 30 -subj "/CN=6$subject" \
    -out "$scratch/certificate"
cat "$scratch/certificate" >>"$ca"
names '^No client certificate CA names sent'

# ---- Clients that other people wrote ----

by_curl() {
	timeout 60 curl -sS --ssl-reqd --cacert "$scratch/mx.pem" \
	    --cert "$scratch/$1.pem" --key "$scratch/key" --user "$1:" \
	    --login-options AUTH=EXTERNAL \
	    --resolve "mx.example.org:$tls_port:127.0.0.1" \
	    "smtps://mx.example.org:$tls_port/client.example.org" \
	    --mail-from "$1@example.org" --mail-rcpt carol@example.org \
	    --upload-file "$scratch/message"
}

by_msmtp() {
	timeout 60 msmtp --file=/dev/null --host=127.0.0.1 --port="$port" \
	    --auth=external --user="$1" \
	    --tls=on --tls-trust-file="$scratch/mx.pem" \
	    --tls-cert-file="$scratch/$1.pem" --tls-key-file="$scratch/key" \
	    --tls-host-override=mx.example.org --from="$1@example.org" \
	    -- carol@example.org <"$scratch/message"
}

! grep -q 'authenticated sender' "$maildir"/new/* ||
    fail "Received: names the user, though nobody has asked for that"
cp "$scratch/good-ca.pem" "$ca"
printf 'Subject: test\n\ntext\n' >"$scratch/message"
for program in curl msmtp; do
	if ! command -v $program >/dev/null; then
		echo "SKIP: $program is missing"
		continue
	fi
	begin --auth required --received-user show
	rm -f "$maildir"/new/*
	by_$program alice >"$scratch/client" 2>&1 ||
	    fail "$program: $(cat "$scratch/client")"
	grep -q '^.(authenticated sender alice).$' "$maildir"/new/* ||
	    fail "$program: no user in Received:"
	! by_$program dave >"$scratch/client" 2>&1 ||
	    fail "$program: a user who is locked"
	stop
	# The log is complete only after the server has ended.
	for line in 'event=message .* user=alice ' \
	    'event=auth-failed .* mechanism=EXTERNAL login=dave '; do
		grep -q "$line" "$scratch/log" ||
		    fail "$program: no '$line' in: $(cat "$scratch/log")"
	done
done

exit $status

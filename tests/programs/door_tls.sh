#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --back-end-tls: a back end gets mail inside TLS, and only if its
# certificate is right.
. "$srcdir/tests/programs/server.sh"

refuses 2 "--back-end-tls takes one of none, starttls, implicit" \
    --smtp host:25 --back-end-tls on
refuses 2 "--back-end-tls needs --smtp or --lmtp" --back-end-tls starttls
refuses 2 "--back-end-ca needs --back-end-tls" --back-end-ca x
refuses 2 "--back-end-ca needs --back-end-tls" --smtp host:25 --back-end-ca x \
    --back-end-tls none
refuses 2 "--back-end-ca takes a file" --smtp host:25 --back-end-ca ""

has_back_end_tls || {
	echo "SKIP: TLS: mailin-server was built without libevent_openssl"
	exit $status
}
command -v openssl >/dev/null || skip "the openssl command is missing"

refuses 2 "--back-end-tls: a UNIX socket has no host name to verify" \
    --lmtp host:24 --lmtp unix:a --back-end-tls implicit
: >"$scratch/empty.pem"
for file in empty.pem none.pem; do
	refuses 2 "$scratch/$file: " --smtp 127.0.0.1:25 \
	    --listen 127.0.0.1:0 --back-end-tls starttls \
	    --back-end-ca "$scratch/$file"
done

# certificate NAME ALTERNATIVE OPTION...: make NAME.pem and NAME.key.
certificate() {
	name=$1 alternative=$2
	shift 2
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj "/CN=localhost" -addext "subjectAltName=$alternative" \
	    -keyout "$scratch/$name.key" -out "$scratch/$name.pem" "$@" \
	    2>"$scratch/openssl" || fail "openssl: $(cat "$scratch/openssl")"
}
# Python 3.13 wants keyUsage in the certificate of an authority (RFC 5280
# 4.2.1.3).
certificate ca DNS:ca.example -addext keyUsage=critical,keyCertSign -days 30
issuer="-CA $scratch/ca.pem -CAkey $scratch/ca.key"
issuer="$issuer -addext basicConstraints=critical,CA:FALSE"
certificate good DNS:localhost $issuer -days 30
certificate address IP:127.0.0.1 $issuer -days 30
certificate other DNS:other.example $issuer -days 30
certificate unknown DNS:localhost -days 30
# Only the x509 command can make a certificate that has expired: with 0 days it
# expires at once.  OpenSSL 3.5 refuses to make one that ends before it begins.
cp "$scratch/good.key" "$scratch/expired.key"
echo subjectAltName=DNS:localhost >"$scratch/extension"
openssl req -new -key "$scratch/good.key" -subj /CN=localhost |
    openssl x509 -req -CA "$scratch/ca.pem" -CAkey "$scratch/ca.key" \
        -CAcreateserial -extfile "$scratch/extension" -days 0 \
        -out "$scratch/expired.pem" 2>"$scratch/openssl" ||
    fail "openssl: $(cat "$scratch/openssl")"

BACK=$(py free_port)
export BACK

# does HOST MODE NAME...: run the tests against a server with the options in
# $more.
more=
does() {
	host=$1 mode=$2
	shift 2
	cp "$scratch/ca.pem" "$scratch/ca-now.pem"
	launch "$server" --listen 127.0.0.1:0 --threads 1 \
	    --hostname mx.example.org --message-size 9M \
	    --smtp "$host:$BACK" --back-end-tls "$mode" \
	    --back-end-ca "$scratch/ca-now.pem" $more
	for name in "$@"; do
		cp "$scratch/ca.pem" "$scratch/ca-now.pem"
		run_tests door_tls "$name"
	done
	stop
}

does localhost starttls starttls later authorities expired wrong_name unknown \
    stripped refused injected
does localhost implicit implicit implicit_wrong_name in_clear
does 127.0.0.1 starttls address wrong_ip
more="--tls-certificate $scratch/good.pem --tls-key $scratch/good.key"
more="$more --extensions STARTTLS,REQUIRETLS"
does localhost starttls requiretls
launch "$server" --listen 127.0.0.1:0 --smtp "localhost:$BACK" $more
run_tests door_tls requiretls_in_clear
stop
(umask 077 && echo 'tim:tanstaaftanstaaf' >"$scratch/secret")
more="--back-end-auth $scratch/secret"
does localhost starttls login stripped refused injected unknown
does localhost implicit login_implicit implicit_wrong_name goodbye

exit $status

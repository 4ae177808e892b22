#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# HAProxy does TLS with the clients, and describes it to mailin-server in the
# PROXY header.
. "$srcdir/tests/programs/server.sh"

PATH=$PATH:/usr/sbin:/sbin
command -v haproxy >/dev/null || skip "haproxy is missing"
command -v openssl >/dev/null || skip "the openssl command is missing"
haproxy -vv 2>/dev/null | grep -q '+OPENSSL' ||
    skip "haproxy was built without OpenSSL"
has_tls || skip "mailin-server was built without OpenSSL"
haproxy=

end_haproxy() {
	[ -z "$haproxy" ] || kill "$haproxy" 2>/dev/null || :
	clean_up
}
trap end_haproxy EXIT

# make_key NAME EXTENSION: make NAME.pem, a certificate with its key.
make_key() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -days 30 -subj "/CN=$1" -addext "$2" -keyout "$scratch/$1.key" \
	    -out "$scratch/$1.crt" >"$scratch/openssl" 2>&1 || {
		cat "$scratch/openssl"
		echo "FAIL: openssl makes no certificate"
		exit 1
	}
	cat "$scratch/$1.crt" "$scratch/$1.key" >"$scratch/$1.pem"
}
make_key mx subjectAltName=DNS:mx.example.org
make_key alice keyUsage=digitalSignature
make_key mallory keyUsage=digitalSignature

# The hash of "secret" by crypt(3), with SHA-512.
cat >"$scratch/passwd" <<'END'
joe:$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG.
END

# The configuration has a frontend for each use of TLS: TLS ends at HAProxy; TLS
# ends at HAProxy, which uses TLS to the server, too; TLS is passed on to the
# server; there is no TLS.
configure() {
	clear=127.0.0.1:$port tls=127.0.0.1:$tls_port
	verify="ca-file $scratch/alice.crt verify optional crt-ignore-err all"
	more=authority,ssl-cipher,crc32c
	cat <<-END
	defaults
		mode tcp
		timeout connect 5s
		timeout client 30s
		timeout server 30s
	listen ends_ssl
		bind "fd@\${SOCKET_0}" ssl crt $scratch/mx.pem
		server mailin $clear send-proxy-v2-ssl
	listen ends_ssl_cn
		bind "fd@\${SOCKET_1}" ssl crt $scratch/mx.pem alpn smtp $verify
		server mailin $clear send-proxy-v2-ssl-cn proxy-v2-options $more
	listen again
		bind "fd@\${SOCKET_2}" ssl crt $scratch/mx.pem
		server mailin $tls send-proxy-v2-ssl-cn ssl verify none
	listen through
		bind "fd@\${SOCKET_3}"
		server mailin $tls send-proxy-v2-ssl
	listen clear
		bind "fd@\${SOCKET_4}"
		server mailin $clear send-proxy-v2-ssl
	END
}

start --trace --proxy-from 127.0.0.0/8 --tls required \
    --passwd "$scratch/passwd" --listen-tls 127.0.0.1:0 \
    --tls-certificate "$scratch/mx.pem"
configure >"$scratch/haproxy.cfg"
python3 "$srcdir/tests/programs/haproxy.py" "$scratch/haproxy.cfg" 5 \
    >"$scratch/ports" 2>"$scratch/haproxy.log" &
haproxy=$!
within_time test -s "$scratch/ports" || fail "HAProxy did not start"
py through_haproxy_tls "$maildir" "$scratch" $(cat "$scratch/ports") ||
    fail "HAProxy: $(tail -n 5 "$scratch/haproxy.log")"
kill "$haproxy"
wait "$haproxy" 2>/dev/null || :
haproxy=
stop
# The trace must have the server name, and the name in a valid certificate of
# the client.
for text in '= TLSv1.3 TLS_.* server name mx.example.org' \
    '= TLSv1.3 TLS_.* certificate alice$'; do
	grep -q -e "$text" "$scratch/errors" ||
	    fail "no $text: $(grep ' = ' "$scratch/errors")"
done
! grep 'certificate mallory' "$scratch/errors" ||
    fail "a certificate counts that the proxy has not verified"

exit $status

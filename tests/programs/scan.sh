#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# sslscan finds nothing wrong with the TLS of mailin-server (threat V56).
# testssl.sh has a script of its own, since it takes minutes.
. "$srcdir/tests/programs/server.sh"

has_tls || skip "mailin-server was built without OpenSSL"
command -v openssl >/dev/null || skip "the openssl command is missing"

make_pem rsa 30 rsa:2048
make_pem ec 30
start --listen-tls 127.0.0.1:0 --tls-certificate "$scratch/rsa.pem" \
    --tls-certificate "$scratch/ec.pem"

# says TEXT: the output of the scanner must contain TEXT.
says() {
	grep -qE -e "$1" "$scratch/scan" ||
	    fail "sslscan: no '$1' in: $(cat "$scratch/scan")"
}

# Each cipher has forward secrecy, and the server prefers ECDSA to RSA: it has a
# certificate for each kind of key.
if command -v sslscan >/dev/null; then
	for target in "--starttls-smtp 127.0.0.1:$port" \
	    "127.0.0.1:$tls_port"; do
		timeout 60 sslscan --no-colour --sni-name=mx.example.org \
		    $target >"$scratch/scan" || fail "sslscan $target"
		for version in SSLv2 SSLv3 TLSv1.0 TLSv1.1; do
			says "^$version +disabled"
		done
		says '^TLSv1.2 +enabled'
		says '^TLSv1.3 +enabled'
		says 'renegotiation not supported'
		says '^Preferred TLSv1.2 .* ECDHE-ECDSA-AES256-GCM-SHA384 '
		says '^Accepted +TLSv1.2 .* ECDHE-RSA-AES256-GCM-SHA384 '
		! grep -E '^(Preferred|Accepted)' "$scratch/scan" |
		    grep -vE ' (ECDHE-|TLS_)' || fail "no forward secrecy"
		! grep -E 'ffdhe|heartbleed' "$scratch/scan" |
		    grep -v 'not vulnerable' || fail "sslscan $target"
	done
else
	echo "SKIP: sslscan is missing"
fi
stop
exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# testssl.sh finds nothing wrong with the TLS of mailin-server (threat V56).
# This takes about two minutes, so "make check-neighbours" runs it, not "make
# check".  If TESTSSL_REPORT is set, it is the name of a file for what testssl
# says.
. "$srcdir/tests/programs/server.sh"

has_tls || skip "mailin-server was built without OpenSSL"
command -v openssl >/dev/null || skip "the openssl command is missing"
testssl=$(command -v testssl || command -v testssl.sh) ||
    skip "testssl is missing (Debian: testssl.sh)"

make_pem rsa 60 rsa:2048
make_pem ec 60
start --listen-tls 127.0.0.1:0 --tls-certificate "$scratch/rsa.pem" \
    --tls-certificate "$scratch/ec.pem"

# says TEXT: the report of testssl must contain TEXT.
says() {
	grep -qE -e "$1" "$scratch/scan" ||
	    fail "$target: no '$1' in: $(cat "$scratch/scan")"
}

# Look at the protocols, the kinds of ciphers, forward secrecy, the server's
# preferences, and the attacks that testssl knows, but for those on HTTP.  Leave
# out the certificates, which are those of this test.
for target in "-t smtp 127.0.0.1:$port" "127.0.0.1:$tls_port"; do
	# shellcheck disable=SC2086 # an option, its argument, and an address
	timeout 500 "$testssl" --quiet --color 0 --warnings batch -n none \
	    -p -s -f -P -H -I -BB -R -C -O -Z -W -F -D -J -A -L -4 $target \
	    >"$scratch/scan" 2>&1 || fail "testssl $target: status $?"
	for version in 'SSLv2' 'SSLv3' 'TLS 1' 'TLS 1.1'; do
		says "^ $version +not offered"
	done
	says '^ TLS 1.2 +offered \(OK\)'
	says '^ TLS 1.3 +offered \(OK\)'
	says 'Strong encryption \(AEAD ciphers\) +offered \(OK\)'
	says 'FS is offered \(OK\)'
	says 'Has server cipher order\? +yes \(OK\)'
	says '^ Heartbleed .*not vulnerable'
	says '^ CCS .*not vulnerable'
	says 'Secure Renegotiation .*supported \(OK\)'
	says 'Client-Initiated Renegotiation +not vulnerable'
	says 'CRIME.*not vulnerable'
	says 'SWEET32.*not vulnerable'
	says 'FREAK.*not vulnerable'
	says 'DROWN.*not vulnerable'
	says 'BEAST.*not vulnerable'
	says 'RC4 .*no RC4 ciphers detected'
	! grep 'NOT ok' "$scratch/scan" || fail "testssl $target: not ok"
	# TLS 1.2 still has CBC for older mail servers.  For any server with CBC
	# testssl says that LUCKY13 is possible; OpenSSL has a defence.
	! grep VULNERABLE "$scratch/scan" | grep -v '^ LUCKY13 ' ||
	    fail "testssl $target: vulnerable"
	[ -z "${TESTSSL_REPORT-}" ] || cat "$scratch/scan" >>"$TESTSSL_REPORT"
done
stop
exit $status

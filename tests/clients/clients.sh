#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Clients that other people wrote send mail through mailin-server to a back end,
# and directly to the same back end: clients.py compares.  table.py names the
# packages.  Those that replace a mail server are unpacked in build/clients, and
# those of npm are installed there.  This takes many minutes, so "make
# check-clients" runs it, not "make check".  Arguments are names of clients.
. "$srcdir/tests/programs/server.sh"

[ "$(id -u)" -eq 0 ] || skip "Postfix and Exim start for root alone"
command -v openssl >/dev/null || skip "openssl is missing"
PATH=$PATH:/usr/sbin:/sbin
chmod 711 "$scratch"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj /CN=door.example.org \
    -addext subjectAltName=DNS:door.example.org,IP:127.0.0.1 \
    -keyout "$scratch/key" -out "$scratch/pem" 2>"$scratch/openssl" ||
    fail "openssl: $(cat "$scratch/openssl")"
echo "joe:$(echo secret | "$server" --hash-password)" >"$scratch/passwd"
launch "$server" --listen 127.0.0.1:0 --hostname door.example.org \
    --lmtp "unix:$scratch/lmtp"
mv "$scratch/log" "$scratch/lmtp.log"
lmtp_pid=$pid lmtp_port=$port
end_both() {
	kill -9 "$lmtp_pid" 2>/dev/null || :
	clean_up
}
trap end_both EXIT
launch "$server" --listen 127.0.0.1:0 --listen-tls 127.0.0.1:0 \
    --hostname door.example.org --smtp "unix:$scratch/back" \
    --tls-certificate "$scratch/pem" --tls-key "$scratch/key" \
    --passwd "$scratch/passwd" --mechanisms PLAIN,LOGIN
python3 "$srcdir/tests/clients/clients.py" "$scratch" "$(py free_port)" \
    "$port" "$tls_port" "$lmtp_port" "$scratch/pem" "$@" || status=1
stop
pid=$lmtp_pid
stop
exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Clients that other people wrote send mail through mailin-server to a back end,
# directly to the same back end, and into the Maildirs of mailin-server:
# clients.py compares.  table.py names the packages.  Those that replace a mail
# server are unpacked in build/clients, and those of npm are installed there.
# This takes many minutes, so "make check-clients" runs it, not "make check".
# Arguments are names of clients.
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
# In one Maildir for all, alice+maildir is not the recipient alice.
printf '%s@example.org\n' alice alice+maildir bob carol bøb \
    >"$scratch/recipients"
others='' ports=''
# also NAME OPTION...: launch one more server, whose log is NAME.log.
also() {
	name=$1
	shift
	launch "$server" --listen 127.0.0.1:0 --hostname door.example.org "$@"
	mv "$scratch/log" "$scratch/$name.log"
	others="$others $pid" ports="$ports $port"
}
end_all() {
	for pid in $others; do
		kill -9 "$pid" 2>/dev/null || :
	done
	clean_up
}
trap end_all EXIT
also lmtp --lmtp "unix:$scratch/lmtp"
also maildir --maildir "$scratch/maildir" --recipients "$scratch/recipients"
also maildirs --maildir "$scratch/maildirs/%d/%u" \
    --recipients "$scratch/recipients"
in_clear=$ports
also smtp --listen-tls 127.0.0.1:0 --smtp "unix:$scratch/back" \
    --tls-certificate "$scratch/pem" --tls-key "$scratch/key" \
    --passwd "$scratch/passwd" --mechanisms PLAIN,LOGIN
# shellcheck disable=SC2086 # a list of words
python3 "$srcdir/tests/clients/clients.py" "$scratch" "$(py free_port)" \
    "$port" "$tls_port" "$scratch/pem" $in_clear "$@" || status=1
for pid in $others; do
	stop
done
exit $status

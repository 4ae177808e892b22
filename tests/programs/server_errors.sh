#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Errors of mailin-server: wrong options, addresses in use, full disks, clients
# that disappear, signals.
. "$srcdir/tests/programs/server.sh"

# ---- Options ----

refuses 2 "unknown option --colour" --colour red
refuses 2 "unknown option -h" -h
refuses 2 "unexpected argument 'mail'" mail
refuses 2 "--listen needs a value" --listen
refuses 2 "--listen takes an address" --listen localhost
refuses 2 "--listen takes an address" --listen 127.0.0.1:65536
refuses 2 "--listen takes an address" --listen ::1:25
refuses 2 "--listen takes an address" --listen 65536
refuses 2 "there are two listeners for *:25" --listen 25 --listen '*:25'
refuses 2 "--hostname takes a domain name" --hostname "a b"
for domain in "" "a b" @example.org bob@example.org example.org. .org \
    "<example.org>" "[192.0.2.1"; do
	refuses 2 "--domain takes a domain such as example.org, not '$domain'" \
	    --domain "$domain"
done
refuses 2 "--stdio takes no value" --stdio=yes
refuses 2 "--maildir takes a directory" --maildir=
refuses 2 "--threads takes a number from 1 to 1024, not '-1'" --threads -1
refuses 2 "--errors takes a number from 0 to" --errors many
refuses 2 "--command-line takes a number from 512 to" --command-line 511
# The largest message-size is 2^62 octets, or 2^32 G.
for size in 4294967297G 18014398509481984G 18446744073709551616 5T 5MB 5KK M \
    1.5M -1K " 1K" "1 K" "1K " ""; do
	refuses 2 "--message-size takes a number from 0 to" \
	    --message-size "$size" --stdio
done
while read -r size octets; do
	printf 'EHLO client.example.org\r\n' | "$server" --stdio --discard \
	    --message-size "$size" | tr -d '\r' |
	    grep -qx "250-SIZE $octets" || fail "--message-size $size"
done <<'END'
1025 1025
1K 1024
3k 3072
50M 52428800
1m 1048576
2G 2147483648
1g 1073741824
4294967296G 4611686018427387904
END
refuses 2 "octets, which may end in K, M or G, not '2g'" --command-line 2g
refuses 2 "--errors takes a number from 0 to 1000000, not '1K'" --errors 1K
refuses 2 "--syntax takes one of strict, relaxed, not 'loose'" --syntax=loose
refuses 2 "--extensions takes names" --extensions SIZE,TURN
refuses 2 "--extensions STARTTLS needs --tls-certificate" --extensions STARTTLS
refuses 2 "XCLIENT: use --xclient-from" --extensions SIZE,XCLIENT
refuses 2 "XFORWARD: use --xclient-from" --extensions XFORWARD
for network in "" / /8 host 127.0.0.1/ 127.0.0.1/33 127.0.0.1/-1 127.0.0.1/8x \
    127.0.0.1/8 127.1/8 127.0.0.1:25 127.0.0.0/8/8 ::/129 2001:db8::1/32 \
    "[::1]" "[::1]/128" ::g 127.0.0.1,127.0.0.2; do
	for option in --proxy-from --xclient-from; do
		refuses 2 "$option takes an address or a network such as" \
		    $option "$network"
	done
done
refuses 2 "--proxy-from needs a value" --proxy-from
refuses 2 "needs --passwd" --mechanisms PLAIN
refuses 2 "has neither XOAUTH2 nor OAUTHBEARER" --mechanisms PLAIN,XOAUTH2 \
    --passwd "$scratch/none"
refuses 2 "has neither XOAUTH2 nor OAUTHBEARER" --mechanisms OAUTHBEARER \
    --passwd "$scratch/none"
refuses 2 "needs --passwd" --auth required
refuses 2 \
    "--passwd needs --tls-certificate or --tls-self-signed; or --proxy-from" \
    --passwd "$scratch/none"
refuses 2 \
    "--tls required needs --tls-certificate or --tls-self-signed; or --proxy-" \
    --tls required
refuses 2 "--tls required needs --tls-certificate" --tls required --stdio

"$server" --version | grep -q '^mailin-server [0-9]' || fail "--version"
"$server" --help >"$scratch/help" || fail "--help"
for text in --listen --command-line --bare-newline --extensions; do
	grep -q -e "^  $text" "$scratch/help" || fail "--help lacks $text"
done

if [ -w /dev/full ]; then
	for option in --version --help; do
		result=0
		"$server" $option >/dev/full 2>"$scratch/errors" || result=$?
		[ $result -eq 1 ] && grep -q 'standard output: ' \
		    "$scratch/errors" || fail "$option to a full disk: $result"
	done
fi

# ---- What the server needs to start ----

touch "$scratch/file"
refuses 1 "cannot store mail in $scratch/file" --maildir "$scratch/file"
refuses 1 "cannot store mail in $scratch/file/mail: Not a directory" \
    --maildir "$scratch/file/mail"
if [ "$(id -u)" -ne 0 ]; then
	mkdir "$scratch/closed"
	chmod 500 "$scratch/closed"
	refuses 1 "cannot store mail in $scratch/closed" \
	    --maildir "$scratch/closed"
else
	echo "SKIP: root may write to any directory"
fi
refuses 2 "$scratch/none: No such file" --tls optional \
    --passwd "$scratch/none"
refuses 2 "$scratch/file: no user in it" --tls optional \
    --passwd "$scratch/file"
refuses 2 "/dev/zero: a device, not a file" --tls optional --passwd /dev/zero

# refuses_user TEXT LINE...: a password file with these lines, of which the
# last is invalid, is refused with TEXT.  The message must not show the line,
# which may contain a password.
refuses_user() {
	text=$1
	shift
	printf '%s\n' "$@" >"$scratch/passwd"
	refuses 2 "$scratch/passwd:$#: $text" --tls optional \
	    --maildir "$maildir" --passwd "$scratch/passwd"
	! grep -q secret "$scratch/errors" || fail "a line of --passwd is shown"
}

b64=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz./
refuses_user "not user:hash" '# nobody' '' secret
refuses_user "not user:hash" :secret
for hash in '' secret secretsecret1 '$6$salt$secret' '$9$salt$secret' \
    '$6$'${b64}0123456789012345678901 \
    '$2b$03$'${b64%ijklmnopqrs*}012345678 \
    '$2b$04$'${b64%ijklmnopqrs*}01234567 '$1$salt$'${b64%MN*}0 \
    '$1$salt$'${b64%LM*} '$1$salt$'${b64%LM*}, '$apr1$salt$'${b64%MN*} \
    ' $1$salt$'${b64%MN*} \
    '$3$$0123456789abcdef0123456789abcdef'; do
	refuses_user "not a hash of crypt(5)" 'ann:!' "bob:$hash"
done
refuses_user "the user is named twice" 'ann:!' 'bob:*' 'ann:$1$s$'${b64%MN*}

cat >"$scratch/passwd" <<'END'
# Except for locked users, each hash is that of "secret".
locked:!
absent:*::with:other:fields
yescrypt:$y$j75$abcdefgh$uMUXG79B2cFpoAYyDccUnsaH/aGTyBYMlnQidzyag01
gost:$gy$j75$abcdefgh$lRD8hCfuUnaykqHEd24aR4OED0E.hiL5k0lM9Kg0qT5
scrypt:$7$4/..../....abcdefgh$AGY1UBNbbD5l7T4FpD/5vDTzTLiglybeT5u2GNor8U3
bcrypt:$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW
sha512:$6$rounds=1000$abcdefgh$nhYjN017qxiYztzyUpZtPnUQcnLy62KsunSLHNeLahp2EHPlAKmFFlrjEwSXGo2kgY5hR2.peKEg2VGUqIJJu1
sha256:$5$abcdefgh$gruCpC7VkOTspMQTTSAR8mtlO9Upms.fwqE5y16JVM.
sha1:$sha1$64$abcdefgh$PY99AzAa8Oe8QN5gRJQTXfJKggQr
sunmd5:$md5,rounds=5$abcdefgh$$DNnUTx0178KyV8yEt9FIl/
md5:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1::and:more
END
start --tls optional --passwd "$scratch/passwd"
stop

refuses 1 "cannot listen on 192.0.2.1:2525" --listen 192.0.2.1:2525 \
    --maildir "$maildir"

start
for address in 127.0.0.1:"$port" '*':"$port" "$port"; do
	refuses 1 ":$port: Address already in use" --listen "$address" \
	    --maildir "$maildir"
done

# ---- Clients that disconnect, and clients that stay ----

py clients_gone "$port" "$maildir" || fail "clients that disappear"
stop

tls=
! has_tls || tls="--listen-tls 127.0.0.1:0 --tls-self-signed"
start $tls
py port_scan "$port" "$tls_port" "$pid" "$maildir" || fail "a port scan"
stop

start --junk 0
py limits deaf "$port" || fail "a client that reads nothing"
stop

start --max-connections 2
py limits connections "$port" || fail "--max-connections"
stop

start --timeout-input 1
py limits timeout "$port" || fail "--timeout-input"
stop

# This test sets the limit after the server has started, so the server does not
# know the limit. stress.sh tests a limit that the server knows.
start --threads 2
python3 - "$pid" <<'END'
import resource, sys
resource.prlimit(int(sys.argv[1]), resource.RLIMIT_NOFILE, (40, 40))
END
py limits descriptors "$port" || fail "more clients than descriptors"
[ "$(grep -c 'cannot accept' "$scratch/errors")" -le 20 ] ||
    fail "no pause when there are no descriptors"
grep -q 'cannot accept' "$scratch/errors" ||
    fail "the descriptors were not used up"
stop

# ---- Disks ----

# If a file may not grow, the message gets 451, as after any error of the disk.
launch sh -c 'ulimit -f 64; exec "$@"' sh "$server" \
    --listen 127.0.0.1:0 --maildir "$maildir"
rm -f "$maildir"/new/*
py limits full "$port" 451 || fail "a file that may not grow"
[ "$(ls "$maildir/new" | wc -l)" -eq 1 ] || fail "451, but it is stored"
[ -z "$(ls "$maildir/tmp")" ] || fail "451, and a file left in tmp/"
grep -q 'cannot store a message' "$scratch/errors" ||
    fail "451, but no message in the log"
stop

mkdir "$scratch/small"
if mount -t tmpfs -o size=256k tmpfs "$scratch/small" 2>/dev/null; then
	trap 'umount -l "$scratch/small"; clean_up' EXIT
	launch "$server" --listen 127.0.0.1:0 --maildir "$scratch/small/mail"
	py limits full "$port" 452 || fail "a full disk"
	[ "$(ls "$scratch/small/mail/new" | wc -l)" -eq 1 ] ||
	    fail "452, but it is stored"
	[ -z "$(ls "$scratch/small/mail/tmp")" ] ||
	    fail "452, and a file left in tmp/"
	stop
else
	echo "SKIP: only root can mount a small disk to fill"
fi

# ---- Signals ----

# The first loop also handles the signals, and ends last.
for threads in 1 2 5; do
	rm -f "$maildir"/new/*
	start --threads $threads
	py shutdown gentle "$port" "$pid" || fail "SIGTERM, $threads threads"
	ended 0
	[ "$(ls "$maildir/new" | wc -l)" -eq 2 ] ||
	    fail "SIGTERM lost a message, $threads threads"
done

start --grace 2
py shutdown grace "$port" "$pid" || fail "--grace"
ended 0

for threads in 1 5; do
	start --threads $threads
	py shutdown twice "$port" "$pid" ||
	    fail "a second SIGTERM, $threads threads"
	ended 0
	[ -z "$(ls "$maildir/tmp")" ] || fail "files are left in tmp/"
done

# To compare a password with this hash takes long.
echo "bob:\$6\$rounds=500000\$abcdefgh\$$(printf '%086d' 0)" >"$scratch/passwd"
start --tls optional --passwd "$scratch/passwd"
py shutdown logins "$port" "$pid" || fail "a second SIGTERM, many logins"
ended 0

for try in 1 2 3 4 5; do
	start
	py shutdown often "$port" "$pid" || fail "many SIGTERMs"
	ended 0
done

exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server under difficult conditions:
# * a log that nobody reads (threat V58 and property 56), or that a client
#   tries to forge (threat V60);
# * few descriptors, signals, an unusual umask (threat V57);
# * symbolic links of another user;
# * attempts to find users by the time that a login takes (threat V54);
# * passwords that stay in memory (threat V35).
. "$srcdir/tests/programs/server.sh"

# ---- The log ----

for how in stalled full trace stdio gone small; do
	[ $how != gone ] || [ -w /dev/full ] || continue
	timeout 120 python3 "$srcdir/tests/programs/stress_log.py" $how \
	    "$server" "$maildir" || fail "the log: $how"
done

rm -rf "$maildir"
start
py stress_log forged "$port" "$scratch/log" || fail "a forged log"
stop
start
py stress_log filled "$port" "$scratch/log" || fail "a line that is full"
stop

# The hash of "secret" by crypt(3), with MD5, which is quick.
echo 'joe:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1' >"$scratch/passwd"
start --passwd "$scratch/passwd" --tls optional --domain example.org \
    --message-size 1000
py stress_log refusals "$port" "$scratch/log" || fail "refusals in the log"
stop

if [ -e /dev/log ] || [ ! -w /dev ]; then
	echo "SKIP: syslog: /dev/log is there, or cannot be made"
else
	timeout 120 python3 "$srcdir/tests/programs/stress_log.py" syslog \
	    "$server" "$maildir" || fail "the log: syslog"
fi

# libevent ends the process if it cannot read which signal has come.  The reason
# must not stay in the queue of the log.
if command -v strace >/dev/null &&
    strace -o "$scratch/trace" true 2>/dev/null; then
	ASAN_OPTIONS=detect_leaks=0 start
	strace -o "$scratch/trace" -p "$pid" -e trace=read,recvfrom \
	    -e inject=read,recvfrom:error=EIO 2>"$scratch/said" &
	within_time grep -q '^TracerPid:.[1-9]' "/proc/$pid/status" ||
	    fail "strace cannot attach: $(cat "$scratch/said")"
	kill -HUP "$pid"
	ended 1
	grep -q 'level=error msg="libevent: .*Input/output error' \
	    "$scratch/errors" || fail "an end without a reason"
else
	echo "SKIP: strace cannot run: a fault of libevent is not tried"
fi

# The name of the directory has a blank, which must not end the field of the
# log.
maildir="$scratch/a mail=dir"
start
py stress_log forged "$port" "$scratch/log" || fail "the name of the Maildir"
stop
maildir=$scratch/mail

# ---- Descriptors ----

# limited NUMBER OPTION...: start a server with a limit of descriptors; sets
# $clients, the number of clients that the server says it accepts.
limited() {
	number=$1
	shift
	launch sh -c 'ulimit -n '"$number"'; exec "$@"' sh "$server" \
	    --listen 127.0.0.1:0 --maildir "$maildir" "$@"
	clients=$(sed -n "s/.*limit of $number descriptors (ulimit -n) leaves \
room for \([0-9]*\) clients.*/\1/p" "$scratch/errors")
	[ -n "$clients" ] || fail "what $number descriptors allow is not said"
}

for threads in 1 2 4; do
	limited 64 --threads $threads
	[ "${clients:-0}" -ge 10 ] || fail "64 descriptors: $clients clients"
	py stress descriptors "$port" "${clients:-1}" ||
	    fail "64 descriptors, $threads threads"
	stop
	limited 64 --threads $threads
	py stress refused "$port" "${clients:-1}" ||
	    fail "64 descriptors, $threads threads, refused clients"
	stop
	! grep -qE 'cannot (store|accept)' "$scratch/errors" ||
	    fail "64 descriptors: $(cat "$scratch/errors")"
done
# Workers that open the Maildirs of recipients need descriptors, too.
echo "@example.org" >"$scratch/list"
limited 160 --threads 1 --maildir "$maildir/%u" --recipients "$scratch/list"
[ "${clients:-0}" -ge 20 ] || fail "160 descriptors, Maildirs: $clients"
for round in 1 2 3; do
	py stress descriptors "$port" "${clients:-1}" ||
	    fail "160 descriptors, Maildirs: $(cat "$scratch/errors")"
done
stop
limited 64 --threads 1 --discard
[ "${clients:-0}" -ge 40 ] || fail "64 descriptors, --discard: $clients"
stop
launch sh -c 'ulimit -Sn 64; exec "$@"' sh "$server" --threads 1 \
    --max-connections 30 --listen 127.0.0.1:0 --maildir "$maildir"
! grep -q 'ulimit' "$scratch/errors" || fail "the soft limit is not raised"
stop
# With this few descriptors the server could not serve anybody, so it does not
# start.
result=0
(ulimit -n 16; timeout 10 "$server" --threads 2 --listen 127.0.0.1:0 \
    --maildir "$maildir" >"$scratch/log" 2>"$scratch/errors") || result=$?
[ $result -eq 1 ] || fail "16 descriptors: status $result"

# ---- Signals ----

start
py stress signals "$port" "$pid" || fail "a signal without a meaning"
stop

# ---- Files ----

for mask in 0777 0000 0277; do
	rm -rf "$scratch/deep"
	launch sh -c 'umask '$mask'; exec "$@"' sh "$server" \
	    --listen 127.0.0.1:0 --maildir "$scratch/deep/mail"
	py limits full "$port" 250 || fail "umask $mask"
	stop
	find "$scratch/deep" -type d ! -perm 700 | grep . &&
	    fail "umask $mask: a directory that is not 0700"
	find "$scratch/deep" -type f ! -perm 600 | grep . &&
	    fail "umask $mask: a file that is not 0600"
	[ "$(find "$scratch/deep" -type f | wc -l)" -eq 2 ] ||
	    fail "umask $mask: no files"
done

# Symbolic links of the server's user and of root are followed, at any place in
# the path.  Those of another user are not.
other=65534
# link TARGET NAME: make a link that belongs to the other user.
link() {
	ln -s "$1" "$2" && chown -h $other "$2"
}

mkdir "$scratch/links" "$scratch/aim"
ln -s "$scratch/aim" "$scratch/links/own"
ln -s ../links/own/ "$scratch/links/again"
ln -s loop "$scratch/links/loop"
launch "$server" --listen 127.0.0.1:0 --maildir "$scratch/links/again/mail"
py limits full "$port" 250 || fail "a link of our own"
stop
[ "$(ls "$scratch/aim/mail/new" | wc -l)" -eq 2 ] ||
    fail "not stored where the link leads"
refuses 1 "Too many levels of symbolic links" --maildir "$scratch/links/loop"
if [ "$(id -u)" -eq 0 ]; then
	link "$scratch/aim" "$scratch/links/theirs"
	link /nowhere "$scratch/links/dangling"
	ln -s theirs "$scratch/links/around"
	mkdir "$scratch/links/mail" "$scratch/links/half"
	link "$scratch/aim" "$scratch/links/mail/tmp"
	mkdir "$scratch/links/half/tmp" "$scratch/links/half/cur"
	link "$scratch/aim" "$scratch/links/half/new"
	for name in theirs theirs/ theirs/mail theirs/mail/. dangling around \
	    around/mail again/../links/theirs mail half; do
		refuses 1 \
		    "$name: the path has a symbolic link of another user" \
		    --maildir "$scratch/links/$name" --listen 127.0.0.1:0
		refuses 1 "the path has a symbolic link of another user" \
		    --maildir "$scratch/links/$name" --stdio
	done
	[ "$(ls "$scratch/aim")" = mail ] || fail "made where a link led"
	mkdir "$scratch/links/theirs-too"
	chown $other "$scratch/links/theirs-too"
	launch "$server" --listen 127.0.0.1:0 \
	    --maildir "$scratch/links/theirs-too"
	# A link that is made while the server runs must not be followed,
	# either.
	mv "$scratch/links/theirs-too/new" "$scratch/links/theirs-too/old"
	link "$scratch/aim" "$scratch/links/theirs-too/new"
	py limits full "$port" 250 || fail "a directory of another user"
	stop
	[ "$(ls "$scratch/links/theirs-too/old" | wc -l)" -eq 2 ] ||
	    fail "redirected by a later link"
else
	echo "SKIP: only root can make another user's links"
fi

# ---- Users ----

slow='$6$rounds=60000$abcdefgh$kMr7N9ILrEfqZIXpz6ShjiNmIjKF5B2gjkx04HbgfqmJ4h8'\
'5oTAKGcjX0B6hg2LQmcq4bnu0kE5.bvcbgsYp61'
# users LINE...: start a server with these users.
users() {
	printf '%s\n' "$@" >"$scratch/passwd"
	start --tls optional --auth-failures 0 --passwd "$scratch/passwd"
}

if [ -r /proc/self/schedstat ]; then
	for first in 'locked:!' 'locked:*' "locked:!$slow" "ann:$slow"; do
		users "$first" "bob:$slow" 'late:!'
		py stress times "$port" "$pid" "${first%%:*}" bob late nobody \
		    somebody || fail "the times, $first first"
		stop
	done
	users 'fast:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1' "slow:$slow"
	py stress mixed "$port" "$pid" || fail "the times, two methods"
	stop
	# If all users are locked, no login takes time.
	users 'locked:!' 'late:*'
	py stress times "$port" "$pid" locked late nobody ||
	    fail "the times, all locked"
	stop
else
	echo "SKIP: no /proc/PID/schedstat to measure with"
fi

# Dovecot writes the names of schemes before hashes (doc.dovecot.org, "Password
# Schemes").
for scheme in '' '{SHA512-CRYPT}' '{sha512-crypt}' '{Crypt}'; do
	users "bob:$scheme$slow::more"
	py stress times "$port" "$pid" bob nobody || fail "$scheme"
	python3 - "$port" <<'END' || fail "${scheme:-no scheme}: no login"
import base64, sys
sys.path.insert(0, __import__("os").environ["srcdir"] + "/tests/programs")
from rawsmtp import Client
client = Client(int(sys.argv[1]))
client.greet()
client.command("AUTH PLAIN " +
               base64.b64encode(b"\0bob\0secret").decode(), 235)
END
	stop
done
for hash in '{PLAIN}secret' '{SSHA}secret' "{SHA256-CRYPT}$slow" \
    "{BLF-CRYPT}$slow" "{SHA512-CRYPT.b64}$slow" "{SHA512-CRYPT}{CRYPT}$slow" \
    "{SHA512-CRYPT}" '{SHA512-CRYPT}!' "{$slow" "{}$slow" "{SHA512-CRYPT} $slow"
do
	printf 'ann:!\nbob:%s\n' "$hash" >"$scratch/passwd"
	refuses 2 "$scratch/passwd:2: not a hash of crypt(5)" --tls optional \
	    --maildir "$maildir" --passwd "$scratch/passwd"
done

# crypt(3) cannot use this hash.  The password may be right, so nobody is told
# that it is wrong, neither a user nor someone who has that user's hash.
users "bob:\$y\$jzT\$abcd\$$(printf '%043d' 0)"
python3 - "$port" <<'END' || fail "a hash that cannot be used"
import base64, sys
sys.path.insert(0, __import__("os").environ["srcdir"] + "/tests/programs")
from rawsmtp import Client
client = Client(int(sys.argv[1]))
client.greet()
for user in b"bob", b"nobody":
    client.command("AUTH PLAIN " + base64.b64encode(
        b"\0" + user + b"\0secret").decode(), 454)
END
stop

# ---- Memory ----

# compact OPTION...: start a server whose threads have small stacks.  The test
# reads all of its memory many times.
compact() {
	launch sh -c 'ulimit -s 512; exec "$@"' sh "$server" --threads 2 \
	    --listen 127.0.0.1:0 --maildir "$maildir" "$@"
}

# The hash of the password in stress.py.
hash='$6$abcdefgh$G5yurqMw7qppGpWChSdtPvnwV/eG/nhfWfWYWLdxvpLJwjvDG1UDVldDdt7x'\
'FTrYVt2yPsFhxKyDr9lXsGhnz/'
if ! [ -r /proc/1/mem ] || [ "$(id -u)" -ne 0 ]; then
	echo "SKIP: only root can read the memory of the server"
elif openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \
    -keyout "$scratch/key" -out "$scratch/pem" >"$scratch/openssl" 2>&1 &&
    ! "$server" --tls-certificate /dev/null 2>&1 | grep -q 'without OpenSSL'
then
	printf '%s\n' "bob:$hash" >"$scratch/passwd"
	compact --listen-tls 127.0.0.1:0 --tls optional --auth-failures 0 \
	    --passwd "$scratch/passwd" \
	    --tls-certificate "$scratch/pem" --tls-key "$scratch/key"
	py stress memory "$port" "$pid" "$tls_port" "$scratch/pem" ||
	    fail "a password stays in the memory"
	grep -qE '^Max core file size +0 +0 ' "/proc/$pid/limits" ||
	    fail "core dumps are on"
	stop
	compact
	py stress memory "$port" "$pid" || fail "a password nobody asked for"
	stop
	scram='{SCRAM-SHA-256}4096,c2FsdHNhbHQ=,'
	scram=${scram}HH2WcQKMKNOr2TfRbqYGRkYGRJJWTVNhbrWTB6Fa7Rs=,
	scram=${scram}u5EmsO5mHLNbpTY9HoWlY1gkbw5EkEHiWiqVzgJxBmM=
	printf '%s\n' "bob:$hash" "ann:$scram" >"$scratch/passwd"
	compact --tls optional --passwd "$scratch/passwd"
	py stress forgotten "$port" "$pid" "$scratch/passwd" ||
	    fail "a hash stays in the memory"
	stop
else
	echo "SKIP: no TLS to look for passwords in"
fi

exit $status

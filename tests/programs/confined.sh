#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server gives up rights after its start: --user and --sandbox.  (All
# other tests of the server run in its sandbox, too.)
. "$srcdir/tests/programs/server.sh"
server=./mailin-server

refuses 2 "--user needs a value" --user
refuses 2 "--user : there is no such user" --user ''
refuses 2 "--user no one: there is no such user" --user 'no one'
refuses 2 "--user root:no one: there is no such group" --user 'root:no one'
refuses 2 "--user 3999999: the system has no user of this number" --user 3999999
refuses 2 "--sandbox takes one of on, off, not 'yes'" --sandbox yes

sandbox=on
"$server" --sandbox on --help >/dev/null 2>"$scratch/errors" || {
	grep -q "no sandbox: it was built without libseccomp" \
	    "$scratch/errors" || fail "--sandbox on: $(cat "$scratch/errors")"
	sandbox=off
	echo "SKIP: the sandbox: mailin-server was built without libseccomp"
}

# ---- The sandbox ----

if [ $sandbox = on ]; then
	for threads in 1 3; do
		start --threads $threads
		py confined sandboxed "$pid" 2
		py confined deliver "$port" || fail "mail in the sandbox"
		stop
		[ ! -s "$scratch/errors" ] || fail "$(cat "$scratch/errors")"
	done
	py confined stdio_sandboxed "$server" "$maildir" || fail "--stdio"
fi

# ---- Other users ----

if [ "$(id -u)" -ne 0 ]; then
	refuses 1 "cannot become the user root: Operation not permitted" \
	    --user root --listen 127.0.0.1:0
	start --user "$(id -u):$(id -g)" --sandbox off
	py confined sandboxed "$pid" 0
	py confined deliver "$port" || fail "the user who is there"
	stop
	echo "SKIP: only root can start the server and become another user"
	exit $status
fi

for option in "--listen 127.0.0.1:0" --stdio; do
	refuses 2 "refusing to run as root without a sandbox: --user NAME" \
	    $option --sandbox off --maildir "$scratch/none"
	[ ! -e "$scratch/none" ] || fail "$option: a Maildir for a refused root"
done

# The server stays root only if the option says so.
start --user root --sandbox off
py confined sandboxed "$pid" 0
py confined deliver "$port" || fail "--user root"
stop

id nobody >/dev/null 2>&1 || skip "there is no user nobody"
group=$(id -g nobody)
opens_to nobody || exit $status

# The server opens its Maildir after it has become the user nobody, so the
# rights of that user decide.
mkdir "$scratch/closed"
refuses 1 "cannot store mail in $scratch/closed/mail: Permission denied" \
    --user nobody --listen 127.0.0.1:0 --maildir "$scratch/closed/mail"
[ ! -e "$scratch/closed/mail" ] || fail "root has made a Maildir"

mkdir "$scratch/open"
chown nobody "$scratch/open"
maildir=$scratch/open/mail

# becomes USER OPTION...: check that the server becomes the user, and serves.
# It listens at a port that only root may use, at an address that no other
# server has: the number of this process is in it.
host=127.77.$(($$ / 256 % 256)).$(($$ % 256))
becomes() {
	user=$1
	shift
	rm -rf "$maildir"
	start --user "$user" --sandbox $sandbox --listen $host:601 "$@"
	py confined dropped "$pid" "$user"
	py confined deliver "${port%%[!0-9]*}" || fail "--user $user"
	py confined deliver 601 $host ||
	    fail "--user $user: a port of root"
	py confined owned "$maildir" nobody || fail "--user $user"
	stop
	[ ! -s "$scratch/errors" ] || fail "$(cat "$scratch/errors")"
}

becomes nobody --threads 1
becomes "nobody:$group" --threads 3
becomes "$(id -u nobody):1" --threads 1

rm -rf "$maildir"
printf '%s\r\n' 'EHLO client.example.org' 'MAIL FROM:<>' 'RCPT TO:<a@b>' DATA \
    'Subject: hello' '' Hello. . QUIT |
    "$server" --stdio --user nobody --maildir "$maildir" >"$scratch/log" ||
    fail "--stdio --user nobody"
grep -q '^221 ' "$scratch/log" || fail "--stdio --user nobody: no 221"
py confined owned "$maildir" nobody || fail "--stdio --user nobody"

# ---- Files of root, read again ----

# The hashes of "secret" and "changed" by crypt(3), with MD5.
echo 'joe:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1' >"$scratch/old.passwd"
echo 'joe:$1$abcdefgh$EARFjJK9mlHVaSkldiETN0' >"$scratch/new.passwd"
cp "$scratch/old.passwd" "$scratch/passwd"
chmod 600 "$scratch/passwd"
start --user nobody --passwd "$scratch/passwd" --tls optional
text="$scratch/passwd: Permission denied"
grep -qF "$text; SIGHUP cannot read it again" "$scratch/errors" ||
    fail "nobody can read the file: $(cat "$scratch/errors")"
py confined refused_files "$scratch" "$port" "$pid" 0 "$text" ||
    fail "a file of root is read again"
chgrp "$group" "$scratch/passwd"
chmod 640 "$scratch/passwd"
run_tests reload password
stop

# If two sections name such a file, it is reported once.  Files that no section
# uses are not reported.
if has_inih; then
	chmod 600 "$scratch/passwd"
	cp "$scratch/passwd" "$scratch/unused"
	cat >"$scratch/conf" <<END
tls = optional
passwd = $scratch/unused
[listener a]
listen = 127.0.0.1:0
passwd = $scratch/passwd
[listener b]
listen = 127.0.0.1:0
passwd = $scratch/passwd
END
	launch "$server" --config "$scratch/conf" --user nobody \
	    --maildir "$maildir"
	stop
	[ "$(cat "$scratch/errors")" = \
	    "mailin-server: $text; SIGHUP cannot read it again" ] ||
	    fail "sections with one file: $(cat "$scratch/errors")"
	# The file of settings is one of the files.
	chmod 600 "$scratch/conf"
	launch "$server" --config "$scratch/conf" --user nobody \
	    --maildir "$maildir"
	stop
	text="$scratch/conf: Permission denied"
	grep -qF "$text; SIGHUP cannot read it again" "$scratch/errors" ||
	    fail "nobody can read the settings: $(cat "$scratch/errors")"
fi

has_tls || {
	echo "SKIP: certificates: mailin-server was built without OpenSSL"
	exit $status
}
command -v openssl >/dev/null || skip "the openssl command is missing"
for name in old new; do
	make_pem $name 30
done
chmod 644 "$scratch"/*.passwd
cp "$scratch/old.pem" "$scratch/mx.pem"
cp "$scratch/new.passwd" "$scratch/passwd"
chgrp "$group" "$scratch/mx.pem" "$scratch/passwd"
chmod 640 "$scratch/mx.pem" "$scratch/passwd"
start --user nobody --threads 3 --passwd "$scratch/passwd" \
    --listen-tls 127.0.0.1:0 --tls-certificate "$scratch/mx.pem"
[ ! -s "$scratch/errors" ] || fail "$(cat "$scratch/errors")"
py confined dropped "$pid" nobody
run_tests reload certificate
stop

exit $status

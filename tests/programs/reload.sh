#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server reads its settings and files again on SIGHUP.
. "$srcdir/tests/programs/server.sh"

# ---- Passwords ----

# The hashes of "secret" and "changed" by crypt(3), with MD5, which is quick.
echo 'joe:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1' >"$scratch/old.passwd"
echo 'joe:$1$abcdefgh$EARFjJK9mlHVaSkldiETN0' >"$scratch/new.passwd"
for threads in 1 4; do
	cp "$scratch/old.passwd" "$scratch/passwd"
	start --threads $threads --passwd "$scratch/passwd" --tls optional
	run_tests reload password broken_passwords stopping
	ended 0
done

# SIGHUP is handled even if it was ignored at the start.
trap '' HUP
start
trap 'exit 1' HUP
run_tests reload nothing_to_read
stop

# With --stdio SIGHUP has its usual effect.
mkfifo "$scratch/commands"
env --default-signal=HUP "$server" --stdio --maildir "$maildir" \
    <"$scratch/commands" >"$scratch/log" 2>"$scratch/errors" &
pid=$!
exec 3>"$scratch/commands"
within_time grep -q '^220 ' "$scratch/log" || fail "no greeting"
kill -HUP "$pid"
ended 129
exec 3>&-

# ---- Settings ----

cat >"$scratch/conf" <<'END'

domain = example.org
tls = optional
[listener a]
listen = 127.0.0.1:0
message-size = 1000
END
if ! has_inih; then
	echo "SKIP: settings: mailin-server was built without inih"
else
	for threads in 1 4; do
		cp "$scratch/old.passwd" "$scratch/passwd"
		launch "$server" --config "$scratch/conf" --maildir "$maildir" \
		    --threads $threads
		run_tests reload_settings policy wrong all_or_nothing overlap \
		    listeners
		stop
	done
	launch "$server" --config "$scratch/conf" --maildir "$maildir"
	run_tests reload_settings fixed limits often
	stop
fi

# ---- Certificates ----

has_tls || {
	echo "SKIP: certificates: mailin-server was built without OpenSSL"
	exit $status
}
command -v openssl >/dev/null || skip "the openssl command is missing"
for name in old new soon; do
	days=30
	[ $name != soon ] || days=13
	make_pem $name $days
done
for threads in 1 4; do
	cp "$scratch/old.pem" "$scratch/mx.pem"
	cp "$scratch/old.passwd" "$scratch/passwd"
	start --threads $threads --passwd "$scratch/passwd" \
	    --listen-tls 127.0.0.1:0 --tls-certificate "$scratch/mx.pem"
	run_tests reload certificate broken_certificate all_or_nothing \
	    often expires_soon
	stop
done
# When the server starts, a file may be a pipe, as in "--recipients <(...)".
cp "$scratch/old.pem" "$scratch/ca.pem"
cp "$scratch/old.pem" "$scratch/mx.key"
echo bob@example.org >"$scratch/list"
# The server would read a pipe without a writer as an empty file.  So a writer
# opens the pipe before the server starts, and keeps it open until all octets
# are read.
mkfifo "$scratch/pipe"
python3 - "$scratch" <<'END' &
import array, fcntl, os, pathlib, sys, termios, time
scratch = pathlib.Path(sys.argv[1])
pipe = os.open(scratch / "pipe", os.O_RDWR)
os.write(pipe, (scratch / "list").read_bytes())
(scratch / "written").touch()
unread, end = array.array("i", [1]), time.monotonic() + 30
while unread[0] and time.monotonic() < end:
    time.sleep(0.01)
    fcntl.ioctl(pipe, termios.FIONREAD, unread)
END
within_time [ -e "$scratch/written" ] || fail "no writer of the pipe"
start --recipients "$scratch/pipe"
run_tests reload first_pipe
stop
start --threads 1 --passwd "$scratch/passwd" --recipients "$scratch/list" \
    --listen-tls 127.0.0.1:0 --tls-certificate "$scratch/mx.pem" \
    --tls-key "$scratch/mx.key" --tls-client-ca "$scratch/ca.pem"
run_tests reload pipes
stop
start --listen-tls 127.0.0.1:0 --tls-self-signed
run_tests reload self_signed
stop

exit $status

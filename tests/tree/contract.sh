#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Build the contract programs with the installed library.  They must compile
# without a warning, by the command in their comments, and do what the comments
# say.  The same is required of the examples that use libmailin-event. `make
# installcheck` runs this script.
set -eu

: "${CC:=cc}" "${PKG_CONFIG:=pkg-config}"
if [ -n "${pkgconfigdir-}" ]; then
	export PKG_CONFIG_PATH="$pkgconfigdir:${PKG_CONFIG_PATH-}"
fi
if [ -n "${libdir-}" ]; then
	export LD_LIBRARY_PATH="$libdir:${LD_LIBRARY_PATH-}"
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap '' PIPE
cr=$(printf '\r')
pid=

fail() {
	printf 'FAIL: %s\n' "$*" >&2
	exit 1
}

# macOS has no timeout.
limit=
! command -v timeout >/dev/null || limit='timeout 30'

# build SOURCE: compile the program, and give it the name of the source.
build() {
	program=$scratch/$(basename "$1" .c)
	$CC -std=c11 -Wall -Wextra -Werror "$1" -o "$program" \
	    $($PKG_CONFIG --cflags --libs mailin) ||
	    fail "$1 does not compile"
}

# connect PROGRAM: run the program, with this script as its client.
connect() {
	rm -f "$scratch/in" "$scratch/out"
	mkfifo "$scratch/in" "$scratch/out"
	$limit "$scratch/$1" <"$scratch/in" >"$scratch/out" \
	    2>"$scratch/message" &
	pid=$!
	exec 3>"$scratch/in" 4<"$scratch/out"
	said='the connection'
}

# say FORMAT: send in one piece what printf makes of FORMAT, in which line ends
# are written as \r and \n.  bash's own printf would write line by line.  The
# server could then reply to the first line before the second one comes, and
# would not notice early talk.
say() {
	said=$1
	printf "$1" >"$scratch/said"
	cat "$scratch/said" >&3 || fail "the program does not read: $said"
}

# hear PATTERN...: read one whole reply, with one pattern for each line.
hear() {
	more=yes
	for pattern; do
		[ $more = yes ] ||
		    fail "after $said: $pattern does not come"
		IFS= read -r line <&4 || fail "after $said: no reply"
		case $line in
		*"$cr") line=${line%"$cr"} ;;
		*) fail "after $said: no CR LF after: $line" ;;
		esac
		case $line in
		$pattern) ;;
		*) fail "after $said: $line, not $pattern" ;;
		esac
		case $line in
		[2-5][0-9][0-9]-*) ;;
		*) more=no ;;
		esac
	done
	[ $more = no ] || fail "after $said: the reply goes on"
}

# over STATUS: the server must have closed the connection and ended with
# STATUS.
over() {
	! IFS= read -r line <&4 || fail "after $said: unexpected line: $line"
	exec 3>&- 4<&-
	ended=0
	wait $pid || ended=$?
	[ $ended -eq "$1" ] || fail "after $said: exit status $ended"
}

# message FORMAT: the program must have received exactly these octets.
message() {
	printf "$1" >"$scratch/expected"
	cmp "$scratch/expected" "$scratch/message" ||
	    fail 'the message is not what was sent'
}

hello() {
	hear '220 mx.example.org*'
	say 'EHLO client.example.net\r\n'
	hear '250-mx.example.org*' 250-PIPELINING 250-ENHANCEDSTATUSCODES \
	    '250-SIZE 10485760' 250-8BITMIME '250 CHUNKING'
}

build "$srcdir/tests/tree/contract/parse.c"
"$scratch/parse" >"$scratch/parsed" || fail 'parse: exit status'
cat >"$scratch/expected" <<'END'
MAIL "john smith"@[IPv6:2001:db8::1] size=5000
incomplete
501 at byte 15
END
cmp "$scratch/expected" "$scratch/parsed" || fail 'parse: output'

build "$srcdir/tests/tree/contract/receive.c"

# The program accepts some recipients, and refuses others.
connect receive
hello
say 'MAIL FROM:<ann@example.net> SIZE=10485761\r\n'
hear '552 5.3.4 *'
say 'RCPT TO:<bob@example.org>\r\n'
hear '503 5.5.1 *'
say 'MAIL FROM:<ann@example.net> SIZE=10485760\r\n'
hear '250 2.1.0 *'
say 'RCPT TO:<bob@example.com>\r\n'
hear '550 5.7.1 *'
say 'DATA\r\n'
hear '554 5.5.1 *'
say 'RCPT TO:<full@example.org>\r\n'
hear '452 4.2.2 full is over quota'
say 'RCPT TO:<"f\\ull"@EXAMPLE.ORG>\r\n'
hear '452 4.2.2 "f\\ull" is over quota'
say 'RCPT TO:<bob@Example.Org>\r\n'
hear '250 2.1.5 *'
say 'RCPT TO:<postmaster>\r\n'
hear '250 2.1.5 *'
say 'RCPT TO:<>\r\n'
hear '501 5.1.3 *'
say 'DATA\r\n'
hear '354 *'
say 'Subject: dots\r\n\r\n..stuffed\r\n.\n.\r\nMAIL FROM:<e@x.example>\r\n'
say '.\r\n'
hear '250 2.0.0 *'
say 'QUIT\r\n'
hear '221 2.0.0 *'
over 0
message 'Subject: dots\r\n\r\n.stuffed\r\n\r\n.\r\nMAIL FROM:<e@x.example>\r\n'

# Send a pipelined group, a null sender, and BDAT.
connect receive
hello
say 'MAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n'
hear '250 2.1.0 *'
hear '250 2.1.5 *'
hear '354 *'
say 'one\r\n.\r\nRSET\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\n'
hear '250 2.0.0 *'
hear '250 2.0.0 *'
hear '250 2.1.0 *'
hear '250 2.1.5 *'
say 'BDAT 5\r\n.\r\ntwBDAT 3 LAST\r\no\r\nQUIT\r\n'
hear '250 2.0.0 *'
hear '250 2.0.0 *'
hear '221 2.0.0 *'
over 0
message 'one\r\n.\r\ntwo\r\n'

# This client does not wait for the reply to EHLO.
connect receive
hear '220 *'
say 'EHLO client.example.net\r\nMAIL FROM:<ann@example.net>\r\n'
hear '250-*' '250-*' '250-*' '250-*' '250-*' '250 *'
hear '554 5.5.0 *'
over 0
message ''

# This client disconnects without QUIT.
connect receive
hello
exec 3>&-
said='the end of input'
over 0
message ''

# Build the program in doc/first-program.md.
awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' \
    "$srcdir/doc/first-program.md" >"$scratch/readme.c"
build "$scratch/readme.c"
connect readme
hear '220 mx.example.org*'
say 'LHLO client.example.net\r\n'
hear '500 *'
say 'HELO client.example.net\r\n'
hear '250 mx.example.org*'
say 'MAIL FROM:<ann@example.net>\r\nRCPT TO:<bob@example.com>\r\n'
hear '250 2.1.0 *'
hear '550 5.7.1 *'
say 'RCPT TO:<bob@example.org>\r\nRCPT TO:<Postmaster>\r\nDATA\r\n'
hear '250 2.1.5 *'
hear '250 2.1.5 *'
hear '354 *'
say 'Hello.\r\n.\r\nQUIT\r\n'
hear '250 2.0.0 *'
hear '221 2.0.0 *'
over 0
message 'Hello.\r\n'

# Build the examples that use libmailin-event.
if $PKG_CONFIG --exists mailin-event; then
	event="$($PKG_CONFIG --cflags --libs mailin-event) -pthread"
	for name in receive pool starttls; do
		more=
		[ $name != starttls ] || more=$srcdir/examples/show.c
		$CC -std=c11 -Wall -Wextra -Werror "$srcdir/examples/$name.c" \
		    $more -o "$scratch/$name" $event ||
		    fail "examples/$name.c does not compile"
	done
	# A program may use its own event_base.
	$PKG_CONFIG --libs mailin-event | grep -q -e -levent_core ||
	    fail 'pkg-config mailin-event does not name libevent_core'
	"$scratch/receive" localhost:25 2>"$scratch/message" &&
	    fail 'receive listens on localhost:25'
	grep -q "cannot listen on 'localhost:25'" "$scratch/message" ||
	    fail "receive says: $(cat "$scratch/message")"
	if command -v python3 >/dev/null; then
		python3 "$srcdir/tests/tree/contract_event.py" \
		    "$scratch/receive" || fail 'receive'
	fi
else
	echo 'SKIP: libmailin-event is not installed'
fi
echo "PASS: the contract programs"

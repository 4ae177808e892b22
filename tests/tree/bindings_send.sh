#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The clients in bindings/ send mail through sockets: to the receivers in
# bindings/, to servers that break the protocol, and to mailin-server.
# bindings.sh runs this script, with the folder of its programs and the
# languages as arguments.
. "$srcdir/tests/programs/server.sh"

programs=$1
shift
languages=$*

# serve COMMAND...: run the command for one client.  Its messages go to
# $scratch/messages.  Sets $pid and $port.
serve() {
	rm -f "$scratch/port"
	python3 "$srcdir/tests/tree/bindings_accept.py" "$scratch/port" "$@" \
	    2>"$scratch/messages" &
	pid=$!
	within_time test -s "$scratch/port" || { echo "FAIL: no port"; exit 1; }
	port=$(cat "$scratch/port")
}

# send STATUS ARGUMENT...: the client must end with this status, and print what
# is in $scratch/expected.
send() {
	expected=$1
	shift
	result=0
	timeout 60 "$programs/$language-send" "$@" >"$scratch/said" 2>&1 ||
	    result=$?
	[ $result -eq $expected ] ||
	    fail "$language: send $*: status $result, not $expected"
	# Leave out the extensions and the name of the message.
	sed 's/^\(HELLO 250 [^,]*\),.*/\1/; s/\(Stored as\) .*/\1/' \
	    "$scratch/said" |
	    diff "$scratch/expected" - ||
	    fail "$language: send $* does not print (<) what it should"
}

# fails TEXT ARGUMENT...: the client must print only this text, and end with
# status 1.
fails() {
	printf '%s\n' "$1" >"$scratch/expected"
	shift
	send 1 "$@"
}

printf 'Subject: hello\n\n.dot\r\nend\n' >"$scratch/file"
printf 'Subject: hello\r\n\r\n.dot\r\nend\r\n' >"$scratch/message"
printf 'Subject: bare\r\n\r\na\rb\r\n' >"$scratch/bare"

for language in $languages; do
	for receiver in $languages; do
		serve "$programs/$receiver-receive" mx.example
		cat >"$scratch/expected" <<-'END'
		GREETING 220 mx.example ESMTP
		HELLO 250 mx.example
		MAIL 250 2.1.0 Sender OK
		RCPT 250 2.1.5 Recipient OK
		DATA 354 Start mail input; end with <CRLF>.<CRLF>
		MESSAGE 250 2.0.0 OK
		QUIT 221 2.0.0 Goodbye
		END
		send 0 127.0.0.1 "$port" "$scratch/file" me@a.example \
		    you@mx.example
		ended 0
		printf '%s\n' '<me@a.example> -> <you@mx.example>' |
		    cat - "$scratch/message" | cmp - "$scratch/messages" ||
		    fail "$language to $receiver: the message"

		serve "$programs/$receiver-receive" mx.example
		cat >"$scratch/expected" <<-'END'
		GREETING 220 mx.example ESMTP
		HELLO 250 mx.example
		MAIL 250 2.1.0 Sender OK
		RCPT 550 5.1.2 Only mail for mx.example
		QUIT 221 2.0.0 Goodbye
		END
		send 1 127.0.0.1 "$port" "$scratch/file" me@a.example \
		    you@else.example
		ended 0

		# A message that SMTP cannot have is not delivered, not even
		# a part of it.
		serve "$programs/$receiver-receive" mx.example
		cat >"$scratch/expected" <<-'END'
		GREETING 220 mx.example ESMTP
		HELLO 250 mx.example
		MAIL 250 2.1.0 Sender OK
		RCPT 250 2.1.5 Recipient OK
		DATA 354 Start mail input; end with <CRLF>.<CRLF>
		send: not well-formed
		END
		send 1 127.0.0.1 "$port" "$scratch/bare" me@a.example \
		    you@mx.example
		ended 0
		[ ! -s "$scratch/messages" ] ||
		    fail "$language to $receiver: half a message"
	done

	# speaks TEXT: start a server that says this, whatever the client says.
	speaks() {
		serve sh -c 'printf "$1"; while read -r line; do :; done' \
		    sh "$1"
	}
	# hears TEXT LINES: if the server says TEXT, the client must print these
	# lines, and end with status 1.
	hears() {
		speaks "$1"
		printf "$2" >"$scratch/expected"
		send 1 127.0.0.1 "$port" "$scratch/file" me@a.example \
		    you@mx.example
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
		pid=
	}
	broken="send: the server broke the protocol:"
	hears 'hello\r\n' "$broken SYNTAX\n"
	hears '220 a\n' "$broken SYNTAX\n"
	hears '220 a\r\n250 b\r\n' "GREETING 220 a\n$broken UNASKED\n"
	hears '421 4.3.2 busy\r\n' 'GREETING 421 4.3.2 busy\n'
	serve true
	fails "$broken EOF" 127.0.0.1 "$port" "$scratch/file" a@b.example \
	    c@d.example
	ended 0
	serve "$programs/$language-receive" mx.example
	printf '%s\n' 'GREETING 220 mx.example ESMTP' 'HELLO 250 mx.example' \
	    'send: not well-formed' >"$scratch/expected"
	send 1 127.0.0.1 "$port" "$scratch/file" 'a@b.example> SIZE=1' c@d
	ended 0
	[ $language = Python ] || continue
	# Without STARTTLS nothing goes on.
	serve "$programs/Python-receive" mx.example
	printf '%s\n' 'GREETING 220 mx.example ESMTP' 'HELLO 250 mx.example' \
	    'send: the server does not offer it' >"$scratch/expected"
	send 1 --tls "$scratch/none" 127.0.0.1 "$port" "$scratch/file" \
	    a@b.example you@mx.example
	ended 0
done

# ---- mailin-server ----

[ $status -eq 0 ] || exit 1
command -v openssl >/dev/null || skip "the openssl command is missing"
has_tls || skip "mailin-server was built without OpenSSL"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$scratch/key" -out "$scratch/cert" >"$scratch/openssl" 2>&1 ||
    { cat "$scratch/openssl"; echo "FAIL: no certificate"; exit 1; }
echo "joe:$(echo sécret | "$server" --hash-password)" >"$scratch/passwd"
echo 'joe:sécret' >"$scratch/login"
echo 'joe:secret' >"$scratch/wrong"
start --tls-certificate "$scratch/cert" --tls-key "$scratch/key" \
    --passwd "$scratch/passwd"

cat >"$scratch/greeted" <<'END'
GREETING 220 mx.example.org ESMTP
HELLO 250 mx.example.org
END
cat >"$scratch/delivered" <<'END'
MAIL 250 2.1.0 Sender OK
RCPT 250 2.1.5 Recipient OK
DATA 354 Start mail input; end with <CRLF>.<CRLF>
MESSAGE 250 2.0.0 Stored as
QUIT 221 2.0.0 Goodbye
END
for language in $languages; do
	cat "$scratch/greeted" "$scratch/delivered" >"$scratch/expected"
	send 0 localhost "$port" "$scratch/file" me@a.example you@b.example
	py stored "$maildir" "$scratch/message" me@a.example you@b.example ||
	    fail "$language: the message in the Maildir"
done
case " $languages " in
*" Python "*)
	language=Python
	tls='STARTTLS 220 2.0.0 Ready to start TLS\nHELLO 250 mx.example.org\n'
	{
		cat "$scratch/greeted"
		printf "$tls"
		echo 'AUTH 235 2.7.0 Authenticated'
		cat "$scratch/delivered"
	} >"$scratch/expected"
	send 0 --tls "$scratch/cert" --login "$scratch/login" localhost \
	    "$port" "$scratch/file" me@a.example you@b.example
	py stored "$maildir" "$scratch/message" me@a.example you@b.example ||
	    fail "Python: the message in the Maildir after AUTH"
	{
		cat "$scratch/greeted"
		printf "$tls"
		echo 'AUTH 535 5.7.8 Invalid credentials'
		echo 'QUIT 221 2.0.0 Goodbye'
	} >"$scratch/expected"
	send 1 --tls "$scratch/cert" --login "$scratch/wrong" localhost \
	    "$port" "$scratch/file" me@a.example you@b.example
	# No password is sent in clear, whatever the server offers.
	fails 'send: --login needs --tls
send.py [--tls CAFILE] [--login FILE] HOST PORT MESSAGE SENDER RECIPIENT' \
	    --login "$scratch/login" localhost "$port" "$scratch/file" \
	    me@a.example you@b.example
	# The name in the certificate is "localhost".
	timeout 60 "$programs/Python-send" --tls "$scratch/cert" 127.0.0.1 \
	    "$port" "$scratch/file" me@a.example you@b.example \
	    >"$scratch/said" 2>&1 && fail "another name in the certificate"
	grep -q '^send: .*CERTIFICATE_VERIFY_FAILED' "$scratch/said" ||
	    fail "no word of the certificate: $(cat "$scratch/said")"
	;;
esac
[ -z "$(ls "$maildir/new")" ] || fail "a message that should not be there"
stop
exit $status

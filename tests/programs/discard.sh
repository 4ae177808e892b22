#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --discard accepts messages, and stores nothing of them
# anywhere.
. "$srcdir/tests/programs/server.sh"

# The server may write only in these two places: its directory and its Maildir.
mkdir "$scratch/here"
case $server in
/*) path=$server ;;
*) path=$(pwd)/mailin-server ;;
esac

# discards CLIENT OPTION...: run the client against the server, then check that
# no file is left.
discards() {
	client=$1
	shift
	launch sh -c 'cd "$1" && shift && exec "$@"' sh "$scratch/here" \
	    "$path" --discard --listen 127.0.0.1:0 \
	    --hostname mx.example.org "$@"
	py discarded "$client" "$port" || fail "$client $*"
	stop
	[ "$(cat "$scratch/log")" = \
	    "listening on 127.0.0.1:$port, discarding all mail" ] ||
	    fail "$*: the log is not one line: $(cat "$scratch/log")"
	[ ! -s "$scratch/errors" ] || fail "$*: $(cat "$scratch/errors")"
}

discards smtp
discards smtp --threads 1 --maildir "$maildir"
discards lmtp --protocol lmtp
discards refused --domain example.org --message-size 1000
[ ! -e "$maildir" ] || fail "--maildir was created"
[ -z "$(ls -A "$scratch/here")" ] || fail "files: $(ls -A "$scratch/here")"

printf '%s\r\n' 'EHLO client.example.org' 'MAIL FROM:<>' \
    'RCPT TO:<bob@example.org>' DATA '' . QUIT |
    (cd "$scratch/here" && "$path" --discard --stdio) \
    >"$scratch/replies" 2>"$scratch/errors" || fail "--stdio: status"
grep -q '^250 2\.0\.0' "$scratch/replies" ||
    fail "--stdio: $(cat "$scratch/replies")"
[ ! -s "$scratch/errors" ] || fail "--stdio: $(cat "$scratch/errors")"
[ -z "$(ls -A "$scratch/here")" ] || fail "--stdio: files"

exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The files of a Maildir: the ends of their lines, and what mail readers make of
# them.
. "$srcdir/tests/programs/server.sh"

# stores NAME...: run these tests of maildir.py.
stores() {
	for name in "$@"; do
		py maildir "$name" "$maildir" "$port" || fail "$name"
	done
}

extensions=PIPELINING,CHUNKING,BINARYMIME
start --maildir-newline lf --extensions $extensions
stores lf binary
stop
start --extensions $extensions
stores crlf binary
stop
launch "$server" --listen 127.0.0.1:0 --maildir "$maildir" \
    --bare-newline preserve --extensions $extensions
stores lf binary bare leave
stop
refuses 2 "--maildir-newline takes one of lf, crlf, not 'LF'" \
    --maildir-newline LF

# ---- Mail readers ----

# has NAME: the reader with this name has shown the message without a CR.
has() {
	for text in 'Subject: line ends' 'first line' '.dot' 'last line'; do
		grep -q "^$text\$" "$scratch/shown" ||
		    fail "$1: no '$text' in: $(cat "$scratch/shown")"
	done
	! grep -q "$(printf '\r')" "$scratch/shown" ||
	    fail "$1 shows a CR: $(cat -v "$scratch/shown")"
}

# reader NAME: succeeds if the program exists.
reader() {
	command -v "$1" >/dev/null || {
		echo "SKIP of $1: it is missing"
		return 1
	}
}

if reader s-nail; then
	printf 'type 1\nexit\n' |
	    HOME=$scratch timeout 20 s-nail -n -R -S crt=0 -f "$maildir" \
	    >"$scratch/shown" 2>&1 || fail "s-nail: status $?"
	has s-nail
fi
if reader mshow; then
	mshow "$maildir"/new/* >"$scratch/shown" 2>&1 || fail "mshow: status $?"
	has mblaze
fi
# mutt wants a terminal: script(1) makes one.  Without "folder" in its settings,
# mutt would ask whether it may make a folder.
if reader mutt && reader script; then
	cat >"$scratch/muttrc" <<-END
	set folder=$scratch pipe_decode=yes wait_key=no
	push "<pipe-message>cat >$scratch/shown<enter><exit>"
	END
	: >"$scratch/shown"
	HOME=$scratch TERM=vt100 timeout 20 script -qec \
	    "mutt -n -F $scratch/muttrc -R -f $maildir" "$scratch/screen" \
	    </dev/null >"$scratch/log" || fail "mutt: status $?"
	has mutt
fi

exit $status

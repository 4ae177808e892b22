#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Run the commands of the section "Try it" in the README.  Each message must be
# stored, and the output of the commands must show what happened.
. "$srcdir/tests/programs/server.sh"

# Write the indented blocks of "Try it" to $scratch/block.1 and so on.  The
# first block, which starts the server, is left out.
awk -v out="$scratch/block." '
	/^## /      { here = /^## Try it$/ }
	!here       { next }
	/^    /     { if (!inside) number++
	              inside = 1
	              if (number > 1)
	                      print substr($0, 5) >(out number - 1) }
	/^[^ ]|^$/  { inside = 0 }' "$srcdir/README.md"

# The commands run in a folder that has ./build, and in which they make ./mail.
folder=$scratch/checkout
mkdir "$folder"
ln -s "$PWD" "$folder/build"
maildir=$folder/mail

# try BLOCK [PORT]: run the commands of a block.  Sets $said to their output,
# and $shown to the output of `cat mail/new/*`.
try() {
	sed "s/127\.0\.0\.1:2525/127.0.0.1:${2:-2525}/" "$scratch/block.$1" \
	    >"$scratch/commands"
	grep -v '^cat mail/new/\*$' "$scratch/commands" >"$scratch/first"
	cmp -s "$scratch/first" "$scratch/commands" &&
	    fail "block $1 does not show the message"
	said=$(cd "$folder" && sh "$scratch/first" 2>&1) ||
	    fail "block $1: $said"
	shown=$(cd "$folder" && cat mail/new/*)
}

# shows TEXT PATTERN: the text must match the pattern.
shows() {
	printf '%s\n' "$1" | grep -q "$2" || fail "no $2 in: $1"
}

[ -s "$scratch/block.1" ] || fail "the README has no first message"
try 1
for code in 220 '250[ -]' 354 '250 2.0.0 Stored' 221; do
	shows "$said" "^$code"
done
shows "$said" ' event=message '
shows "$shown" '^Hello\.'
rm -r "$maildir"

if [ ! -s "$scratch/block.2" ]; then
	fail "the README has no message to the server that listens"
elif command -v curl >/dev/null; then
	start
	try 2 "$port"
	[ -z "$said" ] || fail "block 2 says: $said"
	shows "$shown" '^Hello again\.'
	stop	# then the whole log is written
	shows "$(cat "$scratch/log")" ' event=message .* from=<me@example.net> '
else
	echo "SKIP: curl is missing"
fi
exit $status

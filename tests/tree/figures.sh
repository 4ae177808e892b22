#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Each figure in the README must be equal to the figure in the page from which
# it comes.
set -eu
export LC_ALL=C

cd "$srcdir"
status=0

fail() {
	printf '%s\n' "$*"
	status=1
}

# source_of PAGE EXPRESSION: print the figure that the expression of sed finds.
source_of() {
	found=$(sed -n "$2" "doc/$1")
	[ "$(printf '%s\n' "$found" | grep -c .)" -eq 1 ] ||
	    fail "doc/$1: not one figure by $2: $found"
}

# same WORDS PAGE EXPRESSION: in the table of the README, the row with these
# words must have the same figure as the page, and name the page.
same() {
	source_of "$2" "$3"
	row=$(grep "^| \*\*.*$1" README.md) || {
		fail "README.md: no figure with the words: $1"
		return
	}
	case $row in
	*"**$found**"*"(doc/$2)"* | *"$1 $found)"*"(doc/$2)"*) ;;
	*) fail "README.md: doc/$2 says $found, not: $row" ;;
	esac
}

same 'instructions to read a command line' benchmarks.md \
    's/^| 6 lines, strict | \([0-9,]*\) |.*/\1/p'
same "a message's text through a session" benchmarks.md \
    's,^| data/64Ki | \([0-9.]*\) .*,\1,p'
same 'an idle session holds' benchmarks.md \
    's,^| memory/idle |.* | \([0-9,]*\) |$,\1,p'
same 'mailin-server takes and throws away' benchmarks.md \
    's/^| --discard, kept connections: mailin-server | \([0-9,]*\) |.*/\1/p'
same "a server on Go's go-smtp:" benchmarks.md \
    's/^| --discard, kept connections: go-smtp | \([0-9,]*\) |.*/\1/p'
same 'the grammar accepts what' assurance.md \
    's,.*`sh proof/grammar.sh` | \([0-9,]*\) proved |.*,\1,p'
same 'faults planted in the C code' assurance.md \
    's/.* --count 160` | \([0-9,]* of [0-9,]*\) mutants are killed |.*/\1/p'

rows=$(grep -c '^| \*\*' README.md)
[ "$rows" -eq 6 ] || fail "README.md: $rows figures, not the 6 of this test"
exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The short cuts (src/command/fast) can be removed as fast.h says.  The library
# must then still pass the tests of the tokenizer and the transcripts.  It must
# also pass them if SCAN_PLAIN switches the short cuts off.
set -eu
export LC_ALL=C

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

# Only one line of src/ may name the folder.
grep -rn '"[a-z/]*fast/' "$srcdir/src" "$srcdir/grammar"/*.rl |
    grep -v '/src/command/fast/' >"$scratch/uses" || :
[ "$(wc -l <"$scratch/uses")" -eq 1 ] || {
	echo "FAIL: not one #include of the short cuts, but:"
	cat "$scratch/uses"
	status=1
}

# In the makefile, a line that names the folder may name nothing else, and may
# not be the last of its list: without it, the "\" before it would join the list
# and the next line.
grep -n 'command/fast/' "$srcdir/Makefile.am" |
    grep -v -E '^[0-9]+:	src/command/fast/[a-z_]+\.[ch] \\$' && {
	echo "FAIL: lines of Makefile.am that cannot be deleted as they are"
	status=1
}

# The head of fast.h says which other files include headers of the folder, and
# go with it.
(cd "$srcdir" && grep -rl '"command/fast/' tests proof bench fuzz \
    --include='*.[ch]') >"$scratch/users" || :
while read -r user; do
	grep -q "${user##*/}" "$srcdir/src/command/fast/fast.h" || {
		echo "FAIL: fast.h does not say that $user uses the short cuts"
		status=1
	}
done <"$scratch/users"

# remove_short_cuts FOLDER: remove them from a copy of the sources.
remove_short_cuts() {
	rm -r "$1/command/fast"
	sed '/command\/fast\//d' "$srcdir/src/command/short_cuts.h" \
	    >"$1/command/short_cuts.h"
}

# build FOLDER FLAG...: compile the tokenizer of the folder.
build() {
	folder=$1
	shift
	for file in "$folder"/command/*.c grammar/relaxed.c grammar/strict.c; do
		[ -f "$file" ] || file=$srcdir/$file
		$CC $FLAGS -w -std=gnu11 "$@" -I"$folder" -I"$srcdir/include" \
		    -Iinclude -c -o "$folder/$(basename "$file" .c).o" "$file"
	done
}

# run FOLDER NAME OBJECT...: link the objects with the tokenizer of the folder,
# not with that of the library, and run the program.
run() {
	folder=$1
	name=$2
	shift 2
	$CC $FLAGS -o "$folder/$name" "$@" "$folder"/*.o $archives -lpthread -lm
	(cd "$folder" && SUITE_QUICK=yes CK_FORK=no srcdir=$from "./$name") \
	    >"$folder/log" 2>&1 || {
		echo "FAIL: $name, $what"
		tail "$folder/log"
		status=1
	}
}

# try_all FOLDER WHAT: run all these tests with the tokenizer of the folder.
try_all() {
	what=$2
	archives=.libs/libcore.a
	run "$1" transcript tests/transcript/*.o tests/support/proxy_text.o
	[ -f .libs/libsuite.a ] || return 0
	archives=".libs/libsuite.a .libs/libcore.a $CHECK_LIBS"
	for test in command command_line path relaxed_path parameter \
	    parameter_set relaxed_parameter relaxed number extension; do
		run "$1" "test_$test" "tests/unit/test_$test.o"
	done
}

from=$(cd "$srcdir" && pwd)
[ -f .libs/libsuite.a ] || echo "SKIP of the unit tests: Check is missing"

cp -r "$srcdir/src" "$scratch/removed"
cp -r "$srcdir/src" "$scratch/plain"
chmod -R u+w "$scratch"
remove_short_cuts "$scratch/removed"
build "$scratch/removed"
try_all "$scratch/removed" "the short cuts removed"

build "$scratch/plain" -DSCAN_PLAIN
if $NM -g "$scratch"/plain/*.o | grep 'mailin_fast_'; then
	echo "FAIL: SCAN_PLAIN leaves a short cut"
	status=1
fi
[ $status -ne 0 ] || echo "removed and switched off: all tests pass"
exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The rules of the house style that a program can check, and the rule of
# layers: the library includes no header of the programs, and none that does
# I/O.
set -eu
export LC_ALL=C

cd "$srcdir"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

complain() {
	[ -s "$2" ] || return 0
	printf '%s:\n' "$1"
	sed 's/^/    /' "$2"
	status=1
}

# Files that people write: not the C files that Ragel makes, and not the
# contract programs, which never change.
find src grammar include server parse examples doc tests fuzz bench \
    -name '*.[ch]' -o -name '*.cc' -o -name '*.rl' -o -name '*.h.in' \
    2>/dev/null |
    grep -v '^tests/tree/contract/' | sort |
    while read -r file; do
	[ "$file" != "${file%.c}" ] && [ -e "${file%.c}.rl" ] ||
	    echo "$file"
    done >"$scratch/code"
find tests fuzz bench -name '*.sh' -o -name '*.py' -o -name '*.txt' \
    2>/dev/null | sort >"$scratch/scripts"
for file in bootstrap quickstart configure.ac Makefile.am README.md NEWS \
    doc/*.md doc/*.1 examples/*.md bench/*.md .ci/run; do
	[ -e "$file" ] && echo "$file"
done >"$scratch/other"
cat "$scratch/code" "$scratch/scripts" "$scratch/other" >"$scratch/all"

# each LIST COMMAND...: run the command on each file of the list, and print the
# name before each line of its output.
each() {
	list=$1
	shift
	while read -r file; do
		"$@" "$file" | sed "s|^|$file:|"
	done <"$list"
}

too_wide() {
	expand "$1" | awk 'length > 80 { print FNR ": " length " columns" }'
}
each "$scratch/code" too_wide >"$scratch/wide"
complain "over 80 columns" "$scratch/wide"

# README.md and other documents may have long lines (tables), but no blanks at
# the end.
each "$scratch/all" grep -n '[[:blank:]]$' >"$scratch/blanks"
complain "white space at the end of a line" "$scratch/blanks"

# Written so that this file does not match.
each "$scratch/all" grep -nwE 'T[O]DO|F[I]XME|H[A]CK' >"$scratch/marks"
complain "marks of unfinished work" "$scratch/marks"

# Tables may make a suite a little longer.
too_long() {
	case $1 in
	tests/*) most=420 ;;
	*) most=400 ;;
	esac
	awk -v most=$most '
	    !/clang-format o/ { n++ }
	    END { if (n > most) print " " n " lines, of " most }' "$1"
}
each "$scratch/code" too_long >"$scratch/long"
complain "files that are too long" "$scratch/long"

# In KNF, the braces of a function are in the first column.
long_functions() {
	awk '/^\{/ { from = FNR }
	    /^\}/ && from { if (FNR - from > 60)
		print from ": " FNR - from + 1 " lines"; from = 0 }' "$1"
}
each "$scratch/code" long_functions >"$scratch/functions"
complain "functions over 60 lines" "$scratch/functions"

unlicensed() {
	sed 2q "$1" | grep -q 'SPDX-License-Identifier: MIT' ||
	    echo " no licence line"
}
{
	each "$scratch/code" unlicensed
	grep -E '\.(sh|py)$' "$scratch/scripts" >"$scratch/programs"
	each "$scratch/programs" unlicensed
} >"$scratch/licence"
complain "no licence in the first line" "$scratch/licence"

# The compiler's own headers, octets and memory.  <stdio.h> is for vsnprintf
# only; tests/tree/abi-imports.txt ensures this.
allowed='assert|arm_neon|cpuid|emmintrin|immintrin|limits|stdarg|stdbool|stddef'
allowed="$allowed|stdint|stdio|stdlib|string|tmmintrin"
includes() {
	grep -nE '^[[:blank:]]*#[[:blank:]]*include' "$1" |
	    grep -vE "<($allowed)\.h>|<mailin(/[a-z]+)?\.h>|\"config\.h\"" |
	    while read -r line; do
		header=${line#*\"}
		[ "$header" != "$line" ] && [ -e "src/${header%\"*}" ] ||
		    echo "$line"
	    done
}
grep -E '^(src|grammar|include)/' "$scratch/code" >"$scratch/library"
each "$scratch/library" includes >"$scratch/includes"
complain "headers that the library may not include" "$scratch/includes"

exit $status

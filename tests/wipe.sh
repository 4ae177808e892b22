#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# V35, property 50: a compiler that optimizes does not leave out what wipes a
# secret, in either form of src/wipe.h.  A memset() in its place is left out,
# which shows that this test would see it.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

# links COMPILER FLAG: not each has a linker for -flto.
links() {
	echo 'int main(void) { return 0; }' >"$scratch/none.c"
	"$@" -o "$scratch/none" "$scratch/none.c" 2>"$scratch/errors"
}

# leaves COMPILER FLAG...: sets $left to the program's exit status.
leaves() {
	left=0
	"$@" -std=c11 -D_DEFAULT_SOURCE -I"$srcdir/src" -o "$scratch/wipe" \
	    "$srcdir/tests/wipe.c" -lpthread || left=2
	[ $left -ne 0 ] || "$scratch/wipe" || left=$?
}

for compiler in "$CC" gcc clang musl-gcc; do
	command -v "${compiler%% *}" >/dev/null || continue
	for level in -O1 -O2 -O3 -Os "-O2 -flto"; do
		links $compiler $level || continue
		for form in -DWIPE_BY_GNU_C -DWIPE_BY_OCTETS; do
			leaves $compiler $level $form
			[ $left -eq 0 ] || {
				echo "FAIL: $compiler $level $form: $left"
				status=1
			}
		done
	done
	links $compiler || continue
	leaves $compiler -O2 -DWIPE_NOT
	[ $left -eq 1 ] || {
		echo "FAIL: $compiler: nothing is seen of a memset: $left"
		status=1
	}
	echo "$compiler"
done
exit $status

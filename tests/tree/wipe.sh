#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# An optimizing compiler does not remove the code that wipes a secret, in
# either form of src/octet/wipe.h (threat V35, property 50).  To show that the
# test can fail, memset() wipes the secret once: the compiler removes this call.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

# links COMPILER FLAG: succeeds if the compiler can link with the flag, because
# some compilers have no linker for -flto.
links() {
	echo 'int main(void) { return 0; }' >"$scratch/none.c"
	"$@" -o "$scratch/none" "$scratch/none.c" 2>"$scratch/errors"
}

# leaves COMPILER FLAG...: build and run the program.  Sets $left to its exit
# status.
leaves() {
	left=0
	"$@" -std=c11 -D_DEFAULT_SOURCE -I"$srcdir/src" -o "$scratch/wipe" \
	    "$srcdir/tests/tree/wipe.c" -lpthread || left=2
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

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Compile the library to WebAssembly:  build.sh OUTPUT SOURCE.c...
#
# This needs clang with lld, and wasi-libc.  WASM_CC is the compiler; without it
# the script tries each clang that it finds.  The current folder is the build
# folder, and srcdir is the folder of the source.
set -eu

output=$1
shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cat >"$scratch/probe.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
int probe(char *out, double x) { return snprintf(out, 9, "%g", x) + abs(1); }
END
flags='--target=wasm32-wasi -mexec-model=reactor -Wl,--strip-all'
compilers=${WASM_CC:-clang clang-14 clang-16 clang-17 clang-18 clang-19}
for cc in $compilers none; do
	[ $cc = none ] || "$cc" $flags -Wl,--export=probe -o "$scratch/probe" \
	    "$scratch/probe.c" >"$scratch/said" 2>&1 && break
done
if [ $cc = none ]; then
	echo 'The playground needs clang with lld and wasi-libc (Debian:' \
	    'apt-get install clang lld wasi-libc libclang-rt-dev-wasm32)' >&2
	exit 1
fi

# A source is in the source folder, or was made in the build folder.
files=
for file in "$srcdir"/playground/*.c "$@"; do
	case $file in
	*.h) continue ;;
	esac
	[ -e "$file" ] || file=$srcdir/$file
	files="$files $file"
done
"$cc" $flags -O2 -DNDEBUG -DMAILIN_BUILD -Wall -Wno-implicit-fallthrough \
    -Wno-unused-const-variable -I. -Iinclude -I"$srcdir/include" \
    -I"$srcdir/src" -I"$srcdir/tests" -o "$output.tmp" $files
mv "$output.tmp" "$output"

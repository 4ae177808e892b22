#!/bin/bash -eu
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Build the fuzz targets for OSS-Fuzz: README.md.  The environment has the
# compilers and the engine (CC, CFLAGS, CXX, LIB_FUZZING_ENGINE) and the folders
# SRC, WORK and OUT.

source=$SRC/libmailin
[ -e "$source/configure" ] || "$source/bootstrap"

rm -rf "$WORK/libmailin"
mkdir -p "$WORK/libmailin"
cd "$WORK/libmailin"
"$source/configure" --enable-fuzzing --disable-shared --disable-server \
    PKG_CONFIG=false

# The fuzzing engine is written in C++, so the compiler for C++ links the
# programs.
make -j "$(nproc)" fuzz-targets CCLD="$CXX"

for file in "$source"/fuzz/fuzz_*.c; do
	target=$(basename "$file" .c)
	cp "fuzz/$target" "$OUT/"
	cp "$source/fuzz/smtp.dict" "$OUT/$target.dict"
	rm -f "$OUT/${target}_seed_corpus.zip"
	zip -q -j -r "$OUT/${target}_seed_corpus.zip" \
	    "$source/fuzz/seeds/${target#fuzz_}"
done

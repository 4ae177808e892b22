#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# proof/body.c with MemorySanitizer: the members of the decoder that should
# decide nothing have no value, and no branch may depend on one that has none.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
build=$PWD
cd "$srcdir"

echo 'int main(void) { return 0; }' >"$scratch/empty.c"
if ! clang -fsanitize=memory -o "$scratch/empty" "$scratch/empty.c" 2>/dev/null ||
    ! "$scratch/empty"; then
	echo "SKIP: clang with MemorySanitizer is missing (Debian: clang)"
	exit 77
fi
clang -std=gnu11 -O1 -g -fsanitize=memory -Iinclude -I"$build/include" -Isrc \
    -o "$scratch/body" proof/body.c src/message/body.c src/message/facts.c \
    src/message/gather.c src/message/text*.c src/octet/vector.c \
    src/octet/span.c
"$scratch/body" "$@"

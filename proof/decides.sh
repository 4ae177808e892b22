#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Run proof/body.c with MemorySanitizer.  Some members of the decoder must
# decide nothing, so here they have no value.  No branch may depend on a member
# without a value.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
build=$PWD
cd "$srcdir"

echo 'int main(void) { return 0; }' >"$scratch/empty.c"
if ! clang -fsanitize=memory -o "$scratch/empty" "$scratch/empty.c" \
    2>/dev/null || ! "$scratch/empty"; then
	echo "SKIP: clang with MemorySanitizer is missing (Debian: clang)"
	exit 77
fi
clang -std=gnu11 -O1 -g -fsanitize=memory -Iinclude -I"$build/include" -Isrc \
    -o "$scratch/body" proof/body.c src/message/body.c src/message/facts.c \
    src/message/gather.c src/message/text*.c src/octet/vector.c \
    src/octet/span.c
"$scratch/body" "$@"

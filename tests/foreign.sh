#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Property 52, on other machines: build for AArch64 (which has NEON) and s390x
# (whose octets stand the other way round), and play all transcripts and all
# seeds there, and the suites of the body decoder, by qemu-user.  `make check-foreign` runs it, in a build folder;
# what is missing is named and left out.
#
# Debian: gcc-aarch64-linux-gnu gcc-s390x-linux-gnu qemu-user, and
# libc6-dev-arm64-cross libc6-dev-s390x-cross
set -eu

top=$(cd "$srcdir" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
played=0

play() {
	"qemu-$1" tests/transcript >"$scratch/log" 2>&1 ||
	    { cat "$scratch/log"; return 1; }
	tail -n 1 "$scratch/log"
	for target in command proxy session; do
		"qemu-$1" "fuzz/fuzz_$target" "$top/fuzz/seeds/$target"/* \
		    >"$scratch/log" 2>&1 || { cat "$scratch/log"; return 1; }
	done
}

# A suite of the body decoder; foreign/check.h stands for Check.
suite() {
	"$1-linux-gnu-gcc" -O2 -I"$top/tests/foreign" -I"$top/tests" \
	    -I"$top/src" -I"$top/include" -Iinclude -o "tests/$2" \
	    "$top/tests/$2.c" "$top/tests/suite.c" "$top/tests/pieces.c" \
	    "$top/tests/place.c" "$top/tests/decoder.c" .libs/libcore.a
	SUITE_QUICK=1 "qemu-$1" "tests/$2" >"$scratch/log" 2>&1 ||
	    { cat "$scratch/log"; return 1; }
	echo "$2: $(grep -c . "$scratch/log") tests"
}

for machine in aarch64 s390x; do
	host=$machine-linux-gnu
	if ! command -v "$host-gcc" || ! command -v "qemu-$machine"; then
		echo "SKIPPED: no $host-gcc or no qemu-$machine"
		continue
	fi >/dev/null
	echo "$machine"
	mkdir "$scratch/$machine"
	(
		cd "$scratch/$machine"
		"$top/configure" -q --host="$host" --disable-shared \
		    --disable-server PKG_CONFIG=false 2>config.err ||
		    { cat config.err; exit 1; }
		${MAKE-make} -s tests/transcript fuzz/fuzz_command \
		    fuzz/fuzz_proxy fuzz/fuzz_session
		export srcdir="$top" QEMU_LD_PREFIX="/usr/$host"
		play "$machine"
		for name in test_body test_text test_vector; do
			suite "$machine" "$name"
		done
	)
	played=$((played + 1))
done
test "$played" -gt 0

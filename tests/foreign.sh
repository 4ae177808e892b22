#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Property 52, on other machines: build for AArch64 (which has NEON), s390x
# (whose octets stand the other way round) and i686 (whose pointers are short),
# and play all transcripts and all seeds there, and the suites of the
# vectors: by qemu-user, or, where the processor is an x86-64, which is an i686
# too, as they are.  `make check-foreign` runs it, in a build folder; what is
# missing is named and left out.
#
# Debian: qemu-user, gcc-aarch64-linux-gnu gcc-s390x-linux-gnu
# gcc-i686-linux-gnu, and libc6-dev-arm64-cross libc6-dev-s390x-cross
# libc6-dev-i386-cross
set -eu

top=$(cd "$srcdir" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
played=0

# run MACHINE COMMAND...
run() {
	machine=$1
	shift
	case $machine in
	i686)
		"/usr/$machine-linux-gnu/lib/ld-linux.so.2" --library-path \
		    "/usr/$machine-linux-gnu/lib" "$@"
		;;
	*) QEMU_LD_PREFIX=/usr/$machine-linux-gnu "qemu-$machine" "$@" ;;
	esac
}

# Can it?
runs() {
	command -v "$1-linux-gnu-gcc" && case $1 in
	i686) [ "$(uname -m)" = x86_64 ] ;;
	*) command -v "qemu-$1" ;;
	esac
}

play() {
	run "$1" tests/transcript >"$scratch/log" 2>&1 ||
	    { cat "$scratch/log"; return 1; }
	tail -n 1 "$scratch/log"
	for target in command proxy session; do
		run "$1" "fuzz/fuzz_$target" "$top/fuzz/seeds/$target"/* \
		    >"$scratch/log" 2>&1 || { cat "$scratch/log"; return 1; }
	done
}

# A suite of the vectors; foreign/check.h stands for Check.
suite() {
	"$1-linux-gnu-gcc" -O2 -I"$top/tests/foreign" -I"$top/tests" \
	    -I"$top/src" -I"$top/include" -Iinclude -o "tests/$2" \
	    "$top/tests/$2.c" "$top/tests/suite.c" "$top/tests/pieces.c" \
	    "$top/tests/place.c" "$top/tests/decoder.c" .libs/libcore.a
	SUITE_QUICK=1 run "$1" "tests/$2" >"$scratch/log" 2>&1 ||
	    { cat "$scratch/log"; return 1; }
	echo "$2: $(grep -c . "$scratch/log") tests"
}

for machine in aarch64 s390x i686; do
	host=$machine-linux-gnu
	if ! runs $machine >/dev/null; then
		echo "SKIPPED: no $host-gcc, or nothing that runs what it makes"
		continue
	fi
	echo "$machine"
	mkdir "$scratch/$machine"
	(
		cd "$scratch/$machine"
		"$top/configure" -q --host="$host" --disable-shared \
		    --disable-server PKG_CONFIG=false 2>config.err ||
		    { cat config.err; exit 1; }
		${MAKE-make} -s tests/transcript fuzz/fuzz_command \
		    fuzz/fuzz_proxy fuzz/fuzz_session
		export srcdir="$top"
		play "$machine"
		for name in test_body test_marks test_text test_vector; do
			suite "$machine" "$name"
		done
	)
	played=$((played + 1))
done
test "$played" -gt 0

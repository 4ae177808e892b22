#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The library works on other machines (property 52).  Build it for AArch64 (with
# NEON), s390x (big-endian), i686 and 32-bit ARM (32-bit pointers), and with
# another C library, musl.  Play all transcripts and all seeds, and run some
# suites, with qemu-user; on an x86-64, programs for i686 and musl run without
# it.  For Windows (mingw-w64) the library is built, and its DLL must export
# the same symbols as the ELF library. `make check-foreign` runs this script in
# a build folder.  A machine whose tools are not installed is reported and left
# out.
#
# Debian: qemu-user, gcc-aarch64-linux-gnu gcc-s390x-linux-gnu
# gcc-i686-linux-gnu gcc-arm-linux-gnueabihf, and libc6-dev-arm64-cross
# libc6-dev-s390x-cross libc6-dev-i386-cross libc6-dev-armhf-cross; musl-tools;
# gcc-mingw-w64-x86-64
set -eu

top=$(cd "$srcdir" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tried=0

# run HOST COMMAND...: run a program for this processor or C library: directly,
# by its own loader, or in an emulator.
run() {
	host=$1
	shift
	case $host in
	i686-*)
		"/usr/$host/lib/ld-linux.so.2" --library-path \
		    "/usr/$host/lib" "$@"
		;;
	*-musl) "$@" ;;
	*) QEMU_LD_PREFIX=/usr/$host "qemu-${host%%-*}" "$@" ;;
	esac
}

compiler() {
	case $1 in
	*-musl) echo musl-gcc ;;
	*) echo "$1-gcc" ;;
	esac
}

# runs HOST: succeeds if there is a compiler for it, and its programs can run
# here.
runs() {
	command -v "$(compiler "$1")" && case $1 in
	i686-*) [ "$(uname -m)" = x86_64 ] ;;
	*-musl) : ;;
	*) command -v "qemu-${1%%-*}" ;;
	esac
}

# configured OPTION...: configure in this folder, without the parts that need
# other libraries.
configured() {
	"$top/configure" -q --disable-server PKG_CONFIG=false "$@" \
	    2>config.err || { cat config.err; exit 1; }
}

play() {
	run "$1" tests/transcript/transcript >"$scratch/log" 2>&1 ||
	    { cat "$scratch/log"; return 1; }
	tail -n 1 "$scratch/log"
	for target in command proxy session; do
		run "$1" "fuzz/fuzz_$target" "$top/fuzz/seeds/$target"/* \
		    >"$scratch/log" 2>&1 || { cat "$scratch/log"; return 1; }
	done
}

# suite HOST NAME: run a unit test without Check; foreign/check.h replaces
# Check.
suite() {
	"$(compiler "$1")" -O2 -I"$top/tests/foreign" -I"$top/tests" \
	    -I"$top/src" -I"$top/include" -Iinclude -o "tests/unit/$2" \
	    "$top/tests/unit/$2.c" "$top/tests/support/suite.c" \
	    "$top/tests/support/pieces.c" \
	    "$top/tests/support/place.c" "$top/tests/support/decoder.c" \
	    "$top/tests/support/ip_text.c" \
	    .libs/libcore.a
	SUITE_QUICK=1 run "$1" "tests/unit/$2" >"$scratch/log" 2>&1 ||
	    { cat "$scratch/log"; return 1; }
	echo "$2: $(grep -c . "$scratch/log") tests"
}

try_machine() {
	case $1 in
	*-musl) configured --disable-shared CC=musl-gcc ;;
	*) configured --disable-shared --host="$1" ;;
	esac
	case $1 in
	i686-* | arm-*)
		grep -q '^#define _FILE_OFFSET_BITS 64' config.h ||
		    { echo "$1: no large files"; exit 1; }
		;;
	esac
	${MAKE-make} -s tests/transcript/transcript fuzz/fuzz_command \
	    fuzz/fuzz_proxy fuzz/fuzz_session
	export srcdir="$top"
	play "$1"
	for name in test_body test_ip_address test_marks test_text \
	    test_vector; do
		suite "$1" "$name"
	done
}

# Build the DLL, the static library and mailin-parse.
try_windows() {
	configured --host=x86_64-w64-mingw32 --enable-werror
	${MAKE-make} -s >log 2>&1 || { cat log; exit 1; }
	echo '#include <mailin.h>' |
	    gcc -E -P -I"$top/include" -Iinclude - | tr '\n' ' ' |
	    tr ';' '\n' |
	    sed -n 's/.*visibility("default").*[ *]\(mailin_[a-z0-9_]*\) *(.*/\1/p' |
	    sort -u >declared
	x86_64-w64-mingw32-objdump -p .libs/libmailin-0.dll |
	    sed -n '/Ordinal\/Name/,/^$/s/^[[:blank:]]*\[ .* //p' |
	    sort -u >exported
	[ -s declared ] || exit 1
	diff declared exported
	wc -l <exported | sed 's/$/ symbols exported/'
}

# try HOST FUNCTION: run the function in its own folder.
try() {
	echo "$1"
	mkdir "$scratch/$1"
	(
		cd "$scratch/$1"
		"$2" "$1"
	)
	tried=$((tried + 1))
}

for host in aarch64-linux-gnu s390x-linux-gnu i686-linux-gnu \
    arm-linux-gnueabihf x86_64-linux-musl; do
	if runs $host >/dev/null; then
		try $host try_machine
	else
		echo "SKIPPED: no $(compiler $host), or nothing that runs" \
		    "what it makes"
	fi
done
if command -v x86_64-w64-mingw32-gcc >/dev/null; then
	try x86_64-w64-mingw32 try_windows
else
	echo "SKIPPED: no x86_64-w64-mingw32-gcc"
fi
test "$tried" -gt 0

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The checks beyond `make check`, one a name, each in a build folder of its
# own under ./build-ci:
#
#	tests/ci.sh sanitizers | memory | valgrind | instructions | distcheck |
#	    tarball | fuzz
#
# valgrind, instructions and distcheck use ./build, which
# `./quickstart --check` has made.
set -eu

cd "$(dirname "$0")/.."
top=$PWD
export VERBOSE=1        # a test that fails shows its log
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)

# configured FOLDER OPTION...: go to a build folder, configured so.
configured() {
	mkdir -p "build-ci/$1"
	cd "build-ci/$1"
	shift
	"$top/configure" -q --enable-werror --disable-static "$@"
}

# Property 44: all tests with AddressSanitizer and UBSan, built by the other
# compiler.
sanitizers() {
	configured sanitizers --enable-sanitizers --enable-tests CC=clang
	make -s -j "$jobs" check TESTS=
	make -s -j "$jobs" check
}

# MemorySanitizer: nothing depends on memory that was never written.  As a user
# asks for it, in CFLAGS; _FORTIFY_SOURCE has to be off then.
memory() {
	configured memory --disable-server PKG_CONFIG=false CC=clang \
	    CFLAGS='-O1 -g -fsanitize=memory'
	if grep '^HARDEN_CPPFLAGS = .*-D_FORTIFY_SOURCE' Makefile; then
		exit 1
	fi
	make -s -j "$jobs" tests/transcript fuzz/fuzz_command \
	    fuzz/fuzz_proxy fuzz/fuzz_session
	srcdir=$top tests/transcript
	for name in command proxy session; do
		fuzz/fuzz_$name "$top/fuzz/seeds/$name"
	done
}

# No read of memory that was never written, no leak.
valgrind() {
	make -s -C build -j "$jobs" check-valgrind
}

# Nothing takes more instructions than it did, and nothing more than linear.
instructions() {
	make -s -C build -j "$jobs" check-instructions
}

# A release tarball builds from a read-only source, tests, installs, and
# leaves nothing behind.
distcheck() {
	make -s -C build -j "$jobs" distcheck
}

# Who builds a release needs none of the tools that made it, nor gcc.  What it
# installs keeps the contract, and imports what gcc's build does.
tarball() {
	archive=$(ls "$top"/build/libmailin-*.tar.xz)
	rm -rf build-ci/tarball
	mkdir -p build-ci/tarball/bin
	cd build-ci/tarball
	# The same names twice over (/bin, /usr/bin): ln says so and goes on.
	ln -s /usr/local/bin/* /usr/bin/* /bin/* bin/ 2>/dev/null || :
	rm -f bin/ragel bin/auto* bin/aclocal* bin/libtoolize bin/m4
	PATH=$PWD/bin
	if command -v ragel; then
		exit 1
	fi

	tar -xJf "$archive"
	# The grammar's C tells no folder in which it was made.
	if grep -l '#line' libmailin-*/grammar/*.c; then
		exit 1
	fi
	mkdir build
	cd build
	../libmailin-*/configure -q --prefix="$top/build-ci/tarball/usr" \
	    --enable-werror CC=clang
	make -s -j "$jobs"
	srcdir=$(echo ../libmailin-*) CC=clang FLAGS= NM=nm OBJDUMP=objdump \
	    sh ../libmailin-*/tests/abi.sh
	make -s install
	make -s installcheck
}

# Each fuzz target for a minute, from its seeds.
fuzz() {
	configured fuzz --enable-fuzzing --enable-sanitizers CC=clang
	make -s -j "$jobs" fuzz-targets
	runs=
	for target in fuzz/fuzz_*; do
		[ -f "$target" ] && [ "$target" = "${target%.*}" ] || continue
		name=${target#fuzz/fuzz_}
		mkdir -p "corpus/$name"
		"$target" -max_total_time="${FUZZ_SECONDS:-60}" \
		    -print_final_stats=1 -artifact_prefix="$name-" \
		    -dict="$top/fuzz/smtp.dict" "corpus/$name" \
		    "$top/fuzz/seeds/$name" >"fuzz-$name.log" 2>&1 &
		runs="$runs $!"
	done
	status=0
	for run in $runs; do
		wait "$run" || status=1
	done
	tail -n 12 fuzz-*.log
	[ -n "$runs" ] && return $status
}

case ${1-} in
sanitizers | memory | valgrind | instructions | distcheck | tarball | fuzz)
	"$1"
	;;
*) sed -n '/^#	/s/^#	/usage: /p' "$0" >&2; exit 2 ;;
esac

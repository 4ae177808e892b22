#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Checks in addition to `make check`, each in its own build folder in
# ./build-ci:
#
#	tests/ci.sh sanitizers | memory | valgrind | instructions | distcheck |
#	    tarball | fuzz | coverage | threads | reproducible | reduced
#
# threads, valgrind, instructions and distcheck use ./build, which
# `./quickstart --check` has made.
set -eu

cd "$(dirname "$0")/.."
top=$PWD
export VERBOSE=1        # show the log of a failed test
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
waits=$((2 * jobs))     # many tests of programs only wait

# configured FOLDER OPTION...: make a build folder, change to it, and configure
# it.
configured() {
	mkdir -p "build-ci/$1"
	cd "build-ci/$1"
	shift
	"$top/configure" -q --enable-werror --disable-static "$@"
}

# Run the tests with AddressSanitizer and UBSan (property 44), in a build by
# clang.  The suites try only a part of their inputs here, because the fuzz
# targets try more inputs of the same kinds.
sanitizers() {
	configured sanitizers --enable-sanitizers --enable-tests CC=clang \
	    CFLAGS='-O2 -g1'
	make -s -j "$jobs" check TESTS=
	SUITE_QUICK=yes make -s -j "$waits" check-code
}

# Use MemorySanitizer: no result may depend on uninitialised memory.  The
# option is in CFLAGS, as a user would give it. _FORTIFY_SOURCE must then be
# off.
memory() {
	configured memory --disable-server PKG_CONFIG=false CC=clang \
	    CFLAGS='-O1 -g -fsanitize=memory'
	if grep '^HARDEN_CPPFLAGS = .*-D_FORTIFY_SOURCE' Makefile; then
		exit 1
	fi
	make -s -j "$jobs" tests/transcript/transcript fuzz/fuzz_command \
	    fuzz/fuzz_proxy fuzz/fuzz_session
	srcdir=$top tests/transcript/transcript
	for name in command proxy session; do
		fuzz/fuzz_$name "$top/fuzz/seeds/$name"
	done
}

# Use ThreadSanitizer: there is no data race between threads that share a
# config, or between the threads of libmailin-event.
threads() {
	make -s -C build -j "$jobs" check-threads
}

# Each branch of the library is taken by a test, or tests/coverage.txt says why
# not.
coverage() {
	configured coverage --enable-coverage --enable-tests --disable-shared \
	    --enable-static --disable-server CC=gcc \
	    CFLAGS='-O0 -Dalways_inline='
	make -s -j "$jobs" check TESTS=
	make -s -j "$jobs" coverage
}

# Use valgrind: uninitialised memory is not read, and memory does not leak.
valgrind() {
	make -s -C build -j "$jobs" check-valgrind
}

# No measured work takes more instructions than before, and its instructions do
# not grow faster than its input.  The programs of the other benchmarks compile.
instructions() {
	make -s -C build -j "$jobs" bench-programs
	make -s -C build -j "$jobs" check-instructions
}

# A release tarball builds from a read-only source folder, passes its tests,
# installs, and leaves no files.  It has all that the repository has, except
# .ci/run and the files with which forges call it.  Most tests are left out
# here, and the build is not optimized, because `quickstart --check` has run all
# tests on an optimized build.
distcheck() {
	few='tests/unit/test_codec tests/unit/test_command'
	few="$few tests/unit/test_session"
	SUITE_QUICK=yes make -s -C build -j "$jobs" distcheck \
	    DISTCHECK_CONFIGURE_FLAGS=CFLAGS=-O0 check_PROGRAMS="$few" \
	    TESTS="$few tests/programs/stdio.sh"
	forges='\.github/.*|\.gitlab-ci\.yml|\.woodpecker\.yml|\.builds/.*'
	git ls-files 2>/dev/null |
	    grep -vxE "\.ci/run|\.gitignore|$forges" | sort >build/files-tracked
	tar -tf build/libmailin-*.tar.xz | sed 's,^[^/]*/,,' |
	    sort >build/files-shipped
	if comm -23 build/files-tracked build/files-shipped | grep .; then
		echo "these files are not in the tarball"
		exit 1
	fi
}

# A release builds without the tools that were used to make it, and without gcc.
# The result passes the contract programs, imports the same symbols as with gcc,
# and has no path of this folder in it.  The links in the installed README work.
# A tarball that is made from the files of the tarball has the same octets.
tarball() {
	archive=$(ls "$top"/build/libmailin-*.tar.xz)
	rm -rf build-ci/tarball
	mkdir -p build-ci/tarball/bin
	cd build-ci/tarball
	# If several folders have a program of the same name, ln complains, but
	# still links the others.
	ln -s /usr/local/bin/* /usr/bin/* /bin/* bin/ 2>/dev/null || :
	rm -f bin/ragel bin/auto* bin/aclocal* bin/libtoolize bin/m4 \
	    bin/doxygen
	PATH=$PWD/bin
	if command -v ragel; then
		exit 1
	fi

	tar -xJf "$archive"
	# The generated C files must not contain the path of the folder in
	# which they were made.
	if grep -l '#line' libmailin-*/grammar/*.c; then
		exit 1
	fi
	mkdir build
	cd build
	../libmailin-*/configure -q --prefix="$top/build-ci/tarball/usr" \
	    --enable-werror CC=clang
	make -s -j "$jobs"
	srcdir=$(echo ../libmailin-*) CC=clang FLAGS= NM=nm OBJDUMP=objdump \
	    sh ../libmailin-*/tests/tree/abi.sh
	make -s install
	[ -s ../usr/share/man/man3/mailin_session_feed.3 ]
	make -s installcheck
	documents=$top/build-ci/tarball/usr/share/doc/libmailin
	grep -o '](\([A-Za-z][^):#]*\))' "$documents/README.md" |
	    sed 's/](\(.*\))/\1/' | grep -vxE 'LICENSE|HACKING\.md' |
	    while read -r name; do
		[ -e "$documents/$name" ] || {
			echo "the installed README has a dead link: $name"
			exit 1
		}
	done
	# libmailin-event.so has the path of libmailin.so, which libtool adds.
	if grep -l "$top" .libs/libmailin.so.*.*.* .libs/libmailin*.a; then
		echo "the libraries have paths of the build folder in them"
		exit 1
	fi
	(umask 077 && TZ=Asia/Tokyo XZ_OPT=-0 make -s dist)
	xz -dc "$archive" >first.tar
	xz -dc libmailin-*.tar.xz | cmp first.tar -
}

# Two clones in different folders, with another umask, time zone and locale,
# make the same tarball, and the same libraries from it.
reproducible() {
	rm -rf build-ci/reproducible
	mkdir -p build-ci/reproducible
	cd build-ci/reproducible
	made "$top" one 022 UTC
	sleep 1         # the files have other times
	made one/clone another/far/away 077 Asia/Tokyo
	cmp one/clone/*.tar.xz another/far/away/clone/*.tar.xz
	for file in one/installed/usr/local/lib/libmailin*; do
		cmp "$file" "another/far/away/${file#one/}"
	done
}

# made REPOSITORY FOLDER UMASK ZONE: make a tarball from a clone, and the
# libraries from the tarball.
made() {
	(
		umask "$3"
		TZ=$4
		export TZ
		git clone -q "$1" "$2/clone"
		cd "$2/clone"
		./bootstrap >bootstrap.log 2>&1
		./configure -q
		make -s dist
		cd ..
		tar -xf clone/*.tar.xz
		libmailin-*/configure -q --disable-server
		make -s -j "$jobs" libmailin.la libmailin-event.la
		make -s install-libLTLIBRARIES DESTDIR="$PWD/installed"
	)
}

# Each optional library is missing in turn, and then all of them.  What is built
# passes its tests, which skip what needs that library.
reduced() {
	failed=
	without openssl openssl
	without libevent_openssl libevent_openssl
	without libevent_extra libevent_extra
	without gsasl libgsasl
	without seccomp libseccomp
	without systemd libsystemd
	without inih inih
	without all openssl libevent_openssl libevent_extra libgsasl \
	    libseccomp libsystemd inih
	without crypt crypt
	without libevent libevent_core
	[ -z "$failed" ] || { echo "these builds fail: $failed"; exit 1; }
}

# without NAME LIBRARY...: build as on a machine that lacks these libraries, and
# test what is built.  If something fails, add NAME to $failed.
without() {
	name=$1
	echo "---- without $name"
	folder=$top/build-ci/reduced/$name
	shift
	mkdir -p "$folder"
	{
		echo '#!/bin/sh'
		echo "# This pkg-config does not find: $*"
		echo 'case "$* " in'
		for library; do
			echo "*\ $library\ *) exit 1 ;;"
		done
		echo 'esac'
		echo "exec $(command -v pkg-config) \"\$@\""
	} >"$folder/pkg-config"
	chmod +x "$folder/pkg-config"
	# No .pc file tells configure about libcrypt.
	answers=
	[ "$name" != crypt ] ||
	    answers='ac_cv_lib_crypt_crypt_r=no ac_cv_func_crypt_r=no'
	(
		configured "reduced/$name" CC="${CC:-gcc}" \
		    PKG_CONFIG="$folder/pkg-config" $answers &&
		make -s -j "$jobs" &&
		SUITE_QUICK=yes make -s -j "$waits" check \
		    check_PROGRAMS='$(EVENT_TESTS) $(SERVER_TESTS)
			$(SHORT_DAYS_SERVER)' \
		    TESTS='$(EVENT_TESTS) $(SERVER_TESTS)
			$(filter tests/programs/%,$(SCRIPT_TESTS))'
	) || failed="$failed $name"
}

# Run each fuzz target for half a minute, from its seeds, all at the same time.
fuzz() {
	configured fuzz --enable-fuzzing --enable-sanitizers CC=clang
	make -s -j "$jobs" fuzz-targets
	make -s fuzz FUZZ_SECONDS="${FUZZ_SECONDS:-20}" FUZZ_FLAGS='--jobs 99'
}

case ${1-} in
sanitizers | memory | valgrind | instructions | distcheck | tarball | fuzz | \
    coverage | threads | reproducible | reduced)
	"$1"
	;;
*) sed -n '/^#	/s/^#	/usage: /p' tests/ci.sh >&2; exit 2 ;;
esac

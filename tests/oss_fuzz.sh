#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# fuzz/oss-fuzz/build.sh builds the fuzz targets as OSS-Fuzz does, with
# libFuzzer and each sanitizer, and with AFL++.  This script sets the variables
# that the image base-builder sets, and needs no network.  Then each target runs
# for OSS_FUZZ_SECONDS on its seeds, with its dictionary.  `make check-oss-fuzz`
# runs this script.  A compiler that is not installed is reported and left out.
#
# Debian: clang libclang-rt-dev zip unzip; afl++
set -eu

top=$(cd "$srcdir" && pwd)
seconds=${OSS_FUZZ_SECONDS:-5}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tried=0

for tool in zip unzip; do
	command -v $tool >/dev/null || {
		echo "$tool is not installed"
		exit 1
	}
done

# flags SANITIZER: the flags of base-builder.
flags() {
	case $1 in
	address) echo -fsanitize=address -fsanitize-address-use-after-scope ;;
	undefined)
		kinds=bool,array-bounds,float-divide-by-zero,function
		kinds=$kinds,integer-divide-by-zero,return,shift
		kinds=$kinds,signed-integer-overflow,vla-bound,vptr
		echo "-fsanitize=$kinds,unsigned-integer-overflow" \
		    "-fno-sanitize-recover=$kinds"
		;;
	memory) echo -fsanitize=memory -fsanitize-memory-track-origins ;;
	esac
}

# built CC CXX ENGINE FLAG...: run build.sh in an empty folder.
built() {
	rm -rf "$scratch/out" "$scratch/work" "$scratch/src"
	mkdir "$scratch/out" "$scratch/work" "$scratch/src"
	ln -s "$top" "$scratch/src/libmailin"
	cp "$top/fuzz/oss-fuzz/build.sh" "$scratch/src"
	CC=$1 CXX=$2 LIB_FUZZING_ENGINE=$3
	shift 3
	CFLAGS="-O1 -fno-omit-frame-pointer -gline-tables-only"
	CFLAGS="$CFLAGS -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION $*"
	(
		unset MAKEFLAGS MFLAGS srcdir
		export CC CXX CFLAGS CXXFLAGS="$CFLAGS" LIB_FUZZING_ENGINE
		export SRC="$scratch/src" WORK="$scratch/work"
		export OUT="$scratch/out"
		export AFL_QUIET=1
		cd "$SRC"
		bash -eu build.sh
	) >"$scratch/log" 2>&1 || { tail -n 40 "$scratch/log"; exit 1; }
}

# with_libfuzzer TARGET: the engine tries all seeds, and then inputs of its own.
with_libfuzzer() {
	UBSAN_OPTIONS=silence_unsigned_overflow=1 "./$1" -timeout=20 \
	    -max_total_time="$seconds" -dict="$1.dict" -print_final_stats=1 \
	    -artifact_prefix="$scratch/" ../seeds >"$scratch/log" 2>&1
	sed -n 's/^stat::number_of_executed_units: */executions: /p' \
	    "$scratch/log"
}

with_afl() {
	AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 \
	    AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
	    afl-fuzz -i ../seeds -o ../found -x "$1.dict" -t 2000 -m none \
	    -V "$seconds" -- "./$1" >"$scratch/log" 2>&1 &&
	    grep -q '^saved_crashes *: 0$' ../found/default/fuzzer_stats &&
	    grep -q '^saved_hangs *: 0$' ../found/default/fuzzer_stats &&
	    sed -n 's/^execs_done *: \([1-9]\)/executions: \1/p' \
		../found/default/fuzzer_stats
}

# try ENGINE SANITIZER CC CXX LIBRARY FLAG...: build the targets as OSS-Fuzz
# does, and run them.
try() {
	engine=$1
	echo "$1, $2"
	shift 2
	built "$@"
	cd "$scratch/out"
	for target in $FUZZ_TARGETS; do
		target=${target#fuzz/}
		rm -rf ../seeds ../found
		unzip -q "${target}_seed_corpus.zip" -d ../seeds
		ls "$top/fuzz/seeds/${target#fuzz_}" >../want
		ls ../seeds | diff ../want -
		result=$("with_$engine" "$target") && [ -n "$result" ] ||
		    { tail -n 40 "$scratch/log"; echo "$target"; exit 1; }
		echo "$target: $result"
	done
	cd "$scratch"
	tried=$((tried + 1))
}

if command -v clang >/dev/null && command -v clang++ >/dev/null; then
	for sanitizer in address undefined memory; do
		try libfuzzer $sanitizer clang clang++ -fsanitize=fuzzer \
		    $(flags $sanitizer) -fsanitize=fuzzer-no-link
	done
else
	echo "SKIPPED: no clang"
fi

driver=${AFL_DRIVER:-/usr/lib/afl/libAFLDriver.a}
if command -v afl-clang-fast++ >/dev/null && [ -e "$driver" ]; then
	try afl address afl-clang-fast afl-clang-fast++ "$driver" \
	    $(flags address)
else
	echo "SKIPPED: no afl-clang-fast++, or no $driver"
fi
[ $tried -gt 0 ]

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# fuzz/planted.py, proof/planted.py and tests/mutants.py plant faults.  These
# must still fit the sources.  Each patch must apply to the files that it names.
# Each text that a fault replaces must occur once.  Each listed mutant must be a
# mutant of the present sources.
set -eu
export LC_ALL=C

command -v patch >/dev/null || { echo "SKIP: patch is not installed"; exit 77; }
cd "$srcdir"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0
count=0

for patch in fuzz/planted/*.patch; do
	count=$((count + 1))
	target=$(sed -n 's/^target: //p' "$patch")
	if [ ! -e "fuzz/fuzz_$target.c" ]; then
		echo "$patch: no target $target"
		status=1
	fi
	rm -rf "$scratch"/*
	for file in $(sed -n 's/^files: //p
	    s,^--- a/\([^[:blank:]]*\).*,\1,p' "$patch"); do
		# Ragel makes the C files from the changed grammar.
		case $file in grammar/*.c) continue ;; esac
		mkdir -p "$scratch/$(dirname "$file")"
		cp "$file" "$scratch/$file" || status=1
		chmod u+w "$scratch/$file"
	done
	if ! patch -d "$scratch" -p1 -s -f <"$patch" >"$scratch/log" 2>&1; then
		echo "$patch does not apply:"
		sed 's/^/    /' "$scratch/log"
		status=1
	fi
done
[ $count -gt 0 ] || { echo "no patches"; status=1; }

if command -v python3 >/dev/null; then
	PYTHONDONTWRITEBYTECODE=1 python3 proof/planted.py --places || status=1
	PYTHONDONTWRITEBYTECODE=1 python3 tests/mutants.py --names || status=1
fi
exit $status

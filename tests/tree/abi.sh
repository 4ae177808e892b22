#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Check the shared library: it exports exactly what the public headers promise,
# it imports nothing that could do I/O, and it has no writable memory, so that
# sessions in different threads share nothing.  In the static library each name
# with external linkage has the prefix, so that it clashes with no program.
set -eu
export LC_ALL=C

case $FLAGS in
*-fsanitize* | *--coverage* | *-fprofile*)
	echo "SKIP: an instrumented build has additional symbols"
	exit 77
	;;
esac
library=.libs/libmailin.so
objects=.libs/libcore.a
if ! [ -e $library ]; then
	echo "SKIP: there is no $library (--disable-shared?)"
	exit 77
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

# complain TEXT FILE: if the file has lines, they are a fault.
complain() {
	[ -s "$2" ] || return 0
	printf '%s:\n' "$1"
	sed 's/^/    /' "$2"
	status=1
}

$NM -D --defined-only $library | awk '{ print $NF }' | sort >"$scratch/exported"

# Extract the declarations that have default visibility.
echo '#include <mailin.h>' |
    $CC -E -P -I"$srcdir/include" -Iinclude - |
    tr '\n' ' ' | tr ';' '\n' |
    sed -n 's/.*visibility("default").*[ *]\(mailin_[a-z0-9_]*\) *(.*/\1/p' |
    sort >"$scratch/declared"

grep -v '^mailin_' "$scratch/exported" >"$scratch/foreign" || :
comm -23 "$scratch/exported" "$scratch/declared" >"$scratch/undeclared"
comm -13 "$scratch/exported" "$scratch/declared" >"$scratch/undefined"
[ -s "$scratch/declared" ] || echo none >"$scratch/undefined"
complain "exported without the prefix mailin_" "$scratch/foreign"
complain "exported, but in no public header" "$scratch/undeclared"
complain "declared with MAILIN_EXPORT, but not exported" "$scratch/undefined"

sed -e 's/#.*//' -e 's/[[:blank:]]//g' "$srcdir/tests/tree/abi-imports.txt" |
    sort -u >"$scratch/allowed"
$NM -D --undefined-only $library | awk '{ print $NF }' | sed 's/@.*//' |
    sort -u >"$scratch/imported"
comm -23 "$scratch/imported" "$scratch/allowed" >"$scratch/refused"
complain "imported, but not in tests/tree/abi-imports.txt" "$scratch/refused"

$OBJDUMP -p $library | awk '$1 == "NEEDED" && $2 !~ /^libc\./ { print $2 }' \
    >"$scratch/needed"
complain "libraries needed in addition to libc" "$scratch/needed"

# Objects made for link-time optimisation have no sections yet.
case $FLAGS in
*-flto*)
	echo "SKIP: objects built with -flto are not checked"
	exit $status
	;;
esac

$NM -g --defined-only $objects | awk 'NF == 3 && $3 !~ /^mailin_/ { print $3 }' \
    >"$scratch/clashes"
complain "external, but without the prefix mailin_" "$scratch/clashes"

# Look at the objects, not at the library: the linker has added nothing to
# them, so everything that is writable there is ours.  A constant table of
# pointers is written by the loader only, which makes it read-only before
# anything runs.
$OBJDUMP -t $objects | awk '
	/^[^ ].*file format/ { object = $1 }
	/[[:blank:]](\.t?data|\.t?bss|\*COM\*)/ && !/\.data\.rel\.ro/ &&
	    $(NF - 1) !~ /^0+$/ { print object, $NF }
	' >"$scratch/writable"
complain "symbols in writable memory" "$scratch/writable"
$OBJDUMP -h $objects | awk '
	/^[^ ].*file format/ { object = $1 }
	$2 ~ /^\.(t?data|t?bss)/ && $2 !~ /^\.data\.rel\.ro/ && $3 !~ /^0+$/ {
		print object, $2 ", 0x" $3
	}' >"$scratch/sections"
complain "writable sections" "$scratch/sections"
$OBJDUMP -p $library | grep -q RELRO || echo $library >"$scratch/relro"
complain "writable at run time: no RELRO" "$scratch/relro"

[ $status -eq 0 ] && wc -l <"$scratch/exported" | sed 's/$/ symbols exported/'
exit $status

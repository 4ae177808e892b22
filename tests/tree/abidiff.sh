#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# doc/abi.md: a change of the binary interface must be seen.  abi/ has the
# interface of each library, as abidw finds it: the functions that are exported,
# and the types of the public headers.  This test compares the libraries with
# that.  It also changes libmailin, and sees that the comparison fails.
#
#	tests/tree/abidiff.sh [--update]
#
# --update writes the files of abi/ anew.
set -eu

. "$srcdir/tests/tree/checks.sh"

case $FLAGS in
*-fsanitize* | *--coverage* | *-fprofile* | *-flto*)
	echo "SKIP: an instrumented build has other symbols"
	exit 77
	;;
esac
for tool in abidw abidiff; do
	command -v $tool >/dev/null || {
		echo "SKIP: $tool is missing (Debian: apt-get install" \
		    "abigail-tools)"
		exit 77
	}
done
library=.libs/libmailin.so
if ! [ -e $library ]; then
	echo "SKIP: there is no $library (--disable-shared?)"
	exit 77
fi
if ! $OBJDUMP -f $library | grep -q 'format elf64-x86-64' ||
    ! $OBJDUMP -p $library | grep -q 'NEEDED.*libc\.so\.6'; then
	echo "SKIP: abi/ has the interface for glibc on x86-64"
	exit 77
fi
$OBJDUMP -h $library | grep -q '\.debug_info' || {
	echo "SKIP: the library has no debug information (CFLAGS without -g)"
	exit 77
}

# write_abi LIBRARY FILE [HEADERS]: write the interface of the library.  Without
# the paths of its sources, the file is the same from every build folder.
write_abi() {
	abidw --exported-interfaces-only --drop-private-types \
	    --headers-dir "${3-$srcdir/include}" --headers-dir include \
	    --no-corpus-path --no-comp-dir-path --no-show-locs \
	    --no-elf-needed --no-parameter-names --no-write-default-sizes \
	    --type-id-style hash --out-file "$2.tmp" "$1"
	sed "s| path='[^']*/\([a-z]*/[^']*\)'| path='\1'|" "$2.tmp" >"$2"
	rm "$2.tmp"
	grep -q "<function-decl name='mailin_" "$2" ||
	    complain "abidw finds no function in $1"
}

# These changes are allowed: functions that are added, and values of an enum
# that are added, which change its ..._COUNT.
{
	echo '[suppress_type]'
	echo 'type_kind = enum'
	printf 'changed_enumerators = '
	sed -n 's/^	\(MAILIN_[A-Z_]*_COUNT\),\{0,1\}$/\1/p' \
	    "$srcdir"/include/mailin/*.h | paste -s -d , -
} >"$scratch/allowed"

# is_kept FILE FILE: true if a program for the first interface runs with the
# second.
is_kept() {
	abidiff --suppressions "$scratch/allowed" --no-added-syms "$@"
}

if [ "${1-}" = --update ]; then
	write_abi $library "$srcdir/abi/libmailin.xml"
	write_abi .libs/libmailin-event.so "$srcdir/abi/libmailin-event.xml"
	exit $status
fi

# check LIBRARY: the library must have the interface that is kept.
check() {
	[ -e ".libs/$1.so" ] || return 0
	write_abi ".libs/$1.so" "$scratch/$1.xml"
	is_kept "$srcdir/abi/$1.xml" "$scratch/$1.xml" ||
	    complain "$1 has another binary interface than abi/$1.xml.  If" \
	    "doc/abi.md allows the change, run make update-abi.  If not," \
	    "undo it, or give the library another soname (HACKING.md)."
}
check libmailin
check libmailin-event

# ---- The test of this test ------------------------------------------------

# make_changed NAME OBJECT...: make a library of these objects, and of the
# objects of libmailin whose names are different.
make_changed() {
	name=$1
	shift
	cp .libs/libcore.a "$scratch/core.a"
	for object; do
		ar d "$scratch/core.a" "${object##*/}"
	done
	$CC -shared -nostartfiles -Wl,-soname,libmailin.so.0 \
	    -Wl,--version-script="$scratch/map" -o "$scratch/$name.so" "$@" \
	    -Wl,--whole-archive "$scratch/core.a" -Wl,--no-whole-archive
	write_abi "$scratch/$name.so" "$scratch/$name.xml" "$scratch/include"
}

# compile FILE: compile a file of src/command with the changed headers.
compile() {
	object=$scratch/libcore_la-$1.o
	$CC -w -std=gnu11 -g -O1 -fPIC -fvisibility=hidden -DHAVE_CONFIG_H \
	    -DMAILIN_BUILD -I. -I"$scratch/include" -Iinclude -I"$srcdir/src" \
	    -c -o "$object" "$srcdir/src/command/$1.c"
}

# must_differ NAME TEXT: the comparison must fail, and print the text.
must_differ() {
	if is_kept "$scratch/libmailin.xml" "$scratch/$1.xml" \
	    >"$scratch/log"; then
		complain "$1: the comparison does not fail"
	fi
	grep -q "$2" "$scratch/log" || {
		cat "$scratch/log"
		complain "$1: the comparison does not say \"$2\""
	}
}

# change HEADER SCRIPT: change a copy of a public header by sed.
change() {
	rm -rf "$scratch/include"
	cp -r "$srcdir/include" "$scratch/include"
	sed "$2" "$srcdir/include/mailin/$1" >"$scratch/include/mailin/$1"
	! cmp -s "$srcdir/include/mailin/$1" "$scratch/include/mailin/$1" ||
	    complain "$1: sed $2 changes nothing"
}

map=$srcdir/src/libmailin.map
cp "$map" "$scratch/map"
change command.h 's/^struct mailin_command {/&	int added;/'
compile command
make_changed member "$object"
must_differ member 'int added'

change command.h 's/^	MAILIN_VERB_COUNT/	MAILIN_VERB_ADDED,\
&/'
compile command
make_changed value "$object"
is_kept "$scratch/libmailin.xml" "$scratch/value.xml" ||
    complain "value: a value may be added at the end of an enum"

change command.h 's/^	MAILIN_VERB_MAIL,/	MAILIN_VERB_ADDED,\
&/'
compile command
make_changed renumbered "$object"
must_differ renumbered "MAILIN_VERB_MAIL' from value"

sed 's/^local:/& mailin_version;/' "$map" >"$scratch/map"
make_changed removed
must_differ removed 'mailin_version'
is_kept "$scratch/removed.xml" "$scratch/libmailin.xml" ||
    complain "removed: a function may be added"
exit $status

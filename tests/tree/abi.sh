#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Check the shared libraries.  Each exports exactly the functions of its public
# headers, each with a version, and has no writable memory, so that sessions in
# different threads share nothing.  libmailin imports nothing that could do I/O.
# libmailin-event prints nothing and handles no signals.  In the static
# libraries each name with external linkage has the prefix, so no program has
# the same name.
set -eu

. "$srcdir/tests/tree/checks.sh"

case $FLAGS in
*-fsanitize* | *--coverage* | *-fprofile*)
	echo "SKIP: an instrumented build has additional symbols"
	exit 77
	;;
esac
if ! [ -e .libs/libmailin.so ]; then
	echo "SKIP: there is no .libs/libmailin.so (--disable-shared?)"
	exit 77
fi

# declared_in HEADER: print the functions that are declared with default
# visibility.
declared_in() {
	echo "#include <$1>" | $CC -E -P -I"$srcdir/include" -Iinclude - |
	    tr '\n' ' ' | tr ';' '\n' |
	    grep 'visibility("default")' |
	    sed -n 's/.*[ *]\(mailin_[a-z0-9_]*\) *(.*/\1/p' |
	    sort
}

# exports LIBRARY: the library must export exactly the names in
# $scratch/declared.  The names of versions are absolute symbols.
exports() {
	$NM -D --defined-only "$1" | awk '$2 != "A" { print $NF }' |
	    sed 's/@.*//' | sort >"$scratch/exported"
	grep -v '^mailin_' "$scratch/exported" >"$scratch/foreign" || :
	comm -23 "$scratch/exported" "$scratch/declared" >"$scratch/undeclared"
	comm -13 "$scratch/exported" "$scratch/declared" >"$scratch/undefined"
	[ -s "$scratch/declared" ] || echo none >"$scratch/undefined"
	complain_of "$1: exported without the prefix mailin_" "$scratch/foreign"
	complain_of "$1: exported, but in no public header" \
	    "$scratch/undeclared"
	complain_of "$1: declared with MAILIN_EXPORT, but not exported" \
	    "$scratch/undefined"
	[ $status -ne 0 ] || wc -l <"$scratch/exported" |
	    sed 's/$/ symbols exported/'
}

# imported_by LIBRARY: print the names that the library imports.
imported_by() {
	$NM -D --undefined-only "$1" | awk '{ print $NF }' | sed 's/@.*//' |
	    sort -u
}

# needed_by LIBRARY: print the libraries that the library needs.
needed_by() {
	$OBJDUMP -p "$1" | awk '$1 == "NEEDED" { print $2 }'
}

# is_clean LIBRARY ARCHIVE: each name in the archive must have the prefix, so
# that it cannot clash with a name in a program.  Nothing in the archive may be
# writable.
is_clean() {
	$NM -g --defined-only "$2" |
	    awk 'NF == 3 && $3 !~ /^mailin_/ { print $3 }' >"$scratch/clashes"
	complain_of "$2: external, but without the prefix mailin_" \
	    "$scratch/clashes"

	# Look at the objects, not at the library: the linker has added nothing
	# to them, so everything that is writable in them comes from our code.
	# A constant table of pointers does not count: only the loader writes to
	# it, before anything runs, and then makes it read-only.
	$OBJDUMP -t "$2" | awk '
		/^[^ ].*file format/ { object = $1 }
		/[[:blank:]](\.t?data|\.t?bss|\*COM\*)/ && !/\.data\.rel\.ro/ &&
		    $(NF - 1) !~ /^0+$/ { print object, $NF }
		' >"$scratch/writable"
	complain_of "symbols in writable memory" "$scratch/writable"
	$OBJDUMP -h "$2" | awk '
		/^[^ ].*file format/ { object = $1 }
		$2 ~ /^\.(t?data|t?bss)/ && $2 !~ /^\.data\.rel\.ro/ &&
		    $3 !~ /^0+$/ { print object, $2 ", 0x" $3 }
		' >"$scratch/sections"
	complain_of "writable sections" "$scratch/sections"
	$OBJDUMP -p "$1" | grep -q RELRO || echo "$1" >"$scratch/relro"
	complain_of "writable at run time: no RELRO" "$scratch/relro"
}

# has_versions LIBRARY SCRIPT: if the linker takes version scripts, each symbol
# of the library has a version of the script.  If the script has a version for
# all names that it does not list, this must be the version of the next release.
has_versions() {
	grep -q 'VERSION_SCRIPT_TRUE"\]=""' config.status || return 0
	awk '/^LIBMAILIN.* {/ { print $1 }' "$2" >"$scratch/nodes"
	$NM -D --defined-only "$1" |
	    awk -v nodes="$scratch/nodes" '
		BEGIN { while ((getline node < nodes) > 0) known[node] = 1 }
		$2 != "A" && !(substr($NF, index($NF, "@@") + 2) in known) {
			print $NF
		}' >"$scratch/bare"
	complain_of "$1: exported without a version of $2" "$scratch/bare"
	version=$(awk -F '[".]' '/define MAILIN_VERSION / { print $2 "." $3 }' \
	    include/mailin/version.h)
	awk '/^LIBMAILIN.* {/ { node = $1 } /mailin_\*;/ { print node }' "$2" |
	    grep -v "_$version\$" >"$scratch/next" || :
	complain_of \
	    "$2: this version takes new functions, but is not $version" \
	    "$scratch/next"
}

library=.libs/libmailin.so
declared_in mailin.h >"$scratch/core"
cp "$scratch/core" "$scratch/declared"
exports $library
has_versions $library "$srcdir/src/libmailin.map"
sed -e 's/#.*//' -e 's/[[:blank:]]//g' "$srcdir/tests/tree/abi-imports.txt" |
    sort -u >"$scratch/allowed"
imported_by $library | comm -23 - "$scratch/allowed" >"$scratch/refused"
complain_of "imported, but not in tests/tree/abi-imports.txt" "$scratch/refused"
needed_by $library | grep -v '^libc\.' >"$scratch/needed" || :
complain_of "libraries needed in addition to libc" "$scratch/needed"

event=.libs/libmailin-event.so
if [ -e $event ]; then
	declared_in mailin/event.h | comm -23 - "$scratch/core" \
	    >"$scratch/declared"
	exports $event
	has_versions $event "$srcdir/event/libmailin-event.map"
	words='_?exit|abort|.*getenv|.*printf(_chk)?|puts|perror|std(out|err)'
	words="$words|signal|sigaction|.*syslog(_chk)?"
	imported_by $event | grep -xE "$words" |
	    grep -vxE '(__)?v?snprintf(_chk)?' >"$scratch/refused" || :
	complain_of "imported by $event, which prints nothing" \
	    "$scratch/refused"
	allowed='c|pthread|mailin|event_core(-[0-9.]+)?|ssl|crypto'
	needed_by $event | grep -Ev "^lib($allowed)\." >"$scratch/needed" || :
	complain_of "libraries needed by $event" "$scratch/needed"
fi

# Objects for link-time optimisation have no sections yet.
case $FLAGS in
*-flto*)
	echo "SKIP: objects built with -flto are not checked"
	exit $status
	;;
esac
is_clean $library .libs/libcore.a
if [ -e $event ]; then
	is_clean $event .libs/libeventcore.a
	# A program may link both archives.
	for archive in core eventcore; do
		$NM -g --defined-only .libs/lib$archive.a |
		    awk 'NF == 3 { print $3 }' | sort -u
	done | sort | uniq -d >"$scratch/twice"
	complain_of "in both static libraries" "$scratch/twice"
fi
exit $status

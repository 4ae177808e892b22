#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Each public header compiles alone, in C11 and in C++17.  A C++ program can
# call the functions with C linkage.  The comment of each function names the
# errors that the code can return (errors.py).
set -eu

cxx=
for tool in ${CXX-} c++ g++ clang++; do
	command -v "$tool" >/dev/null && { cxx=$tool; break; }
done
[ -n "$cxx" ] || echo "SKIP: no C++ compiler; only C is checked"

flags="-Wall -Wextra -Werror -pedantic -fsyntax-only"
status=0
for header in "$srcdir"/include/mailin.h "$srcdir"/include/mailin/*.h \
    include/mailin/version.h; do
	name=${header#*include/}
	# Include the header twice, as a program may do.  A source may not be
	# empty, so the last line is for headers that have only macros.
	source="#include <$name>
#include <$name>
extern int something;"
	echo "$source" | $CC -std=c11 $flags -x c \
	    -I"$srcdir/include" -Iinclude - || status=1
	[ -n "$cxx" ] || continue
	echo "$source" | $cxx -std=c++17 $flags -x c++ \
	    -I"$srcdir/include" -Iinclude - || status=1
done
if command -v python3 >/dev/null; then
	(cd "$srcdir" && python3 tests/tree/errors.py) || status=1
else
	echo "SKIP: no python3; the errors in the comments are not checked"
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# In C++ structs, enums and functions share one set of names, so each name must
# have one meaning.
echo '#include <mailin/event.h>' |
    $CC -E -P -I"$srcdir/include" -Iinclude - | tr '\n' ' ' |
    tr ';{' '\n\n' >"$scratch/declarations"
sed -n 's/.*"default".*[ *]\(mailin_[a-z0-9_]*\) *(.*/\1/p' \
    "$scratch/declarations" | sort -u >"$scratch/functions"
sed -n -E 's/.*(struct|enum) (mailin_[a-z0-9_]*) *$/\2/p' \
    "$scratch/declarations" | sort -u >"$scratch/types"
[ -s "$scratch/functions" ] && [ -s "$scratch/types" ] || status=1
comm -12 "$scratch/functions" "$scratch/types" >"$scratch/shared"
[ ! -s "$scratch/shared" ] || {
	echo "a function and a struct or an enum have the same name:"
	cat "$scratch/shared"
	status=1
}
[ -n "$cxx" ] || exit $status

{
	echo '#include <mailin/event.h>'
	echo 'void *functions[] = {'
	echo '#include <mailin/event.h>' |
	    $CC -E -P -I"$srcdir/include" -Iinclude - |
	    tr '\n' ' ' | tr ';' '\n' |
	    sed -n 's/.*"default".*[ *]\(mailin_[a-z0-9_]*\) *(.*/(void *)\1,/p'
	echo '};'
} >"$scratch/all.cc"
$cxx -std=c++17 -I"$srcdir/include" -Iinclude -c "$scratch/all.cc" \
    -o "$scratch/all.o" || status=1
$NM -u "$scratch/all.o" | awk '{ print $NF }' >"$scratch/names"
grep -q '^mailin_session_new$' "$scratch/names" || status=1
grep -v '^mailin_' "$scratch/names" && status=1
exit $status

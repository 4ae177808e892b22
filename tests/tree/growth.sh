#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# doc/abi.md: a program that was compiled with the present headers runs with a
# later library, whose structs have more members, and whose handler has one
# more callback.  The later library is this one, compiled with changed headers:
# in each struct the first reserved member is used.
set -eu

. "$srcdir/tests/tree/checks.sh"

mkdir "$scratch/later"
cp -r "$srcdir/include/." include/. "$scratch/later"
for header in "$scratch"/later/mailin/*.h; do
	# Leave the reserved member of a union alone, because it only sets the
	# size of the union.  It has two tabs before it, so it does not match.
	sed 's/^	\([a-z0-9_]*\) reserved\[\([0-9]*\)\];/	\1 later;\
	\1 reserved[\2 - 1];/' "$header" >"$scratch/header"
	mv "$scratch/header" "$header"
done
sed '/^struct mailin_handler {/,/^};/s/^};/	void (*later)(void *user);\
};/' "$scratch/later/mailin/handler.h" >"$scratch/header"
mv "$scratch/header" "$scratch/later/mailin/handler.h"

# A struct without reserved members must be of one of three kinds: only the
# library allocates it, it is a part of another struct, or it never grows.
awk '
	/^struct mailin_[a-z_]* \{/ { name = $2; reserved = 0 }
	/reserved\[/ { reserved = 1 }
	/^};/ && name != "" && !reserved { print name; name = "" }
	/^};/ { name = "" }
	' "$srcdir"/include/mailin/*.h | sort >"$scratch/without"
sed -n 's/^| `struct \(mailin_[a-z_]*\)` .*/\1/p' "$srcdir/doc/abi.md" | sort \
    >"$scratch/told"
diff "$scratch/without" "$scratch/told" ||
    complain "the structs without reserved members (<) are not those that
doc/abi.md lists (>)"

# The generated C files are in the build folder, or with the sources.
[ -f grammar/strict.c ] && machines=grammar || machines=$srcdir/grammar
$CC -w -std=gnu11 -O0 -fPIC -fvisibility=hidden -DHAVE_CONFIG_H -I. \
    -I"$scratch/later" -I"$srcdir/src" -shared -o "$scratch/libmailin.so" \
    $(find "$srcdir/src" -name '*.c') "$machines"/*.c
$CC -std=c11 -I"$srcdir/include" -Iinclude -o "$scratch/today" \
    "$srcdir/tests/tree/growth.c" "$scratch/libmailin.so"
$CC -w -std=c11 -I"$scratch/later" -o "$scratch/tomorrow" \
    "$srcdir/tests/tree/growth.c" "$scratch/libmailin.so"
for program in today tomorrow; do
	LD_LIBRARY_PATH=$scratch "$scratch/$program" >"$scratch/$program.out" ||
	    complain "$program: $(cat "$scratch/$program.out")"
done
diff "$scratch/today.out" "$scratch/tomorrow.out" ||
    complain "a struct has another size in the later library"
exit $status

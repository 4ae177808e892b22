#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The C and C++ files look as clang-format 14 writes them, by .clang-format.
# Other versions write some lines differently, so they are not used.
#
#	tests/tree/format.sh		fail if a file looks different
#	tests/tree/format.sh -i		rewrite these files
set -eu

cd "${srcdir:-$(dirname "$0")/../..}"
for formatter in clang-format-14 clang-format none; do
	"$formatter" --version 2>/dev/null | grep -q ' version 14\.' && break
done
if [ $formatter = none ]; then
	echo "SKIP: clang-format 14 is not installed"
	exit 77
fi

# The contract programs never change.
find src include event server parse examples doc tests fuzz bench proof \
    playground bindings -name '*.[ch]' -o -name '*.cc' -o -name '*.hpp' |
    grep -v '^tests/tree/contract/' |
    xargs "$formatter" "${1:---dry-run}" -Werror

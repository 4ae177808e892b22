#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The arithmetic on masks does what its definition says: see proof/README.md.
set -eu

for python in python3 /usr/bin/python3 none; do
	"$python" -c 'import z3' 2>/dev/null && break
done
if [ "$python" = none ]; then
	echo "SKIP: z3 for Python is missing (Debian: python3-z3)"
	exit 77
fi
export PYTHONDONTWRITEBYTECODE=1
[ "${1-}" = --mutants ] || exec "$python" "$srcdir/proof/bits.py"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$python" "$srcdir/proof/bits.py" --mutants "$scratch"

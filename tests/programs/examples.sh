#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The programs in examples/ do what their README says.
set -eu
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1

command -v python3 >/dev/null || {
	echo "SKIP: python3 is missing"
	exit 77
}
[ -x examples/filter ] || {
	echo "SKIP: examples/filter was not built (make examples)"
	exit 77
}
exec python3 "$srcdir/tests/programs/examples.py"

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# A model of the table of states is checked with spin: see proof/README.md.
set -eu

for tool in python3 gcc spin; do
	command -v $tool >/dev/null && continue
	echo "SKIP: $tool is missing (Debian: $tool)"
	exit 77
done
export PYTHONDONTWRITEBYTECODE=1
exec python3 "$srcdir/proof/spin.py" "$@" proof/table

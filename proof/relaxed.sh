#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# RELAXED is STRICT with the named leniencies: see proof/README.md.
set -eu

command -v python3 >/dev/null || { echo "SKIP: python3 is missing"; exit 77; }
${RAGEL:-ragel} --version >/dev/null 2>&1 ||
    { echo "SKIP: Ragel is missing"; exit 77; }
export PYTHONDONTWRITEBYTECODE=1
exec python3 "$srcdir/proof/relaxed.py" --ragel "${RAGEL:-ragel}" \
    --grammar "$srcdir/grammar" "$@"

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The C that Ragel generates does the same as the automaton that Ragel prints:
# see proof/README.md.
set -eu

command -v python3 >/dev/null || { echo "SKIP: python3 is missing"; exit 77; }
${RAGEL:-ragel} --version >/dev/null 2>&1 ||
    { echo "SKIP: Ragel is missing"; exit 77; }
[ -x proof/words ] ||
    { echo "SKIP: proof/words is made if Check is there"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PYTHONDONTWRITEBYTECODE=1
python3 "$srcdir/proof/words.py" --ragel "${RAGEL:-ragel}" \
    --grammar "$srcdir/grammar" --words "$scratch/words" "$@" proof/words

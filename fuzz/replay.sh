#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Run each fuzz target once on each of its seeds, with the engine that it is
# linked with.
set -eu

for target in $FUZZ_TARGETS; do
	name=${target#fuzz/fuzz_}
	"./$target" "$srcdir/fuzz/seeds/$name"/*
done

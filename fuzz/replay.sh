#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Run each fuzz target once on each of its seeds, in all ways (fuzz/check.h),
# with the engine that it is linked with.  RUN is the command of an emulator, or
# empty.
set -eu

MAILIN_FUZZ_ALL=1
export MAILIN_FUZZ_ALL
for target in $FUZZ_TARGETS; do
	name=${target#fuzz/fuzz_}
	${RUN-} "./$target" "$srcdir/fuzz/seeds/$name"/*
done

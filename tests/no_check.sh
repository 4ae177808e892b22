#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Stands in the place of the unit tests where they cannot be built.
echo "SKIP: the unit tests need Check (Debian: apt-get install check)"
exit 77

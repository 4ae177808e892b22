# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Sourced by scripts that look at the tree, or at what is built from it.  They
# use the scratch folder $scratch, go on after a failure, and end with
# `exit $status`.
export LC_ALL=C

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

# complain TEXT...: report a failure.
complain() {
	echo "FAIL: $*"
	status=1
}

# complain_of TEXT FILE: if the file is not empty, report its lines as a
# failure.
complain_of() {
	[ -s "$2" ] || return 0
	printf '%s:\n' "$1"
	sed 's/^/    /' "$2"
	status=1
}

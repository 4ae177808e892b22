#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Build mailin-server as it was at a revision, to compare it with the present
# one:
#
#	before.sh SOURCE REVISION FOLDER [VARIABLE=VALUE ...]
#
# SOURCE is a clone of the repository.  The program is then
# FOLDER/REVISION/mailin-server.  The variables are those of configure.
set -eu

source=$1
revision=$2
folder=$3/$2
shift 3
[ -x "$folder/mailin-server" ] && exit 0
if ! git -C "$source" cat-file -e "$revision^{commit}" 2>/dev/null; then
	echo "before: $source is no clone that has the revision $revision" >&2
	exit 1
fi
echo "building mailin-server as of $revision" >&2
rm -rf "$folder"
mkdir -p "$folder"
git -C "$source" archive "$revision" | tar -x -C "$folder"
cd "$folder"
{ ./bootstrap && ./configure -q "$@" && make -s mailin-server; } \
    >before.log 2>&1 || {
	tail -n 5 before.log >&2
	echo "before: see $folder/before.log" >&2
	rm -f mailin-server
	exit 1
}

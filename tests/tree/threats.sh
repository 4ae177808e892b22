#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Every row of tests/threats.txt names tests, and each of these tests names the
# row.
set -eu
export LC_ALL=C

cd "$srcdir"
awk '
# Returns true if the file contains V17, or property 17 ("properties 3, 17").
function names(file, id,	line, number, found, words)
{
	number = substr(id, 2)
	words = "(^|[^0-9A-Za-z])" id "([^0-9]|$)"
	if (id ~ /^P/)
		words = "[Pp]ropert(y|ies) ([0-9]+(,| and) )*" \
		    number "([^0-9]|$)"
	found = 0
	while ((getline line <file) > 0)
		found = found || line ~ words
	close(file)
	return found
}

function bad(what)
{
	print what
	status = 1
}

# The numbers of the last threat and the last property.  None before them may be
# missing.
BEGIN {
	last["V"] = 73
	last["P"] = 57
}

/^[VP][0-9]/ {
	id = $1
	if (id in files)
		bad(id " is there twice")
	files[id] = 0
	if (substr(id, 2) + 0 > last[substr(id, 1, 1)])
		bad(id ": raise the number of rows in threats.sh")
	next
}

/^\t/ {
	files[id]++
	if (!names($1, id))
		bad($1 " does not name " id)
}

END {
	for (kind in last)
		for (i = 1; i <= last[kind]; i++)
			if (!files[kind i])
				bad(kind i " has no test")
	exit status
}' tests/threats.txt

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Some verbs are allowed even if TLS or AUTH is required and missing.  The
# public header and the guide must name the same verbs as the table in
# src/session/command.c.
set -eu
export LC_ALL=C

cd "$srcdir"

# Print the verbs whose line in the table has neither TLS_AUTH nor the flag $1.
of_table()
{
	sed -n '/mailin_verbs\[/,/^};/p' src/session/command.c |
	    grep -v -e TLS_AUTH -e "$1" |
	    sed -n 's/^\[MAILIN_VERB_\([A-Z]*\)\] *=.*/\1/p' | sort | xargs
}

# Print the words in capitals after "to all but", in the text that begins with
# $2.
of_text()
{
	grep -A 1 -e "$2" "$1" | tr -d '\n' | awk '{
		text = substr($0, index($0, "to all but"))
		sub(/(\*\/|[|]).*/, "", text)
		print text
	}' | grep -o '[A-Z][A-Z]*' | sort | xargs
}

status=0
check()
{
	[ "$(of_table "$1")" = "$(of_text "$2" "$3")" ] && return
	echo "$2, $3: $(of_text "$2" "$3")"
	echo "src/session/command.c: $(of_table "$1")"
	status=1
}

check NEEDS_TLS include/mailin/config.h MAILIN_TLS_REQUIRED,
check NEEDS_IDENTITY include/mailin/config.h MAILIN_AUTH_REQUIRED,
check NEEDS_TLS doc/guide.md '^| `tls` |'
check NEEDS_IDENTITY doc/guide.md '^| `auth` |'
exit $status

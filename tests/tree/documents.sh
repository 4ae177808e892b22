#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Install the documents in a folder, which changes some of the links in them.
# Each link to a document that is installed must work there.  Then uninstall
# the documents: no file and no folder of them may be left.
set -eu

. "$srcdir/tests/tree/checks.sh"

# in_make TARGET...: make the targets, with $scratch as the root.
in_make() {
	${MAKE:-make} -s "$@" DESTDIR="$scratch" docdir=/doc \
	    >"$scratch/log" 2>&1 ||
	    complain "make $*: $(cat "$scratch/log")"
}

in_make install-dist_docDATA install-nobase_dist_docDATA install-data-hook
cd "$scratch/doc"
find . -name '*.md' | sed 's,^\./,,' >"$scratch/pages"
while read -r page; do
	# The source of README.md is in the top folder, those of the other
	# pages are in folders of it.
	folder=doc
	case $page in
	*/*) folder=${page%%/*} ;;
	README.md | SECURITY.md) folder=. ;;
	esac
	grep -oE '\]\([^)#:]+' "$page" | cut -c 3- >"$scratch/links" || :
	while read -r link; do
		[ ! -e "$(dirname "$page")/$link" ] || continue
		case $link in
		../*) source=${link#../} ;;
		*) source=$folder/$link ;;
		esac
		source=${source#./}
		[ ! -e "${source#doc/}" ] ||
		    complain "$page: the link $link does not work"
	done <"$scratch/links"
done <"$scratch/pages"
[ "$(wc -l <"$scratch/pages")" -gt 9 ] || complain "the pages were not found"
cd "$OLDPWD"

in_make uninstall-dist_docDATA uninstall-nobase_dist_docDATA uninstall-hook
[ ! -e "$scratch/doc" ] ||
    complain "make uninstall leaves" $(cd "$scratch" && find doc)
exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The manual pages of section 3: each function that the libraries export has a
# page, and so has each struct, enum and header; there is no other page.  A page
# has all its sections, and refers only to pages that exist.  groff and mandoc
# find no fault in it.
set -eu

. "$srcdir/tests/tree/checks.sh"

pages=doc/man3
[ -d $pages ] || pages=$srcdir/doc/man3
if ! [ -d "$pages" ]; then
	echo "SKIP: there is no doc/man3 (no Doxygen or no Python 3)"
	exit 77
fi

# ---- A page for each thing, and no other page ----------------------------

(cd "$pages" && ls) | sed 's/\.3$//' | sort >"$scratch/pages"

# The plain comments that follow a member in its line.
sed -n 's,^	[^/]*[;\,] */\* \([a-z][a-z 0-9]*\) \*/$,\1,p' \
    "$srcdir"/include/mailin/*.h | sort -u >"$scratch/comments"
[ -s "$scratch/comments" ] || echo none >"$scratch/comments"

# All public headers in one text, without comments.
for header in "$srcdir"/include/mailin.h "$srcdir"/include/mailin/*.h \
    include/mailin/version.h; do
	case $header in
	*/export.h) ;;
	*) echo "#include <${header#*include/}>" ;;
	esac
done | sort -u >"$scratch/all.h"
$CC -E -P -I"$srcdir/include" -Iinclude -x c "$scratch/all.h" |
    tr '\n' ' ' | tr ';{' '\n\n' >"$scratch/declarations"
for library in .libs/libmailin.so .libs/libmailin-event.so; do
	[ -e $library ] && $NM -D --defined-only $library |
	    awk '{ sub(/@.*/, "", $NF) } $NF ~ /^mailin_/ { print $NF }'
done | sort -u >"$scratch/exported"
sed -n 's/.*"default".*[ *]\(mailin_[a-z0-9_]*\) *(.*/\1/p' \
    "$scratch/declarations" | sort -u >"$scratch/functions"
comm -23 "$scratch/exported" "$scratch/functions" >"$scratch/undeclared"
complain_of "exported, but in no public header" "$scratch/undeclared"
[ -s "$scratch/functions" ] || echo none >"$scratch/functions"
grep -oE '(struct|enum) mailin_[a-z0-9_]+' "$scratch/declarations" |
    sed 's/.* //' | sort -u >"$scratch/types"
[ -s "$scratch/types" ] || echo none >"$scratch/types"
sed -e 's/.*<//' -e 's/>.*//' -e 's,/,_,' -e 's/^mailin\.h$/mailin/' \
    "$scratch/all.h" >"$scratch/headers"
sort -u "$scratch/functions" "$scratch/types" "$scratch/headers" \
    >"$scratch/things"
comm -13 "$scratch/pages" "$scratch/things" >"$scratch/without"
complain_of "without a manual page" "$scratch/without"
comm -23 "$scratch/pages" "$scratch/things" >"$scratch/strange"
complain_of "manual pages of things that do not exist" "$scratch/strange"

# ---- The content of a page ------------------------------------------------

cd "$pages"
awk '
	function end() {
		if (page == "" || alias)
			return
		name = page
		sub(/\.3$/, "", name)
		n = split("NAME SYNOPSIS DESCRIPTION SEE", want, " ")
		for (i = 1; i <= n; i++)
			if (!section[want[i]])
				print page ": no section " want[i]
		if (about == "")
			print page ": no description in one line"
		if (about ~ /^return (true|false)( if the local part)?$/)
			print page ": its description does not say when: " about
		if (length(about) > 80)
			print page ": a long description: " about
		if (!named[name])
			print page ": its NAME lacks " name
		if (!include)
			print page ": its SYNOPSIS lacks #include"
		if (result != "" && result != "void" && !section["RETURN"])
			print page ": no section RETURN VALUES"
		if (result == "enum mailin_error" && !errors)
			print page ": no section ERRORS with an error"
		if (described == 0)
			print page ": its DESCRIPTION is empty"
	}
	FNR == 1 {
		end()
		page = FILENAME
		about = result = ""
		alias = include = errors = described = 0
		split("", section)
		split("", named)
		here = ""
	}
	$1 == ".so" { alias = 1 }
	$1 == ".Sh" { section[$2] = 1; here = $2; next }
	$1 == ".Nm" { named[$2] = 1 }
	$1 == ".Nd" { about = substr($0, 5) }
	$1 == ".In" { include = 1 }
	$1 == ".Ft" { result = substr($0, 6, length($0) - 6) }
	here == "ERRORS" && /^\.It Dv MAILIN_ERROR_/ { errors = 1 }
	here == "DESCRIPTION" { described++ }
	END { end() }' *.3 >"$scratch/contents"
complain_of "what is wrong in a manual page" "$scratch/contents"

cat *.3 | sort -u | comm -23 "$scratch/comments" - >"$scratch/lost"
complain_of "comments of members that are in no manual page" "$scratch/lost"

sed -n -e 's/^\.\(.* \)\{0,1\}Xr \([^ ]*\) 3\( .*\)\{0,1\}$/\2/p' \
    -e 's,^\.so man3/\(.*\)\.3$,\1,p' *.3 | sort -u |
    comm -23 - "$scratch/pages" >"$scratch/dead"
complain_of "manual pages that others refer to, but do not exist" \
    "$scratch/dead"

# ---- Warnings of formatters -------------------------------------------------

grep -L '^\.so ' *.3 >"$scratch/whole"
echo "$srcdir" | grep -q '^/' || srcdir=$OLDPWD/$srcdir
ls "$srcdir"/doc/*.[17] >>"$scratch/whole"
if command -v groff >/dev/null; then
	xargs groff -mandoc -ww -Tutf8 -z <"$scratch/whole" \
	    >"$scratch/groff" 2>&1 || echo "groff failed" >>"$scratch/groff"
	complain_of "groff says" "$scratch/groff"
else
	echo "SKIP: no groff (Debian: apt-get install groff-base)"
fi
if command -v mandoc >/dev/null; then
	xargs mandoc -T lint -W warning <"$scratch/whole" \
	    >"$scratch/mandoc" 2>&1 || :
	complain_of "mandoc says" "$scratch/mandoc"
else
	echo "SKIP: no mandoc (Debian: apt-get install mandoc)"
fi
[ $status -ne 0 ] || wc -l <"$scratch/pages" | sed 's/$/ pages/'
exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Check the rules of style that a program can check, and one rule of layers:
# the library includes no header of the programs, and no header for I/O.
set -eu

. "$srcdir/tests/tree/checks.sh"
cd "$srcdir"

# List the files that people write.  This leaves out the C files that Ragel
# makes, and the contract programs, which never change.
find src grammar include event server parse examples doc tests fuzz bench \
    playground bindings -name '*.[ch]' -o -name '*.cc' -o -name '*.hpp' \
    -o -name '*.rl' \
    -o -name '*.h.in' 2>/dev/null |
    grep -v '^tests/tree/contract/' | sort |
    while read -r file; do
	[ "$file" != "${file%.c}" ] && [ -e "${file%.c}.rl" ] ||
	    echo "$file"
    done >"$scratch/code"
{
	find tests fuzz bench bindings -name '*.txt' || :
	find tests fuzz bench bindings doc packaging playground proof \
	    -name '*.sh' -o -name '*.py'
} 2>/dev/null | sort >"$scratch/scripts"
for file in bootstrap quickstart configure.ac Makefile.am README.md NEWS \
    doc/*.md doc/*.1 examples/*.md bench/*.md bindings/*.md .ci/run; do
	[ -e "$file" ] && echo "$file"
done >"$scratch/other"
cat "$scratch/code" "$scratch/scripts" "$scratch/other" >"$scratch/all"

# on LIST COMMAND...: run the command on all files of the list.  Also name an
# empty file, because grep prints file names only if it gets several files.
on() {
	list=$1
	shift
	xargs "$@" /dev/null <"$list"
}

# Documents may have long lines, but no blanks at the end of a line.
on "$scratch/all" grep -n '[[:blank:]]$' >"$scratch/blanks" || :
complain_of "white space at the end of a line" "$scratch/blanks"

# The pattern is written such that it does not match itself.
on "$scratch/all" grep -nwE 'T[O]DO|F[I]XME|H[A]CK' >"$scratch/marks" || :
complain_of "marks of unfinished work" "$scratch/marks"

grep -E '\.(sh|py)$' "$scratch/scripts" | cat - "$scratch/code" \
    >"$scratch/licensed"
on "$scratch/licensed" awk '
	FNR == 1 { found = 0 }
	/SPDX-License-Identifier: MIT/ { found = 1 }
	FNR == 2 { if (!found) print FILENAME; nextfile }
	' >"$scratch/licence"
complain_of "no licence in the first two lines" "$scratch/licence"

# The braces of a function are in the first column (KNF).  A suite may be a
# little longer than other files, since it has tables.
on "$scratch/code" awk '
	function end() {
		most = file ~ /^tests/ ? 420 : 400
		if (lines > most)
			print file ": " lines " lines, of " most
	}
	FNR == 1 { end(); file = FILENAME; lines = begin = 0 }
	!/clang-format o/ { lines++ }
	/^\{/ { begin = FNR }
	/^\}/ && begin {
		if (FNR - begin > 60)
			print file ":" begin ": a function of " \
			    FNR - begin + 1 " lines"
		begin = 0
	}
	END { end() }
	' >"$scratch/long"
complain_of "too long" "$scratch/long"

# A script may have a longer line if one word is most of it, such as a hash or a
# line of JSON.
find proof -name '*.[ch]' 2>/dev/null | cat - "$scratch/licensed" \
    >"$scratch/narrow"
on "$scratch/narrow" awk '
	{
		width = 0
		n = split($0, part, "\t")
		for (i = 1; i < n; i++) {
			width += length(part[i])
			width += 8 - width % 8
		}
		if (width + length(part[n]) <= 80)
			next
		for (i = 1; i <= NF && FILENAME ~ /\.(sh|py)$/; i++)
			if (length($i) > 60)
				next
		print FILENAME ":" FNR
	}
	' >"$scratch/wide"
complain_of "lines over 80 columns" "$scratch/wide"

# The library may include headers of the compiler, and those for octets and
# memory.  <stdio.h> is only for vsnprintf; tests/tree/abi-imports.txt ensures
# that no other function of it is used.
allowed='assert|arm_neon|cpuid|emmintrin|immintrin|limits|stdarg|stdbool|stddef'
allowed="$allowed|stdint|stdio|stdlib|string|tmmintrin"
grep -E '^(src|grammar|include)/' "$scratch/code" >"$scratch/library"
on "$scratch/library" grep -nE '^[[:blank:]]*#[[:blank:]]*include' |
    grep -vE "<($allowed)\.h>|<mailin(/[a-z_]+)?\.h>|\"config\.h\"" |
    while read -r line; do
	header=${line#*\"}
	[ "$header" != "$line" ] && [ -e "src/${header%\"*}" ] || echo "$line"
    done >"$scratch/includes"
complain_of "headers that the library may not include" "$scratch/includes"

find tests/unit tests/support tests/transcript tests/programs tests/tree \
    -maxdepth 1 -name '*.[ch]' -o -maxdepth 1 -name '*.sh' \
    -o -maxdepth 1 -name '*.py' | sort |
    while read -r file; do
	name=${file##*/}
	grep -qF -e "\`$name\`" -e "\`${name%.*}\`" tests/README.md ||
	    echo "$file"
    done >"$scratch/unnamed"
complain_of "files that tests/README.md does not name" "$scratch/unnamed"

# A recipe that names a file is followed to the letter, so the file must exist.
for page in HACKING.md CONTRIBUTING.md tests/README.md proof/README.md; do
	[ ! -e "$page" ] ||
	    grep -oE '`[a-z_]+/[a-z_/]+\.(c|h|rl|py|sh|abnf|dict)`' "$page" |
	    tr -d '`' | sort -u | while read -r file; do
		[ -e "$file" ] || [ ! -d "${file%%/*}" ] ||
		    echo "$page: $file"
	    done
done >"$scratch/gone"
complain_of "documents name files that do not exist" "$scratch/gone"

exit $status

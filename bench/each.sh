#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# A short cut (src/command/fast/fast.h) may make no line slower.  Count the
# instructions of each line of some files, in both syntaxes, in three builds:
# with all short cuts, without those of marks.h, and without any.  Fail if a
# line is slower in the first build than in another one.
#
#	bench/each.sh [--all] FILE...    --all prints every line
#
# bench/instructions.sh runs this script in a build folder, where it has built
# bench/each, bench/each_off and bench/each_plain.
set -eu
export LC_ALL=C

all=0
if [ "${1-}" = --all ]; then
	all=1
	shift
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp bench/each bench/each_off bench/each_plain "$scratch/"
cat -- "$@" >"$scratch/lines"

# For each line, print SYNTAX OCTETS ERROR LINE, then a tab and the count.
count() {
	mkdir "$scratch/profiles"
	(cd "$scratch/profiles" && env -i PATH=/usr/bin:/bin valgrind \
	    --tool=callgrind --toggle-collect=mailin_command_parse_as \
	    --dump-after=mailin_command_parse_as \
	    --callgrind-out-file=profile \
	    "../$1" ../lines >../rows 2>../log) || {
		cat "$scratch/log" >&2
		exit 1
	}
	# In the first half of the profiles the loader binds symbols, and the
	# processor's tables fill: skip it.
	awk -v scratch="$scratch" '
	{
		row[NR] = $0
	}
	END {
		for (i = NR / 2 + 1; i <= NR; i++) {
			file = scratch "/profiles/profile." i
			sum = ""
			while ((getline line < file) > 0)
				if (line ~ "^totals: ")
					sum = substr(line, 9)
			close(file)
			if (sum == "") {
				print "each: no profile of " row[i] \
				    >"/dev/stderr"
				exit 1
			}
			print row[i] "\t" sum
		}
	}' "$scratch/rows"
	rm -r "$scratch/profiles"
}

count each >"$scratch/with"
count each_off >"$scratch/off"
count each_plain >"$scratch/plain"

paste "$scratch/with" "$scratch/off" "$scratch/plain" |
    awk -F '\t' -v all="$all" '
{
	split($1, part, " ")
	lines[part[1]]++
	octets[part[1]] += part[2]
	with[part[1]] += $2
	off[part[1]] += $4
	plain[part[1]] += $6
	slow = $2 > $4 || $2 > $6
	if (slow || all)
		printf("%5d %5d %5d %s%s\n", $2, $4, $6, $1,
		    slow ? ": SLOWER" : "")
	slower += slow
}
END {
	for (name in lines)
		printf "%-8s %d lines, %.2f instructions an octet," \
		    " %.2f without the looks, %.2f without any short cut\n",
		    name, lines[name], with[name] / octets[name],
		    off[name] / octets[name], plain[name] / octets[name]
	if (slower)
		print slower " are slower"
	exit (slower > 0)
}'

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# No line may be slower because something looks at it before the machine does
# (src/command/fast/look.h): count the instructions of each line of some files, in both
# syntaxes, with that look and without it, and fail where it costs more.
#
#	bench/each.sh [--all] FILE...    --all prints every line
#
# bench/instructions.sh runs it in a build folder, where it has built bench/each
# and bench/each_off.
set -eu
export LC_ALL=C

all=0
if [ "${1-}" = --all ]; then
	all=1
	shift
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp bench/each bench/each_off "$scratch/"
cat -- "$@" >"$scratch/lines"

# SYNTAX OCTETS ERROR LINE and, after a tab, the count, for each line.
count() {
	mkdir "$scratch/profiles"
	(cd "$scratch/profiles" && env -i PATH=/usr/bin:/bin valgrind \
	    --tool=callgrind --toggle-collect=mailin_command_parse_as \
	    --dump-after=mailin_command_parse_as \
	    --callgrind-out-file=profile "../$1" ../lines >../rows 2>../log) || {
		cat "$scratch/log" >&2
		exit 1
	}
	# The first half was for what is bound, and learnt, the first time.
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
count each_off >"$scratch/without"

paste "$scratch/with" "$scratch/without" | awk -F '\t' -v all="$all" '
{
	split($1, part, " ")
	lines[part[1]]++
	octets[part[1]] += part[2]
	with[part[1]] += $2
	without[part[1]] += $4
	if ($2 > $4 || all)
		printf("%5d %5d %s%s\n", $2, $4, $1,
		    $2 > $4 ? ": SLOWER" : "")
	slower += $2 > $4
}
END {
	for (name in lines)
		printf "%-8s %d lines, %.2f instructions an octet," \
		    " %.2f without\n", name, lines[name],
		    with[name] / octets[name], without[name] / octets[name]
	if (slower)
		print slower " are slower"
	exit (slower > 0)
}'

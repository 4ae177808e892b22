#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Count the instructions of each piece of work with callgrind, and compare them
# with bench/instructions.txt:
#
#	bench/instructions.sh             fail if a count has grown too much
#	bench/instructions.sh --update    write the file again
#	bench/instructions.sh --growth    only look at work that grows
#
# Run it by `make check-instructions` (`make update-instructions`, `make
# check-growth`), in a build folder.  It builds its program separately, with
# the compiler and the flags below.  Counts depend on these, on the C library
# and on the vector instructions of the processor, so they are compared only if
# all of these are the same.
#
# The script also counts work of growing size (growth.c).  It fails if the cost
# is not a straight line, or if it more than doubles when the size doubles.
# Finally it counts the instructions of each line alone (each.sh).
set -eu
export LC_ALL=C

srcdir=${srcdir-$(dirname "$0")/..}
compiler=${INSTRUCTIONS_CC-gcc}
flags='-O2 -DNDEBUG -fstack-protector-strong -fstack-clash-protection'
tolerance=3     # percent
kept=$srcdir/bench/instructions.txt
corpus=$(cd "$srcdir/bench/corpus" && pwd)

skip() {
	echo "instructions: SKIPPED: $*" >&2
	exit 0
}

command -v valgrind >/dev/null ||
    skip 'no valgrind (Debian: apt-get install valgrind)'
command -v "$compiler" >/dev/null || skip "no $compiler"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

vectors=$(grep -ow -m 1 avx2 /proc/cpuinfo | head -n 1 || :)
cat >"$scratch/machine" <<EOF
compiler $compiler $("$compiler" -dumpfullversion) $("$compiler" -dumpmachine)
flags $flags
libc $(getconf GNU_LIBC_VERSION 2>/dev/null || echo unknown)
vectors ${vectors:-none}
EOF
if [ -z "${1-}" ]; then
	grep -E '^(compiler|flags|libc|vectors) ' "$kept" >"$scratch/wanted"
	cmp -s "$scratch/machine" "$scratch/wanted" || {
		diff "$scratch/wanted" "$scratch/machine" >&2 || :
		skip 'the figures are those of another compiler or machine'
	}
fi

# Remove objects that were made by another compiler or with other flags.
cmp -s "$scratch/machine" bench/count.flags || {
	rm -f bench/count bench/each bench/each_off bench/each_plain \
	    ./*/bench_count-*.o ./*/bench_each*.o
	mkdir -p bench
	cp "$scratch/machine" bench/count.flags
}

# Set all flags of make here, so that the flags of the user and of configure
# have no effect.
programs='bench/count bench/each bench/each_off bench/each_plain'
[ "${1-}" != --growth ] || programs=bench/count
${MAKE-make} $programs \
    CC="$compiler" CFLAGS="$flags" CPPFLAGS= LDFLAGS= DEBUG_CPPFLAGS= \
    HARDEN_CPPFLAGS= HARDEN_CFLAGS= HARDEN_LDFLAGS= SANITIZE_FLAGS= \
    FUZZ_CFLAGS= WARN_CFLAGS= GRAMMAR_CFLAGS= >&2
cp bench/count "$scratch/"

# Use a fixed environment: its size moves the start of the stack, and that
# changes the counts.
only=
[ "${1-}" != --growth ] || only=growth/
(cd "$scratch" && env -i PATH=/usr/bin:/bin valgrind --tool=callgrind \
    --toggle-collect=measured --dump-after=measured \
    --callgrind-out-file=profile ./count "$corpus" $only >rows 2>log) || {
	cat "$scratch/log" >&2
	exit 1
}

# Print NAME COUNT for each figure.  For growth, write SERIES SIZE COUNT to
# another file.
awk -v scratch="$scratch" '
function show(name, figure) {
	printf "%-40s %10s\n", name, figure
}
# The sizes of a series come in order, the smallest first.  The cost of an
# octet is the difference in cost between the last size and the first one,
# divided by the difference in octets.
function grow(series, count, octets) {
	if (!(series in first)) {
		order[++grown] = series
		first[series] = count
		least[series] = octets
	}
	last[series] = count
	most[series] = octets
}
function total(    file, line, field, sum) {
	file = scratch "/profile." ++profile
	while ((getline line < file) > 0)
		if (split(line, field, " ") && field[1] == "totals:")
			sum = field[2]
	close(file)
	if (sum == "") {
		print "instructions: no profile of " $1 >"/dev/stderr"
		exit 1
	}
	return sum
}
{
	split($1, part, "/")
	if (part[1] == "memory") {
		show($1 "/octets", $6)
		show($1 "/allocations", $5)
		next
	}
	count = total() / $3
	if (part[1] == "growth") {
		print part[2], $4, count >(scratch "/growth")
		grow(part[2], count, $7)
		next
	}
	# The cost of the loop over the lines is subtracted from the cost of a
	# line.
	if (part[2] == "none") {
		loop = count
		next
	}
	sub("/cyclic$", "", $1)
	show($1, sprintf("%.1f", count - (part[1] == "line" ? loop : 0)))
	if ($5 >= 0)
		show($1 "/allocations", $5)
}
END {
	for (i = 1; i <= grown; i++) {
		name = order[i]
		more = last[name] - first[name]
		octets = most[name] - least[name]
		if (octets > 0)
			show("growth/" name "/octet",
			    sprintf("%.2f", more / octets))
	}
}' "$scratch/rows" >"$scratch/figures"

if [ "${1-}" = --growth ]; then
	"$scratch/count" --fit <"$scratch/growth"
	exit
fi
if [ "${1-}" = --update ]; then
	{
		sed -n '/^#/p' "$kept"
		echo
		cat "$scratch/machine"
		echo "tolerance $tolerance"
		echo
		cat "$scratch/figures"
	} >"$kept.tmp"
	mv "$kept.tmp" "$kept"
	echo "instructions: $kept is written"
fi

status=0
awk '
FNR == NR {
	if ($1 == "tolerance")
		tolerance = $2
	else if (NF == 2 && $1 ~ "/")
		wanted[$1] = $2
	next
}
!($1 in wanted) {
	printf "%-40s %10s, new\n", $1, $2
	missing = 1
	next
}
{
	percent = 0
	if (wanted[$1] != $2)
		percent = wanted[$1] == 0 ? 100 : 100 * ($2 / wanted[$1] - 1)
	verdict = ""
	if (percent > tolerance)
		verdict = "GROWN"
	else if (percent < -tolerance)
		verdict = "less: make update-instructions keeps it"
	printf "%-40s %10s %+7.1f %% %s\n", $1, $2, percent, verdict
	grown += percent > tolerance
	delete wanted[$1]
}
END {
	for (name in wanted) {
		print name ": is counted no more"
		missing = 1
	}
	if (grown)
		print grown " have grown by more than " tolerance " %"
	exit (grown > 0 || missing)
}' "$kept" "$scratch/figures" || status=1

echo
echo 'growth: instructions against size'
"$scratch/count" --fit <"$scratch/growth" || status=1

echo
echo 'each line, with the short cuts before the machine and without'
"${SHELL-/bin/sh}" "$srcdir/bench/each.sh" "$corpus"/*.txt || status=1
exit $status

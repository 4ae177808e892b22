#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Draw the figures of results.json or server.json as SVG, with gnuplot:
#
#	bench/plot.sh RESULTS FOLDER
set -eu

results=$1
folder=$2
here=$(dirname "$0")
report=report.py
[ "$(basename "$results")" = server.json ] && report=server_report.py
if [ -z "${GNUPLOT-}" ]; then
	echo 'bench: no pictures: no gnuplot when configure ran' \
	    '(Debian: apt-get install gnuplot-nox)' >&2
	exit 0
fi

# draw NAME COMMANDS: run the gnuplot commands of standard input on the
# columns.
draw() {
	columns=$folder/bench-$1.columns
	PYTHONDONTWRITEBYTECODE=1 python3 "$here/$report" --columns "$1" \
	    "$results" >"$columns"
	# After a run with a filter there may be nothing to draw.
	if awk 'NR > 1 && /[0-9]$/ { found = 1 } END { exit !found }' \
	    "$columns"; then
		{
			cat <<EOF
set terminal svg size 640,400 font 'sans-serif,12' background 'white'
set output '$folder/bench-$1.svg'
set datafile missing '-'
set grid ytics lc rgb '#dddddd'
set border 3
set tics nomirror
set key outside top center horizontal noenhanced
set style fill solid 0.8 noborder
set style data histogram
set boxwidth 0.9
file = '$columns'
EOF
			cat
		} | "$GNUPLOT"
	else
		cat >/dev/null
	fi
	rm -f "$columns"
}

# bars NAME TITLE UNIT [RANGE [MORE]]: draw a group of bars for each row of the
# columns.  MORE adds plots: it is the rest of gnuplot's "plot" command.
bars() {
	draw "$1" <<EOF
set title '$2'
set ylabel '$3'
set yrange ${4-[0:*]}
header = system("head -n 1 " . file)
plot for [i=2:words(header)] file using i:xtic(1) title columnheader(i) ${5-}
EOF
}

LIMIT="lc rgb 'black' dt 2 with lines"

if [ "$(basename "$results")" = server.json ]; then
	bars server \
	    'A message of 4 KiB that is thrown away, by its connection' \
	    'processor time, us'
	bars server-rate \
	    'A message of 4 KiB that is thrown away, by its connection' \
	    'messages a second'
	bars server-change \
	    'A message since the server has its log, limits and sandbox' \
	    'change, %' '[-10:10]' ", 3 $LIMIT title '3 %', -3 $LIMIT notitle"
	bars server-tls 'A TLS handshake of the server' 'processor time, us' \
	    '[0:*]' ", 200 $LIMIT title 'allowed if resumed'"
	draw server-idle <<EOF
set title 'The memory of the server while clients are idle'
set xlabel 'clients'
set ylabel 'MB'
set yrange [0:*]
set style data linespoints
plot for [i=2:3] file using 1:i title columnheader(i) lw 2, \\
    40 $LIMIT title 'allowed in clear'
EOF
	bars server-door 'A message of 4 KiB that is handed on' \
	    'processor time, us'
	draw server-door-memory <<EOF
set title 'The memory of a message under way, while the back end reads nothing'
set xlabel 'size of the message, MiB'
set ylabel 'KiB'
set yrange [0:*]
set style data linespoints
plot file using 1:2 title columnheader(2) lw 2 pt 7, \\
    256 $LIMIT title 'allowed'
EOF
	exit
fi

draw lines <<'EOF'
set title 'A command line'
set xlabel 'lines of the corpus'
set ylabel 'ns'
set yrange [0:*]
plot for [i=2:7] file using i:xtic(1) title columnheader(i)
EOF

bars hot 'The body of a message, hot (64 KiB)' 'GB/s'
bars cold 'The body of a message, cold (64 MiB)' 'GB/s'

draw feeds <<'EOF'
set title 'The body of a message of text, 64 MiB, by the octets of a feed'
set ylabel 'GB/s'
set yrange [0:*]
set style data linespoints
header = system("head -n 1 " . file)
plot for [i=2:words(header)] file using i:xtic(1) title columnheader(i) lw 2
EOF

draw growth <<'EOF'
set title 'Time against size, both as multiples of the first'
set xlabel 'size'
set ylabel 'time'
set logscale xy 2
set grid
set key outside right vertical maxrows 30 font ',9' samplen 1
set style data linespoints
blocks = int(system('grep -c \" '.file))
plot for [i=0:blocks-1] file index i using 1:2 \
    title columnheader(1) ps 0.4, x title 'a straight line' with lines \
    lc rgb 'black' dt 2
EOF

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# A folder is a layer.  A file uses only its own folder and the folders on lower
# floors.  No file uses itself by way of other files.  This is checked twice: in
# the #include lines, and in the symbols that the linker resolves.  The symbols
# also show uses that an #include of a public header hides.
#
# libmailin-event and the programs use a library only by its public headers;
# only libmailin-event and mailin-server also use src/octet.  mailin-parse and
# mailin-server share nothing.
set -eu
export LC_ALL=C

case $FLAGS in
*-flto* | *-fsanitize* | *--coverage*)
	echo "SKIP of the symbols: objects of this build hide them"
	symbols=no
	;;
*) symbols=yes ;;
esac

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

# The floors, from the lowest up.  Folders on the same floor do not use each
# other.
cat >"$scratch/floors" <<'END'
1 src/octet
2 src/message
2 src/reply
2 src/proxy
3 src/command
3 src/command/fast
4 src/config
5 src/client
5 src/session
1 event/io
2 event/client
3 event
0 server/thread
1 server/log
2 server/access
2 server/confine
2 server/manager
2 server/metrics
3 server/store
4 server/relay
5 server/settings
6 server/receive
7 server
1 parse
END

# A state machine that is generated from grammar/ belongs to the layer that runs
# it.
layer_of() {
	case $1 in
	grammar/utf8.*) echo src/octet ;;
	grammar/proxy.*) echo src/proxy ;;
	grammar/reply.*) echo src/client ;;
	grammar/*) echo src/command ;;
	*) echo "${1%/*}" ;;
	esac
}

# Print "file header" for each #include "header".
include_lines() {
	(cd "$srcdir" && grep -nE '^[[:blank:]]*#[[:blank:]]*include "' \
	    $(find src event server parse -name '*.[ch]') \
	    $(find grammar -name '*.rl')) |
	    sed -E 's/^([^:]*):[0-9]*:[^"]*"([^"]*)".*/\1 \2/'
}

# Print "user used": two paths of files, from the top of the tree.
includes() {
	include_lines | while read -r file header; do
		case $file in
		parse/*) tree=parse ;;
		event/*) tree=event ;;
		server/*) tree=server ;;
		*) tree=src ;;
		esac
		[ -e "$srcdir/$tree/$header" ] || tree=src
		echo "$file $tree/$header"
	done
}

# Print "D symbol file" for each symbol that an object defines, and "U symbol
# file" for each symbol that an object needs.
defined_and_used() {
	for object in $(find src grammar event server parse \
	    -name 'libcore_la-*.o' -o -name 'libgrammar_la-*.o' \
	    -o -name 'libeventcore_la-*.o' -o -name 'mailin_server-*.o' \
	    -o -path 'parse/*.o' 2>/dev/null |
	    grep -v '/\.libs/'); do
		file=$(echo "$object" | sed -E 's/\.o$/.c/
		    s/(lib(core|grammar|eventcore)_la|mailin_server)-//')
		$NM -g "$object" | awk -v file="$file" '
		NF == 2 && $1 == "U" { print "U", $2, file }
		NF == 3 && $2 != "U" { print "D", $3, file }'
	done
}

# Print "user used" like includes.  If libmailin-event or a program uses a
# symbol of a public header, that is not counted.  Each program has its own
# main().
symbols_used() {
	defined_and_used | awk '
	function tree(file) { sub("/.*", "", file); return file }
	function is_promised(user, home) {
		return user ~ /^(event|server|parse)$/ && \
		    (home ~ /^(src|grammar)$/ || user home == "serverevent")
	}
	$2 == "main" { next }
	$1 == "D" { home[$2] = $3 }
	$1 == "U" { used[$2 " " $3] }
	END {
		for (pair in used) {
			split(pair, part, " ")
			if (!(part[1] in home) || home[part[1]] == part[2])
				continue
			if (is_promised(tree(part[2]), tree(home[part[1]])))
				continue
			print part[2], home[part[1]]
		}
	}'
}

includes >"$scratch/includes"
[ -s "$scratch/includes" ] || { echo "no #include was found"; exit 1; }
: >"$scratch/symbols"
if [ $symbols = yes ]; then
	symbols_used >"$scratch/symbols"
	[ -s "$scratch/symbols" ] || { echo "no symbol was found"; exit 1; }
fi

# Add the layers to each line: "from to layer-of-from layer-of-to".
sort -u "$scratch/includes" "$scratch/symbols" | while read -r from to; do
	echo "$from $to $(layer_of "$from") $(layer_of "$to")"
done >"$scratch/uses"

awk '
FNR == NR { floor[$2] = $1; next }
!($3 in floor) || !($4 in floor) {
	print $1 " uses " $2 ": no such layer"
	next
}
function family(folder) { sub("/fast$", "", folder); return folder }
function tree(folder) { sub("/.*", "", folder); return folder }
family($3) == family($4) { next }
tree($3) ~ /^(event|server)$/ && $4 == "src/octet" { next }
tree($3) != tree($4) { print $1 " uses " $2 ", which is not for it"; next }
floor[$4] >= floor[$3] { print $1 " uses " $2 ", which is no lower layer" }
' "$scratch/floors" "$scratch/uses" >"$scratch/upward"
if [ -s "$scratch/upward" ]; then
	echo "Uses of a layer that is not below:"
	sed 's/^/    /' "$scratch/upward"
	status=1
fi

# circle WHAT FILE: the pairs in the file must form a graph without a circle.
circle() {
	tsort "$2" >"$scratch/order" 2>"$scratch/found" || :
	[ -s "$scratch/found" ] || return 0
	printf '%s:\n' "$1"
	sed 's/^tsort: /    /' "$scratch/found"
	status=1
}
circle "Files that include each other in a circle" "$scratch/includes"
circle "Objects that need each other in a circle" "$scratch/symbols"

[ $status -eq 0 ] && echo "$(wc -l <"$scratch/uses") uses, all downward"
exit $status

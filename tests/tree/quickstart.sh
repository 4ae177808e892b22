#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# ./quickstart --check must report each step while it runs, even if its output
# goes to a pipe.  Here it runs in a separate folder, in which stubs replace
# configure, make and apt-get.
set -eu

if ! [ -e "$srcdir/quickstart" ]; then
	echo "SKIP: no quickstart"
	exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
real_sleep=$(command -v sleep)
# quickstart has its own variable $scratch, so use another name.
stage=$scratch
export stage real_sleep
tree=$scratch/tree
mkdir -p "$tree" "$scratch/bin"
cp "$srcdir/quickstart" "$tree/quickstart"

# stub FILE: make a program from standard input.
stub() {
	{ echo '#!/bin/sh' && cat; } >"$1"
	chmod +x "$1"
}

stub "$tree/configure" <<'END'
echo configured >config.status
END

# This test installs nothing.  If something is missing, it is skipped.  Only
# nginx may be missing, because quickstart does not install it, but unpacks it.
for name in apt-get sudo; do
	stub "$scratch/bin/$name" <<'END'
case " $* " in
*' download '*) ;;
*) touch "$stage/lacking" ;;
esac
exit 1
END
done

# The pause of 15 seconds between two reports is one second here.
stub "$scratch/bin/sleep" <<'END'
[ "$1" != 15 ] || set -- 1
exec "$real_sleep" "$@"
END

# This program replaces "make check".  It goes on until its first output was
# read.
stub "$scratch/bin/make" <<'END'
case " $* " in
*' TESTS= '*) exit 0 ;;
*' check '*) ;;
*) exit 0 ;;
esac
await() {
	tries=0
	until [ -e "$stage/read.$1" ]; do
		tries=$((tries + 1))
		[ $tries -le 200 ] || { touch "$stage/late.$1"; return; }
		"$real_sleep" 0.1
	done
}
echo 'PASS: tests/first'
await result
echo '  CC       noise.o'
await beat
echo '# TOTAL: 1'
END

PATH=$scratch/bin:$PATH "$tree/quickstart" --check 2>&1 |
    while IFS= read -r line; do
	printf '%s\n' "$line" >>"$scratch/said"
	case $line in
	PASS:*) touch "$scratch/read.result" ;;
	'    ... '*' s,   CC       noise.o') touch "$scratch/read.beat" ;;
	esac
    done

if [ -e "$scratch/lacking" ]; then
	echo "SKIP: something that quickstart --check needs is missing"
	exit 77
fi
status=0
for what in result beat; do
	if ! [ -e "$scratch/read.$what" ] || [ -e "$scratch/late.$what" ]; then
		echo "FAIL: no $what while the tests ran"
		status=1
	fi
done
for line in '# TOTAL: 1' 'quickstart: all tests passed'; do
	grep -qxF "$line" "$scratch/said" || {
		echo "FAIL: no '$line'"
		status=1
	}
done
if grep '^ *CC' "$scratch/said"; then
	echo "FAIL: more than results"
	status=1
fi
[ $status -eq 0 ] || cat "$scratch/said"
exit $status

#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Build the site: it has no dead link and no missing anchor, it loads nothing
# from elsewhere, and each page can be reached.  The test also plants such
# faults: the checker must find them.
set -eu

lacking=
for tool in python3 cmark-gfm mandoc dot; do
	command -v $tool >/dev/null || lacking="$lacking $tool"
done
[ -d doc/man3 ] || [ -d "$srcdir/doc/man3" ] || lacking="$lacking doc/man3"
if [ -n "$lacking" ]; then
	echo "SKIP: make site lacks$lacking" \
	    "(Debian: apt-get install doxygen cmark-gfm mandoc graphviz)"
	exit 77
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

fail() {
	printf '%s\n' "$*"
	status=1
}

# The build folder of the site: its pages of section 3, and the table of states.
mkdir "$scratch/doc"
if [ -d doc/man3 ]; then
	cp -r doc/man3 "$scratch/doc/man3"
else
	cp -r "$srcdir/doc/man3" "$scratch/doc/man3"
fi
doc/print_rules --table >"$scratch/doc/rules.txt"
doc/print_rules --dot | dot -Tsvg >"$scratch/doc/rules.svg"
python3 "$srcdir/doc/site/build.py" "$srcdir" "$scratch" "$scratch/site"
python3 "$srcdir/doc/site/check.py" "$scratch/site" || status=1

# Plant each kind of fault, and look for it in what the checker says.
cat >>"$scratch/site/doc/guide.html" <<'END'
<a href="nowhere.html">x</a>
<a href="#nowhere">x</a>
<a href="benchmarks.html#nowhere">x</a>
<img alt="x" src="https://example.org/x.png">
<script src="//example.org/x.js"></script>
<img alt="" src="octet.svg">
<p id="page-text">x</p>
END
echo '<p>x</p>' >"$scratch/site/alone.html"
echo '@import "https://example.org/x.css";' >>"$scratch/site/style.css"
if python3 "$srcdir/doc/site/check.py" "$scratch/site" >"$scratch/said"; then
	fail "the checker finds none of the faults"
fi
while read -r text; do
	grep -qxF -e "$text" "$scratch/said" ||
	    fail "the checker does not say: $text"
done <<'END'
doc/guide.html: a dead link: nowhere.html
doc/guide.html: a dead link: octet.svg
doc/guide.html: a missing anchor: #nowhere
doc/guide.html: a missing anchor: benchmarks.html#nowhere
doc/guide.html: loads from elsewhere: https://example.org/x.png
doc/guide.html: loads from elsewhere: //example.org/x.js
doc/guide.html: a picture without a text: octet.svg
doc/guide.html: the id page-text is there twice
alone.html: no way leads there from index.html
style.css: loads something
END

# The program must not replace a folder that is not an older site.
mkdir "$scratch/other"
touch "$scratch/other/file"
if python3 "$srcdir/doc/site/build.py" "$srcdir" "$scratch" \
    "$scratch/other" 2>"$scratch/said" || ! [ -e "$scratch/other/file" ]; then
	fail "a folder that is no site is replaced"
fi
exit $status

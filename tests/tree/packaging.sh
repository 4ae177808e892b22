#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Check the recipes of packages: the version of each, its syntax, and the list
# of files that FreeBSD wants.  Also check the files with which forges call
# .ci/run, which only the git repository has.
set -eu
unset MAKEFLAGS MFLAGS # bmake takes other ones

. "$srcdir/tests/tree/checks.sh"
recipes=$srcdir/packaging

# has TOOL PACKAGE: succeeds if the tool is installed.  Otherwise reports what
# is not checked.
has() {
	command -v "$1" >/dev/null && return
	echo "not checked by $1, which is missing (Debian: apt-get install $2)"
	return 1
}

version=$(awk -F '"' '/define MAILIN_VERSION / { print $2 }' \
    include/mailin/version.h)
# The version of a package may be that of a preview of this release, such as
# 0.1.0~dev-1.
for line in "alpine/APKBUILD:^pkgver=\(.*\)" \
    "homebrew/libmailin.rb:^  version \"\(.*\)\"" \
    "freebsd/Makefile:^DISTVERSION=	\(.*\)" \
    "vcpkg/vcpkg.json:^  \"version\": \"\(.*\)\"," \
    "debian/changelog:^libmailin (\([0-9.]*\)[~-].*) .*"; do
	file=${line%%:*}
	found=$(sed -n "s/${line#*:}.*/\1/p" "$recipes/$file" | sed q)
	[ "$found" = "$version" ] ||
	    complain "$file has version \"$found\", configure.ac $version"
done

for script in build-deb.sh debian/tests/compile debian/tests/receive; do
	sh -n "$recipes/$script" || complain "$script"
	[ -x "$recipes/$script" ] || complain "$script cannot be executed"
done

# configure only warns of an option that it does not know.
options='--(enable|disable|with|without)-[a-z0-9-]*[a-z0-9]'
(cd "$recipes" && cat alpine/APKBUILD homebrew/libmailin.rb freebsd/Makefile \
    vcpkg/portfile.cmake debian/rules) | grep -oE -e "$options" |
    sed 's/^--[a-z]*-//' | sort -u >"$scratch/given"
"$srcdir/configure" --help | grep -oE -e "$options" | sed 's/^--[a-z]*-//' |
    sort -u >"$scratch/known"
[ "$(wc -l <"$scratch/given")" -ge 9 ] ||
    complain "the options of configure in the recipes were not found"
comm -23 "$scratch/given" "$scratch/known" >"$scratch/unknown"
[ ! -s "$scratch/unknown" ] ||
    complain "options that configure does not have:" $(cat "$scratch/unknown")

if has busybox busybox; then
	busybox ash -n "$recipes/alpine/APKBUILD" || complain "alpine/APKBUILD"
fi
if has ruby ruby; then
	ruby -wc "$recipes/homebrew/libmailin.rb" >"$scratch/log" 2>&1 ||
	    complain "homebrew/libmailin.rb: $(cat "$scratch/log")"
fi
if has jq jq; then
	# Check what vcpkg requires of a manifest and of its features.
	jq -e '(.name | test("^[a-z0-9]+(-[a-z0-9]+)*$")) and
	    (.version | test("^[0-9]+(\\.[0-9]+)*$")) and
	    (.description | type == "string") and
	    ([.features[] | .description | type == "string"] | all) and
	    ((keys - ["name", "version", "description", "license", "supports",
	    "dependencies", "features", "homepage"]) == [])' \
	    "$recipes/vcpkg/vcpkg.json" >/dev/null || complain vcpkg/vcpkg.json
fi
if has cmake cmake; then
	# Define the functions of vcpkg such that they do nothing.  The file
	# must run with them.
	echo 'cmake_minimum_required(VERSION 3.5)' >"$scratch/port.cmake"
	for name in extract_source_archive configure_make install_make \
	    fixup_pkgconfig copy_tool_dependencies install_copyright; do
		echo "function(vcpkg_$name)"
		echo 'endfunction()'
	done >>"$scratch/port.cmake"
	cat "$recipes/vcpkg/portfile.cmake" >>"$scratch/port.cmake"
	LIBMAILIN_TARBALL=$recipes/README.md cmake \
	    -DCURRENT_PACKAGES_DIR="$scratch/none" -DFEATURES=event \
	    -P "$scratch/port.cmake" >"$scratch/log" 2>&1 ||
	    complain "vcpkg/portfile.cmake: $(cat "$scratch/log")"
	if cmake -P "$scratch/port.cmake" >"$scratch/log" 2>&1 ||
	    ! grep -q 'Set LIBMAILIN_TARBALL' "$scratch/log"; then
		complain "vcpkg/portfile.cmake does not ask for a tarball"
	fi
fi
if has bmake bmake; then
	# The ports tree of FreeBSD is not here, so leave out the line that
	# includes it.
	sed '/^\.include <bsd\.port\.mk>/d' "$recipes/freebsd/Makefile" \
	    >"$scratch/Makefile"
	echo 'all: ; echo $(PORTNAME)-$(DISTVERSION) $(LIB_DEPENDS)' \
	    >>"$scratch/Makefile"
	bmake -r -f "$scratch/Makefile" -n all >"$scratch/log" 2>&1 &&
	    grep -q "libmailin-$version lib" "$scratch/log" ||
	    complain "freebsd/Makefile: $(cat "$scratch/log")"
fi

for file in "$srcdir"/.github/workflows/ci.yml "$srcdir"/.gitlab-ci.yml \
    "$srcdir"/.woodpecker.yml "$srcdir"/.builds/debian.yml; do
	[ -e "$srcdir/.ci/run" ] || break
	grep -q '^ .*\.ci/run$' "$file" ||
	    complain "$file does not call .ci/run"
	if has ruby ruby; then
		ruby -ryaml -e 'YAML.safe_load(File.read(ARGV[0]))' "$file" ||
		    complain "$file is no YAML"
	fi
done

# Without mailin-server fewer files are installed, so pkg-plist does not fit.
if [ -e mailin-server ]; then
	${MAKE:-make} -s --no-print-directory print-plist >"$scratch/plist"
	# A build without Doxygen has no manual pages of section 3.
	without='^$'
	[ -d doc/man3 ] || [ -d "$srcdir/doc/man3" ] || without=/man3/
	grep -v "$without" "$recipes/freebsd/pkg-plist" |
	    diff - "$scratch/plist" ||
	    complain "freebsd/pkg-plist is not what is installed: run make" \
	    "update-plist"
fi
exit $status

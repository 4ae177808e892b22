#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Build the Debian packages from a release tarball, check them by lintian, and
# leave them in the folder deb:
#
#	packaging/build-deb.sh libmailin-0.1.0.tar.xz [OPTION...]
#
# The options are those of dpkg-buildpackage.
#
# The tests run, unless DEB_BUILD_OPTIONS has nocheck.  As root, or with sudo,
# `apt-get build-dep ./deb/libmailin-*/` installs what the build needs.
set -eu

[ -f "${1-}" ] || {
	sed -n 's/^#	/usage: /p' "$0" >&2
	exit 2
}
for tool in dpkg-buildpackage dh; do
	command -v $tool >/dev/null || {
		echo "build-deb.sh: $tool is missing (Debian: apt-get install" \
		    "dpkg-dev debhelper)" >&2
		exit 1
	}
done

tarball=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
rm -rf deb
mkdir deb
cd deb
tar -xf "$tarball"
folder=$(echo libmailin-*)
cp -R "$folder/packaging/debian" "$folder/debian"
version=$(sed -n '1s/.*(\(.*\)-[^-]*).*/\1/p' "$folder/debian/changelog")
cp "$tarball" "libmailin_$version.orig.tar.xz"

status=0
(cd "$folder" && dpkg-buildpackage -us -uc "$@") || status=$?
[ $status -eq 0 ] || {
	echo "build-deb.sh: dpkg-buildpackage failed with status $status" >&2
	exit 1
}
if command -v lintian >/dev/null; then
	lintian --pedantic --fail-on error,warning,pedantic ./*.changes
else
	echo "build-deb.sh: SKIP: lintian is missing (Debian: apt-get install" \
	    "lintian)"
fi

#!/bin/sh
# The changelog of Debian's form: debian_changelog.sh VERSION SOURCES FILE
set -eu
version=$1 sources=$2 file=$3
{
    echo "apical ($version) unstable; urgency=medium"
    echo
    echo "  * All changes: /usr/share/doc/apical/CHANGELOG.md"
    echo
    echo " -- The Apical developers <apical@users.noreply.github.com>  $(LC_ALL=C date -u -r "$sources/CHANGELOG.md" '+%a, %d %b %Y %H:%M:%S +0000')"
} | gzip -9n >"$file"

#!/bin/bash
# Records what conftest says to the commands of every case: record.sh CONFTEST [CASE…].
# The recordings are committed, so that the comparison needs no conftest.
# Conftest's own order is random; a command marked "sorted" is compared line by line
# in alphabetical order.
set -uf
conftest=$(realpath "$1"); shift
cd "$(dirname "$0")"
set +f; cases=("${@:-}"); [ -n "${cases[0]}" ] || cases=(*/); set -f
for name in "${cases[@]%/}"; do
	(
		cd "$name"
		while read -r line; do
			echo "\$ $line"
			order=cat; args=$line
			case $line in sorted\ *) order="sort"; args=${line#sorted } ;; esac
			eval "\"$conftest\" $args" >/tmp/record.$$.out 2>/tmp/record.$$.err
			status=$?
			LC_ALL=C $order </tmp/record.$$.out
			sed 's/^/! /' /tmp/record.$$.err
			echo; echo "= $status"
		done <commands | sed -E -e 's/"version":"dev"/"version":"VERSION"/g' -e 's/name="go.version" value="[^"]*"/name="go.version" value="GO"/' >want.txt
	)
done
rm -f /tmp/record.$$.out /tmp/record.$$.err

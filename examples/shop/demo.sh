#!/bin/sh
# make demo: check the example, show the report, and explain the exit status.
# Exits 0 if writ answered as README.md documents, which is 1: there are findings.
set -eu
writ=$1
here=$(dirname "$0")
status=0
"$writ" check "$here/infra" "$here/kubernetes" "$here/compose" --now 2026-11-22 || status=$?
echo
echo "writ exited with $status. 0 would mean: nothing at or above the gate. 1: findings at or above it."
echo "2: something could not be used (a flag, a policy, the register, a file). 3: what the gate needs is not known."
if [ "$status" -ne 1 ]; then
	echo "demo: expected 1, the planted faults of examples/shop/README.md" >&2
	exit 1
fi
echo "That is what examples/shop/README.md documents: its planted faults were found."

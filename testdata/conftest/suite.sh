#!/bin/sh
# Runs conftest's own acceptance suite with this program in conftest's place:
# suite.sh WRIT CHECKOUT, where CHECKOUT is a checkout of open-policy-agent/conftest.
# It needs bats, fetches nothing and writes into a copy. What does not pass has to stand
# in suite.txt, with the reason; anything else is a failure.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 WRIT CHECKOUT" >&2; exit 2; }
command -v bats >/dev/null || { echo "$0: bats is not installed (Debian: bats)" >&2; exit 2; }
[ -f "$2/acceptance.bats" ] || { echo "$0: $2 is no checkout of conftest: it has no acceptance.bats" >&2; exit 2; }
writ=$(realpath "$1")
known=$(dirname "$(realpath "$0")")/suite.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
mkdir "$work/suite" "$work/home"
(cd "$2" && tar cf - --exclude=.git .) | tar xf - -C "$work/suite"
cp "$writ" "$work/suite/conftest"
HOME=$work/home CONFTEST=$work/suite/conftest
export HOME CONFTEST
unset XDG_DATA_HOME DOCKER_CONFIG
XDG_DATA_DIRS=$work/home/share
export XDG_DATA_DIRS

passed=0 listed=0 failed=0
cd "$work/suite"
for file in acceptance.bats tests/*/test.bats; do
	(cd "$(dirname "$file")" && bats --tap "$(basename "$file")") >"$work/out" 2>&1 || true
	grep -E '^(not )?ok ' "$work/out" >"$work/results" || echo "not ok 0 all of it" >"$work/results"
	while IFS= read -r line; do
		name=${line#not }
		name=${name#ok }
		name="$file: ${name#* }"
		case $line in
		ok*) passed=$((passed + 1)) ;;
		*)
			if grep -qF "$name |" "$known"; then
				listed=$((listed + 1))
				echo "known: $(grep -F "$name |" "$known")"
			else
				failed=$((failed + 1))
				echo "FAILED: $name"
				grep -A12 -F "$line" "$work/out" | sed 's/^/    /' || true
			fi
			;;
		esac
	done <"$work/results"
done
echo "$passed passed, $listed known not to, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

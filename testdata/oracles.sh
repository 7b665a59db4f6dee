#!/bin/sh
# Installs the Debian programs that tests compare with. Without apt or root it
# says so and goes on: the tests that need them then fail or fall back to the
# committed corpus, as each says.
set -eu
packages="git nginx-light openssl iproute2 nftables iptables ipset postgresql apache2-bin haproxy rsyslog logrotate libfaketime"
missing=""
for p in $packages; do
	dpkg -s "$p" >/dev/null 2>&1 || missing="$missing $p"
done
if [ -z "$missing" ]; then
	echo "oracles: all there ($packages)"
	exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing
echo "oracles: installed$missing"

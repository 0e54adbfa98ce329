#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_unit.sh UNIT: systemd understands every line of the shipped unit and finds it confined (at
# most 1.5 of 10), and what the program needs from its cage is left open.
set -euo pipefail
unit=$1
bad=0

if ! command -v systemd-analyze >/dev/null; then
	echo "SKIP: systemd-analyze is not installed (Debian package systemd)"
	exit 77
fi
# The program itself is not installed while testing.
wrong=$(systemd-analyze verify "$unit" 2>&1 | grep -v 'is not executable' | grep -F "$(basename "$unit")" || true)
[ -z "$wrong" ] || { echo "$wrong"; bad=1; }
if ! security=$(systemd-analyze security --offline=true --threshold=15 --no-pager "$unit" 2>&1); then
	echo "$security" | grep -v '✓'
	bad=1
fi
if grep -qi '^PrivateUsers=\(yes\|true\|1\|self\)' "$unit"; then
	echo "$unit: PrivateUsers would hide who calls on the socket"
	bad=1
fi
for call in capset landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp; do
	grep '^SystemCallFilter=' "$unit" | tail -n 1 | grep -qw "$call" ||
		{ echo "$unit: the child processes need $call for their own cage"; bad=1; }
done
[ "$bad" -eq 0 ] && echo "unit: ok"
exit "$bad"

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_words.sh ROOT: the repository speaks about opcard only, never about the desk it was written at:
# no paths of one machine (temporary folders only in tests), no talk of who or what typed it.
set -euo pipefail
cd "$1"
paths='(^|[^[:alnum:]_./])/(work|root|home/[a-z][a-z0-9_-]*|Users/[A-Za-z]+|mnt/[a-z]+)/'
temporary='(^|[^[:alnum:]_./])/(var/)?tmp(/|"|$|[[:space:]])'
talk='work-?tree|sub-?agent|co-authored-by|language model|(this|previous|earlier|next|another|other) (workplace|engineer|helper)[^-_[:alnum:]]|helper session|(previous|earlier) session[^-_[:alnum:]]'

list() {
	find . \( -path ./build -o -path ./.git -o -path ./quickstart-output -o -path ./tests/style \
		-o -name __pycache__ \) -prune -o -type f -size -512k "$@" -print0
}

report() {	# report WHAT REGEX [find arguments]
	local what=$1 regex=$2
	shift 2
	{ list "$@" | xargs -0 -r grep -IHnoiE -e "$regex" || true; } | sed -E "s|^\./||; s|^([^:]*:[0-9]+):[[:space:]]*(.*)\$|\1: $what: \2|"
}

found=$(
	report "path of one machine" "$paths"
	report "temporary folder outside tests" "$temporary" -not -path './tests/*'
	report "not about opcard" "$talk"
)
if [ -n "$found" ]; then
	echo "$found"
	exit 1
fi
echo "words: ok"

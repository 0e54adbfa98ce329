#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_format.sh ROOT: every C file is as clang-format writes it with our .clang-format.
set -euo pipefail
root=$1
style=$(cd "$(dirname "$0")/../.." && pwd)/.clang-format

if ! command -v clang-format >/dev/null; then
	echo "SKIP: clang-format is not installed (Debian package clang-format)"
	exit 77
fi
bad=0
while IFS= read -r -d '' file; do
	if ! clang-format --style="file:$style" --dry-run -Werror "$file" >/dev/null 2>&1; then
		echo "${file#"$root"/}:1: not formatted (clang-format -i ${file#"$root"/})"
		bad=1
	fi
done < <(find "$root" \( -name build -o -name '.?*' -o -name samples \) -prune -o -name '*.[ch]' -print0)
[ "$bad" -eq 0 ] && echo "format: ok"
exit "$bad"

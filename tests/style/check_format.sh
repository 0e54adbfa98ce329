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
# Loading clang-format takes far longer than its work on a file, so one process judges many files.
said=$(find "$root" \( -name build -o -name '.?*' -o -name samples \) -prune -o -name '*.[ch]' -print0 |
	xargs -0 -r -n 100 clang-format --style="file:$style" --dry-run -Werror 2>&1) && { echo "format: ok"; exit 0; }
found=$(sed -nE "s|^$root/||; s|^([^ :]+):[0-9]+:[0-9]+: error:.*|\1:1: not formatted (clang-format -i \1)|p" <<<"$said" | sort -u)
echo "${found:-$said}"
exit 1

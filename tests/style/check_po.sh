#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_po.sh ROOT: the Japanese catalogue of daemon/ is sound, complete and knows every message.
# Messages are _("…"), N_("…") and the format of error_set(); a source with one stands in POTFILES.
set -euo pipefail
cd "$1"
po=daemon/po/ja.po
potfiles=daemon/po/POTFILES
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

for tool in msgfmt xgettext msgcmp; do
	if ! command -v "$tool" >/dev/null; then
		echo "SKIP: $tool is not installed (Debian package gettext)"
		exit 77
	fi
done

say() {
	echo "$1"
	bad=1
}

sources=$(grep -rlE --include='*.[ch]' '(^|[^[:alnum:]_])(_|N_|error_set)\("|(^|[^[:alnum:]_])error_set\(' daemon 2>/dev/null |
	grep -v '^daemon/base/error\.[ch]$' | sort || true)
[ -n "$sources" ] || [ -e "$po" ] || { echo "po: ok (no messages yet)"; exit 0; }
[ -e "$potfiles" ] || { say "$potfiles:1: missing"; exit 1; }
[ -e "$po" ] || { say "$po:1: missing"; exit 1; }

grep -v '^#' "$potfiles" | sed '/^[[:space:]]*$/d' | sort >"$work/listed"
while read -r file; do
	grep -qxF "$file" "$work/listed" || say "$file:1: has messages but does not stand in $potfiles"
done <<<"$sources"
while read -r file; do
	[ -e "$file" ] || say "$potfiles:1: $file does not exist"
done <"$work/listed"

msgfmt -c --check-format -o /dev/null "$po" 2>"$work/msgfmt" || { cat "$work/msgfmt"; bad=1; }
stat=$(LC_ALL=C msgfmt --statistics -o /dev/null "$po" 2>&1 || true)
case $stat in
*fuzzy* | *untranslated*) say "$po:1: $stat" ;;
esac

while read -r file; do
	[ -e "$file" ] && echo "$file"
done <"$work/listed" >"$work/there"
xgettext --from-code=UTF-8 -L C -k_ -kN_ -kngettext:1,2 -kerror_set:3 -f "$work/there" -o "$work/opcard.pot" 2>"$work/xgettext" ||
	{ cat "$work/xgettext"; bad=1; }
if [ -e "$work/opcard.pot" ] && ! LC_ALL=C msgcmp "$po" "$work/opcard.pot" 2>"$work/msgcmp"; then
	say "$(sed "s|^$work/opcard.pot:[0-9]*|$po:1|; /^msgcmp: found/d; /warning: this message is not used/d" "$work/msgcmp" | head -40)"
fi
[ "$bad" -eq 0 ] && echo "po: ok"
exit "$bad"

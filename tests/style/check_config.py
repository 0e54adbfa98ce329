#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_config.py ROOT: the sample configuration names every key of config.c, no other, and shows the
defaults that are in force. A key stands there set ("key = value") or as its default ("#key = value").
"""
import pathlib
import re
import sys

TABLE = "daemon/base/config.c"
SAMPLE = "daemon/data/opcardd.conf"
ROW = re.compile(r'^\s*\[\w+\]\s*=\s*\{\s*"([\w-]+)",\s*"([\w-]+)",\s*VALUE_\w+,\s*(.*?)\s*\},', re.M)


def known(root):
    """(section, key) → default as text, or None where it is put together at build time."""
    rows = ROW.findall((root / TABLE).read_text(encoding="utf-8"))
    return {(s, k): v[1:-1] if re.fullmatch(r'"[^"]*"', v) else None for s, k, v in rows}


def shown(root):
    """Yields (line, section, key, value, is_default) of the sample; free and dated sections left out."""
    section = None
    for number, line in enumerate((root / SAMPLE).read_text(encoding="utf-8").splitlines(), 1):
        if match := re.match(r"#?\[(.+)\]$", line):
            section = match[1]
        elif match := re.match(r"(#?)([a-z][a-z-]*) =(?: (.*))?$", line):
            if section not in ("accounts", "roles", "break-glass", "permit") and not section.startswith("policy "):
                yield number, section, match[2], match[3] or "", bool(match[1])


def check(root):
    table, seen = known(root), set()
    for number, section, key, value, is_default in shown(root):
        seen.add((section, key))
        if (section, key) not in table:
            yield f"{SAMPLE}:{number}: [{section}] {key} is no key of {TABLE}"
        elif is_default and table[section, key] not in (None, "", value):
            yield f"{SAMPLE}:{number}: the default of {key} is {table[section, key]!r}, not {value!r}"
    for section, key in sorted(set(table) - seen):
        yield f"{SAMPLE}:1: [{section}] {key} is missing"


if __name__ == "__main__":
    tree = pathlib.Path(sys.argv[1]).resolve()
    if not (tree / TABLE).exists():
        print(f"config: ok (no {TABLE} yet)")
        sys.exit(0)
    bad = list(check(tree))
    print("\n".join(bad) if bad else "config: ok")
    sys.exit(bool(bad))

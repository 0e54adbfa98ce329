#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""copies.py [--check]: the sample office as personnel systems hand it over.

office-cp932: CP932 with CRLF; names that CP932 cannot carry stand in the spelling such systems use
(no variation selectors, 吉 for 𠮷). office-bom: UTF-8 with BOM and CRLF, every character kept.
--check compares the copies with office/ instead of writing them.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent


def cp932(text):
    return re.sub("[\U000e0100-\U000e01ef]", "", text).replace("𠮷", "吉").encode("cp932")


def bom(text):
    return text.encode("utf-8-sig")


def main():
    stale = []
    for source in sorted((HERE / "office").glob("*.csv")):
        text = source.read_text(encoding="utf-8").replace("\n", "\r\n")
        for folder, encode in (("office-cp932", cp932), ("office-bom", bom)):
            copy = HERE / folder / source.name
            if "--check" not in sys.argv:
                copy.write_bytes(encode(text))
            elif not copy.exists() or copy.read_bytes() != encode(text):
                stale.append(f"tests/data/{folder}/{source.name}: run tests/data/copies.py")
    print("\n".join(stale) if stale else "copies: ok")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())

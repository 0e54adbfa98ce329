# SPDX-License-Identifier: Apache-2.0
"""What every checker needs: the files of a tree, and C text without its comments and strings.

A tree is any folder; generated folders and the samples of the checkers are never part of it.
"""
import os
import pathlib
import re

GENERATED = {"build", "quickstart-output", "__pycache__"}
TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(root):
    """Yields (path relative to root as text, Path) of every file, sorted."""
    found = []
    for folder, folders, names in os.walk(root):
        here = pathlib.Path(folder)
        inside = here.relative_to(root).as_posix()
        folders[:] = [d for d in folders if not (
            d in GENERATED or (d.startswith(".") and d != ".ci")
            or (inside == "tests/style" and d == "samples"))]
        found += [((here / n).relative_to(root).as_posix(), here / n) for n in names
                  if not n.startswith(".")]
    return sorted(found)


def read(path):
    return path.read_text(encoding="utf-8", errors="replace")


def blank(text, strings=True):
    """The same text, same lines and columns, with comments (and the inside of strings) blanked."""
    def replace(match):
        token = match[0]
        if token[0] == "/":
            return re.sub(r"[^\n]", " ", token)
        return token if not strings else token[0] + "_" * (len(token) - 2) + token[-1]
    return TOKEN.sub(replace, text)


def literals(text):
    """Yields (line, inside) of every string literal outside comments and include lines."""
    for match in TOKEN.finditer(text):
        if match[0][0] != '"':
            continue
        start = text.rfind("\n", 0, match.start()) + 1
        if not text[start:match.start()].lstrip().startswith("#include"):
            yield text.count("\n", 0, match.start()) + 1, match[0][1:-1]

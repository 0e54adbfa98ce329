#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_names.py ROOT: names and sizes by which a reader finds the way.

It reads C as our .clang-format writes it: a function body is "{" alone in the first column down to
"}" in the first column. That is why the format check stands beside it.
"""
import pathlib
import re
import sys

import source

MAX_FUNCTION = 60
MAX_PARAMETERS = 5
MAX_NESTING = 4
SAME_NAME_ALLOWED = {"main.c", "meson.build"}
SOURCES = (".c", ".h", ".py", ".sh", ".js", ".css")
LEFT_OVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
PASCAL = re.compile(r"^[A-Z][a-z0-9]*([A-Z][a-z0-9]*)*$")
CONTROL = re.compile(r"^(\}\s*)?(if|for|while|else if|switch|g_autoptr_for)\s*\(|^(\}\s*)?(else|do)$"
                     r"|^(\}\s*)?else\s+if\s*\(")


def line_of(code, position):
    return code.count("\n", 0, position) + 1


def top_level(text):
    """The text outside every brace, same length; what stood inside is blank."""
    out, depth = [], 0
    for char in text:
        if char == "}":
            depth = max(0, depth - 1)
        out.append(char if depth == 0 or char == "\n" else " ")
        if char == "{":
            depth += 1
    return "".join(out)


def without_preprocessor(code):
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m[0]), code, flags=re.M)


def arguments(text, opening):
    """Splits the parenthesis that opens at @opening at its top-level commas."""
    depth, parts, current = 0, [], ""
    for char in text[opening:]:
        if char in "([{":
            depth += 1
            if depth == 1:
                continue
        elif char in ")]}":
            depth -= 1
            if depth == 0:
                break
        if char == "," and depth == 1:
            parts.append(current.strip())
            current = ""
        else:
            current += char
    parts.append(current.strip())
    # The error every fallible function ends with, and the dots of printf, are no choice of its shape.
    return [p for p in parts if p not in ("", "void", "...", "GError **error")]


def signature(text):
    """(name, number of parameters, what stands before the name) of a declaration, or None."""
    text = re.sub(r"__attribute__\s*\(\(.*?\)\)", lambda m: " " * len(m[0]), text, flags=re.S)
    match = re.search(r"\b([A-Za-z_]\w*)\s*\(", text)
    if match is None or re.match(r"\s*typedef\b", text) or "=" in text[:match.start()]:
        return None
    before = text[:match.start()].strip()
    if not before or text[match.end():].lstrip().startswith("*"):
        return None  # a macro, or a pointer to a function
    return match[1], len(arguments(text, match.end() - 1)), before


def declarations(code):
    """Yields (line, signature) of every function declared at the top level."""
    flat = top_level(without_preprocessor(code))
    start = 0
    for match in re.finditer(r"[;{}]", flat):
        text = flat[start:match.start()]
        if match[0] != "}" and "(" in text:
            lines = text.split("\n")
            while lines and (not lines[0].strip() or re.match(r"^[A-Z][A-Z0-9_]*\(.*\)\s*$", lines[0])):
                start += len(lines.pop(0)) + 1  # a macro without semicolon stands before it
            found = signature("\n".join(lines))
            if found:
                yield line_of(flat, start), found
        start = match.end()


def functions(code):
    """Yields (first line, last line, text of the signature, body lines) of every definition."""
    lines = without_preprocessor(code).split("\n")
    for number, line in enumerate(lines):
        if line != "{":
            continue
        first = number
        while first > 0 and lines[first - 1].strip() and not re.search(r"[;}]\s*$", lines[first - 1]):
            first -= 1
        last = next((i for i in range(number, len(lines)) if lines[i].startswith("}")), number)
        text = "\n".join(lines[first:number])
        if "(" in text:
            yield first + 1, last + 1, text, lines[number + 1:last]


def deep_lines(body):
    """Yields offsets of statements that stand deeper than MAX_NESTING tabs; tables do not count."""
    parens, table, fresh = 0, 0, True
    for offset, line in enumerate(body):
        text = line.strip()
        if not text:
            continue
        tabs = len(line) - len(line.lstrip("\t"))
        if fresh and not table and tabs > MAX_NESTING:
            yield offset
        if table or re.search(r"(=|\)|return)\s*\{", text) and not CONTROL.match(text):
            table += text.count("{") - text.count("}")
        parens += text.count("(") - text.count(")")
        fresh = parens == 0 and bool(re.search(r"[;{}:]$", text) or CONTROL.match(text))


def check_header(path, text, code):
    if not re.search(r"^#pragma once$", text, re.M):
        yield f"{path}:1: header without #pragma once"
    stem = pathlib.PurePath(path).stem
    room = pathlib.PurePath(path).parent.name
    for line, (name, count, before) in declarations(code):
        if name != stem and not name.startswith((stem + "_", room + "_")):
            yield f"{path}:{line}: {name}() must be called {stem}_…"
        if count > MAX_PARAMETERS and "CK_RV" not in before:
            yield f"{path}:{line}: {name}() takes {count} parameters, limit {MAX_PARAMETERS}"


def check_types(path, code):
    for match in re.finditer(r"\benum\b\s*(\w*)\s*\{([^{}]*)\}", code):
        members = [m.strip() for m in match[2].split(",") if m.strip()]
        constants = not match[1] and not code[:match.start()].rstrip().endswith("typedef")
        # Numbers that somebody else gave (an RFC, flags) are written out one by one.
        if constants or all("=" in m for m in members):
            continue
        if not re.match(r"^_[A-Z0-9_]+_MAX$", members[-1]):
            yield f"{path}:{line_of(code, match.start())}: enum {match[1]} must end in a member _…_MAX"
    names = re.finditer(r"\b(?:struct|union|enum)\s+(\w+)\s*\{"
                        r"|\btypedef\b[^;{}()]*?(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\s*|\s)(\w+)\s*(?:\[[^\]]*\])?;"
                        r"|\btypedef\b[^;{}()]*\(\s*\*\s*(\w+)\s*\)", code)
    for match in names:
        name = match[1] or match[2] or match[3]
        if not PASCAL.match(name):
            yield f"{path}:{line_of(code, match.start())}: type {name} must be PascalCase"


def check_functions(path, code):
    for first, last, text, body in functions(code):
        found = signature(text)
        name, count, before = found or ("?", 0, "")
        if last - first + 1 > MAX_FUNCTION:
            yield f"{path}:{first}: {name}() has {last - first + 1} lines, limit {MAX_FUNCTION}"
        # PKCS#11 dictates the shape of its own calls.
        if count > MAX_PARAMETERS and "CK_RV" not in before:
            yield f"{path}:{first}: {name}() takes {count} parameters, limit {MAX_PARAMETERS}"
        for offset in deep_lines(body):
            line = last - len(body) + offset
            yield f"{path}:{line}: {name}() nests deeper than {MAX_NESTING}"
            break


def check_c(path, text):
    code = source.blank(text)
    if path.endswith(".h"):
        yield from check_header(path, text, code)
    yield from check_types(path, code)
    if path.endswith(".c"):
        yield from check_functions(path, code)
    for match in re.finditer(r"\bgoto\b", code):
        yield f"{path}:{line_of(code, match.start())}: goto"


def check_unique(paths):
    seen = {}
    for path in paths:
        pure = pathlib.PurePath(path)
        if pure.name in SAME_NAME_ALLOWED:
            continue
        key = pure.stem if path.endswith((".c", ".h")) else pure.name
        other = seen.setdefault(key, pure)
        if other.parent != pure.parent:
            yield f"{path}:1: {key} is also the name of {other}"


def check(root):
    paths = []
    for path, file in source.files(root):
        text = source.read(file) if path.endswith(SOURCES) or "." not in file.name else ""
        script = text.startswith("#!")
        if not path.endswith(SOURCES) and not script:
            continue
        if path.endswith(SOURCES):
            paths.append(path)
        if "SPDX-License-Identifier: Apache-2.0" not in "\n".join(text.split("\n")[:2]):
            yield f"{path}:1: no SPDX line at the top"
        if not path.startswith("tests/style/"):
            for match in LEFT_OVER.finditer(text):
                yield f"{path}:{line_of(text, match.start())}: {match[0]} left over"
        if path.endswith((".c", ".h")):
            yield from check_c(path, text)
    yield from check_unique(paths)


if __name__ == "__main__":
    bad = list(check(pathlib.Path(sys.argv[1]).resolve()))
    print("\n".join(bad) if bad else "names: ok")
    sys.exit(bool(bad))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_commands.py ROOT: every command of opcardctl that a message or a README tells people to run
exists with the options it shows, and a translation tells them to run the same ones.
"""
import ast
import pathlib
import re
import sys

TABLE = "daemon/ctl/ctl_command.c"
PO = "daemon/po/ja.po"
READMES = ("README.md", "README.ja.md")
ROW = re.compile(r'\{\s*"([a-z][a-z -]*)",\s*"[^"]*",\s*(.*?)\bN_\(', re.S)
COMMON = {"--socket", "--json", "--dry-run", "--no-input", "--confirm", "--pin-fd", "--help", "--version",
          "--list-commands", "-o"}
ENTRY = re.compile(r'^msgid ((?:"(?:\\.|[^"\\])*"\n)+)msgstr ((?:"(?:\\.|[^"\\])*"\n?)+)', re.M)
CALL = re.compile(r"opcardctl ([a-z][^`\n]*)")


def commands(root):
    """Command → its options; macros of options are read from the same file."""
    text = (root / TABLE).read_text(encoding="utf-8")
    macros = dict(re.findall(r"^#define (\w+)((?:.*\\\n)*.*)$", text, re.M))
    found = {}
    for name, options in ROW.findall(text):
        for macro, value in macros.items():
            options = re.sub(rf"\b{macro}\b", lambda _: value, options)
        found[name] = set(re.findall(r"--[a-z-]+", options))
    return found


def judge(call, known):
    """What is wrong with the words after "opcardctl", or None."""
    words = call.split("#")[0].split()
    name = next((n for n in (" ".join(words[:2]), words[0]) if n in known), None)
    if name is None:
        return f"opcardctl {call.strip()}: there is no such command"
    unknown = [w for w in words if re.match(r"--?[a-z]", w) and w not in known[name] | COMMON]
    return f"opcardctl {name} has no option {unknown[0]}" if unknown else None


def entries(text):
    """(line, English, Japanese) of a catalogue."""
    for match in ENTRY.finditer(text):
        yield (text.count("\n", 0, match.start()) + 1,
               *("".join(ast.literal_eval(part) for part in group.splitlines()) for group in match.groups()))


def quoted(text):
    return sorted(re.sub(r"%\d+\$", "%", call) for call in re.findall(r"`([^`]*)`", text))


def check(root):
    known = commands(root)
    for line, english, japanese in entries((root / PO).read_text(encoding="utf-8")):
        if quoted(english) != quoted(japanese):
            yield f"{PO}:{line}: the translation has other commands: {quoted(english)}, {quoted(japanese)}"
        for call in quoted(english):
            wrong = judge(call[len("opcardctl "):], known) if call.startswith("opcardctl ") else None
            if wrong:
                yield f"{PO}:{line}: {wrong}"
    for readme in READMES:
        path = root / readme
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for number, line in enumerate(lines, 1):
            for shown in re.findall(r"`([^`]*)`", line) + [line] * line.startswith("    "):
                match = re.match(r"\s*(?:sudo )?" + CALL.pattern, shown)
                wrong = match and judge(match[1], known)
                if wrong:
                    yield f"{readme}:{number}: {wrong}"


if __name__ == "__main__":
    tree = pathlib.Path(sys.argv[1]).resolve()
    bad = list(check(tree))
    print("\n".join(bad) if bad else "commands: ok")
    sys.exit(bool(bad))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_layers.py ROOT: who may include whom, and what may stand only in one place.

A room lists the rooms whose headers it may include (always its own too); nothing else is allowed,
so that a new room has to be drawn here first. The same for system headers, SQL and the clock.
"""
import pathlib
import re
import sys

import source

GROUND = {"pkcs11"}
DAEMON = ["base", "core", "store", "audit", "op"]  # each may see those before it
MAY_INCLUDE = {
    "pkcs11": set(),
    "pkcs11/token": GROUND,
    "pkcs11/module": GROUND,
    "ldap": GROUND,
    "forms": GROUND,
    "daemon/ctl": GROUND,
    "daemon/notify": GROUND,
    "daemon/ca": GROUND | {"daemon/base", "daemon/core"},
}
for depth, name in enumerate(DAEMON):
    MAY_INCLUDE["daemon/" + name] = GROUND | {"daemon/" + below for below in DAEMON[:depth]}
MAY_INCLUDE["daemon/op"] |= {"daemon/ca"}
for name in ("api", "jobs"):
    MAY_INCLUDE["daemon/" + name] = MAY_INCLUDE["daemon/op"] | {"daemon/op"}
MAY_INCLUDE["daemon"] = MAY_INCLUDE["daemon/op"] | {"daemon/op", "daemon/api", "daemon/jobs"}
MAY_INCLUDE["tests"] = set(MAY_INCLUDE)

FOLDERS = {"daemon", "pkcs11", "ldap", "forms", "tests"}
LATER = {"ldap"}  # may still be absent
MAX_LINES = 500
COUNTED = (".c", ".h", ".py", ".sh")

LIBC = re.compile(
    r"^(assert|ctype|dirent|dlfcn|elf|endian|err|errno|fcntl|fnmatch|glob|grp|iconv|inttypes|langinfo"
    r"|libgen|libintl|limits|locale|malloc|math|netdb|paths|poll|pthread|pty|pwd|regex|sched|search"
    r"|setjmp|signal|spawn|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string"
    r"|strings|syscall|sysexits|syslog|termios|threads|time|uchar|unistd|utime|wchar|wctype"
    r"|(sys|linux|asm|arpa|net|netinet|bits)/[\w/-]+)\.h$")
LIBC_ONLY = {  # room -> what it may have beside libc
    "pkcs11": re.compile(r"^$"),
    "pkcs11/module": re.compile(r"^p11-kit/"),
}
# what, where it may stand (None: nowhere in daemon/), how it is called in the message
ONLY_IN = [
    (re.compile(r"^seccomp\.h$"), re.compile(r"^(pkcs11/cage[a-z_]*\.c|tests/)"), "seccomp"),
    (re.compile(r"^event2/"), re.compile(r"^(daemon/api/http([a-z_]*\.c|_[a-z_]+\.h)|tests/)"), "libevent"),
    (re.compile(r"^sqlite3"), re.compile(r"^(daemon/store/|ldap/mirror\.c|tests/)"), "SQLite"),
    (re.compile(r"^(ldap|lber)\.h$"), re.compile(r"^(ldap|tests)/"), "libldap"),
    (re.compile(r"^(pango|cairo|hb|harfbuzz|qpdf|cups)\b"), re.compile(r"^(forms|tests)/"),
     "drawing and printing"),
    (re.compile(r"^libp11\.h$"), re.compile(r"^(pkcs11/token|tests)/"), "libp11"),
]
SQL = re.compile(r"^\s*(SELECT|INSERT\s+(OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM"
                 r"|CREATE\s+(UNIQUE\s+|TEMP\s+)?(TABLE|INDEX|TRIGGER|VIEW)|ALTER\s+TABLE"
                 r"|DROP\s+(TABLE|INDEX|TRIGGER|VIEW)|PRAGMA|VACUUM|ATTACH)\s")
SQL_HOME = re.compile(r"^(daemon/store/|ldap/mirror\.c|tests/)")
CLOCK = re.compile(r"(?<![\w.>])(time|gettimeofday|g_get_real_time|g_date_time_new_now\w*)\s*\("
                   r"|clock_gettime\s*\(\s*CLOCK_(?:REALTIME|TAI)")
# opcard-form dates what it prints from a shell, where no date was given to it.
CLOCK_HOME = re.compile(r"^(daemon/base/clock\.c|forms/main\.c|tests/)")
PURE = re.compile(r"^daemon/(core|ca)/")
PURE_READS_FILES = {"daemon/ca/key_file.c"}
IO_HEADER = re.compile(r"^(unistd|fcntl|dirent|poll|spawn|netdb|termios|syslog|sys/\w+|netinet/\w+"
                       r"|arpa/\w+|gio/.*|glib/gstdio|systemd/.*)(\.h)?$")
IO_CALL = re.compile(r"(?<![\w.>])(fopen|fdopen|freopen|fread|fwrite|fclose|fgets|fputs|fprintf|printf"
                     r"|puts|putchar|perror|tmpfile|open|openat|read|write|pread|pwrite|unlink|rename"
                     r"|socket|connect|getenv|system|popen|sleep|usleep|g_file_\w+|g_open|g_fopen"
                     r"|g_print|g_printerr|g_usleep|BIO_new_file|BIO_new_fp|BIO_read_filename)\s*\(")


def room_of(path):
    """The innermost room a path lies in, or None."""
    return max((r for r in MAY_INCLUDE if path.startswith(r + "/")), key=len, default=None)


def stands_in(path):
    """Rooms are flat: a file deeper than its room has no room (tests may nest)."""
    room = room_of(path)
    if room is None or room == "tests":
        return room
    return room if path.rpartition("/")[0] == room else None


def check_include(path, room, line, quoted, angled):
    if quoted:
        to = stands_in(quoted)
        if to is None:
            yield f"{path}:{line}: {quoted} lies in no known room (includes start at the root)"
        elif to != room and to not in MAY_INCLUDE[room]:
            yield f"{path}:{line}: {room} must not include {to} ({quoted})"
        return
    for what, home, label in ONLY_IN:
        if what.match(angled) and not home.match(path):
            yield f"{path}:{line}: {room} must not know {label} (<{angled}>)"
            return
    extra = LIBC_ONLY.get(room)
    if extra and not LIBC.match(angled) and not extra.match(angled) and angled != "seccomp.h":
        yield f"{path}:{line}: {room} is libc only, not <{angled}>"
    if PURE.match(path) and IO_HEADER.match(angled) and path not in PURE_READS_FILES:
        yield f"{path}:{line}: {room} is pure, not <{angled}>"


def check_c(path, text):
    room = stands_in(path)
    if room is None:
        yield f"{path}:1: lies in no known room"
        return
    code = source.blank(text, strings=False)
    for number, line in enumerate(code.splitlines(), 1):
        include = re.match(r'\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', line)
        if include:
            yield from check_include(path, room, number, include[1], include[2])
    for number, line in enumerate(source.blank(text).splitlines(), 1):
        if not CLOCK_HOME.match(path) and (call := CLOCK.search(line)):
            yield f"{path}:{number}: only daemon/base/clock.c reads the clock ({call[0].strip()}…)"
        if PURE.match(path) and path not in PURE_READS_FILES and (call := IO_CALL.search(line)):
            yield f"{path}:{number}: {room} is pure, not {call[1]}()"
    if not SQL_HOME.match(path):
        for number, inside in source.literals(text):
            if SQL.match(inside):
                yield f"{path}:{number}: SQL outside daemon/store/ and ldap/mirror.c"


def check_folders(root):
    there = {p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")}
    for name in sorted(there - FOLDERS - source.GENERATED):
        yield f"{name}:1: top-level folders are exactly {' '.join(sorted(FOLDERS))}"
    if (root / "meson.build").exists():
        for name in sorted(FOLDERS - LATER - there):
            yield f"{name}:1: top-level folder is missing"


def check(root):
    yield from check_folders(root)
    for path, file in source.files(root):
        if not path.endswith(COUNTED):
            continue
        text = source.read(file)
        if (lines := text.count("\n")) > MAX_LINES:
            yield f"{path}:{lines}: {lines} lines, limit {MAX_LINES}"
        if path.endswith((".c", ".h")):
            yield from check_c(path, text)


if __name__ == "__main__":
    bad = list(check(pathlib.Path(sys.argv[1]).resolve()))
    print("\n".join(bad) if bad else "layers: ok")
    sys.exit(bool(bad))

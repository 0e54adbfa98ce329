#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""results.py [--failures] LABEL=TESTLOG.json…: what meson's test logs say.

With --failures: the end of the log of each test that failed. Without: what was skipped although it
could have run, and alone on the last line "N passed, N failed, N skipped"; then exit 1 unless all is
well. TAP subtests count one by one, other tests as one.
"""
import json
import pathlib
import re
import sys

GOOD = {"OK", "EXPECTEDFAIL"}
TAIL = 60
# What no package can bring: the kernel, rights, devices, and what sanitizers exclude.
EXCUSED = re.compile(r"kernel|landlock|seccomp|namespace|root|privilege|hardware|device|sanitizer", re.I)
TAP = re.compile(r"^(not )?ok\b(.*)$", re.M)
SKIPPED = re.compile(r"# *skip\S*\s*(.*)$", re.I)


def read(path):
    """The tests of one log; a log that meson did not write is one failed test."""
    path = pathlib.Path(path)
    if not path.exists():
        console = path.with_name("console.txt")
        said = console.read_text(encoding="utf-8") if console.exists() else ""
        return [{"name": "meson test", "result": "ERROR", "stdout": f"{said}{path} was not written\n"}]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def reason_of(test):
    lines = (test.get("stdout", "") + test.get("stderr", "")).strip().splitlines()
    return lines[-1].strip() if lines else "no reason given"


def count(test):
    """(passed, failed, reasons of the skipped) of one test."""
    out, good = test.get("stdout", ""), test["result"] in GOOD
    whole = re.search(r"^1\.\.0\s*(# *skip.*)$", out, re.M | re.I)
    if whole or test["result"] == "SKIP":
        return 0, 0, [SKIPPED.search(whole[1])[1] if whole else reason_of(test)]
    if not re.search(r"^1\.\.\d+", out, re.M):
        return int(good), int(not good), []
    passed, failed, skipped = 0, 0, []
    for match in TAP.finditer(out):
        skip = SKIPPED.search(match[2])
        if skip:
            skipped.append(skip[1])
        elif match[1]:
            failed += 1
        else:
            passed += 1
    return passed, max(failed, int(not good)), skipped


def show_failures(label, tests):
    for test in tests:
        if test["result"] in GOOD | {"SKIP"}:
            continue
        print(f"--- {test['name']} ({label}): {test['result']}, exit {test.get('returncode', '?')}; "
              "end of its log:")
        log = test.get("stdout", "") + test.get("stderr", "")
        print("\n".join(log.splitlines()[-TAIL:]))


def main(arguments):
    failures_only = arguments[:1] == ["--failures"]
    passed = failed = skipped = 0
    missed = []
    for argument in arguments[int(failures_only):]:
        label, _, path = argument.partition("=")
        tests = read(path)
        if failures_only:
            show_failures(label, tests)
            continue
        for test in tests:
            good, bad, skips = count(test)
            passed, failed, skipped = passed + good, failed + bad, skipped + len(skips)
            missed += [f"{test['name']} ({label}): {why}" for why in skips if not EXCUSED.search(why)]
    if failures_only:
        return 0
    for line in missed:
        print(f"Skipped without need: {line}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return int(failed > 0 or passed == 0 or bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_samples.py CHECKER FOLDER: shows that a checker rejects what it must and passes what it may.

A sample is one file: first line "must report: TEXT" or "must pass", then files of a small tree, each
after a line "-- path --". The checker must report exactly one finding that contains TEXT.
Prints TAP, one line a sample.
"""
import pathlib
import re
import subprocess
import sys
import tempfile


def unpack(sample, folder):
    """Writes the files of a sample and returns what must be reported (None: nothing)."""
    first, _, rest = sample.read_text(encoding="utf-8").partition("\n")
    parts = re.split(r"^-- (\S+) --\n", rest, flags=re.M)
    for path, text in zip(parts[1::2], parts[2::2]):
        text = re.sub(r"^<(\d+) lines>\n", lambda m: "\tx++;\n" * int(m[1]), text, flags=re.M)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    if first == "must pass":
        return None
    assert first.startswith("must report: "), f"{sample}: first line"
    return first.removeprefix("must report: ")


def judge(checker, sample):
    """Returns what is wrong with the checker's answer, or None."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = unpack(sample, pathlib.Path(folder))
        run = subprocess.run([checker, folder], capture_output=True, text=True, check=False)
    if run.returncode == 77:
        return "SKIP"
    found = [line for line in run.stdout.splitlines() if line]
    if wanted is None:
        return None if run.returncode == 0 else f"must pass, but: {found} {run.stderr}"
    if run.returncode != 1 or len(found) != 1 or wanted not in found[0]:
        return f"wanted one finding with {wanted!r}, got exit {run.returncode}: {found} {run.stderr}"
    return None


def main():
    checker = str(pathlib.Path(sys.argv[1]).resolve())
    samples = sorted(pathlib.Path(sys.argv[2]).glob("*.sample"))
    if not samples:
        print("Bail out! no samples")
        return 1
    print(f"1..{len(samples)}")
    failed = False
    for number, sample in enumerate(samples, 1):
        wrong = judge(checker, sample)
        if wrong == "SKIP":
            print(f"ok {number} {sample.stem} # SKIP the checker's tool is not installed")
            continue
        print(f"{'not ok' if wrong else 'ok'} {number} {sample.stem}")
        if wrong:
            failed = True
            print(f"# {wrong}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

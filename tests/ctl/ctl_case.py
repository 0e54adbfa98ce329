# SPDX-License-Identifier: Apache-2.0
"""One test: a fresh fake API and the real opcardctl, with and without a terminal."""
import json
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import unittest

from fake_api import FakeApi, Request  # noqa: F401

OPCARDCTL = os.environ["OPCARDCTL"]
DEADLINE = 240


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="opcardctl-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.api = FakeApi(self.folder)
        self.addCleanup(self.api.close)

    def environment(self, locale):
        clean = {key: value for key, value in os.environ.items()
                 if not key.startswith("LC_") and key not in ("LANG", "LANGUAGE")}
        return {**clean, "LC_ALL": locale, "OPCARD_SOCKET": self.api.socket}

    def ctl(self, *arguments, locale="C", pins=None, stdin=b"", **more):
        """Runs without a terminal. `pins`: lines that --pin-fd shall give."""
        fds = ()
        if pins is not None:
            end, start = os.pipe()
            os.write(start, pins.encode() if isinstance(pins, str) else pins)
            os.close(start)
            arguments = (*arguments, "--pin-fd", str(end))
            fds = (end,)
        done = subprocess.run([OPCARDCTL, *arguments], env=self.environment(locale), input=stdin,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=fds,
                              timeout=DEADLINE, check=False, **more)
        for fd in fds:
            os.close(fd)
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def ja(self, *arguments, **more):
        return self.ctl(*arguments, locale="ja_JP.UTF-8", **more)

    def good(self, *arguments, **more):
        result = self.ctl(*arguments, **more)
        self.assertEqual((result.code, result.err if result.code else ""), (0, ""))
        return result

    def terminal(self, *arguments, answers=(), locale="C"):
        """Runs on a pseudo-terminal. `answers`: (text to wait for, bytes to type). Gives the exit
        code and everything that appeared."""
        pid, fd = pty.fork()
        if pid == 0:
            os.execve(OPCARDCTL, [OPCARDCTL, *arguments], self.environment(locale))
        seen = b""
        todo = list(answers)
        searched = 0
        while True:
            if todo and todo[0][0].encode() in seen[searched:]:
                searched = len(seen)
                os.write(fd, todo.pop(0)[1])
                continue
            ready, _, _ = select.select([fd], [], [], DEADLINE)
            self.assertTrue(ready, f"stuck after {seen!r}")
            try:
                got = os.read(fd, 4096)
            except OSError:
                break
            if not got:
                break
            seen += got
        status = os.waitpid(pid, 0)[1]
        os.close(fd)
        self.assertEqual(todo, [], seen)
        return os.waitstatus_to_exitcode(status), seen.decode()

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def assertJson(self, result):
        """stdout is one document and nothing else."""
        return json.loads(result.out)


def main():
    unittest.main(verbosity=1, argv=sys.argv[:1] + sys.argv[1:])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The simulated power failure finds the bugs it is for, and none where there is none: a program
that replaces a file rightly and wrongly, and SQLite with and without syncs. Every cut between two
file operations is tried."""

import errno
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import power  # noqa: E402

SIZE = 4096
OLD, NEW = b"o" * SIZE, b"n" * SIZE
BUGS, SHIM = os.environ["POWER_BUGS"], os.environ["POWER_SHIM"]
WRITER = """
import sqlite3, sys
store = sqlite3.connect(sys.argv[1] + "/store.db", isolation_level=None)
store.execute("PRAGMA journal_mode=WAL")
store.execute("PRAGMA wal_autocheckpoint=0")
store.execute("PRAGMA synchronous=" + sys.argv[2])
store.execute("CREATE TABLE IF NOT EXISTS t(x)")
for number in range(20):
    store.execute("INSERT INTO t VALUES(?)", (number,))
    print(number, flush=True)
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
"""


class PowerTest(unittest.TestCase):
    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="opcard-power-"))
        self.addCleanup(shutil.rmtree, self.top)
        self.folder = self.top / "disk"
        self.journal = self.top / "journal"
        self.control = power.Control(self.top / "control")

    def fresh(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.journal.unlink(missing_ok=True)
        self.control.reset()
        return self.folder

    def run_program(self, *command):
        return subprocess.run(command, capture_output=True, text=True, check=False, env=dict(
            os.environ, LD_PRELOAD=SHIM, POWER_ROOT=str(self.folder),
            POWER_JOURNAL=str(self.journal), POWER_CONTROL=str(self.top / "control")))

    def cut(self, disk, how, seed=0):
        signed = disk.replay(self.journal)
        disk.cut(how, random.Random(seed))
        disk.write()
        return signed

    def replace(self, how, die_at=None, kind=power.WRITES, keep="none", seed=0):
        """(what it said, the value after the cut)"""
        (self.fresh() / "value").write_bytes(OLD)
        disk = power.Disk([self.folder])
        if die_at is not None:
            self.control.arm(kind, die_at, 0)
        ended = self.run_program(BUGS, how, self.folder)
        self.cut(disk, keep, seed)
        return ended.stdout.split(), (self.folder / "value").read_bytes()

    def violations(self, how):
        """Of all cuts: a value that is neither, or the old one after "done"."""
        found = 0
        for keep in ("none", "some", "some", "some", "some", "some", "some", "all"):
            for kind, die_at in [(power.WRITES, n) for n in (1, 2, 3)] + [
                    (power.SYNCS, n) for n in (1, 2, 3)] + [(0, None)]:
                said, value = self.replace(how, die_at, kind, keep, seed=found + 17 * (die_at or 0))
                found += value not in (OLD, NEW) or "done" in said and value != NEW
        return found

    def test_right_order_has_no_bug(self):
        self.assertEqual(self.violations("right"), 0)

    def test_a_missing_sync_is_found(self):
        self.assertGreater(self.violations("no-sync"), 0)
        self.assertEqual(self.replace("no-sync")[1], b"")

    def test_a_missing_sync_of_the_folder_is_found(self):
        self.assertGreater(self.violations("no-folder-sync"), 0)
        self.assertEqual(self.replace("no-folder-sync"), (["done"], OLD))

    def test_a_late_sync_is_found(self):
        self.assertGreater(self.violations("sync-after-rename"), 0)

    def test_overwriting_in_place_is_found_and_can_tear(self):
        values = {self.replace("overwrite", keep="some", seed=seed)[1] for seed in range(30)}
        self.assertTrue({OLD, NEW} <= values)
        mixed = [value for value in values if value not in (OLD, NEW)]
        self.assertTrue(mixed)
        for value in mixed:
            for at in range(0, SIZE, power.SECTOR):
                self.assertIn(value[at:at + power.SECTOR],
                              (OLD[:power.SECTOR], NEW[:power.SECTOR]))

    def test_a_kill_alone_loses_nothing(self):
        self.assertEqual(self.replace("no-sync", keep="all")[1], NEW)

    def test_a_full_disk_and_a_failing_sync_are_told_to_the_program(self):
        for kind, code in ((power.WRITES, errno.ENOSPC), (power.SYNCS, errno.EIO)):
            (self.fresh() / "value").write_bytes(OLD)
            self.control.arm(kind, 1, code, is_lasting=True)
            self.assertEqual(self.run_program(BUGS, "right", self.folder).returncode, 1)
            self.assertTrue(self.control.has_hit())
            self.assertEqual((self.folder / "value").read_bytes(), OLD)

    def test_what_a_failed_sync_lost_stays_lost(self):
        disk = power.Disk([self.fresh()])
        self.run_program(BUGS, "right", self.folder)
        seen = list(power.records(self.journal))
        self.assertEqual([one[0] for one in seen], ["C", "W", "S", "R", "N", "S"])
        data = self.journal.read_bytes()
        at = 0
        for record in seen[:2]:
            at += power.RECORD.size + len(record[5]) + len(record[6])
        self.journal.write_bytes(data[:at] + b"F" + data[at + 1:])
        self.cut(disk, "none")
        self.assertEqual((self.folder / "value").read_bytes(), b"")

    def store(self, synchronous, seed=None):
        """(rows that were promised, rows there are) after a cut."""
        disk = power.Disk([self.fresh()])
        ended = self.run_program(sys.executable, "-c", WRITER, str(self.folder), synchronous)
        self.assertEqual(ended.returncode, -signal.SIGKILL, ended.stderr)
        self.cut(disk, "none" if seed is None else "some", seed)
        if not (self.folder / "store.db").exists():
            return 20, 0
        store = sqlite3.connect(self.folder / "store.db")
        try:
            return 20, store.execute("SELECT count(*) FROM t").fetchone()[0]
        except sqlite3.DatabaseError:
            return 20, -1
        finally:
            store.close()

    def test_sqlite_full_keeps_every_commit_and_normal_does_not(self):
        for seed in (None, *range(8)):
            self.assertEqual(*self.store("FULL", seed))
        lost = [there for promised, there in (self.store("NORMAL", seed) for seed in range(4))
                if there != promised]
        self.assertTrue(lost)


if __name__ == "__main__":
    unittest.main()

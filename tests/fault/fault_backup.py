# SPDX-License-Identifier: Apache-2.0
"""Backups, and losses reported while the store cannot be written. The verbs that work without a
daemon (restore, reconcile) are killed at each of their points by tests/e2e/test_restore.py."""

import subprocess

from fault_office import HOLDER, Broken
from fault_operation import USED, Operation

ELSEWHERE = {"restore.opened", "restore.unpacked", "restore.examined", "restore.placing", "restore.placed",
             "reconcile.begin", "reconcile.committed", "reconcile.noted"}


def furnish(office):
    """A recipient; its private key would be elsewhere."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "3650", "-subj", "/CN=backup", "-keyout", office.folder / "backup.key",
                    "-out", office.folder / "backup.pem"], check=True, capture_output=True)
    with open(office.config, "a", encoding="utf-8") as file:
        file.write(f"[backup]\nrecipient = file:{office.folder}/backup.pem\nevery = 0s\nkeep = 3\n")


class Backup(Operation):
    """Whatever is in the folder can be restored, and nothing plain stays behind."""

    name, staff = "backup", None
    points = ("backup.begun", "backup.pages", "backup.copied", "backup.sealed", "backup.before-rename",
              "backup.after-rename", "backup.written", "backup.done")
    commits = 2

    def words(self):
        return ("backup",)

    def folder(self, office):
        return office.world / "state" / "backup"

    def is_done(self, office):
        return any(self.folder(office).glob("*.backup"))

    def again(self, office):
        office.must(None, "backup")
        left = [path.name for path in self.folder(office).glob("*.new")]
        left += [path.name for path in (office.world / "state").glob("backup-copy*")]
        if left:
            raise Broken(f"backup again: {left} stayed behind")
        for path in self.folder(office).glob("*.backup"):
            opened = subprocess.run([office.build / "opcardd", "--config", office.config, "--restore", path, "--key",
                                     office.folder / "backup.key", "--dry-run"], capture_output=True, text=True,
                                    check=False)
            if opened.returncode != 0:
                raise Broken(f"backup again: {path.name} cannot be restored: {opened.stderr}")


class SpooledLoss(Operation):
    """The store refuses; the report outlasts a kill anywhere, and is entered once."""

    name, goal, event = "report-lost-spooled", "LOST", "report-lost"
    points = ("spool.refused:eio,spool.write", "spool.refused:eio,spool.written",
              "spool.refused:eio,spool.shown")
    repairs = (("spool.refused:eio,spool.shown", ("spool.replayed", "spool.cleared")),
               ("spool.refused:eio,spool.written", ("spool.replayed", "spool.replayed")))

    def words(self):
        return "report-lost", USED, "--by", HOLDER, "--via", "phone"

    def target(self):
        return USED

    def again(self, office):
        super().again(office)
        done = office.sql("SELECT count(*) FROM ledger WHERE card = ? AND kind = ?", USED, self.event)[0][0]
        if done != 1:
            raise Broken(f"{self.name} was entered {done} times")


OPERATIONS = [Backup(), SpooledLoss()]

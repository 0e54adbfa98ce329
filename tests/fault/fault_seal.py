# SPDX-License-Identifier: Apache-2.0
"""Checkpoints of the audit trail and the disposal of old records: what stands in the witness file
outside is always what the store holds, and nothing is disposed of halfway without being told."""

import json

from fault_office import ADMIN, CHIEF, CUSTODIAN, Broken
from fault_operation import USED, Operation


class Checkpoint(Operation):
    name, staff = "checkpoint", ADMIN
    points = ("seal.sign", "seal.signed", "seal.kept", "seal.witness", "seal.witnessed")

    def prelude(self, office):
        """Something to be sealed."""
        office.must(CUSTODIAN, "card", "place", USED, "金庫")

    def words(self):
        return "audit", "checkpoint"

    def again(self, office):
        office.must(ADMIN, "audit", "checkpoint")
        code, output, errors = office.ctl(ADMIN, "audit", "verify", "--witness",
                                          office.world / "witness.txt")
        if code != 0:
            raise Broken(f"the trail does not agree with its witness: {output}{errors}")


class FirstKey(Operation):
    """The key of the checkpoints is made at the first start."""

    name, staff, base = "checkpoint-key", None, "empty"
    points = ("seal.key",)

    def words(self):
        return ("status",)

    def again(self, office):
        office.must(None, "status")


class Dispose(Operation):
    """Of years long over, by two persons; the work is done in steps."""

    name, staff = "dispose-trail", CHIEF
    points = ("trail.dispose",)
    commits = 1

    def ask(self, office):
        answer = office.must(ADMIN, "--json", "audit", "dispose", "--fiscal-year", "2015")
        self.number = json.loads(answer)["confirm"]

    def prelude(self, office):
        self.ask(office)

    def words(self):
        return "confirm", self.number

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM ledger WHERE kind = 'audit-dispose'"))

    def again(self, office):
        if not self.is_done(office):
            self.ask(office)
            office.must(CHIEF, *self.words())


class DisposeWork(Dispose):
    """What a job does of it afterwards."""

    name = "dispose-trail-work"
    is_automatic = True
    points = ("trail.step",)
    commits = 0

    def start(self, office):
        super().start(office).communicate(timeout=120)  # the daemon may die over it


OPERATIONS = [Checkpoint(), FirstKey(), Dispose(), DisposeWork()]

# SPDX-License-Identifier: Apache-2.0
"""The key of the audit trail's checkpoints and the disposal of old records."""

import json

from fault_office import ADMIN, CHIEF
from fault_operation import Operation


class FirstKey(Operation):
    """The key of the checkpoints is made at the first start."""

    name, staff, base = "checkpoint-key", None, "empty"
    points = ("seal.key",)

    def words(self):
        return ("status",)

    def again(self, office):
        office.must(None, "status")


class Dispose(Operation):
    """Of years long over, by two persons; one transaction without points of its own."""

    name, staff = "dispose-trail", CHIEF
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


OPERATIONS = [FirstKey(), Dispose()]

# SPDX-License-Identifier: Apache-2.0
"""Lifting what was suspended: a loosening is told after its commit only."""

from fault_office import MANAGER
from fault_operation import USED, Operation


class Resume(Operation):
    name, staff = "resume", MANAGER
    points = ("status.committed", "crl.number", "crl.before-rename", "crl.after-rename")

    def prelude(self, office):
        office.must(MANAGER, "suspend", USED, "--reason", "FORGOTTEN")

    def words(self):
        return "resume", USED, "--reason", "FORGOTTEN"

    def target(self):
        return USED

    def is_done(self, office):
        return not office.sql("SELECT 1 FROM hold WHERE card = ? AND lifted_at IS NULL", USED)


OPERATIONS = [Resume()]

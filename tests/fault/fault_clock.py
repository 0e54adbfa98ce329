# SPDX-License-Identifier: Apache-2.0
"""The clock accepted again by two persons: one transaction, without points of its own."""

import json

from fault_office import ADMIN, CHIEF
from fault_operation import Operation


class AcceptClock(Operation):
    """The clock went back by ten days; two persons say that it is right now."""

    name, staff = "clock-accept", CHIEF

    def arrange(self, office):
        office.change("UPDATE clock_mark SET high = high + 864000")

    def ask(self, office):
        self.number = json.loads(office.must(ADMIN, "--json", "clock", "accept"))["confirm"]

    def prelude(self, office):
        self.ask(office)

    def words(self):
        return "confirm", self.number

    def is_done(self, office):
        return not office.sql("SELECT 1 FROM clock_mark WHERE high > unixepoch() + 86400")

    def settle(self, office):
        """Until then nothing else may be done."""
        if not self.is_done(office):
            self.ask(office)
            office.must(CHIEF, *self.words())


OPERATIONS = [AcceptClock()]

# SPDX-License-Identifier: Apache-2.0
"""An exception from the rules, and the clock accepted again by two persons."""

import datetime
import json

from fault_office import ADMIN, CHIEF
from fault_operation import Operation


def today(days=0):
    """Of the office, which is in Japan."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9)))
    return (now.date() + datetime.timedelta(days=days)).isoformat()


class ApproveException(Operation):
    name, staff = "exception", CHIEF
    points = ("exception.before", "exception.after")

    def prelude(self, office):
        opened = office.must(ADMIN, "--json", "exception", "open", "--kind", "rule", "--subject",
                             "all", "--content", "二要素認証", "--reason", "移行中", "--until",
                             today(30))
        self.number = json.loads(opened)["id"]

    def words(self):
        return "exception", "approve", self.number

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM exception WHERE id = ? AND approved_at IS NOT NULL",
                               self.number))


class AcceptClock(Operation):
    """The clock went back by ten days; two persons say that it is right now."""

    name, staff = "clock-accept", CHIEF
    points = ("clock.accept.before", "clock.accept.after")

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


OPERATIONS = [ApproveException(), AcceptClock()]

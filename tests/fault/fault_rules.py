# SPDX-License-Identifier: Apache-2.0
"""Rules of the office: an emergency stop, an exception, an application decided and carried out, a card
check by round, the clock accepted again."""

import datetime
import json

from fault_office import ADMIN, CHIEF, CUSTODIAN, HOLDER, TOP
from fault_operation import USED, Operation

SECTION = "0301"


def today(days=0):
    """Of the office, which is in Japan."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9)))
    return (now.date() + datetime.timedelta(days=days)).isoformat()


class Emergency(Operation):
    name, staff = "emergency", ADMIN
    points = ("emergency.before", "status.committed@2", "emergency.after", "crl.before-rename@2",
              "crl.after-rename@2")

    def words(self):
        return "emergency", "stop", "--scope", f"section:{SECTION}"

    def target(self):
        return USED

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM hold WHERE scope = ? AND lifted_at IS NULL",
                               f"section:{SECTION}"))


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


class Decide(Operation):
    """An application on paper that takes a person out of the section."""

    name, staff = "apply-decide", ADMIN
    points = ("apply-decide.before", "apply-decide.after")
    state = "APPROVED"

    def prelude(self, office):
        text = (TOP / f"tests/data/office/designations-{SECTION}.csv").read_text(encoding="utf-8")
        lines = [line.replace("追加", "継続") for line in text.splitlines()]
        lines = [line.replace("継続", "削除") if HOLDER in line else line for line in lines]
        file = office.run / "application.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        file.chmod(0o644)
        accepted = office.must(ADMIN, "--json", "application", "accept", "2", file, "--section",
                               SECTION, "--from", today(), "--paper", "様式第2号 変更")
        self.number = json.loads(accepted)["application"]["id"]

    def words(self):
        return "application", "approve", self.number

    def is_done(self, office):
        return office.sql("SELECT state FROM application WHERE id = ?",
                          self.number)[0][0] == self.state


class Execute(Decide):
    name, goal = "apply-execute", "RECALLED"
    points = ("apply-execute.before", "status.committed@2", "apply-execute.after")

    def prelude(self, office):
        super().prelude(office)
        office.must(ADMIN, "application", "approve", self.number)

    def words(self):
        return "application", "execute", self.number

    def target(self):
        return USED

    def is_done(self, office):
        return office.state(USED) == self.goal


class CardCheck(Operation):
    name, card = "card-check", USED
    points = ("card-check.begin", "card-check.read", "card-check.done")

    def words(self):
        return "card", "check", USED, "--reader", "reader1"

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM check_round_card WHERE card = ?"
                               " AND seen_at IS NOT NULL", USED))


class RoundHold(Operation):
    """After the last day of a round, a person puts on hold what was not shown."""

    name = "check-round"
    points = ("check-round.hold", "status.committed@2", "check-round.held")

    def arrange(self, office):
        office.change("UPDATE check_round SET due = ?", today(-1))

    def prelude(self, office):
        self.round = office.sql("SELECT id FROM check_round")[0][0]

    def words(self):
        return "check-round", "hold", self.round, "--confirm", self.round

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM hold WHERE card = ? AND reason = 'UNCHECKED'", USED))


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


OPERATIONS = [Emergency(), ApproveException(), Decide(), Execute(), CardCheck(), RoundHold(),
              AcceptClock()]


def furnish(office):
    office.must(CUSTODIAN, "check-round", "open", "--section", SECTION, "--due", today())

# SPDX-License-Identifier: Apache-2.0
"""Card checks by round, cards on their way, witnessed sessions and emergency stops."""

import datetime
import sqlite3

from fault_office import ADMIN, CUSTODIAN, MANAGER, SECOND_MANAGER, WITNESS
from fault_operation import RECALLED, USED, WAITING, Operation

ROUND = "R-2026-0001"


class EmergencyStop(Operation):
    """A stop of everything: one transaction, told to OCSP and the list afterwards."""

    name, staff = "emergency-stop", ADMIN
    points = ("emergency.before", "emergency.after", "status.committed", "crl.number",
              "crl.after-rename")
    commits = 3

    def words(self):
        return "emergency", "stop", "--scope", "all"

    def is_done(self, office):
        return office.sql("SELECT count(*) FROM hold WHERE scope = 'all' AND lifted_at IS NULL") == [(1,)]


class CardCheck(Operation):
    """Nothing on the card changes, and nothing waits for it afterwards."""

    name, card = "card-check", USED
    points = ("card-check.begin", "card-check.read", "card-check.done")

    def words(self):
        return "card", "check", USED, "--reader", "reader1"

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM ledger WHERE kind = 'card-check' AND card = ?", USED))


class RoundHold(Operation):
    """What was not shown is put on hold in batches; whoever comes after a crash goes on."""

    name = "check-round-hold"
    points = ("check-round.hold", "check-round.held")

    def arrange(self, office):
        yesterday = (datetime.date.today() - datetime.timedelta(days=2)).isoformat()
        database = sqlite3.connect(f"{office.world}/state/opcard.db")
        with database:
            database.execute("INSERT INTO check_round(id, section, section_name, due, opened_at, opened_by)"
                             " VALUES(?, '0301', 'x', ?, 1, ?)", (ROUND, yesterday, CUSTODIAN))
            database.execute("INSERT INTO check_round_card(round, card) VALUES(?, ?)", (ROUND, USED))
        database.close()

    def words(self):
        return "check-round", "hold", ROUND, "--confirm", ROUND

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM hold WHERE card = ? AND reason = 'UNCHECKED'", USED))


class Send(Operation):
    name = "dispatch"
    points = ("transit.send",)

    def words(self):
        return "dispatch", RECALLED, "--to", "情報政策課", "--seal", "1"

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM transit WHERE card = ? AND ended_at IS NULL", RECALLED))


class Arrive(Operation):
    name, staff = "arrive", SECOND_MANAGER
    points = ("transit.arrive",)

    def prelude(self, office):
        office.must(CUSTODIAN, "dispatch", WAITING, "--to", "保険年金課", "--seal", "1")

    def words(self):
        return "arrive", WAITING, "--seal", "1"

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM transit WHERE card = ? AND outcome = 'arrived'", WAITING))


class Place(Operation):
    name, staff = "place", MANAGER
    points = ("transit.place",)

    def words(self):
        return "card", "place", USED, "金庫"

    def is_done(self, office):
        return office.sql("SELECT place FROM card WHERE number = ?", USED) == [("金庫",)]


class SessionOpen(Operation):
    name = "session-open"
    points = ("session.open",)

    def words(self):
        return "session", "open", "--witness", WITNESS

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM witness_session"))


OPERATIONS = [EmergencyStop(), CardCheck(), RoundHold(), Send(), Arrive(), Place(), SessionOpen()]

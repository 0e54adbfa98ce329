# SPDX-License-Identifier: Apache-2.0
"""Reminders, notices and cases: a reminder is given once however often the daemon dies over it; a
notice that was sent and not yet marked is sent again, and none is lost."""

import sqlite3
import time

import fault_office
from fault_office import ADMIN, Broken
from fault_operation import Operation, RECALLED

DAY = 86400
CONTENT = "故障の試験"


def furnish(office):
    office.must(ADMIN, "case", "open", "--kind", "fault", "--content", CONTENT)


def change(office, *statements):
    """In the store, while the daemon is down."""
    base = sqlite3.connect(office.world / "state" / "opcard.db")
    with base:
        for statement, values in statements:
            base.execute(statement, values)
    base.close()


def count(office, query, *values):
    return office.sql(query, *values)[0][0]


class Automatic(Operation):
    """What the daemon does by itself once it is up."""

    staff = None
    is_automatic = True

    def start(self, office):
        return None

    def settle(self, office):
        fault_office.wait_for(f"{self.name} is done", lambda: self.is_done(office))

    def again(self, office):
        self.settle(office)
        self.check_once(office)

    def check_once(self, office):
        """Done neither twice nor half."""


class Remind(Automatic):
    name = "duty-remind"
    points = ("duty-remind.before", "duty-remind.after")

    def arrange(self, office):
        now = int(time.time())
        change(office, ("UPDATE duty SET opened_at = ?, due = date(?, 'unixepoch', '+9 hours')"
                        " WHERE card = ? AND closed_at IS NULL", (now - 18 * DAY, now - 4 * DAY, RECALLED)))

    def given(self, office):
        return count(office, "SELECT count(*) FROM ledger WHERE kind = 'duty-remind' AND card = ?", RECALLED)

    def is_done(self, office):
        return self.given(office) > 0

    def check_once(self, office):
        notices = count(office, "SELECT count(*) FROM outbox WHERE kind = 'collect-reminder'")
        if (self.given(office), notices) != (1, 1):
            raise Broken(f"reminded {self.given(office)} times with {notices} notices")


class RemindCase(Automatic):
    name = "case-remind"
    points = ("reminder.before", "reminder.after")

    def arrange(self, office):
        change(office, ("UPDATE case_file SET opened_at = opened_at - ? WHERE content = ?", (20 * DAY, CONTENT)))

    def given(self, office):
        return count(office, "SELECT count(*) FROM outbox WHERE kind = 'case-open' AND recipient LIKE 'role:%'")

    def is_done(self, office):
        return self.given(office) > 0

    def check_once(self, office):
        if self.given(office) != 1:
            raise Broken(f"reminded of a case {self.given(office)} times")


class Deliver(Automatic):
    """A hook takes the notice; what it wrote is outside and stays."""

    name = "notice-send"
    points = ("notice.send", "notice.sent", "notice.marked")
    number = 9000

    def arrange(self, office):
        folder = office.folder / "hook.d"
        folder.mkdir(exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        hook = office.folder / "hook"
        hook.write_text(f'#!/bin/sh\necho "$1" >>{folder}/sent\n', encoding="utf-8")
        hook.chmod(0o755)
        office.config.write_text(office.configuration() + f"[notices]\nhook = {hook}\nhook-dir = {folder}\n"
                                 "retry = 1s\n", encoding="utf-8")
        change(office,
               ("INSERT INTO outbox VALUES(?, 'case-open', 'role:chief', 'C-1', '{}', ?)",
                (self.number, int(time.time()))),
               ("INSERT INTO delivery VALUES(?, 'hook', 0, 0, NULL, NULL, NULL, NULL)", (self.number,)))

    def sent(self, office):
        path = office.folder / "hook.d" / "sent"
        return path.read_text(encoding="utf-8").split().count(str(self.number)) if path.exists() else 0

    def is_done(self, office):
        return count(office, "SELECT count(*) FROM delivery WHERE notice = ? AND outcome = 'SENT'", self.number) == 1

    def check_once(self, office):
        office.config.write_text(office.configuration(), encoding="utf-8")
        if self.sent(office) == 0:
            raise Broken("a notice counts as sent, and nobody got it")


class Case(Operation):
    staff = ADMIN

    def number(self, office):
        return office.sql("SELECT id FROM case_file WHERE content = ?", CONTENT)[0][0]

    def again(self, office):
        if not self.is_done(office):
            office.must(self.staff, *self.words())
        if not self.is_done(office):
            raise Broken(f"{self.name} again: not done")


class CaseOpen(Case):
    name, points, commits = "case-open", ("case-open.before", "case-open.after"), 1

    def words(self):
        return "case", "open", "--kind", "fault", "--content", "もう一つ"

    def is_done(self, office):
        return count(office, "SELECT count(*) FROM case_file WHERE content = 'もう一つ'") == 1


class CaseNote(Case):
    name, points, commits = "case-note", ("case-note.before", "case-note.after"), 1

    def start(self, office):
        return office.start_ctl(self.staff, "case", "note", self.number(office), "--cause", "老朽化")

    def again(self, office):
        if not self.is_done(office):
            office.must(self.staff, "case", "note", self.number(office), "--cause", "老朽化")

    def is_done(self, office):
        return count(office, "SELECT count(*) FROM case_file WHERE cause = '老朽化'") == 1


class CaseClose(Case):
    name, points, commits = "case-close", ("case-close.before", "case-close.after"), 1

    def start(self, office):
        return office.start_ctl(self.staff, "case", "close", self.number(office), "--measure", "交換する")

    def again(self, office):
        if not self.is_done(office):
            office.must(self.staff, "case", "close", self.number(office), "--measure", "交換する")

    def is_done(self, office):
        return count(office, "SELECT count(*) FROM case_file WHERE closed_at IS NOT NULL AND measure IS NOT NULL") == 1


def check(records):
    """A case is closed with its measure or not at all; a reminder has its notice."""
    for row in records.rows("SELECT id FROM case_file WHERE closed_at IS NOT NULL AND measure IS NULL"):
        yield f"case {row['id']} is closed without a preventive measure"
    for row in records.rows("SELECT subject, stage FROM reminder WHERE NOT EXISTS"
                            " (SELECT 1 FROM outbox WHERE about = subject)"):
        yield f"reminder {row['stage']} of {row['subject']} was given without a notice"


OPERATIONS = [Remind(), RemindCase(), Deliver(), CaseOpen(), CaseNote(), CaseClose()]

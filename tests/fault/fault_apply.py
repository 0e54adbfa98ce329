# SPDX-License-Identifier: Apache-2.0
"""Applications: a decision and the execution of a form 2 are one transaction each."""

import datetime

from fault_office import ADMIN
from fault_operation import USED, Operation


def newest(office, form):
    """The newest application by @form: (id, state)."""
    rows = office.sql("SELECT id, state FROM application WHERE form = ? ORDER BY id DESC LIMIT 1", form)
    return rows[0] if rows else (None, None)


class Approve(Operation):
    """The approval of a form 6 permits one reset, or none of both is there."""

    name, staff = "application-approve", ADMIN
    points = ("apply-decide.before", "apply-decide.after")
    commits = 1

    def prelude(self, office):
        office.must(ADMIN, "application", "accept", "6", "--card", USED, "--reason", "失念",
                    "--paper", "様式第6号 受付")
        self.number = newest(office, 6)[0]

    def words(self):
        return "application", "approve", self.number

    def request(self):
        return f"/applications/{self.number}/approve", {}

    def target(self):
        return USED

    def is_done(self, office):
        return newest(office, 6)[1] == "APPROVED"

    def again(self, office):
        if not self.is_done(office):
            office.must(ADMIN, *self.words())


class Execute(Operation):
    """Designations, recalls and the application's state, or nothing of it."""

    name, staff, goal = "application-execute", ADMIN, "RECALLED"
    points = ("apply-execute.before", "apply-execute.after")
    commits = 1

    def prelude(self, office):
        file = office.run / "users.csv"
        file.write_text("職員番号,権限種別\n009874,業務管理者\n920017,一般操作者\n", encoding="utf-8")
        file.chmod(0o644)
        japan = datetime.timezone(datetime.timedelta(hours=9))
        office.must(ADMIN, "application", "accept", "2", file, "--section", "0301", "--from",
                    datetime.datetime.now(japan).date().isoformat(), "--paper", "様式第2号 変更")
        self.number = newest(office, 2)[0]
        office.must(ADMIN, "application", "approve", self.number)

    def words(self):
        return "application", "execute", self.number

    def request(self):
        return f"/applications/{self.number}/execute", {}

    def target(self):
        return USED


OPERATIONS = [Approve(), Execute()]


def check(records):
    """What an application says happened, happened, and nothing else."""
    for number, state in records.rows(
            "SELECT id, state FROM application a WHERE form = 6 AND is_urgent = 0 AND (state = 'APPROVED') <>"
            " EXISTS(SELECT 1 FROM pin_reset p WHERE p.card = a.card AND p.ended_at IS NULL"
            " AND p.paper = ifnull(a.paper, a.id))"):
        yield f"application {number} is {state}, and its permit says otherwise"
    for number, state in records.rows(
            "SELECT id, state FROM application a WHERE form = 2 AND (state IN ('EXECUTED', 'RECEIVED', 'CLOSED')) <>"
            " EXISTS(SELECT 1 FROM approval p WHERE p.application = a.id AND p.event = 'execute')"):
        yield f"application {number} is {state} without having been executed, or the other way round"
    for number, _ in records.rows(
            "SELECT id, state FROM application a WHERE approved_at IS NOT NULL AND NOT EXISTS("
            "SELECT 1 FROM approval p WHERE p.application = a.id AND p.event = 'approve')"):
        yield f"application {number} is approved by nobody"

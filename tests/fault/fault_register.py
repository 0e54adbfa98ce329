# SPDX-License-Identifier: Apache-2.0
"""The rules' own registers: an exception that is ended, a finding, a yearly task. Each is one
transaction with its record in the ledger: all of it or nothing."""

import datetime

from fault_office import ADMIN, CUSTODIAN
from fault_operation import Operation

REASON = "障害試験"


class EndException(Operation):
    name, staff = "exception-end", ADMIN
    points = ("exception.before", "exception.after", "store.commit")

    def prelude(self, office):
        tomorrow = (datetime.date.today() + datetime.timedelta(days=1)).isoformat()
        office.must(CUSTODIAN, "exception", "open", "--kind", "urgent", "--subject", "all",
                    "--content", REASON, "--reason", REASON, "--until", tomorrow)

    def words(self):
        return "exception", "end", self.number

    def start(self, office):
        self.number = self.open_one(office)
        return super().start(office)

    def open_one(self, office):
        rows = office.sql("SELECT id FROM exception WHERE reason = ? AND ended_at IS NULL", REASON)
        return rows[0][0] if rows else None

    def is_done(self, office):
        return self.open_one(office) is None


class OpenFinding(Operation):
    name, staff = "finding-open", ADMIN
    points = ("finding.before", "finding.after", "store.commit", "store.committed")

    def words(self):
        due = (datetime.date.today() + datetime.timedelta(days=9)).isoformat()
        return ("finding", "open", "--source", "self-inspection", "--reference", REASON, "--content",
                REASON, "--owner", "section:0301", "--due", due)

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM finding WHERE reference = ?", REASON))


class RecordYear(Operation):
    name, staff = "yearly-done", ADMIN
    points = ("yearly.before", "yearly.after")

    def words(self):
        return "yearly", "done", "continuation", "--reference", REASON

    def is_done(self, office):
        rows = office.sql("SELECT (SELECT count(*) FROM yearly_task WHERE reference = ?),"
                          " (SELECT count(*) FROM work_record WHERE kind = 'year-change')", REASON)
        assert rows[0][0] <= rows[0][1], "a yearly task without its work record"
        return rows[0][0] == 1


OPERATIONS = [EndException(), OpenFinding(), RecordYear()]

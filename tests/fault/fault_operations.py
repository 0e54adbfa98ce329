# SPDX-License-Identifier: Apache-2.0
"""The operations that are broken and the points each of them passes.

More of them stand in files of their own: every tests/fault/fault_*.py with OPERATIONS = [...] at the
left margin is collected here. Such a file reads

    from fault_operation import Operation, USED
    class Lend(Operation):
        name, goal, points = "lend", "ACTIVE", ("lend.before", "lend.after")
        def words(self):
            return "lend", USED
    OPERATIONS = [Lend()]

@points are the failpoints which the command passes ("name" or "name@3" for its third hit); each is
killed at, and a failpoint of the programs that no operation names fails the campaign. @commits
counts the commits that are made to fail, @repairs names points at which the repair after a kill is
killed as well; the other fields are explained in fault_operation.py. A module may also have
furnish(office), run once with the daemon up after the common furnishing (cards, persons, papers it
needs), and check(records), whose sentences are violations like those of invariants.py."""

import datetime
import importlib
import pathlib

import fault_office as office_of
from fault_office import (ADMIN, CUSTODIAN, HOLDER, MANAGER, SECOND_MANAGER, THIRD_HOLDER, TOP,
                          WITNESS)
from fault_operation import (BLANK, NEW_PIN, NEWEST_PIN, PIN, RECALLED, REPLACEMENT, RETURNED, SPARE,
                             USED, WAITING, Operation)


class Prepare(Operation):
    name, goal, chip = "prepare", "SPARE", "readers/reader1"
    closes = True
    points = ("prepare.begin", "prepare.begun", "prepare.initialised", "prepare.learned",
              "prepare.keyed", "prepare.tested", "prepare.done", "store.commit", "store.committed")
    children = ("card.initialised", "card.wiped")

    def words(self):
        return "card", "prepare", BLANK, "--reader", "reader1"

    def target(self):
        return BLANK


class Issue(Operation):
    name, card, goal, event = "issue", SPARE, "PENDING", "issue-done"
    is_waited = True
    points = ("issue.begin", "issue.begun", "issue.wiped", "personalise.generated",
              "personalise.recorded", "personalise.signed", "personalise.put",
              "personalise.proved", "issue.done", "status.committed")
    children = ("card.wiped", "card.generated", "card.put")
    commits = 8
    pairs = (6, 7, 8)

    def words(self):
        return ("issue", SPARE, "--staff", THIRD_HOLDER, "--authority", "一般操作者",
                "--reader", "reader1")

    def request(self):
        return f"/cards/{SPARE}/issue", {"staff": THIRD_HOLDER, "authority": "一般操作者"}


class Reissue(Issue):
    name, card, goal = "reissue", SPARE, "PENDING"
    points = ("personalise.recorded", "issue.done")
    children = ()
    commits = 0
    pairs = ()

    def words(self):
        return "reissue", RECALLED, "--to", SPARE, "--reason", "損傷", "--reader", "reader1"


class HandOver(Operation):
    name, card, goal = "hand-over", WAITING, "ACTIVE"
    closes = True
    manager = SECOND_MANAGER
    points = ("hand-over.begin", "hand-over.begun", "hand-over.pin-set", "hand-over.checked",
              "status.committed", "hand-over.done")
    commits = 6
    pairs = (6,)

    def words(self):
        return "hand-over", self.card, "--received-by", self.manager, "--reader", "reader1"

    def pins(self):
        return (PIN,)


class Replace(HandOver):
    """The hand-over of a replacement, which supersedes the card in use."""

    name, card, manager = "hand-over-replacement", REPLACEMENT, MANAGER
    points = ("hand-over.pin-set", "status.committed", "hand-over.done", "crl.number",
              "crl.write", "crl.before-rename", "crl.after-rename", "crl.delta")
    commits = 8
    pairs = (7, 8)


class PinChange(Operation):
    name, card, staff = "pin-change", USED, HOLDER
    closes = True
    points = ("pin-change.begin", "pin-change.begun", "pin-change.changed", "pin-change.done")

    def words(self):
        return "pin", "change", USED, "--reader", "reader1"

    def pins(self):
        return PIN, NEW_PIN

    def again(self, office):
        for old in (PIN, NEW_PIN):
            code, _, errors = office.ctl(HOLDER, *self.words(), pins=(old, NEWEST_PIN))
            if code == 0:
                return
        raise office_of.Broken(f"neither PIN is taken after the crash: {errors}")


class PinReset(Operation):
    """By form 6, accepted just before; cut off, the same form or a second one is good for it."""

    name, card = "pin-reset", USED
    closes = True
    points = ("pin-reset.begin", "pin-reset.begun", "pin-reset.set", "pin-reset.done")

    def prelude(self, office):
        self.accept(office, "様式第6号 1")

    def accept(self, office, paper):
        office.must(ADMIN, "pin", "reset", USED, "--paper", paper)

    def words(self):
        return "pin", "reset", USED, "--reader", "reader1"

    def pins(self):
        return (NEW_PIN,)

    def again(self, office):
        code, _, _ = office.ctl(self.staff, *self.words(), pins=self.pins())
        if code != 0:
            self.accept(office, "様式第6号 2")
            office.must(self.staff, *self.words(), pins=self.pins())
        office.must(HOLDER, "pin", "change", USED, "--reader", "reader1", pins=(NEW_PIN, NEWEST_PIN))


class PinLeak(Operation):
    name, staff = "pin-leak", HOLDER
    points = ("pin-leak.before", "status.committed", "pin-leak.after")
    reason = "PIN_LEAKED"

    def words(self):
        return "pin", "report-leak", USED

    def target(self):
        return USED

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM hold WHERE card = ? AND reason = ? AND lifted_at IS NULL",
                               USED, self.reason))


class PinOverdue(PinLeak):
    """What the daemon does by itself when half a year is over."""

    name, staff, reason = "pin-overdue", None, "PIN_OVERDUE"
    is_automatic = True
    points = ("pin-overdue.before", "status.committed", "pin-overdue.after")

    def arrange(self, office):
        office.age_pin(USED, days=200)

    def start(self, office):
        return None

    def settle(self, office):
        office_of.wait_for("the late card is on hold", lambda: self.is_done(office))

    def again(self, office):
        self.settle(office)


class Renew(Operation):
    name, card, staff = "renew", USED, HOLDER
    closes = True
    points = ("renew.begin", "renew.begun", "personalise.generated", "personalise.recorded",
              "personalise.signed", "personalise.put", "personalise.proved", "status.committed",
              "renew.done", "crl.before-rename", "renew.dropped")
    children = ("card.generated", "card.put")

    def words(self):
        return "renew", USED, "--reader", "reader1"

    def pins(self):
        return (PIN,)

    def again(self, office):
        office.must(HOLDER, *self.words(), pins=(PIN,))


class Erase(Operation):
    name, card, goal = "erase", RETURNED, "ERASED"
    closes = True
    points = ("erase.begin", "erase.begun", "erase.wiped", "erase.done")
    children = ("card.wiped",)

    def words(self):
        return ("erase", RETURNED, "--witness", WITNESS, "--reader", "reader1", "--confirm",
                RETURNED)


class ReportLost(Operation):
    name, goal, event = "report-lost", "LOST", "report-lost"
    points = ("move.before", "status.committed", "move.after", "crl.number",
              "crl.write", "crl.before-rename", "crl.after-rename", "crl.delta")
    commits = 5
    pairs = (5,)

    def words(self):
        return "report-lost", USED, "--by", HOLDER, "--via", "phone"

    def request(self):
        return f"/cards/{USED}/report-lost", {"by": HOLDER}

    def target(self):
        return USED


class Suspend(Operation):
    name = "suspend"
    points = ("suspend.before", "status.committed", "suspend.after", "crl.before-rename")

    def words(self):
        return "suspend", USED, "--reason", "FORGOTTEN"

    def target(self):
        return USED

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM hold WHERE card = ? AND lifted_at IS NULL", USED))


class Recall(Operation):
    name, staff, goal = "recall", ADMIN, "RECALLED"
    points = ("move.before", "move.after")

    def words(self):
        return "recall", USED, "--reason", "TRANSFER"

    def target(self):
        return USED


class Return(Operation):
    name, goal = "return", "RETURNED"
    points = ("move.before", "move.after")

    def words(self):
        return "return", RECALLED, "--note", "異動"

    def target(self):
        return RECALLED


class Designate(Operation):
    """An import that ends a designation and so recalls a card, in one transaction."""

    name, staff, goal = "designate", ADMIN, "RECALLED"
    points = ("designate.before", "designate.after")

    def prelude(self, office):
        text = (TOP / "tests/data/office/designations-0301.csv").read_text(encoding="utf-8")
        lines = [line.replace("追加", "継続") for line in text.splitlines()]
        lines = [line.replace("継続", "削除") if HOLDER in line else line for line in lines]
        self.file = office.run / "designations.csv"
        self.file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.file.chmod(0o644)

    def words(self):
        return ("designation", "import", self.file, "--section", "0301", "--from",
                datetime.date.today().isoformat(), "--paper", "様式第2号 変更")

    def target(self):
        return USED


class Found(Operation):
    """The first start of all, and the certification authority."""

    name, staff, base = "found", None, "empty"
    points = ("schema.migrate.before", "schema.migrate.after", "key-file.written@1",
              "key-file.renamed@1", "key-file.written@2", "key-file.renamed@2",
              "seal.key", "authority.keyed", "authority.founded", "key-file.written@3",
              "key-file.renamed@3", "crl.before-rename")

    def words(self):
        return "ca", "init"

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM issuer"))

    def again(self, office):
        if not self.is_done(office):
            office.must(None, "ca", "init")
        office.must(None, "ca", "crl")


class FoundOnToken(Found):
    """The same with the CA key on a token, in a process of its own."""

    name = "found-on-token"
    points = ("authority.keyed", "authority.founded", "crl.before-rename")
    children = ("sign.open", "sign.generated", "sign.before")

    def words(self):
        return "ca", "init", "--key", "pkcs11:token=ca"

    def again(self, office):
        if not self.is_done(office):
            office.must(None, *self.words())
        office_of.wait_for("the list is signed", lambda: office.ctl(None, "ca", "crl")[0] == 0)


class RenewAuthority(Operation):
    """The second CA; whoever comes after the crash finds one new CA, not two, or none."""

    name, staff = "renew-authority", ADMIN
    points = ("key-file.written@1", "key-file.renamed@1", "renewal.keyed", "renewal.recorded", "renewal.signed",
              "renewal.committed", "key-file.written@2", "key-file.renamed@2", "renewal.answering",
              "crl.before-rename", "crl.after-rename")
    commits = 3

    def words(self):
        return "ca", "renew"

    def is_done(self, office):
        return len(office.sql("SELECT 1 FROM issuer")) == 2

    def again(self, office):
        if not self.is_done(office) and office.ctl(ADMIN, "ca", "renew")[0] != 0:
            office_of.wait_for("the renewal goes on by itself", lambda: self.is_done(office))
        if not self.is_done(office) or office.sql("SELECT 1 FROM issuer_renewal WHERE closed_at IS NULL"):
            raise office_of.Broken("ca renew again: not two CAs, or still under way")
        office.must(None, "ca", "crl")


def collect():
    """The modules beside this one that have operations."""
    own = pathlib.Path(__file__)
    return [importlib.import_module(path.stem) for path in sorted(own.parent.glob("fault_*.py"))
            if path != own and "\nOPERATIONS = " in path.read_text(encoding="utf-8")]


MODULES = collect()
OPERATIONS = [Found(), FoundOnToken(), RenewAuthority(), Prepare(), Issue(), Reissue(), HandOver(),
              Replace(), PinChange(), PinReset(), PinLeak(), PinOverdue(), Renew(), Erase(),
              ReportLost(), Suspend(), Recall(), Return(), Designate()]
for one in MODULES:
    OPERATIONS += one.OPERATIONS

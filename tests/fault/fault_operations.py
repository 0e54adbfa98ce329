# SPDX-License-Identifier: Apache-2.0
"""The operations that are broken, the points each of them passes, and the office they start from."""

import datetime
import shutil

import fault_office as office_of
from fault_office import (ADMIN, CUSTODIAN, HOLDER, MANAGER, SECOND_HOLDER, SECOND_MANAGER,
                          THIRD_HOLDER, TOP, WITNESS)

BLANK, SPARE, WAITING, USED = "OP000001", "OP000002", "OP000003", "OP000004"
REPLACEMENT, RETURNED, RECALLED = "OP000005", "OP000006", "OP000007"
PIN, NEW_PIN, NEWEST_PIN = "kz7Qm2xv", "w4Hd9tRb", "c8Vn3yLp"
PRESENT = [SPARE, WAITING, USED, REPLACEMENT, RETURNED, RECALLED]


class Operation:
    """One act of a person. @card lies in reader1 unless None."""

    base = "base"
    name = card = goal = None
    staff = CUSTODIAN
    points = ()
    children = ()  # points of opcard-card
    closes = False  # repaired by closing the intent, not by erasing the card
    is_waited = False  # repaired by erasing the card when it is seen
    commits = 0  # at least so many, each made to fail once
    pairs = ()  # of these, the next one fails too

    def arrange(self, office):
        """What must be so before the daemon is started."""

    def settle(self, office):
        """Waits for what the daemon does of it by itself after a restart."""

    def start(self, office):
        """The command as a process, or None when the daemon does it by itself."""
        return office.start_ctl(self.staff, *self.words(), pins=self.pins())

    def words(self):
        raise NotImplementedError

    def pins(self):
        return ()

    def request(self):
        """The same as @words as a request: (path, body)."""
        raise NotImplementedError

    def is_done(self, office):
        return office.state(self.target()) == self.goal

    def target(self):
        return self.card

    def again(self, office):
        """Done once more unless it is done already; whoever comes after the crash must succeed."""
        if not self.is_done(office):
            office.must(self.staff, *self.words(), pins=self.pins())
        if not self.is_done(office):
            raise office_of.Broken(f"{self.name} again: {self.target()} is "
                                   f"{office.state(self.target())}, not {self.goal}")


class Prepare(Operation):
    name, goal = "prepare", "SPARE"
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
    points = ("hand-over.pin-set", "status.committed", "hand-over.done", "crl.number@2",
              "crl.write@2", "crl.before-rename@2", "crl.after-rename@2", "crl.delta@2")
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

    def start(self, office):
        self.accept(office, "様式第6号 1")
        return super().start(office)

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
              "renew.done", "crl.before-rename@2", "renew.dropped")
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
    points = ("move.before", "status.committed", "move.after", "crl.number@2",
              "crl.write@2", "crl.before-rename@2", "crl.after-rename@2", "crl.delta@2")
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
    points = ("suspend.before", "status.committed", "suspend.after", "crl.before-rename@2")

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

    def start(self, office):
        self.write(office)
        return super().start(office)

    def write(self, office):
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
              "authority.keyed", "authority.founded", "key-file.written@3",
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


OPERATIONS = [Found(), FoundOnToken(), Prepare(), Issue(), Reissue(), HandOver(), Replace(), PinChange(), PinReset(), PinLeak(),
              PinOverdue(), Renew(), Erase(),
              ReportLost(), Suspend(), Recall(), Return(), Designate()]


def take_pulled(office, card):
    """What was made on the card in reader1 goes into the drawer."""
    office.pull()
    if list(office.tokens("reader1")):
        raise office_of.Broken(f"{card} is still in the reader")


def import_lists(office):
    """The sample's terms end with the fiscal year; they shall run whenever this is tried."""
    end = datetime.date.today().replace(month=12, day=31) + datetime.timedelta(days=120)
    lists = office.run / "lists"
    shutil.copytree(TOP / "tests/data/office", lists)
    for path in lists.iterdir():
        text = path.read_text(encoding="utf-8").replace("2027-03-31", end.isoformat())
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
    lists.chmod(0o755)
    office.must(None, "import", "sections", lists / "sections.csv")
    office.must(None, "import", "staff", lists / "staff.csv")
    for section in ("0101", "0202", "0301", "0402"):
        office.must(ADMIN, "designation", "import", lists / f"designations-{section}.csv",
                    "--section", section, "--from", datetime.date.today().isoformat(),
                    "--paper", f"様式第2号 {section}")


def issue(office, card, staff, authority="一般操作者"):
    office.must(CUSTODIAN, "issue", card, "--staff", staff, "--authority", authority,
                "--reader", "reader1")


def hand_over(office, card, manager):
    office.must(CUSTODIAN, "hand-over", card, "--received-by", manager, "--reader", "reader1",
                pins=(PIN,))


def furnish(office):
    """Seven cards, one in each state from which an operation starts; all in the drawer."""
    office.must(None, "ca", "init")
    import_lists(office)
    office.must(CUSTODIAN, "card", "receive", BLANK, *PRESENT, "--kind", "operator")
    for card in PRESENT:
        office.must(CUSTODIAN, "card", "prepare", card, "--reader", "reader1")
        if card == WAITING:
            issue(office, card, SECOND_HOLDER)
        elif card == USED:
            issue(office, card, HOLDER)
            hand_over(office, card, MANAGER)
        elif card == REPLACEMENT:
            office.must(CUSTODIAN, "reissue", USED, "--to", card, "--reason", "損傷",
                        "--reader", "reader1")
        elif card == RETURNED:
            issue(office, card, "920017")
            hand_over(office, card, MANAGER)
            office.must(CUSTODIAN, "return", card, "--note", "退職")
        elif card == RECALLED:
            issue(office, card, "010433", "業務管理者")
            hand_over(office, card, SECOND_MANAGER)
            office.must(ADMIN, "recall", card, "--reason", "TRANSFER")
        take_pulled(office, card)

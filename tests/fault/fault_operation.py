# SPDX-License-Identifier: Apache-2.0
"""What an operation is to the campaign, and the cards and PINs of the office it starts from. How to
add operations stands at the top of fault_operations.py."""

from fault_office import CUSTODIAN, Broken

BLANK, SPARE, WAITING, USED = "OP000001", "OP000002", "OP000003", "OP000004"
REPLACEMENT, RETURNED, RECALLED = "OP000005", "OP000006", "OP000007"
PIN, NEW_PIN, NEWEST_PIN = "kz7Qm2xv", "w4Hd9tRb", "c8Vn3yLp"
PRESENT = [SPARE, WAITING, USED, REPLACEMENT, RETURNED, RECALLED]


class Operation:
    """One act of a person. @card lies in reader1 unless None."""

    base = "base"  # the furnished office; "empty": before the first start of all
    name = card = None
    goal = None  # state of the card when it is done
    staff = CUSTODIAN  # whose account
    chip = None  # folder of the token it works on when that is not the card in reader1
    is_automatic = False  # the daemon does it by itself after a start
    points = ()  # failpoints it passes
    children = ()  # points of opcard-card
    closes = False  # repaired by closing the intent, not by erasing the card
    is_waited = False  # repaired by erasing the card when it is seen
    commits = 0  # at least so many, each made to fail once
    pairs = ()  # of these, the next one fails too
    repairs = ()  # (point, (point of the repair, ...)): the repair after the kill is killed there

    def arrange(self, office):
        """What must be so before the daemon is started."""

    def prelude(self, office):
        """What a person does just before, with the daemon up; nothing fails yet but failpoints."""

    def settle(self, office):
        """Waits for what the daemon does of it by itself after a restart."""

    def start(self, office):
        """The command as a process, or None when the daemon does it by itself."""
        return office.start_ctl(self.staff, *self.words(), pins=self.pins())

    def token_folder(self):
        """Where stumbling_module.c looks; none: no PKCS#11 module is called."""
        return self.chip or ("readers/reader1" if self.card else None)

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
            raise Broken(f"{self.name} again: {self.target()} is {office.state(self.target())}, "
                         f"not {self.goal}")

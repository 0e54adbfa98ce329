# SPDX-License-Identifier: Apache-2.0
"""The office from which every operation starts."""

import datetime
import json
import shutil

from fault_office import (ADMIN, CHIEF, CUSTODIAN, HOLDER, MANAGER, SECOND_HOLDER, SECOND_MANAGER, TOP,
                          Broken)
from fault_operation import (BLANK, PIN, PRESENT, RECALLED, REPLACEMENT, RETURNED, USED, WAITING)


def take_pulled(office, card):
    """What was made on the card in reader1 goes into the drawer."""
    office.pull()
    if list(office.tokens("reader1")):
        raise Broken(f"{card} is still in the reader")


def import_lists(office):
    """The sample's terms end with the fiscal year; they shall run whenever this is tried."""
    end = datetime.date.today().replace(month=12, day=31) + datetime.timedelta(days=120)
    lists = office.run / "lists"
    shutil.copytree(TOP / "tests/data/office", lists)
    for path in lists.iterdir():
        text = path.read_text(encoding="utf-8").replace("2027-03-31", end.isoformat())
        if path.name == "staff.csv":
            text += f"{CHIEF},統括　太郎,トウカツ　タロウ,0101,,副知事,常勤,\n"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
    lists.chmod(0o755)
    office.must(None, "import", "sections", lists / "sections.csv")
    office.must(None, "import", "staff", lists / "staff.csv")
    for section in ("0202", "0301", "0402"):
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

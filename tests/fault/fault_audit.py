# SPDX-License-Identifier: Apache-2.0
"""Checkpoints of the audit trail: killed at every step, the trail stays whole, and the witness is
never told of a checkpoint that the store does not keep."""

import json

from fault_office import Broken
from fault_operation import Operation


def furnish(office):
    with open(office.config, "a", encoding="utf-8") as file:
        file.write(f"[audit]\nwitness-file = {office.world}/state/witness\n")


class Checkpoint(Operation):
    """Nothing is signed twice, nothing is lost, and the copy is caught up."""

    name, staff = "audit-checkpoint", None
    is_automatic = True  # a start makes one already
    points = ("seal.sign", "seal.signed", "seal.kept", "seal.witness", "seal.witnessed")

    def words(self):
        return "audit", "checkpoint"

    def is_done(self, office):
        return bool(office.sql("SELECT 1 FROM ledger_checkpoint"))

    def again(self, office):
        office.must(None, "audit", "checkpoint")
        witness = office.world / "state" / "witness"
        found = json.loads(office.must(None, "audit", "verify", "--json", *(
            ("--witness", str(witness)) if witness.exists() else ())))
        if not found["ok"]:
            raise Broken(f"audit checkpoint again: {found}")
        lines = [row[0] for row in office.sql("SELECT line FROM ledger_checkpoint ORDER BY number")]
        copied = witness.read_text("ascii").splitlines() if witness.exists() else []
        if copied[-1:] != lines[-1:]:
            raise Broken(f"audit checkpoint again: the witness ends with {copied[-1:]}, not {lines[-1:]}")


OPERATIONS = [Checkpoint()]

# SPDX-License-Identifier: Apache-2.0
"""What must hold of an office whatever was killed in it (states.md, "Invariants"). Every function
yields sentences about what does not hold."""

import ctypes
import json
import sqlite3
import time

import fault_der
from softhsm_folder import Token

KEYLESS = ("STOCK", "SPARE", "ERASED")  # such a card holds no key once it was seen again
NEVER_AFTER_LOSS = ("ACTIVE", "SUSPENDED", "SPARE", "PENDING", "PERSONALIZING", "STOCK")
LIVE_CERTIFICATES = ("PENDING", "VALID", "HOLD")


class Records:
    """The tables as they stand in a copy of the database."""

    def __init__(self, database):
        database.row_factory = sqlite3.Row
        self.database = database
        self.cards = {row["number"]: row for row in self.rows("SELECT * FROM card")}
        self.certificates = self.rows(
            "SELECT c.*, s.state, s.reason, s.since FROM certificate c JOIN certificate_status s"
            " ON s.issuer = c.issuer AND s.serial = c.serial ORDER BY c.rowid")
        self.intents = {row["card"]: row for row in
                        self.rows("SELECT * FROM intent WHERE closed_at IS NULL")}
        self.ledger = self.rows("SELECT * FROM ledger ORDER BY seq")

    def rows(self, query, *values):
        return self.database.execute(query, values).fetchall()

    def certificates_of(self, card, *states):
        return [row for row in self.certificates
                if row["card"] == card and (not states or row["state"] in states)]

    def is_held_itself(self, card):
        return bool(self.rows("SELECT 1 FROM hold WHERE card = ? AND lifted_at IS NULL", card))

    def is_held(self, card):
        row = self.cards[card]
        section = self.rows("SELECT section FROM designation WHERE id = ?", row["designation"])
        scopes = ["all", f"authority:{row['authority']}"]
        scopes += [f"section:{one['section']}" for one in section]
        for hold in self.rows("SELECT card, scope FROM hold WHERE lifted_at IS NULL"):
            scope = hold["scope"] or ""
            if hold["card"] == card or scope in scopes or (
                    scope.startswith("batch:") and card.startswith(scope[6:])):
                return True
        return False


def check_certificates(records):
    """Invariant 1, and that no certificate is alive whose card is not."""
    for number, card in records.cards.items():
        states = sorted(row["state"] for row in records.certificates_of(number)
                        if row["state"] != "REVOKED")
        is_open = number in records.intents
        if card["state"] == "ACTIVE":
            wanted = ["HOLD"] if records.is_held(number) else ["VALID"]
            if is_open and records.intents[number]["kind"] == "renew":
                states = [state for state in states if state != "PENDING"]
        elif card["state"] == "PENDING":
            wanted = ["PENDING"]
        elif card["state"] == "RECALLED":
            wanted = states if states in ([], ["HOLD"]) else ["HOLD"]
        elif card["state"] == "PERSONALIZING" and is_open:
            wanted = states if states in ([], ["PENDING"]) else []
        else:
            wanted = []
        if states != wanted:
            yield f"1: {number} is {card['state']} with certificates {states}, not {wanted}"
        if card["state"] in ("PENDING", "ACTIVE"):
            for row in records.certificates_of(number, "PENDING", "VALID", "HOLD"):
                if row["der"] is None and not is_open:
                    yield f"1: {number} is {card['state']}, its certificate was never kept"


def check_losses(records):
    """Invariant 2, told by the ledger."""
    lost = {}
    for row in records.ledger:
        snapshot = json.loads(row["body"]).get("card")
        if row["card"] is None or snapshot is None:
            continue
        state = snapshot["state"]
        if row["card"] in lost and state in NEVER_AFTER_LOSS:
            yield f"2: {row['card']} was {lost[row['card']]} and is {state} in record {row['seq']}"
        if state in ("LOST", "STOLEN"):
            lost[row["card"]] = state
    for number, card in records.cards.items():
        if number in lost and card["state"] in NEVER_AFTER_LOSS:
            yield f"2: {number} was {lost[number]} and is {card['state']}"
        if number in lost and not card["no_reuse"]:
            yield f"2: {number} was {lost[number]} and may be used again"


def check_duties(records):
    """Invariant 3."""
    for number, card in records.cards.items():
        duties = records.rows("SELECT * FROM duty WHERE card = ? AND closed_at IS NULL", number)
        if card["state"] == "RECALLED" and len(duties) != 1:
            yield f"3: {number} is RECALLED with {len(duties)} duties"
        for duty in duties:
            if not duty["owner_post"] or not duty["due"]:
                yield f"3: duty {duty['id']} has no owner or no date"
            if card["state"] not in ("RECALLED", "DAMAGED"):
                yield f"3: {number} is {card['state']} and still to be collected"


def check_numbers(records):
    """Invariant 4."""
    received = [row["card"] for row in records.ledger if row["kind"] == "receive"]
    if sorted(received) != sorted(records.cards):
        yield f"4: received {sorted(received)}, registered {sorted(records.cards)}"


def check_ledger_view(records):
    """Invariant 5: the last snapshot of every card is the card."""
    columns = {"place": "place", "chip": "chip_serial", "authority": "authority",
               "issuedOn": "issued_on", "lentOn": "lent_on", "checkedOn": "checked_on",
               "returnedOn": "returned_on", "replaces": "replaces"}
    last = {}
    for row in records.ledger:
        if row["card"] is not None:
            last[row["card"]] = json.loads(row["body"]).get("card", last.get(row["card"]))
    for number, card in records.cards.items():
        snapshot = last.get(number) or {}
        shown = card["state"]
        if shown == "ACTIVE" and records.is_held(number):
            shown = "SUSPENDED"
        if snapshot.get("state") != shown and not (
                shown == "SUSPENDED" and snapshot.get("state") == "ACTIVE" and
                not records.is_held_itself(number)):  # a stop with a scope is one record
            yield f"5: {number} is {shown}, the ledger says {snapshot.get('state')}"
        for key, column in columns.items():
            is_learning = key == "chip" and snapshot.get(key) is None
            if snapshot.get(key) != card[column] and not is_learning:
                yield f"5: {number} {column} {card[column]}, the ledger says {snapshot.get(key)}"
    for row in records.ledger:
        if not row["actor"] or not row["at"] or not row["article"]:
            yield f"6: record {row['seq']} has no actor, time or article"


def check_rows_of_issue(records):
    """The issue register has one row for every card that was issued, and no other."""
    done = sorted(row["card"] for row in records.ledger if row["kind"] == "issue-done")
    entered = sorted(row["card"] for row in records.rows("SELECT card FROM issue_row"))
    if done != entered:
        yield f"5: issued {done}, entered into the register {entered}"


def check_intents(records, is_repaired):
    """Invariant 9."""
    for number, intent in records.intents.items():
        card = records.cards.get(number)
        if card is None:
            yield f"9: the operation {intent['id']} waits for no card of the register"
        elif is_repaired and (intent["step"] != "wipe" or card["state"] != "PERSONALIZING"):
            yield (f"9: {intent['kind']} {intent['id']} of {number} ({card['state']}) is still"
                   f" open at step {intent['step']}")
    for number, card in records.cards.items():
        if card["state"] == "PERSONALIZING" and number not in records.intents:
            yield f"9: {number} is PERSONALIZING and nothing will finish it"


def check_tokens(office, records, is_settled):
    """Invariant 8: what lies on the cards themselves. @is_settled: every card was seen again."""
    known = {bytes(row["der"]): row for row in records.certificates if row["der"] is not None}
    chips = {card["chip_serial"]: card for card in records.cards.values()}
    places = [office.world / "drawer"]
    places += [entry for entry in (office.world / "readers").iterdir()]
    for folder in [one for place in places for one in place.iterdir() if one.is_dir()]:
        token = Token(folder)
        card = chips.get(token.serial)
        if not token.is_readable or card is None:
            continue
        number, state = card["number"], card["state"]
        waits = number in records.intents
        serials = [row for row in records.certificates if row["card"] == number]
        for der in token.certificates:
            serial = fault_der.certificate_serial(der).to_bytes(16, "big")
            if der not in known and not any(bytes(row["serial"]) == serial for row in serials):
                yield f"8: {number} carries a certificate that the store does not know"
        if state in KEYLESS and token.private_keys > 0 and is_settled and not waits:
            yield f"8: {number} is {state} and holds {token.private_keys} private keys"
        if state in ("PENDING", "ACTIVE") and not waits:
            yield from check_live_token(records, token, number)


def check_live_token(records, token, number):
    alive = [bytes(row["der"]) for row in records.certificates_of(number, *LIVE_CERTIFICATES)
             if row["der"] is not None]
    if token.private_keys == 0:
        yield f"8: {number} is in use and holds no key"
    if not any(der in token.certificates for der in alive):
        yield f"8: {number} does not carry the certificate the store has for it"


def list_path(office, issuer):
    """Every CA has a list of its own."""
    return office.world / "public/crl" / ("opcard.crl" if issuer == 1 else f"opcard-{issuer}.crl")


def is_signed(crl, certificate):
    """Checked by OpenSSL itself; a process of its own for each would take longer than the rest."""
    crypto = ctypes.CDLL("libcrypto.so.3")
    for name in ("d2i_X509", "d2i_X509_CRL", "X509_get0_pubkey"):
        getattr(crypto, name).restype = ctypes.c_void_p

    def parse(name, der):
        at = ctypes.c_char_p(der)
        return ctypes.c_void_p(getattr(crypto, name)(None, ctypes.byref(at), ctypes.c_long(len(der))))

    ca, parsed = parse("d2i_X509", certificate), parse("d2i_X509_CRL", crl)
    try:
        return bool(ca) and bool(parsed) and crypto.X509_CRL_verify(
            parsed, ctypes.c_void_p(crypto.X509_get0_pubkey(ca))) == 1
    finally:
        crypto.X509_free(ca)
        crypto.X509_CRL_free(parsed)


def published(office):
    """Number and entries of the first CA's list as the world may have fetched it; none: []."""
    path = list_path(office, 1)
    if not path.exists() or path.stat().st_size == 0:
        return []
    number, listed = fault_der.crl(path.read_bytes())
    return [number, *sorted(listed)]


def read_list(office, issuer):
    """(number, entries, number and entries by the store); while a list is being written the store
    is ahead of it for a moment."""
    for _ in range(200):
        stored = office.sql("SELECT crl_number FROM issuer WHERE id = ?", issuer["id"])[0][0]
        wanted = {int.from_bytes(row[0], "big") for row in office.sql(
            "SELECT serial FROM certificate_status WHERE state IN ('HOLD', 'REVOKED')"
            " AND issuer = ?", issuer["id"])}
        number, listed = fault_der.crl(list_path(office, issuer["id"]).read_bytes())
        if (number, listed) == (stored, wanted):
            break
        time.sleep(0.02)
    return number, listed, stored, wanted


def check_list(office, issuer, before):
    """The published list: signature, number not below @before and above it when anything was
    published since, entries as the narrow table says. Gives the number through @before[0]."""
    if not is_signed(list_path(office, issuer["id"]).read_bytes(), issuer["certificate"]):
        yield "8: the revocation list is not signed by the CA"
        return
    number, listed, stored, wanted = read_list(office, issuer)
    if listed != wanted:
        yield f"8: the list has {len(listed)} entries, the store {len(wanted)}"
    if number < before[0] or (number == before[0] and sorted(listed) != before[1:]):
        yield f"8: the list's number went from {before[0]} to {number}"
    if stored != number:
        yield f"8: the list's number is {number}, the store says {stored}"
    before[:] = [number, *sorted(listed)]


def check_answers(office, issuer):
    """OCSP agrees with the narrow table for every serial of the CA."""
    ca_der = issuer["certificate"]
    wanted = {"PENDING": "unknown", "VALID": "good", "HOLD": "certificateHold",
              "REVOKED": "revoked"}
    seen = set()
    for row in office.rows("SELECT c.serial, c.card, s.state FROM certificate c JOIN"
                           " certificate_status s ON s.issuer = c.issuer AND s.serial = c.serial"
                           " WHERE c.issuer = ?", issuer["id"]):
        serial = int.from_bytes(row["serial"], "big")
        if serial in seen:
            yield f"8: serial {serial:x} was used twice"
        seen.add(serial)
        answer = fault_der.ocsp_status(office.ask_public(
            "POST", "/ocsp", fault_der.ocsp_request(ca_der, serial),
            {"Content-Type": "application/ocsp-request"}))
        if answer != wanted[row["state"]]:
            yield f"8: OCSP says {answer} of a certificate of {row['card']} that is {row['state']}"


def states(office, card):
    return {bytes(row[0]): row[1] for row in office.sql(
        "SELECT c.serial, s.state FROM certificate c JOIN certificate_status s"
        " ON s.issuer = c.issuer AND s.serial = c.serial WHERE c.issuer = 1 AND c.card = ?", card)}


def check_good(office, card):
    """While an operation runs: "good" only of what was valid before or after the question."""
    ca_der = office.sql("SELECT certificate FROM issuer WHERE id = 1")[0][0]
    for number, before in states(office, card).items():
        answer = fault_der.ocsp_status(office.ask_public(
            "POST", "/ocsp", fault_der.ocsp_request(ca_der, int.from_bytes(number, "big")),
            {"Content-Type": "application/ocsp-request"}))
        after = states(office, card).get(number)
        if answer == "good" and "VALID" not in (before, after):
            yield f"8: OCSP says good of a certificate that is {before}"


def check_ended(office):
    """The operation was done to its end: only a card to be erased may leave something open."""
    for intent in office.rows("SELECT * FROM intent WHERE closed_at IS NULL AND step <> 'wipe'"):
        yield f"9: {intent['kind']} of {intent['card']} is done and still open"


def check_doctor(office):
    """The daemon's own view, which also verifies the chain of the ledger."""
    for finding in office.get("/doctor")["findings"]:
        if finding["level"] == "error":
            yield f"doctor: {finding['en']}"


def check_pins(records):
    """Nobody's own PIN is believed to be set when a crash left that open (states.md C)."""
    last = {}
    for row in records.rows("SELECT * FROM intent ORDER BY opened_at, id"):
        last[row["card"]] = row
    for row in records.rows("SELECT card, state FROM pin"):
        number, state = row["card"], row["state"]
        card, intent = records.cards[number], last.get(number)
        if card["state"] in ("PENDING", *KEYLESS) and state not in ("BLOCKED", "UNKNOWN"):
            yield f"C: {number} is {card['state']} with the PIN {state}"
        if card["state"] in ("PENDING", "ACTIVE") and intent and intent["outcome"] == "undone" and (
                intent["kind"] in ("hand-over", "pin-change", "pin-reset")) and state != "UNKNOWN":
            yield f"C: {intent['kind']} of {number} was cut off and the PIN is {state}"


def check_successors(records):
    """T47: a replacement takes the place of its predecessor in one step."""
    in_use = {}
    for number, card in records.cards.items():
        if card["state"] == "ACTIVE" and not records.is_held(number):
            key = card["kind"], card["holder"], card["authority"]
            if key in in_use:
                yield f"1: {in_use[key]} and {number} are both in use by one person"
            in_use[key] = number


def check_tables(records, is_repaired):
    yield from check_pins(records)
    yield from check_successors(records)
    yield from check_certificates(records)
    yield from check_losses(records)
    yield from check_duties(records)
    yield from check_numbers(records)
    yield from check_ledger_view(records)
    yield from check_rows_of_issue(records)
    yield from check_intents(records, is_repaired)


def check_secrets(office):
    """T25: no PIN in any file of the office, the log and core files among them."""
    for path in (office.log, *office.world.rglob("*")):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            for pin in office.pins:
                if pin.encode() in data:
                    yield f"T25: a PIN stands in {path.relative_to(office.folder)}"


def check_files(office):
    """The published list is the witness after a restore: there is always a whole one or none."""
    for issuer in office.rows("SELECT id, certificate FROM issuer"):
        path = list_path(office, issuer["id"])
        if path.exists() and not is_signed(path.read_bytes(), issuer["certificate"]):
            yield f"8: the published list {path.name} is not whole"


def check_witness(office):
    """What the witness outside has seen of the audit trail, the store can never take back."""
    path = office.world / "state/witness"
    seen = path.read_bytes().decode("ascii", "replace").split("\n")[:-1] if path.exists() else []
    kept = {row[0] for row in office.sql("SELECT line FROM ledger_checkpoint")}
    for line in seen:
        # A torn one is ended and written again.
        if "\0" not in line and not any(one.startswith(line) for one in kept):
            yield f"audit: the witness has a checkpoint that the store has not: {line[:60]}"


def check_crashed(office):
    """Right after the kill, before anything is repaired."""
    database = office.database()
    found = list(check_secrets(office))
    found += [f"the store: {row[0]}" for row in database.execute("PRAGMA integrity_check")
              if row[0] != "ok"]
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'card'").fetchall():
        return found
    found += check_files(office)
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'ledger_checkpoint'").fetchall():
        found += check_witness(office)
    return found + list(check_tables(Records(database), False))


def is_list_whole(office):
    """The first CA's list shows everything that the store holds back."""
    path = list_path(office, 1)
    wanted = {int.from_bytes(row[0], "big") for row in office.sql(
        "SELECT serial FROM certificate_status WHERE state IN ('HOLD', 'REVOKED') AND issuer = 1")}
    if not office.sql("SELECT 1 FROM issuer"):
        return True
    return path.exists() and wanted <= set(fault_der.crl(path.read_bytes())[1])


def is_list_current(office):
    """Every published list has the number and the entries of the store."""
    for issuer, stored in office.sql("SELECT id, crl_number FROM issuer"):
        path = list_path(office, issuer)
        if not path.exists():
            return False
        number, listed = fault_der.crl(path.read_bytes())
        wanted = {int.from_bytes(row[0], "big") for row in office.sql(
            "SELECT serial FROM certificate_status WHERE state IN ('HOLD', 'REVOKED') AND issuer = ?",
            issuer)}
        if number != stored or listed != wanted:
            return False
    return True


def check_all(office, before):
    """With the daemon up, repaired, and every card that lies in a reader seen. @before: number and
    entries of the list last time."""
    records = Records(office.database())
    found = list(check_tables(records, True))
    found += check_tokens(office, records, True)
    for issuer in records.rows("SELECT * FROM issuer"):
        found += check_list(office, issuer, before if issuer["id"] == 1 else [0])
        found += check_answers(office, issuer)
    found += check_doctor(office)
    return found

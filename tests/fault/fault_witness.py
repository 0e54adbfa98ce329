# SPDX-License-Identifier: Apache-2.0
"""What the CA key was used for during a cycle, seen from outside: whatever it signed exists in the
world, even if the power failed right after."""

import fault_der

DELTA_INDICATOR = b"\x55\x1d\x1b"
AUTHORITY_KEY, SUBJECT_KEY = b"\x55\x1d\x23", b"\x55\x1d\x0e"
KEY_LENGTH = 20


def key_of(data, extension, before):
    """The key identifier in an extension: two CAs may have one name."""
    at = data.index(before, data.index(extension)) + len(before)
    return data[at:at + KEY_LENGTH]


class Witness:
    """Certificates and revocation lists that were signed."""

    def __init__(self):
        self.certificates = {}  # serial → to-be-signed bytes
        self.lists = {}  # (issuer's key, number) → entries
        self.twice = []

    def add(self, signed):
        for data in signed:
            try:
                self.add_one(data)
            except (IndexError, ValueError, TypeError):
                continue  # an answer of OCSP, or no DER at all

    def add_one(self, data):
        fields = fault_der.children(fault_der.read(data)[1])
        if fields[0][0] == 0xA0 and fields[1][0] == 0x02 and len(fields) > 6:
            self.certificates[int.from_bytes(fields[1][1], "big")] = data
        elif fields[0][0] == 0x02 and DELTA_INDICATOR not in data:
            number, serials = fault_der.crl_fields(fields)
            key = key_of(data, AUTHORITY_KEY, b"\x80\x14"), number
            if self.lists.setdefault(key, serials) != serials:
                self.twice.append(number)

    def check(self, office):
        """After a crash, with what the store still knows."""
        for number in self.twice:
            yield f"8: two different lists have the number {number}"
        self.twice = []
        if not office.has_tables():
            return
        known = {int.from_bytes(row[0], "big"): row[1] for row in
                 office.sql("SELECT serial, tbs FROM certificate")}
        for serial, data in self.certificates.items():
            is_of_card = b"OP0000" in data
            if is_of_card and serial not in known:
                yield f"8: serial {serial:x} was signed and is not in the store"
            elif is_of_card and known[serial] is not None and bytes(known[serial]) != data:
                yield f"8: other bytes than the recorded ones were signed under serial {serial:x}"
        numbers = {key_of(row[0], SUBJECT_KEY, b"\x04\x14"): row[1] for row in
                   office.sql("SELECT certificate, crl_number FROM issuer")}
        for key, number in self.lists:
            if key in numbers and number > numbers[key]:
                yield f"8: list {number} was signed, the store knows of {numbers[key]} lists only"

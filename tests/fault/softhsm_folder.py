# SPDX-License-Identifier: Apache-2.0
"""Reads the folder of a SoftHSM token as a forensic examiner would: without PIN, so that a private
key is seen even where a login would be needed to list it."""

import struct

CLASS, VALUE, SERIAL = 0, 0x11, 0x8000534A
CERTIFICATE, PUBLIC_KEY, PRIVATE_KEY = 1, 2, 3
BOOLEAN, NUMBER, BYTES, MAP, MECHANISMS = 1, 2, 3, 4, 5


def attributes(path):
    """{type: value} of one object file: a generation, then (type, kind, value) until the end."""
    data = path.read_bytes()
    found, at = {}, 8
    while at < len(data):
        kind_of, kind = struct.unpack_from(">QQ", data, at)
        at += 16
        if kind == BOOLEAN:
            found[kind_of] = data[at] != 0
            at += 1
        elif kind == NUMBER:
            found[kind_of] = struct.unpack_from(">Q", data, at)[0]
            at += 8
        elif kind in (BYTES, MAP):
            length = struct.unpack_from(">Q", data, at)[0]
            found[kind_of] = data[at + 8:at + 8 + length]
            at += 8 + length
        elif kind == MECHANISMS:
            at += 8 + 8 * struct.unpack_from(">Q", data, at)[0]
        else:
            raise ValueError(f"{path}: attribute of kind {kind}")
    return found


class Token:
    """What lies in a token: its serial, number of private keys, certificates as DER."""

    def __init__(self, folder):
        self.folder = folder
        self.is_readable = True
        self.serial = None
        self.private_keys = 0
        self.certificates = []
        try:
            self.serial = attributes(folder / "token.object")[SERIAL].decode().strip()
        except (OSError, ValueError, KeyError, IndexError, struct.error):
            self.is_readable = False
        for path in folder.glob("*.object"):
            if path.name != "token.object":
                self.count(path)

    def count(self, path):
        try:
            found = attributes(path)
        except (OSError, ValueError, IndexError, struct.error):
            self.is_readable = False
            return
        if found.get(CLASS) == PRIVATE_KEY:
            self.private_keys += 1
        elif found.get(CLASS) == CERTIFICATE:
            self.certificates.append(found[VALUE])

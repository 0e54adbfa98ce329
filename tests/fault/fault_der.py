# SPDX-License-Identifier: Apache-2.0
"""As much DER as is needed to read a revocation list and a certificate's serial and to ask an OCSP
responder. Signatures are left to openssl."""

import hashlib


def read(data, at=0):
    """(tag, content, position after it) of the element at a position."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        length = int.from_bytes(data[start:start + count], "big")
        start += count
    if start + length > len(data):
        raise ValueError("DER is cut off")
    return tag, data[start:start + length], start + length


def children(data):
    found, at = [], 0
    while at < len(data):
        tag, content, end = read(data, at)
        found.append((tag, content, data[at:end]))
        at = end
    return found


def write(tag, *contents):
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + content


def certificate_fields(der):
    """The elements of a to-be-signed certificate, the version left out."""
    fields = children(children(read(der)[1])[0][1])
    return fields[1:] if fields[0][0] == 0xA0 else fields


def certificate_serial(der):
    return int.from_bytes(certificate_fields(der)[0][1], "big")


def crl(der):
    """(number, {serial, …}) of a CertificateList."""
    return crl_fields(children(children(read(der)[1])[0][1]))


def crl_fields(fields):
    """The same of the elements of a TBSCertList."""
    serials, number = set(), None
    for tag, content, _ in fields:
        parts = children(content) if tag == 0x30 else []
        if parts and all(part[0] == 0x30 and part[1][:1] == b"\x02" for part in parts):
            serials = {int.from_bytes(children(part[1])[0][1], "big") for part in parts}
        if tag == 0xA0:
            for extension in children(children(content)[0][1]):
                items = children(extension[1])
                if items[0][1] == b"\x55\x1d\x14":
                    number = int.from_bytes(read(items[-1][1])[1], "big")
    return number, serials


def ocsp_request(issuer_der, serial):
    """A request about one serial of an issuer."""
    fields = certificate_fields(issuer_der)
    name = fields[4][2]
    key = children(fields[5][1])[1][1][1:]
    size = serial.bit_length() // 8 + 1
    sha1 = write(0x30, write(0x06, b"\x2b\x0e\x03\x02\x1a"), write(0x05))
    identifier = write(0x30, sha1, write(0x04, hashlib.sha1(name).digest()),
                       write(0x04, hashlib.sha1(key).digest()),
                       write(0x02, serial.to_bytes(size, "big")))
    return write(0x30, write(0x30, write(0x30, write(0x30, identifier))))


def ocsp_status(response):
    """"good", "revoked", "certificateHold", "unknown", or "error N"."""
    outer = children(read(response)[1])
    if outer[0][1] != b"\x00":
        return f"error {outer[0][1][0]}"
    basic = children(read(children(read(outer[1][1])[1])[1][1])[1])
    fields = children(basic[0][1])
    single = children(children(next(content for tag, content, _ in fields if tag == 0x30
                                    and children(content)[0][0] == 0x30))[0][1])
    tag, content, _ = single[1]
    if tag == 0x80:
        return "good"
    if tag == 0x82:
        return "unknown"
    reason = [part for part in children(content) if part[0] == 0xA0]
    is_hold = reason and children(reason[0][1])[0][1] == b"\x06"
    return "certificateHold" if is_hold else "revoked"

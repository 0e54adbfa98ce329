# SPDX-License-Identifier: Apache-2.0
# What somebody outside sees of the public listener: plain HTTP, revocation lists as openssl reads
# them, and what a complete list and a delta say together (RFC 5280 5.2.4).
import collections
import http.client
import re
import subprocess

REMOVE = 'Remove From CRL'
Answer = collections.namedtuple('Answer', 'status headers body')
List = collections.namedtuple('List', 'number base entries')


def ask(address, method, path, body=None, **headers):
    """One request on a connection of its own; header names are written with underscores."""
    connection = http.client.HTTPConnection(address, timeout=60)
    try:
        connection.request(method, path, body, {name.replace('_', '-'): value for name, value in headers.items()})
        reply = connection.getresponse()
        return Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    finally:
        connection.close()


def name_of(serial):
    return serial.lower().lstrip('0')


def read_list(der, ca):
    """A list whose signature openssl finds good."""
    done = subprocess.run(['openssl', 'crl', '-inform', 'DER', '-CAfile', ca, '-noout', '-text'], input=der,
                          capture_output=True, check=False)
    text = done.stdout.decode()
    assert done.returncode == 0 and b'verify OK' in done.stderr, done.stderr
    number = re.search(r'X509v3 CRL Number:\s*\n\s*(\w+)', text)
    base = re.search(r'X509v3 Delta CRL Indicator: critical\s*\n\s*(\w+)', text)
    entries = {}
    for part in text.split('Serial Number: ')[1:]:
        reason = re.search(r'CRL Reason Code:\s*\n\s*(.+)', part)
        entries[name_of(part.split('\n')[0])] = reason[1].strip() if reason else None
    return List(int(number[1], 0), int(base[1], 0) if base else None, entries)


def combine(complete, delta):
    """The entries that follow from both; None where the delta does not reach back so far."""
    if complete.number < delta.base:
        return None
    if complete.number >= delta.number:
        return complete.entries
    entries = {**complete.entries, **delta.entries}
    return {serial: reason for serial, reason in entries.items() if reason != REMOVE}


def ask_status(address, ca, serials):
    """{serial: good | unknown | the reason of its revocation} by one OCSP request about all."""
    words = [word for serial in serials for word in ('-serial', '0x' + serial)]
    done = subprocess.run(['openssl', 'ocsp', '-issuer', ca, '-CAfile', ca, *words, '-url', f'http://{address}/ocsp'],
                          capture_output=True, text=True, check=False)
    if 'trylater' in done.stdout + done.stderr:
        return None
    assert 'Response verify OK' in done.stderr, done.stdout + done.stderr
    found = {}
    for serial, answer, rest in re.findall(r'^0x(\w+): (\w+)\n((?:\t.*\n)*)', done.stdout, re.M):
        reason = re.search(r'Reason: (\w+)', rest)
        found[serial] = reason[1] if reason else answer
    return found

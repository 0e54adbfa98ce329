# SPDX-License-Identifier: Apache-2.0
"""Verifies an export of one person's audit records with nothing but the file, Python's hashlib and
openssl for the one signature: the rules of daemon/audit/audit_record.h and audit_checkpoint.h once
more. Run as a program: audit_outsider.py FILE."""
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile


def sha256(*parts):
    return hashlib.sha256(b''.join(parts)).digest()


def number(value):
    return struct.pack('>q', value)


def mark(field):
    if 'mark' in field:
        return bytes.fromhex(field['mark'])
    text = field['text']
    return sha256(bytes.fromhex(field['key']), b'\0' if text is None else b'\1' + text.encode())


def length_and(text):
    return number(-1) if text is None else number(len(text.encode())) + text.encode()


def leaf(row):
    record, fields = row['record'], row['fields']
    if record[0] == '1':
        actor, second, staff, body = (field['text'] for field in fields)
        kind, article, *card = record[41:].split(' ', 2)
        texts = (kind, article, actor, second, card[0] if card else None, staff, body)
        head = number(row['seq']) + number(int(record[2:16])) + number(int(record[17:31]))
        return sha256(b'\0', sha256(bytes.fromhex(row['prev']), head, *map(length_and, texts)))
    sealed = bytes.fromhex(row['sealed'])
    if fields and sha256(*map(mark, fields)) != sealed:
        raise ValueError(f"record {row['seq']}: the fields are not those that were sealed")
    return sha256(b'\0', bytes.fromhex(row['prev']), number(row['seq']), sealed,
                  number(len(record.encode())), record.encode())


def root(row, size):
    node, last, found = row['seq'] - 1, size - 1, leaf(row)
    if node >= size:
        raise ValueError(f"record {row['seq']} is not covered")
    for step in map(bytes.fromhex, row['path']):
        if last == 0:
            raise ValueError(f"record {row['seq']}: the path is too long")
        if node & 1 or node == last:
            found = sha256(b'\1', step, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = sha256(b'\1', found, step)
        node, last = node >> 1, last >> 1
    if last:
        raise ValueError(f"record {row['seq']}: the path is too short")
    return found


def check_signature(line, spki):
    text, _, signature = line.rpartition(' ')
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (('text', text.encode()), ('signature', bytes.fromhex(signature)), ('key', spki)):
            with open(os.path.join(folder, name), 'wb') as file:
                file.write(content)
        subprocess.run(['openssl', 'pkey', '-pubin', '-inform', 'DER', '-in', 'key', '-out', 'key.pem'],
                       cwd=folder, check=True)
        done = subprocess.run(['openssl', 'dgst', '-sha256', '-verify', 'key.pem', '-signature', 'signature', 'text'],
                              cwd=folder, capture_output=True, check=False)
    if done.returncode != 0:
        raise ValueError('the checkpoint is not signed by the key')


def verify(export):
    """How many records were verified; ValueError names what is wrong."""
    line, spki = export['checkpoint'], bytes.fromhex(export['key']['spki'])
    mark_text, _, size, wanted, _, _, key, _ = line.split(' ')
    if mark_text != 'OPCARD-CHECKPOINT/1' or hashlib.sha256(spki).hexdigest()[:16].upper() != key:
        raise ValueError('the key is not the one the checkpoint names')
    check_signature(line, spki)
    for row in export['records']:
        if root(row, int(size)) != bytes.fromhex(wanted):
            raise ValueError(f"record {row['seq']} does not lead to the root")
    return len(export['records'])


if __name__ == '__main__':
    with open(sys.argv[1], encoding='utf-8') as source:
        print(verify(json.load(source)), 'records verified')

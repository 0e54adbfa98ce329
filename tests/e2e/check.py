# SPDX-License-Identifier: Apache-2.0
# What a user and an outsider notice of a card, compared in one line.
import os

from office import CUSTODIAN

# RFC 5280 reasons as openssl prints them in an OCSP answer and in a list.
REASONS = {'certificateHold': 'Certificate Hold', 'keyCompromise': 'Key Compromise',
           'superseded': 'Superseded', 'affiliationChanged': 'Affiliation Changed',
           'cessationOfOperation': 'Cessation Of Operation'}
MEMBERS = {'card', 'kind', 'authority', 'state', 'reasons', 'place', 'chipSerial', 'issuedOn', 'lentOn',
           'checkedOn', 'returnedOn', 'holder', 'certificate', 'pin', 'duty'}


def equal(got, wanted, what=''):
    assert got == wanted, f'{what}: {got!r}, not {wanted!r}'


def certificate(office, serial, reason):
    """@reason: good, unknown or why it is revoked; OCSP and the list must say the same."""
    status = office.ocsp(serial)
    entries = office.crl().entries
    name = serial.lower().lstrip('0')
    if reason in ('good', 'unknown'):
        equal(tuple(status), (reason, None), 'OCSP')
        assert name not in entries, f'{serial} is on the list'
        return
    equal(tuple(status), ('revoked', reason), 'OCSP')
    equal(entries.get(name), REASONS[reason], 'revocation list')


def card(office, number, state, reason=None, holds=()):
    """The card is @state, its certificate as @reason says (None: it has none), with these holds."""
    shown = office.show(number)
    assert MEMBERS <= set(shown), f'missing: {MEMBERS - set(shown)}'
    equal(shown['state'], state, number)
    equal(sorted(shown['reasons']), sorted(holds), f'reasons of {number}')
    if reason is None:
        assert shown['certificate'] is None, shown['certificate']
    else:
        certificate(office, shown['certificate']['serial'], reason)
    return shown


def refused(result, status, *words):
    """The command failed with @status and its message holds all of @words."""
    text = result.out + result.err
    equal(result.exit, status, text)
    for word in words:
        assert word in text, f'"{word}" is not in: {text}'
    return text


def drop_refusals(office, dump):
    """That something was refused is on record; it is no change."""
    refused = {str(row[0]) for row in office.sql("SELECT seq FROM ledger WHERE kind IN ('application-refused', 'denied')")}
    for name in ('ledger_record', 'ledger_personal'):
        dump[name] = [row for row in dump[name] if row[1:].split(',')[0] not in refused]


def unchanged(office, action):
    """Runs @action and sees that nothing in the database changed, but that it was refused is on record."""
    before = office.dump()
    drop_refusals(office, before)
    result = action()
    after = office.dump()
    drop_refusals(office, after)
    for table, rows in before.items():
        more = set(after[table]) - set(rows)
        assert after[table] == rows, f'{table} changed: {str(more or set(rows) - set(after[table]))[:2000]}'
    return result


def last_events(office, number, count):
    """The newest events of a card, oldest first."""
    events = sorted(office.events(number), key=lambda event: event['seq'])
    return [event['event'] for event in events[-count:]]


def objects(office, reader='reader1'):
    """How many objects the cards in @reader hold, private keys included."""
    return sum(name.endswith('.object') and name != 'token.object'
               for _, _, names in os.walk(office.path('readers', reader)) for name in names)


def whole(office):
    """The audit trail verifies, and doctor finds no error among the records."""
    assert office.json(CUSTODIAN, 'audit', 'verify')['ok']
    errors = [finding for finding in office.json(CUSTODIAN, 'doctor')['findings']
              if finding['level'] == 'error']
    assert not errors, errors

# SPDX-License-Identifier: Apache-2.0
# T25, N36, N51: after a life with PINs nobody else uses, no PIN stands in any file of the office nor
# in the memory of opcardd. What was planted is found, so the search works.
import base64
import os
import re
import sqlite3
import stat

import check
import tap
from office import ADMIN, CUSTODIAN, HOLDER, Office

CARD = 'OP000001'
# Set at the hand-over, typed wrong, chosen by the holder, set at the desk, initial, urgent, last.
PINS = ['Zq4vXw8m', 'Yb7nKr3t', 'Xd9pLs5w', 'Wf2qMt6z', 'Vg3rNu7a', 'Uh5sPv9c', 'Tj6tQw2e']
CANARY = 'Sk8uRx4g'
LOOKS = 4
SHADOW = 1 << 30  # what is larger is the sanitizers' own bookkeeping


def forms(secret):
    """The ways in which a program might write @secret down."""
    raw = secret.encode()
    yield raw
    yield raw.decode().encode('utf-16-le')
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield base64.b64encode(raw).rstrip(b'=')[:-1]
    yield raw[::-1]


def found_in(data, secrets):
    return {secret for secret in secrets for form in forms(secret) if form in data}


def search_files(folder, secrets):
    """{path: secrets} of every file below @folder, cards, logs and the write-ahead log among them."""
    found, looked = {}, 0
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            if not stat.S_ISREG(os.lstat(path).st_mode):
                continue
            with open(path, 'rb') as file:
                hits = found_in(file.read(), secrets)
            looked += 1
            if hits:
                found[path] = hits
    assert looked > 20, f'only {looked} files'
    return found


def memory(pid):
    """The writable memory of @pid, piece by piece; Skip where it may not be read."""
    with open(f'/proc/{pid}/maps', encoding='ascii') as maps:
        ranges = re.findall(r'^(\w+)-(\w+) rw.*$', maps.read(), re.M)
    try:
        with open(f'/proc/{pid}/mem', 'rb', buffering=0) as file:
            for start, end in ((int(start, 16), int(end, 16)) for start, end in ranges):
                if end - start > SHADOW:
                    continue
                file.seek(start)
                try:
                    yield file.read(end - start)
                except OSError:  # [vvar] and the like
                    continue
    except OSError as error:
        raise tap.Skip(f'the memory of opcardd may not be read here: {error}') from error


def search_memory(office, secrets):
    return set().union(*(found_in(piece, secrets) for piece in memory(office.process.pid)))


def left_in_memory(office, secrets):
    """A request is cleared away just after its answer is sent: a few looks, no more, because in time
    other work overwrites also what was merely freed."""
    for _ in range(LOOKS):
        left = search_memory(office, secrets)
        if not left:
            break
    return left


def make():
    office = Office(config={'daemon': {'log-level': 'debug'}})
    office.prepare(CARD)
    office.issue(CARD)
    office.hand_over(CARD, pin=PINS[0])
    check.refused(office.ctl(HOLDER, 'pin', 'change', CARD, pins=[PINS[1], PINS[2]]), 6)
    office.must(HOLDER, 'pin', 'change', CARD, pins=[PINS[0], PINS[2]])
    office.must(ADMIN, 'pin', 'reset', CARD, '--paper', 'A')
    office.must(CUSTODIAN, 'pin', 'reset', CARD, pins=[PINS[3]])
    office.must(ADMIN, 'pin', 'reset', CARD, '--paper', 'B')
    office.must(CUSTODIAN, 'pin', 'reset', CARD, '--absent', pins=[PINS[4]])
    office.must(HOLDER, 'pin', 'change', CARD, pins=[PINS[4], PINS[5]])
    office.must(CUSTODIAN, 'pin', 'reset', CARD, '--urgent', '--note', '急', pins=[PINS[6]])
    office.must(HOLDER, 'renew', CARD, pins=[PINS[6]])
    office.must(HOLDER, 'pin', 'report-leak', CARD)
    return office


def test_T25_no_file_holds_a_pin(office):
    check.equal(search_files(office.folder, PINS), {})


def test_T25_N51_a_planted_pin_would_be_found(office):
    """In a file, in the database, in its log beside it, and in memory: all by a note to be kept."""
    office.must(CUSTODIAN, 'card', 'place', CARD, f'金庫 {CANARY}')
    with open(office.path('planted'), 'wb') as file:
        file.write(b'\0\1' + CANARY.encode('utf-16-le'))
    found = search_files(office.folder, [CANARY])
    names = {os.path.basename(path) for path in found}
    assert {'planted', 'opcard.db-wal'} <= names, names
    check.equal(search_memory(office, [CANARY]), {CANARY})


def test_T25_N51_memory_of_the_daemon_holds_no_pin(office):
    """Looked at after each use: what is only freed may be overwritten by the next request."""
    check.equal(left_in_memory(office, PINS), set())
    for number in range(4):
        pins = [f'Rp{number}wVy5k', f'Qn{number}zXt6j']
        check.refused(office.ctl(HOLDER, 'pin', 'change', CARD, pins=pins), 6)
        check.equal(left_in_memory(office, pins), set())


def test_N36_the_database_has_no_place_for_a_pin(office):
    """What is kept of a PIN: its state and when it was changed; of its reset: paper and persons."""
    target = office.path('look.db')
    office.copy_database(target)
    database = sqlite3.connect(target)
    columns = {table: [row[1] for row in database.execute(f'PRAGMA table_info({table})')]
               for table in ('pin', 'pin_reset')}
    database.close()
    check.equal(columns['pin'], ['card', 'state', 'changed_at'])
    check.equal(columns['pin_reset'], ['id', 'card', 'holder', 'paper', 'by', 'at', 'expires', 'ended_at',
                                       'outcome', 'confirmation', 'approved_at', 'approved_by', 'rejected_at'])


def test_N51_secrets_are_for_the_daemon_alone(office):
    for path, mode in ((office.state, 0o700), (os.path.join(office.state, 'opcard.db'), 0o600),
                       (office.path('secret/master.key'), 0o600)):
        check.equal(stat.S_IMODE(os.stat(path).st_mode) & 0o077, 0, path)
        check.equal(stat.S_IMODE(os.stat(path).st_mode) & mode, mode, path)


if __name__ == '__main__':
    tap.main(globals(), make)

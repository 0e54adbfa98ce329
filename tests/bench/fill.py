# SPDX-License-Identifier: Apache-2.0
# Fills the store of a stopped opcardd with cards, straight through SQLite with its triggers: holder,
# designation, card, certificate, PIN, both register rows, and a ledger whose chain verifies. Only as
# many kinds of records as a card's life up to now needs; revoked cards are LOST. Narrow ones, by the
# million, come from fill_store.c.
import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import struct
import subprocess
import time

import measure

DAY = 86400
PEOPLE_A_SECTION = 50
CERTIFICATE_BYTES = (430, 520, 91)  # to be signed, signed, public key: P-256


PARTS = 'state', 'secret', 'public'
filled = {}  # what furnish_narrow() filled → the folder it is copied from


class Shape:
    """How many cards, how many of the certificates are revoked or on hold, and how much beside."""

    def __init__(self, cards, revoked=0.1, held=0.01, records=4):
        self.cards = cards
        self.revoked = int(cards * revoked)
        self.held = int(cards * held)
        self.records = records


def date(at):
    return time.strftime('%Y-%m-%d', time.gmtime(at + 9 * 3600))


def serial(i):
    """16 octets, first bits 01, as random as ours but the same every time."""
    digest = bytearray(hashlib.sha256(b'serial %d' % i).digest()[:16])
    digest[0] = 0x40 | digest[0] & 0x3f
    return bytes(digest)


def number(i):
    return 'F%08d' % i


class Ledger:
    """The records of daemon/audit/audit_record.h."""

    def __init__(self, base):
        row = base.execute('SELECT seq, hash FROM ledger_record ORDER BY seq DESC LIMIT 1').fetchone()
        self.seq, self.hash = row if row else (0, bytes(32))
        self.now = int(time.time())

    def append(self, at, kind, article, card, staff, body):
        """(the record's row, the personal part's row)."""
        self.seq += 1
        salt = hashlib.sha256(b'salt %d' % self.seq).digest()[:16]
        keys = hashlib.sha512(salt).digest()
        fields = ('007315', None, staff, body)
        sealed = hashlib.sha256(b''.join(
            hashlib.sha256(keys[16 * i:16 * i + 16] + (b'\0' if text is None else b'\1' + text.encode())).digest()
            for i, text in enumerate(fields))).digest()
        record = '2 %014d %014d %02d %02d %02d %s %s %s' % (at, self.now, len(kind), len(article), len(card), kind,
                                                           article, card)
        self.hash = hashlib.sha256(b'\0' + self.hash + struct.pack('>q', self.seq) + sealed +
                                   struct.pack('>q', len(record)) + record.encode()).digest()
        return (self.seq, record, sealed, self.hash), (self.seq, salt, *fields)


class Filler:
    def __init__(self, base, shape):
        self.base, self.shape = base, shape
        self.now = int(time.time())
        self.first = base.execute('SELECT ifnull(max(id), 0) + 1 FROM person').fetchone()[0]
        self.offset = base.execute("SELECT count(*) FROM card WHERE number LIKE 'F%'").fetchone()[0]
        self.ledger = Ledger(base)
        self.shares = [bytes([65 + i]) * size for i, size in enumerate(CERTIFICATE_BYTES)]

    def state(self, i):
        """Revoked and held ones evenly among the others."""
        revoked, held, cards = self.shape.revoked, self.shape.held, self.shape.cards
        if i * revoked // cards != (i + 1) * revoked // cards:
            return 'REVOKED'
        return 'HOLD' if i * held // cards != (i + 1) * held // cards else 'VALID'

    def issued(self, i):
        """A card is some days old, up to four months: its PIN is not due yet."""
        return self.now - (i % 120 + 1) * DAY

    def persons(self, span):
        for i in span:
            yield (self.first + i, 'B%07d' % (self.offset + i), '職員　第%d' % i, 'ショクイン',
                   'S%05d' % (i // PEOPLE_A_SECTION), '主事', '常勤')

    def designations(self, span):
        for i in span:
            yield ('D-2026-B%07d' % (self.offset + i), self.first + i, 'S%05d' % (i // PEOPLE_A_SECTION),
                   '第%d課' % (i // PEOPLE_A_SECTION), '主事', '一般操作者', '事務', date(self.issued(i)), 'bench')

    def cards(self, span):
        for i in span:
            lost = self.state(i) == 'REVOKED'
            day = date(self.issued(i))
            yield (number(self.offset + i), '%032x' % (self.offset + i), 'operator', 'softhsm', 'bench',
                   'LOST' if lost else 'ACTIVE', int(lost), '所在不明' if lost else '本人',
                   self.first + i, 'D-2026-B%07d' % (self.offset + i), '一般操作者', None, day, day,
                   None, None, None, 3)

    def statuses(self, span):
        for i in span:
            state = self.state(i)
            reason = {'REVOKED': 'keyCompromise', 'HOLD': 'certificateHold', 'VALID': None}[state]
            since = 0 if state == 'VALID' else self.issued(i) + 3600
            yield 1, serial(self.offset + i), state, reason, since, self.issued(i) + 1826 * DAY

    def certificates(self, span):
        for i in span:
            yield (1, serial(self.offset + i), number(self.offset + i), 'I-bench', self.issued(i), *self.shares)

    def holds(self, span):
        for i in span:
            if self.state(i) == 'HOLD':
                yield number(self.offset + i), 'MISSING', self.issued(i) + 3600, '007315', 'T24'

    def register(self, span):
        for i in span:
            lost = self.state(i) == 'REVOKED'
            day = date(self.issued(i))
            yield (number(self.offset + i), 'B%07d' % (self.offset + i), day, 'S%05d' % (i // PEOPLE_A_SECTION),
                   '第%d課' % (i // PEOPLE_A_SECTION), '主事', '職員　第%d' % i, '一般操作者',
                   day if lost else None, '紛失' if lost else None)

    def snapshot(self, i, state):
        day = date(self.issued(i))
        group = i // PEOPLE_A_SECTION
        return json.dumps({'card': {
            'kind': 'operator', 'state': state, 'place': '所在不明' if state == 'LOST' else '本人',
            'chip': '%032x' % (self.offset + i), 'authority': '一般操作者', 'issuedOn': day, 'lentOn': day,
            'staff': 'B%07d' % (self.offset + i), 'name': '職員　第%d' % i, 'section': '第%d課' % group,
            'sectionCode': 'S%05d' % group, 'title': '主事'}}, ensure_ascii=False)

    def records(self, span):
        for i in span:
            at, card, staff = self.issued(i), number(self.offset + i), 'B%07d' % (self.offset + i)
            life = [('receive', 'T16', 'STOCK'), ('issue-done', 'T14', 'PENDING'), ('prepare', 'N31', 'SPARE')]
            for kind, article, state in life[:self.shape.records - 1]:
                yield self.ledger.append(at, kind, article, card, staff, self.snapshot(i, state))
            last = ('report-lost', 'T24', 'LOST') if self.state(i) == 'REVOKED' else ('hand-over', 'T15', 'ACTIVE')
            if self.shape.records:
                yield self.ledger.append(at, *last[:2], card, staff, self.snapshot(i, last[2]))

    def sections(self):
        for group in range((self.shape.cards + PEOPLE_A_SECTION - 1) // PEOPLE_A_SECTION):
            yield 'S%05d' % group, '第%d課' % group, group, '第%d課長' % group, 1, '事務'

    def parts(self, span):
        for i in span:
            for name in ('職員　第%d' % i, 'ショクイン'):
                for at in range(len(name)):
                    yield name[at:], self.first + i

    def fill(self):
        put = self.base.executemany
        put('INSERT OR IGNORE INTO section VALUES(?,?,?,?,?,?)', self.sections())
        for begin in range(0, self.shape.cards, 20000):
            span = range(begin, min(begin + 20000, self.shape.cards))
            put('INSERT INTO person(id,staff,name,kana,section,title,employment) VALUES(?,?,?,?,?,?,?)',
                self.persons(span))
            put('INSERT INTO name_part VALUES(?,?)', self.parts(span))
            put('INSERT INTO designation(id,person,section,section_name,title,authority,duties,since,application)'
                ' VALUES(?,?,?,?,?,?,?,?,?)', self.designations(span))
            self.fill_cards(span)
            put("INSERT INTO pin VALUES(?,'SET',?)",
                ((number(self.offset + i), self.issued(i)) for i in span))
            put('INSERT INTO issue_row(card,staff,issued_on,section_code,section,title,name,authority,'
                'returned_on,reason) VALUES(?,?,?,?,?,?,?,?,?,?)', self.register(span))

    def fill_cards(self, span):
        put = self.base.executemany
        put('INSERT INTO card VALUES(%s)' % ','.join('?' * 18), self.cards(span))
        put('INSERT INTO certificate_status(issuer,serial,state,reason,since,not_after) VALUES(?,?,?,?,?,?)',
            self.statuses(span))
        put('INSERT INTO certificate(issuer,serial,card,intent,not_before,tbs,der,spki)'
            ' VALUES(?,?,?,?,?,?,?,?)', self.certificates(span))
        put('INSERT INTO hold(card,reason,since,by,article) VALUES(?,?,?,?,?)', self.holds(span))
        for record, personal in self.records(span):
            self.base.execute('INSERT INTO ledger_record(seq,record,sealed,hash) VALUES(?,?,?,?)', record)
            self.base.execute('INSERT INTO ledger_personal VALUES(?,?,?,?,?,?)', personal)


def fill_narrow(daemon, shape):
    """The same through the store's own code: fill_store.c."""
    subprocess.run([measure.program('tests/bench/fill-store'), daemon.state, str(shape.cards),
                    str(shape.revoked * 1000 // shape.cards), str(shape.held * 1000 // shape.cards),
                    str(shape.records)], check=True)


def furnish_narrow(daemon, shape):
    """A stopped daemon with a CA and @shape narrow cards; ca.pem lies in its folder. What was filled
    once in this run is copied."""
    key = shape.cards, shape.revoked, shape.held, shape.records
    if key not in filled:
        daemon.start()
        daemon.furnish()
        with open(os.path.join(daemon.folder, 'ca.pem'), 'w', encoding='ascii') as file:
            file.write(daemon.custodian().get('/ca')['certificate'])
        daemon.stop()
        fill_narrow(daemon, shape)
        filled[key] = measure.folder()
        for name in PARTS:
            shutil.copytree(os.path.join(daemon.folder, name), os.path.join(filled[key].name, name))
        shutil.copy(os.path.join(daemon.folder, 'ca.pem'), filled[key].name)
        return
    for name in PARTS:
        shutil.rmtree(os.path.join(daemon.folder, name))
        shutil.copytree(os.path.join(filled[key].name, name), os.path.join(daemon.folder, name))
    shutil.copy(os.path.join(filled[key].name, 'ca.pem'), daemon.folder)
    base = sqlite3.connect(daemon.database)
    with contextlib.closing(base), base:
        base.execute('UPDATE issuer SET key_uri = ?', ('file:' + os.path.join(daemon.state, 'ca', 'ca.key'),))


def fill(daemon, shape):
    """The daemon must be stopped, and have been furnished before."""
    base = sqlite3.connect(daemon.database)
    with contextlib.closing(base):
        base.executescript('PRAGMA synchronous=OFF; PRAGMA cache_size=-200000')
        with base:
            Filler(base, shape).fill()
        base.executescript('PRAGMA wal_checkpoint(TRUNCATE)')



def active(shape):
    """Numbers of cards that are lent and whose certificate is valid."""
    filler = Filler.__new__(Filler)
    filler.shape = shape
    return [number(i) for i in range(shape.cards) if filler.state(i) == 'VALID']

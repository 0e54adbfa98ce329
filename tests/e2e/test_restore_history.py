# SPDX-License-Identifier: Apache-2.0
# Whatever happened, and whenever the backup was made: after a restore no certificate that was ever
# revoked is answered "good", and none is good that was not before (N08).
import os
import random

import tap
from office import ADMIN, CUSTODIAN, HOLDER, HOLDER2, WITNESS, until
from recovery import RecoveryOffice

PEOPLE = [(HOLDER, '一般操作者'), (HOLDER2, '一般操作者'), (WITNESS, '業務管理者'), ('012990', '一般操作者'),
          ('920017', '一般操作者')]
STEPS, BACKUPS = 18, 3
SEED = int(os.environ.get('OPCARD_SEED') or random.randrange(1 << 31))


class History:
    """A random life of some cards; what became final is remembered outside."""

    def __init__(self, office, chance):
        self.office, self.chance = office, chance
        self.cards = {}  # number → (staff, authority)
        self.revoked, self.known, self.count = set(), set(), 0

    def lend(self):
        busy = set(self.cards.values())
        free = [person for person in PEOPLE if person not in busy]
        if not free:
            return
        staff, authority = self.chance.choice(free)
        self.count += 1
        card = f'H{self.count:06}'
        self.office.lend(card, staff, authority=authority)
        self.office.pull(card)
        self.cards[card] = (staff, authority)
        self.known.add(self.serial(card))

    def serial(self, card):
        return self.office.show(card)['certificate']['serial']

    def end(self, *words):
        if not self.cards:
            return
        card = self.chance.choice(sorted(self.cards))
        serial = self.serial(card)
        self.office.must(CUSTODIAN, words[0], card, *words[1:])
        self.revoked.add(serial)
        del self.cards[card]

    def hold(self):
        for card in self.chance.sample(sorted(self.cards), min(1, len(self.cards))):
            if 'FORGOTTEN' not in self.office.show(card)['reasons']:
                self.office.must(ADMIN, 'suspend', card, '--reason', 'FORGOTTEN')

    def lift(self):
        for card in sorted(self.cards):
            if self.office.show(card)['reasons'] == ['FORGOTTEN']:
                self.office.must(ADMIN, 'resume', card, '--reason', 'FORGOTTEN')
                return

    def step(self):
        self.chance.choice([self.lend, self.lend, self.hold, self.lift, lambda: self.end('report-lost', '--by', 'x'),
                            lambda: self.end('report-stolen', '--by', 'x'), lambda: self.end('return')])()


def make():
    tap.comment(f'OPCARD_SEED={SEED}')
    return RecoveryOffice()


def answers(office, serials):
    return {serial: office.raw_ocsp(serial) for serial in sorted(serials)}


def test_no_revoked_certificate_is_ever_good_again(office):
    chance = random.Random(SEED)
    history = History(office, chance)
    marks = set(chance.sample(range(STEPS), BACKUPS))
    backups = []
    history.lend()
    history.lend()
    for number in range(STEPS):
        if number in marks:
            backups.append(office.backup())
        history.step()
    before = answers(office, history.known)
    assert all(before[serial] == 'revoked' for serial in history.revoked), before
    for backup in chance.sample(backups, len(backups)):
        office.must(None, 'ca', 'crl')
        assert office.stop() == 0
        office.move_state_away()
        result = office.restore(backup, '--reconcile')
        assert result.exit == 0, result
        office.start()
        until(lambda: office.raw_ocsp(sorted(history.known)[0]) in ('good', 'revoked', 'unknown'), 'OCSP answers')
        after = answers(office, history.known)
        wrong = {serial: (before[serial], answer) for serial, answer in after.items()
                 if answer not in ('revoked', 'unknown') and before[serial] != 'good'
                 or answer != 'revoked' and serial in history.revoked}
        assert not wrong, f'seed {SEED}, {backup}: {wrong}'
    tap.comment(f'{len(history.known)} certificates, {len(history.revoked)} revoked, {len(backups)} restores')


if __name__ == '__main__':
    tap.main(globals(), make)

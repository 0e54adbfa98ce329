# SPDX-License-Identifier: Apache-2.0
# Cards are held, resumed and revoked at random, the daemon is stopped and killed, and an independent
# process sees OCSP, the lists, the deltas and the store agree all the time.
import json
import os
import random
import subprocess
import sys

import check
import tap
from office import ADMIN, BUILD, CUSTODIAN, HOLDER, HOLDER2, MANAGER, MANAGER2, Office, until

CARDS = {'OP000001': (HOLDER, '一般操作者', MANAGER), 'OP000002': ('009874', '業務管理者', MANAGER),
         'OP000003': (HOLDER2, '一般操作者', MANAGER2), 'OP000004': ('010433', '業務管理者', MANAGER2)}
STEPS = 60
state, serial = {}, {}


def make():
    office = Office(config={'ca': {'delta-period': '60s'}})
    office.journal, office.report = office.path('journal'), office.path('report')
    return office


def write(office, **entry):
    with open(office.journal, 'a', encoding='utf-8') as file:
        file.write(json.dumps(entry) + '\n')


def reports(office):
    with open(office.report, encoding='utf-8') as file:
        found = [json.loads(line) for line in file.read().splitlines()]
    assert not found or 'fault' not in found[-1], found[-1]
    return found


def wait_for_rounds(office, count=2):
    """So many rounds that began after this call."""
    before = len(reports(office))
    until(lambda: len(reports(office)) >= before + count + 1, 'the watcher looks again')


def change(office, card, wanted, *words):
    write(office, serial=serial[card], phase='begin', state=wanted)
    office.must(*words)
    state[card] = wanted
    write(office, serial=serial[card], phase='end', state=wanted)


def step(office, chance):
    card = chance.choice([one for one in CARDS if state[one] != 'REVOKED'])
    if state[card] == 'VALID' and chance.random() < 0.05 and list(state.values()).count('REVOKED') < 2:
        change(office, card, 'REVOKED', CUSTODIAN, 'report-lost', card, '--by', '本人')
    elif state[card] == 'VALID':
        change(office, card, 'HOLD', ADMIN, 'suspend', card, '--reason', 'FORGOTTEN')
    else:
        change(office, card, 'VALID', ADMIN, 'resume', card, '--reason', 'FORGOTTEN')


def test_cards_are_lent_and_watched(office):
    for card, (holder, authority, manager) in CARDS.items():
        office.prepare(card)
        office.issue(card, holder, authority=authority)
        office.hand_over(card, manager)
        office.pull(card)
        state[card], serial[card] = 'VALID', office.show(card)['certificate']['serial']
        write(office, serial=serial[card], phase='end', state='VALID')
    open(office.report, 'w', encoding='utf-8').close()
    office.watcher = subprocess.Popen(
        [sys.executable, os.path.join(os.path.dirname(__file__), 'status_watcher.py'), office.address, office.public,
         office.ca, os.path.join(office.state, 'opcard.db'), office.journal, office.report],
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_for_rounds(office)


def test_everybody_agrees_while_cards_change_at_random(office):
    seed = random.randrange(1 << 32)
    tap.comment(f'seed {seed}')
    chance = random.Random(seed)
    for number in range(STEPS):
        step(office, chance)
        if number % 10 == 9:
            wait_for_rounds(office)
    last = next(card for card in CARDS if state[card] != 'REVOKED')
    change(office, last, 'REVOKED', CUSTODIAN, 'report-lost', last, '--by', '本人')
    wait_for_rounds(office)
    counts = reports(office)[-1]
    tap.comment(counts)
    assert counts['compared'] > 50 and counts['deltas'] > 50 and counts['lists'] > 5, counts


def test_watcher_ends_well(office):
    write(office, stop=True)
    _, errors = office.watcher.communicate(timeout=60)
    check.equal(office.watcher.returncode, 0, errors)


def test_restart_keeps_the_deltas_base(office):
    """A client with the list from before the restart needs no complete one."""
    import outsider  # pylint: disable=import-outside-toplevel
    before = outsider.read_list(outsider.ask(office.address, 'GET', '/crl/opcard.crl').body, office.ca)
    office.kill()
    office.start()
    until(lambda: outsider.ask(office.address, 'GET', f'/crl/opcard-delta.crl?after={before.number}').status == 200,
          'a new list')
    for card in CARDS:
        if state[card] == 'HOLD':
            office.must(ADMIN, 'resume', card, '--reason', 'FORGOTTEN')
            state[card] = 'VALID'
        elif state[card] == 'VALID':
            office.must(ADMIN, 'suspend', card, '--reason', 'FORGOTTEN')
            state[card] = 'HOLD'
    delta = outsider.read_list(outsider.ask(office.address, 'GET', '/crl/opcard-delta.crl').body, office.ca)
    complete = outsider.read_list(outsider.ask(office.address, 'GET', '/crl/opcard.crl').body, office.ca)
    assert delta.number > before.number and delta.base <= before.number, (before, delta)
    check.equal(outsider.combine(before, delta), complete.entries)


if __name__ == '__main__':
    assert BUILD
    tap.main(globals(), make)

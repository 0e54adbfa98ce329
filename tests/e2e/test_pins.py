# SPDX-License-Identifier: Apache-2.0
# PINs: which are taken, and that they appear nowhere but on the card.
import os
import threading

import check
import tap
from office import BUILD, CUSTODIAN, HOLDER, NEW_PIN, PIN, Office, until

CARD = 'OP000001'
WRONG = 'Wr0ngPin'


def refuse_hand_over(office, pin, *words):
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'hand-over', CARD, '--reader', 'reader1',
                                                        pins=[pin]))
    text = check.refused(result, 6, CARD, *words)
    assert pin not in text, 'the message shows the PIN'
    check.card(office, CARD, 'PENDING', 'unknown')


def test_short_pin_is_refused_with_the_least_length(office):
    office.prepare(CARD)
    office.issue(CARD)
    refuse_hand_over(office, 'a1b2c', '6')


def test_pin_of_one_character_is_refused(office):
    refuse_hand_over(office, '77777777')


def test_pin_beyond_the_card_is_refused(office):
    for pin in ('x1' * 33, 'x1' * 500):
        result = check.unchanged(office, lambda pin=pin: office.ctl(CUSTODIAN, 'hand-over', CARD, pins=[pin]))
        assert pin not in check.refused(result, 2, 'PIN' if len(pin) > 64 * 4 else '64')


def test_pin_that_cannot_be_typed_everywhere_is_refused(office):
    refuse_hand_over(office, 'ひみつの番号です')


def test_no_pin_at_all_is_a_question_not_a_try(office):
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'hand-over', CARD))
    check.refused(result, 2)
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'hand-over', CARD, pins=['']))
    assert result.exit in (2, 6), result


def test_pin_is_never_an_argument(office):
    for words in (['hand-over', CARD, '--pin', PIN], ['pin', 'change', CARD, PIN, NEW_PIN]):
        check.refused(check.unchanged(office, lambda words=words: office.ctl(CUSTODIAN, *words)), 2)


def in_processes(secrets, seen, stop):
    """Looks at the arguments and environments of all processes until @stop, notes where a PIN is."""
    while not stop.is_set():
        for pid in filter(str.isdigit, os.listdir('/proc')):
            for name in ('cmdline', 'environ'):
                try:
                    with open(f'/proc/{pid}/{name}', 'rb') as file:
                        text = file.read()
                except OSError:
                    continue
                seen.update(f'{name} of {pid}: {text}' for secret in secrets if secret.encode() in text)
        seen.add('looked')


def test_hand_over_and_change_show_no_pin_in_any_process(office):
    failpoints = 'hand-over.pin-set:sleep=300,pin-change.changed:sleep=300'
    office.options['config'] = {'daemon': {'log-level': 'debug'}}
    office.write_config()
    office.restart(failpoints)
    seen, stop = set(), threading.Event()
    watcher = threading.Thread(target=in_processes, args=([PIN, NEW_PIN, WRONG], seen, stop))
    watcher.start()
    try:
        until(lambda: seen, 'the first look')
        office.hand_over(CARD)
        check.refused(office.ctl(HOLDER, 'pin', 'change', CARD, pins=[WRONG, NEW_PIN]), 6, CARD)
        office.must(HOLDER, 'pin', 'change', CARD, pins=[PIN, NEW_PIN])
    finally:
        stop.set()
        watcher.join()
    check.equal(seen, {'looked'})


def test_wrong_pin_is_told_and_changes_nothing_but_the_record(office):
    before = office.show(CARD)
    result = office.ctl(HOLDER, 'pin', 'change', CARD, pins=[WRONG, 'Qx83nfWw'])
    text = check.refused(result, 6, CARD)
    assert WRONG not in text and 'Qx83nfWw' not in text, text
    check.equal(office.show(CARD), before)
    assert check.last_events(office, CARD, 1) == ['pin-failed'], office.events(CARD)


def test_old_pin_is_not_a_new_one(office):
    result = check.unchanged(office, lambda: office.ctl(HOLDER, 'pin', 'change', CARD, pins=[NEW_PIN, NEW_PIN]))
    check.refused(result, 6, CARD)


def test_leaked_pin_is_held_until_the_holder_changes_it(office):
    office.must(HOLDER, 'suspend', CARD, '--reason', 'PIN_LEAKED')
    check.card(office, CARD, 'SUSPENDED', 'certificateHold', ['PIN_LEAKED'])
    check.refused(office.ctl(HOLDER, 'resume', CARD, '--reason', 'PIN_LEAKED'), 5 if office.is_alone else 3)
    check.refused(office.ctl('004102', 'resume', CARD, '--reason', 'PIN_LEAKED'), 5)
    office.must(HOLDER, 'pin', 'change', CARD, pins=[NEW_PIN, PIN])
    check.card(office, CARD, 'ACTIVE', 'good')


def test_pins_stand_in_no_file(office):
    """The log at its most talkative, the database with its log, what was published, the ledger."""
    office.must(CUSTODIAN, 'audit', 'list', '--json')
    copy = office.path('copy.db')
    office.copy_database(copy)
    looked = 0
    for top, _, names in os.walk(office.folder):
        if top.startswith(office.path('bin')) or top.startswith(office.path('readers')):
            continue
        for name in names:
            path = os.path.join(top, name)
            if not os.path.isfile(path):
                continue
            with open(path, 'rb') as file:
                text = file.read()
            looked += 1
            for secret in (PIN, NEW_PIN, WRONG):
                for form in (secret.encode(), secret.encode().hex().encode(), secret.encode('utf-16-le')):
                    assert form not in text, f'{path} holds a PIN'
    assert looked > 6, f'only {looked} files'
    assert 'opcardd' in office.log() and os.path.getsize(copy) > 10000


def test_the_daemon_gives_no_pin_to_its_children(office):
    assert os.path.exists(os.path.join(BUILD, 'opcard-card'))
    check.equal(office.log().count(PIN), 0)
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), Office)

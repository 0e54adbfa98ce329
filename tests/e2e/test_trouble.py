# SPDX-License-Identifier: Apache-2.0
# Cards and readers that misbehave, one after another at one daemon: it tells what is wrong with exit
# 6, goes on, and nothing half-made remains once the card is seen again.
import os
import signal
import subprocess

import check
import tap
from office import CUSTODIAN, HOLDER, NEW_PIN, PIN, Office, children, until

SOFTHSM = '/usr/lib/softhsm/libsofthsm2.so'
SLOW = 'card.generated:sleep=1000,hand-over.pin-set:sleep=1000,pin-change.begun:sleep=1000'
ISSUE = ['issue', 'OP000001', '--staff', HOLDER, '--authority', '一般操作者', '--reader', 'reader1']


def foreign_card(office, reader, label):
    """A card that somebody else has made."""
    conf = office.path('foreign.conf')
    with open(conf, 'w', encoding='utf-8') as file:
        file.write(f'directories.tokendir = {office.path("readers", reader)}\nobjectstore.backend = file\n')
    subprocess.run(['softhsm2-util', '--init-token', '--free', '--label', label, '--so-pin', 'somebody',
                    '--pin', 'somebody'], env={**os.environ, 'SOFTHSM2_CONF': conf}, check=True,
                   capture_output=True)


def card_process(office):
    """The opcard-card that works at a card now; the watcher is the one that was there before."""
    return [pid for pid in children(office.process.pid) if pid != office.watcher]


def goes_on(office):
    office.must(CUSTODIAN, 'status')
    check.equal(office.process.poll(), None, 'opcardd ended')


def remember_watcher(office):
    office.watcher = until(lambda: list(children(office.process.pid)), 'the watcher')[0]


def test_empty_reader(office):
    remember_watcher(office)
    office.receive('OP000001')
    office.must(CUSTODIAN, 'card', 'prepare', 'OP000001', '--reader', 'reader1')
    office.pull('OP000001')
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, *ISSUE))
    check.refused(result, 6, 'OP000001', 'reader1')
    goes_on(office)


def test_two_cards_in_one_reader(office):
    office.insert('OP000001')
    foreign_card(office, 'reader1', 'second')
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, *ISSUE))
    check.refused(result, 6, 'OP000001', 'more than one')
    office.pull('OP000001')


def test_foreign_card_is_not_taken_over(office):
    foreign_card(office, 'reader2', 'somebody else')
    before = check.objects(office, 'reader2')
    office.receive('OP000002')
    words = ['card', 'prepare', 'OP000002', '--reader', 'reader2']
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, *words))
    check.refused(result, 6, 'OP000002', 'reader2', 'blank')
    check.equal(check.objects(office, 'reader2'), before)
    readers = office.json(CUSTODIAN, 'reader', 'list')['items']
    check.equal([(item['state'], item['known']) for item in readers if item['reader'] == 'reader2'],
                [('card', False)])
    office.pull('FOREIGN', 'reader2')


def test_another_card_than_the_one_named(office):
    office.must(CUSTODIAN, 'card', 'prepare', 'OP000002', '--reader', 'reader2')
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, *ISSUE[:-1], 'reader2'))
    check.refused(result, 6, 'OP000001', 'OP000002', 'reader2')
    office.pull('OP000002', 'reader2')


def test_two_cards_were_put_into_the_drawer(office):
    """The one pulled together with the foreign card is itself again."""
    for name in os.listdir(office.path('drawer/OP000001')):
        with open(office.path('drawer/OP000001', name, 'token.object'), 'rb') as file:
            if b'opcard OP000001' not in file.read():
                os.rename(office.path('drawer/OP000001', name), office.path('drawer', 'second'))
    office.insert('OP000001')
    office.must(CUSTODIAN, 'card', 'check', 'OP000001', '--reader', 'reader1')


def test_reader_that_was_unplugged(office):
    os.rename(office.path('readers/reader1'), office.path('unplugged'))
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, *ISSUE))
    check.refused(result, 6, 'reader')
    goes_on(office)
    os.rename(office.path('unplugged'), office.path('readers/reader1'))
    office.must(CUSTODIAN, 'card', 'check', 'OP000001', '--reader', 'reader1')


def begin_issue(office):
    """Starts issuing and waits until the card has a key."""
    process = office.begin(CUSTODIAN, *ISSUE)
    until(lambda: check.objects(office) > 0 or process.poll() is not None, 'a key on the card')
    check.equal(process.poll(), None, 'issuing is under way')
    return process


def is_undone(office):
    return office.show('OP000001')['state'] == 'SPARE'


def interrupted(office, process, *words):
    """The issue failed clearly and waits for its card; nothing of it is good."""
    check.refused(office.finish(process), 6, 'OP000001', *words)
    goes_on(office)
    for serial, in office.sql("SELECT hex(serial) FROM certificate WHERE card = 'OP000001'"):
        assert office.ocsp(serial).answer == 'revoked', serial


def finished(office):
    """Once the card is seen again it is erased by itself and can be issued."""
    until(lambda: is_undone(office), 'the card is a spare again')
    check.equal(check.objects(office), 0, 'objects on the card')
    check.equal(office.sql('SELECT count(*) FROM intent WHERE closed_at IS NULL'), [(0,)], 'open intents')


def test_card_pulled_while_it_is_issued(office):
    office.restart(SLOW)
    remember_watcher(office)
    process = begin_issue(office)
    office.pull('OP000001')
    interrupted(office, process)
    check.equal(office.show('OP000001')['state'], 'PERSONALIZING')
    result = office.ctl(CUSTODIAN, *ISSUE)
    assert result.exit in (1, 5), result
    office.insert('OP000001')
    finished(office)


def test_waiting_operation_survives_a_restart(office):
    process = begin_issue(office)
    office.pull('OP000001')
    interrupted(office, process)
    office.restart(SLOW)
    remember_watcher(office)
    check.equal(office.show('OP000001')['state'], 'PERSONALIZING')
    office.insert('OP000001', 'reader2')
    until(lambda: is_undone(office), 'the card is a spare again')
    check.equal(check.objects(office, 'reader2'), 0)
    office.pull('OP000001', 'reader2')
    office.insert('OP000001')


def test_card_process_killed_while_it_issues(office):
    process = begin_issue(office)
    workers = card_process(office)
    check.equal(len(workers), 1, 'processes at cards')
    os.kill(workers[0], signal.SIGKILL)
    interrupted(office, process, 'unexpectedly')
    office.pull('OP000001')
    office.insert('OP000001')
    finished(office)


def test_card_process_that_hangs_ends_at_its_deadline(office):
    office.options['config'] = {'cards': {'deadline': '3s'}}
    office.write_config()
    office.restart(SLOW)
    remember_watcher(office)
    process = begin_issue(office)
    hanging = card_process(office)[0]
    os.kill(hanging, signal.SIGSTOP)
    office.must(CUSTODIAN, 'card', 'list')
    interrupted(office, process, 'in time')
    until(lambda: hanging not in children(office.process.pid), 'the hanging process is gone')
    office.pull('OP000001')
    office.insert('OP000001')
    finished(office)


def test_card_pulled_while_it_is_handed_over(office):
    office.must(CUSTODIAN, *ISSUE)
    process = office.begin(CUSTODIAN, 'hand-over', 'OP000001', '--reader', 'reader1', pins=[PIN])
    until(lambda: office.sql("SELECT 1 FROM intent WHERE kind = 'hand-over' AND closed_at IS NULL"), 'its begin')
    office.pull('OP000001')
    check.refused(office.finish(process), 6, 'OP000001')
    check.card(office, 'OP000001', 'PENDING', 'unknown')
    check.equal(office.show('OP000001')['pin']['state'], 'UNKNOWN')
    office.insert('OP000001')
    office.hand_over('OP000001', pin=NEW_PIN)
    check.card(office, 'OP000001', 'ACTIVE', 'good')


def test_card_pulled_while_its_pin_is_changed(office):
    process = office.begin(HOLDER, 'pin', 'change', 'OP000001', pins=[NEW_PIN, PIN])
    until(lambda: office.sql("SELECT 1 FROM intent WHERE kind = 'pin-change' AND closed_at IS NULL"), 'its begin')
    office.pull('OP000001')
    check.refused(office.finish(process), 6, 'OP000001')
    check.card(office, 'OP000001', 'ACTIVE', 'good')
    office.insert('OP000001')
    office.must(HOLDER, 'pin', 'change', 'OP000001', pins=[NEW_PIN, PIN])


def test_module_that_does_not_exist(office):
    office.options['config'] = {'cards': {'module': '/nonexistent.so'}}
    office.write_config()
    office.restart()
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'card', 'check', 'OP000001'))
    check.refused(result, 6, 'module')
    goes_on(office)


def test_module_that_crashes(office):
    office.options['config'] = {'cards': {'module': os.environ['OPCARD_EVIL'], 'deadline': '3s'}}
    office.write_config()
    office.restart()
    for behaviour, word in (('segfault', 'unexpectedly'), ('abort', 'unexpectedly'), ('exit', 'unexpectedly'),
                            ('noise', 'unexpected'), ('loop', 'in time')):
        with open(office.path('readers/reader1/behaviour'), 'w', encoding='ascii') as file:
            file.write(behaviour)
        result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'card', 'check', 'OP000001', '--reader',
                                                            'reader1'))
        check.refused(result, 6, 'OP000001', word)
        goes_on(office)
    check.certificate(office, office.show('OP000001')['certificate']['serial'], 'good')


def test_all_is_well_with_the_right_module_again(office):
    os.unlink(office.path('readers/reader1/behaviour'))
    office.options['config'] = {}
    office.write_config()
    office.restart()
    office.must(HOLDER, 'renew', 'OP000001', pins=[PIN])
    check.card(office, 'OP000001', 'ACTIVE', 'good')
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), lambda: Office(crashes=True))

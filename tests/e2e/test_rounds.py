# SPDX-License-Identifier: Apache-2.0
# T48, H06, T16: card checks by round. A card in a reader proves that it is there; what was not shown
# by the last day is a list for a person, who puts it on hold; a round never revokes.
import json
import shutil
import sqlite3

import check
import tap
from office import (ADMIN, CUSTODIAN, HOLDER, HOLDER2, MANAGER, MANAGER2, PIN, WITNESS, Office, today)

SHOWN, SIGNED, UNSEEN, ELSEWHERE = 'OP000001', 'OP000002', 'OP000003', 'OP000004'


def make():
    office = Office()
    for card, staff, authority in ((SHOWN, HOLDER, '一般操作者'), (SIGNED, WITNESS, '業務管理者'),
                                   (UNSEEN, '920017', '一般操作者'), (ELSEWHERE, HOLDER2, '一般操作者')):
        office.lend(card, staff, authority=authority)
        office.pull(card)
    return office


def show(office, number):
    return office.json(CUSTODIAN, 'check-round', 'show', number)


def rows(document):
    return {item['card']: item for item in document['items']}


def let_the_last_day_pass(office, number):
    """Nobody can wait for it here; the daemon reads the day anew each time."""
    assert office.stop() == 0
    database = sqlite3.connect(f'{office.state}/opcard.db')
    with database:
        database.execute('UPDATE check_round SET due = ? WHERE id = ?', (today(-1), number))
    database.close()
    office.start()


def register(office):
    office.must(CUSTODIAN, 'register', 'print', 'card-check', '--section', '0301', '--format', 'json', '-o',
                office.path('out/check.json'))
    with open(office.path('out/check.json'), encoding='utf-8') as file:
        return {row['card']: row for row in json.load(file)['rows']}


def test_t48_a_round_expects_the_cards_its_section_has_in_use(office):
    office.round = office.json(MANAGER, 'check-round', 'open', '--section', '0301', '--due', today())['round']['id']
    round_ = show(office, office.round)
    check.equal(sorted(rows(round_)), [SHOWN, SIGNED, UNSEEN])
    check.equal((round_['cards'], round_['seen'], round_['held']), (3, 0, 0))
    check.refused(office.ctl(MANAGER, 'check-round', 'open', '--section', '0301', '--due', today()), 5, '0301')
    check.refused(office.ctl(ADMIN, 'check-round', 'open', '--section', '0402', '--due', today(-1)), 2, today())
    check.refused(office.ctl(ADMIN, 'check-round', 'open', '--section', '0202', '--due', today()), 5, '0202')
    check.refused(office.ctl(ADMIN, 'check-round', 'open', '--section', '9999', '--due', today()), 4, '9999')


def test_t48_a_card_proves_itself_by_serial_and_certificate_without_a_pin(office):
    office.insert(SHOWN)
    office.must(MANAGER, 'card', 'check', SHOWN)
    row = rows(show(office, office.round))[SHOWN]
    check.equal((row['proof'], row['checkedBy']), ('read', ADMIN if office.is_alone else MANAGER))
    check.equal(office.show(SHOWN)['checkedOn'], today())
    result = check.unchanged(office, lambda: office.ctl(MANAGER, 'card', 'check', UNSEEN, '--reader', 'reader1'))
    check.refused(result, 6, UNSEEN, SHOWN)
    office.pull(SHOWN)


def test_t48_the_holder_proves_it_by_a_signature(office):
    office.insert(SIGNED)
    result = check.unchanged(office, lambda: office.ctl(WITNESS, 'card', 'prove', SIGNED, pins=['wrong-0']))
    check.refused(result, 6, SIGNED)
    office.must(WITNESS, 'card', 'prove', SIGNED, pins=[PIN])
    check.equal(rows(show(office, office.round))[SIGNED]['proof'], 'signed')
    if not office.is_alone:
        result = check.unchanged(office, lambda: office.ctl(HOLDER, 'card', 'prove', SIGNED, pins=[PIN]))
        check.refused(result, 3, HOLDER, SIGNED)
        check.refused(office.ctl(WITNESS, 'card', 'check', SIGNED), 3, WITNESS)
    office.pull(SIGNED)


def test_t48_a_card_without_its_certificate_is_not_itself(office):
    """A token folder with the same serial and nothing on it."""
    office.insert(ELSEWHERE)
    token = office.path('readers/reader1')
    objects = [path for path in shutil.os.listdir(token) if shutil.os.path.isdir(f'{token}/{path}')][0]
    hidden = office.path('drawer/hidden')
    shutil.copytree(f'{token}/{objects}', hidden)
    for name in shutil.os.listdir(f'{token}/{objects}'):
        if name.endswith('.object') and name != 'token.object':
            shutil.os.unlink(f'{token}/{objects}/{name}')
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'card', 'check', ELSEWHERE))
    check.refused(result, 6, ELSEWHERE, 'suspend')
    shutil.rmtree(f'{token}/{objects}')
    shutil.move(hidden, f'{token}/{objects}')
    office.must(CUSTODIAN, 'card', 'check', ELSEWHERE)
    office.pull(ELSEWHERE)


def test_h06_nothing_happens_before_the_last_day_is_over(office):
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'check-round', 'hold', office.round, '--confirm', office.round))
    check.refused(result, 5, today())
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'check-round', 'close', office.round))
    check.refused(result, 5, '2', '3')
    check.card(office, UNSEEN, 'ACTIVE', 'good')


def test_t16_a_person_puts_on_hold_what_was_not_shown_and_nothing_is_revoked(office):
    let_the_last_day_pass(office, office.round)
    problems = ' '.join(problem['en'] for problem in office.json(ADMIN, 'status')['problems'])
    assert f'check-round hold {office.round}' in problems, problems
    check.card(office, UNSEEN, 'ACTIVE', 'good')  # the deadline alone did nothing
    check.equal(show(office, office.round)['missing'], [UNSEEN])
    hold = lambda *words: office.ctl(CUSTODIAN, 'check-round', 'hold', office.round, *words)
    check.refused(check.unchanged(office, hold), 2)
    check.refused(check.unchanged(office, lambda: hold('--confirm', 'R-1999-0001')), 2)
    stale = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'api', 'POST', f'/check-rounds/{office.round}/hold',
                                                       '{"cards": 2}'))
    check.refused(stale, 5, office.round)
    if not office.is_alone:
        check.refused(office.ctl(MANAGER2, 'check-round', 'hold', office.round, '--confirm', office.round), 3)
    check.equal(hold('--confirm', office.round).exit, 0)
    check.card(office, UNSEEN, 'SUSPENDED', 'certificateHold', ['UNCHECKED'])
    check.card(office, SHOWN, 'ACTIVE', 'good')
    check.equal(office.sql("SELECT count(*) FROM certificate_status WHERE state = 'REVOKED'"), [(0,)])
    check.equal(show(office, office.round)['missing'], [])
    check.equal(hold('--confirm', office.round).exit, 0)  # once more: nothing left to do


def test_t16_a_missed_round_never_becomes_a_loss_by_itself(office):
    """The job that makes losses of missing cards looks at another reason."""
    assert office.stop() == 0
    database = sqlite3.connect(f'{office.state}/opcard.db')
    with database:
        database.execute('UPDATE hold SET since = since - 864000 WHERE card = ?', (UNSEEN,))
    database.close()
    office.restart() if office.process.poll() is None else office.start()
    office.must(ADMIN, 'status')
    check.equal(office.show(UNSEEN)['state'], 'SUSPENDED')
    check.equal(office.sql("SELECT count(*) FROM ledger WHERE kind = 'report-lost'"), [(0,)])


def test_t48_the_register_shows_the_round(office):
    check.equal({card: row['result'] for card, row in register(office).items()},
                {SHOWN: '良', SIGNED: '良（署名）', UNSEEN: '未確認（停止）'})


def test_t16_showing_the_card_takes_the_hold_off(office):
    check.refused(office.ctl(ADMIN, 'resume', UNSEEN, '--reason', 'UNCHECKED'), 5, 'card check')
    office.insert(UNSEEN)
    office.must(CUSTODIAN, 'card', 'check', UNSEEN)
    check.card(office, UNSEEN, 'ACTIVE', 'good')
    office.pull(UNSEEN)
    check.equal(register(office)[UNSEEN]['result'], '良')


def test_h06_a_closed_round_stays_what_it_was(office):
    office.must(MANAGER, 'check-round', 'close', office.round)
    for words in (['hold', office.round, '--confirm', office.round], ['close', office.round]):
        check.refused(check.unchanged(office, lambda words=words: office.ctl(CUSTODIAN, 'check-round', *words)), 5,
                      office.round)
    listed = office.json(CUSTODIAN, 'check-round', 'list')['items']
    check.equal([(item['id'], item['seen'], item['held'], item['closedOn']) for item in listed],
                [(office.round, 3, 1, today())])
    if not office.is_alone:
        check.equal(office.json(MANAGER2, 'check-round', 'list')['items'], [])
        check.refused(office.ctl(MANAGER2, 'check-round', 'show', office.round), 3)
    kinds = [event[0] for event in office.sql("SELECT kind FROM ledger WHERE kind LIKE 'check-round%'")]
    check.equal(kinds, ['check-round-open', 'check-round-close'])


if __name__ == '__main__':
    tap.main(globals(), make)

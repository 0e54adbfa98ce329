# SPDX-License-Identifier: Apache-2.0
# K10, T24, N30: an emergency stop of every kind of scope. One person stops, two resume; cards issued
# later are stopped too; what was before comes back exactly; how long it took is written down.
import check
import tap
from office import (ADMIN, ADMIN2, AUDITOR, CHIEF, CUSTODIAN, HOLDER, HOLDER2, MANAGER, WITNESS, Office, today)

AUTHORITY, OTHER = '一般操作者', '業務管理者'
FIRST, SECOND, THIRD = 'OP000001', 'OP000002', 'XX000003'  # of 0301, 0402, 0301
SCOPES = {'all': {FIRST, SECOND, THIRD}, 'section:0301': {FIRST, THIRD}, f'authority:{OTHER}': {THIRD},
          'terminals:本庁舎': {SECOND}, 'batch:OP': {FIRST, SECOND}}
GROUPS = {'terminal-groups': {'本庁舎': '0202, 0402', '窓口': '0301'}}


def make():
    office = Office(config=GROUPS)
    for card, staff, authority in ((FIRST, HOLDER, AUTHORITY), (SECOND, HOLDER2, AUTHORITY), (THIRD, WITNESS, OTHER)):
        office.lend(card, staff, authority=authority)
        office.pull(card)
    return office


def section(office, card):
    return office.show(card)['holder']['sectionCode']


def state_of_all(office):
    """What must come back exactly: cards, holds of their own, certificates."""
    return {table: rows for table, rows in office.dump().items() if table in ('card', 'certificate_status')}


def resume(office, scope):
    asked = office.json(ADMIN, 'emergency', 'resume', '--scope', scope)
    office.must(ADMIN if office.is_alone else CHIEF, 'confirm', asked['confirm'])


def test_k10_every_scope_stops_exactly_its_cards_and_gives_back_what_was(office):
    check.equal([section(office, card) for card in (FIRST, SECOND, THIRD)], ['0301', '0402', '0301'])
    office.must(MANAGER, 'suspend', FIRST, '--reason', 'LEAVE')
    before = state_of_all(office)
    for scope, cards in SCOPES.items():
        office.must(ADMIN, 'emergency', 'stop', '--scope', scope)
        for card in (FIRST, SECOND, THIRD):
            holds = (['LEAVE'] if card == FIRST else []) + (['EMERGENCY'] if card in cards else [])
            check.card(office, card, 'SUSPENDED' if holds else 'ACTIVE',
                       'certificateHold' if holds else 'good', holds)
        resume(office, scope)
        check.equal(state_of_all(office), before, scope)
    asked = office.json(ADMIN, 'resume', FIRST, '--reason', 'LEAVE')
    assert 'confirm' not in asked, asked
    check.card(office, FIRST, 'ACTIVE', 'good')


def test_k10_stops_that_overlap_are_lifted_one_by_one(office):
    before = state_of_all(office)
    for scope in ('all', 'section:0301', 'batch:OP'):
        office.must(CHIEF, 'emergency', 'stop', '--scope', scope)
    resume(office, 'all')
    check.card(office, FIRST, 'SUSPENDED', 'certificateHold', ['EMERGENCY', 'EMERGENCY'])
    resume(office, 'section:0301')
    check.card(office, THIRD, 'ACTIVE', 'good')
    check.card(office, FIRST, 'SUSPENDED', 'certificateHold', ['EMERGENCY'])
    resume(office, 'batch:OP')
    check.equal(state_of_all(office), before, 'after the last one')


def test_k10_a_card_issued_later_is_stopped_too(office):
    for scope in SCOPES:
        office.must(ADMIN, 'emergency', 'stop', '--scope', scope)
    office.prepare('OP000004')
    office.issue('OP000004', '010433', authority=OTHER)
    office.hand_over('OP000004')
    check.card(office, 'OP000004', 'SUSPENDED', 'certificateHold', ['EMERGENCY'] * (len(SCOPES) - 1))
    for scope in SCOPES:
        resume(office, scope)
    check.card(office, 'OP000004', 'ACTIVE', 'good')
    office.pull('OP000004')


def test_k10_a_group_of_terminals_keeps_its_sections_while_it_is_stopped(office):
    """Restored exactly, even when the configuration has changed meanwhile."""
    office.must(ADMIN, 'emergency', 'stop', '--scope', 'terminals:窓口')
    check.card(office, FIRST, 'SUSPENDED', 'certificateHold', ['EMERGENCY'])
    office.options['config'] = {}
    office.write_config()
    office.restart()
    check.card(office, FIRST, 'SUSPENDED', 'certificateHold', ['EMERGENCY'])
    resume(office, 'terminals:窓口')
    check.card(office, FIRST, 'ACTIVE', 'good')
    check.refused(office.ctl(ADMIN, 'emergency', 'stop', '--scope', 'terminals:窓口'), 4, '[terminal-groups]')


def test_k10_one_stops_two_resume(office):
    if office.is_alone:
        raise tap.Skip('root: several accounts are needed')
    for who in (CUSTODIAN, MANAGER, HOLDER, AUDITOR):
        check.refused(office.ctl(who, 'emergency', 'stop', '--scope', 'all'), 3)
        check.card(office, FIRST, 'ACTIVE', 'good')
    office.must(CHIEF, 'emergency', 'stop', '--scope', 'all')
    asked = office.json(ADMIN, 'emergency', 'resume', '--scope', 'all')
    check.card(office, FIRST, 'SUSPENDED', 'certificateHold', ['EMERGENCY'])
    check.refused(office.ctl(ADMIN, 'confirm', asked['confirm']), 5, ADMIN)
    check.card(office, FIRST, 'SUSPENDED', 'certificateHold', ['EMERGENCY'])
    check.refused(office.ctl(ADMIN, 'resume', FIRST, '--reason', 'EMERGENCY'), 5, 'emergency')
    office.must(ADMIN2, 'confirm', asked['confirm'])
    check.card(office, FIRST, 'ACTIVE', 'good')


def test_stop_of_what_is_not_there_or_stopped_already(office):
    for scope, status, word in (('section:9999', 4, '9999'), ('terminals:離れ', 4, '離れ'), ('0301', 2, 'section:'),
                                ('section:', 2, 'section:'), ('terminals:', 2, 'terminals:')):
        result = check.unchanged(office, lambda scope=scope: office.ctl(ADMIN, 'emergency', 'stop', '--scope', scope))
        check.refused(result, status, word)
    check.refused(office.ctl(ADMIN, 'emergency', 'resume', '--scope', 'all'), 4, 'all')
    office.must(ADMIN, 'emergency', 'stop', '--scope', 'batch:X')
    result = check.unchanged(office, lambda: office.ctl(CHIEF, 'emergency', 'stop', '--scope', 'batch:X'))
    check.refused(result, 5, 'batch:X')
    resume(office, 'batch:X')


def test_t24_n30_seconds_from_the_notice_to_the_refusal_are_kept(office):
    count = len(office.json(ADMIN, 'refusal', 'list')['items'])
    office.must(ADMIN, 'emergency', 'stop', '--scope', 'all', '--noticed-at', today() + ' 00:00')
    resume(office, 'all')
    stop, *rest = office.json(ADMIN, 'refusal', 'list')['items']
    check.equal(len(rest), count)
    check.equal((stop['event'], stop['scope'], stop['cards'] >= 3), ('emergency-stop', 'all', True))
    assert stop['refusedMilliseconds'] <= stop['listedMilliseconds'], stop
    hours = office.sql('SELECT refused_at - noticed_at FROM refusal ORDER BY id DESC LIMIT 1')[0][0]
    check.equal(stop['seconds'], hours)
    office.must(CUSTODIAN, 'report-lost', SECOND, '--by', HOLDER2, '--noticed-at', today() + ' 00:00')
    case = office.json(ADMIN, 'case', 'list')['items'][-1]
    loss = office.json(ADMIN, 'refusal', 'list')['items'][0]
    check.equal((case['card'], case['seconds'], case['refusedAt']), (SECOND, loss['seconds'], loss['refusedAt']))
    office.must(CUSTODIAN, 'register', 'print', 'incident', '--case', case['id'], '--format', 'json', '-o',
                office.path('out/incident.json'))
    with open(office.path('out/incident.json'), encoding='utf-8') as file:
        assert f'認知から{loss["seconds"]}秒後' in file.read()


def test_t24_a_card_refused_before_its_loss_was_confirmed_was_refused_then(office):
    if office.is_alone:
        raise tap.Skip('root: several accounts are needed')
    office.must(HOLDER, 'report-lost', FIRST, '--by', HOLDER)
    held = office.json(ADMIN, 'refusal', 'list')['items'][0]
    check.equal((held['event'], held['card']), ('suspend', FIRST))
    office.must(CUSTODIAN, 'report-lost', FIRST, '--by', HOLDER)
    loss = office.json(ADMIN, 'refusal', 'list')['items'][0]
    since = office.sql("SELECT since FROM hold WHERE card = ? AND reason = 'MISSING'", FIRST)[0][0]
    check.equal((loss['event'], loss['refusedMilliseconds']), ('report-lost', 0))
    check.equal(office.sql('SELECT refused_at FROM refusal ORDER BY id DESC LIMIT 1')[0][0], since)


if __name__ == '__main__':
    tap.main(globals(), make)

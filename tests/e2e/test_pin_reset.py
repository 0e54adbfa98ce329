# SPDX-License-Identifier: Apache-2.0
# A forgotten, a leaked and a cut-off PIN: form 6, the desk, the urgent way, and the lists by deadline.
import datetime

import check
import tap
from office import ADMIN, CUSTODIAN, HOLDER, HOLDER2, NEW_PIN, PIN, STRANGER, Office, today, until

ONE, TWO = 'OP000001', 'OP000002'
DESK_PIN, INITIAL = 'Jr5pXc8n', 'Hv2kTq9w'


def make():
    office = Office()
    office.lend(ONE, HOLDER, 'reader1')
    office.lend(TWO, HOLDER2, 'reader2')
    return office


def accept(office, card, paper):
    office.must(ADMIN, 'pin', 'reset', card, '--paper', paper)
    check.equal(office.show(card)['pin']['state'], 'RESET_AUTHORIZED')


def works(office, card, holder, pin, new):
    """@pin is the card's PIN: only who knows it can change it."""
    check.refused(office.ctl(holder, 'pin', 'change', card, pins=['Wr0ngPin', new]), 6, card)
    office.must(holder, 'pin', 'change', card, pins=[pin, new])
    check.equal(office.show(card)['pin']['state'], 'VALID')


def test_T28_nothing_is_reset_without_form_6(office):
    def reset():
        return office.ctl(CUSTODIAN, 'pin', 'reset', ONE, pins=[DESK_PIN])
    check.refused(check.unchanged(office, reset), 5, ONE, 'form 6', '--paper')


def test_T28_only_the_system_admin_accepts_form_6(office):
    if office.is_alone:
        raise tap.Skip('root: a role needs an account of its own')
    for staff in (CUSTODIAN, HOLDER):
        check.refused(office.ctl(staff, 'pin', 'reset', ONE, '--paper', '市民発第61号'), 3)
    check.equal(office.show(ONE)['pin']['state'], 'VALID')


def test_T28_dry_run_authorises_nothing(office):
    check.unchanged(office, lambda: office.must(ADMIN, 'pin', 'reset', ONE, '--paper', 'x', '--dry-run'))


def test_T28_one_form_6_is_one_reset_of_one_card(office):
    accept(office, ONE, '市民発第61号')
    assert 'pin reset' in office.show(ONE)['pin']['next']['en']
    check.refused(office.ctl(CUSTODIAN, 'pin', 'reset', TWO, pins=[DESK_PIN]), 5, TWO, 'one card')
    check.refused(office.ctl(ADMIN, 'pin', 'reset', TWO, '--paper', '市民発第61号'), 5, TWO, 'one reset')
    out = office.must(CUSTODIAN, 'pin', 'reset', ONE, pins=[DESK_PIN])
    assert DESK_PIN not in out
    check.card(office, ONE, 'ACTIVE', 'good')
    check.refused(office.ctl(CUSTODIAN, 'pin', 'reset', ONE, pins=[INITIAL]), 5, ONE, 'was used at')
    works(office, ONE, HOLDER, DESK_PIN, NEW_PIN)


def test_T28_the_paper_and_the_pin_do_not_come_together(office):
    result = office.ctl(ADMIN, 'api', 'POST', f'/cards/{ONE}/pin-reset', '{"paper":"x","absent":true}')
    check.refused(result, 2, ONE)


def test_N35_initial_pin_is_refused_everywhere_until_it_is_changed(office):
    accept(office, ONE, '市民発第62号')
    office.must(CUSTODIAN, 'pin', 'reset', ONE, '--absent', pins=[INITIAL])
    shown = check.card(office, ONE, 'SUSPENDED', 'certificateHold', ['PIN_INITIAL'])
    check.equal(shown['pin']['state'], 'INITIAL')
    check.refused(office.ctl(ADMIN, 'resume', ONE, '--reason', 'PIN_INITIAL'), 5)
    works(office, ONE, HOLDER, INITIAL, PIN)
    check.card(office, ONE, 'ACTIVE', 'good')


def test_N81_urgent_reset_is_a_problem_until_it_is_approved(office):
    def problems():
        return ' '.join(problem['en'] for problem in office.json(CUSTODIAN, 'status')['problems'])
    check.refused(office.ctl(CUSTODIAN, 'pin', 'reset', ONE, '--urgent', pins=[DESK_PIN]), 2, '--note')
    check.refused(office.ctl(CUSTODIAN, 'pin', 'reset', ONE, '--urgent', '--absent', '--note', 'x',
                             pins=[DESK_PIN]), 5, 'must be there')
    office.must(CUSTODIAN, 'pin', 'reset', ONE, '--urgent', '--note', '窓口開庁前のため', pins=[DESK_PIN])
    asked = office.json(ADMIN, 'confirm', '--list')['items']
    check.equal([(one['event'], one['card'], one['by']) for one in asked],
                [('pin-reset', ONE, ADMIN if office.is_alone else CUSTODIAN)])
    assert f'confirm {asked[0]["id"]}' in problems(), problems()
    office.restart()
    if not office.is_alone:
        check.refused(office.ctl(CUSTODIAN, 'confirm', asked[0]['id']), 5, 'somebody else')
        check.refused(office.ctl(HOLDER, 'confirm', asked[0]['id']), 3)
    office.must(ADMIN, 'confirm', asked[0]['id'])
    assert 'urgently' not in problems(), problems()
    check.refused(office.ctl(ADMIN, 'confirm', asked[0]['id']), 4)
    check.equal(check.last_events(office, ONE, 1), ['pin-reset-approve'])
    works(office, ONE, HOLDER, DESK_PIN, PIN)


def test_N40_anybody_reports_a_leak_and_the_holder_ends_it(office):
    who = ADMIN if office.is_alone else STRANGER
    number = office.crl().number
    office.must(who, 'pin', 'report-leak', TWO, '--note', '窓口で見られた')
    check.card(office, TWO, 'SUSPENDED', 'certificateHold', ['PIN_LEAKED'])
    check.equal(office.crl().number, number + 1)
    check.refused(office.ctl(who, 'pin', 'report-leak', TWO), 5, TWO)
    cases = office.json(CUSTODIAN, 'case', 'list')['items']
    check.equal([(case['card'], case['kind']) for case in cases], [(TWO, 'pin-leaked')])
    check.refused(office.ctl(ADMIN, 'resume', TWO, '--reason', 'PIN_LEAKED'), 5)
    works(office, TWO, HOLDER2, PIN, NEW_PIN)
    check.card(office, TWO, 'ACTIVE', 'good')


def reset_killed_at(office, point, paper, pin, *words):
    """The reset is cut off at @point; the same form 6 is good for doing it again."""
    accept(office, ONE, paper)
    office.restart(f'{point}:kill')
    process = office.begin(CUSTODIAN, 'pin', 'reset', ONE, *words, pins=[pin])
    office.process.wait()
    office.failpoints = None
    office.start()
    result = office.finish(process)
    assert pin not in result.out + result.err
    check.whole(office)
    return result.exit


def test_reset_cut_off_before_the_card_changes_nothing_but_trust(office):
    assert reset_killed_at(office, 'pin-reset.begun', 'A', DESK_PIN) != 0
    office.must(CUSTODIAN, 'pin', 'reset', ONE, pins=[DESK_PIN])
    works(office, ONE, HOLDER, DESK_PIN, PIN)


def test_reset_cut_off_after_the_card_is_done_again(office):
    reset_killed_at(office, 'pin-reset.set', 'B', DESK_PIN)
    check.equal(office.sql('SELECT state FROM pin WHERE card = ?', ONE), [('UNKNOWN',)])
    office.must(CUSTODIAN, 'pin', 'reset', ONE, pins=[INITIAL])
    works(office, ONE, HOLDER, INITIAL, PIN)


def test_cut_off_reset_ends_with_the_holders_change_too(office):
    reset_killed_at(office, 'pin-reset.set', 'C', DESK_PIN)
    works(office, ONE, HOLDER, DESK_PIN, PIN)
    check.refused(office.ctl(CUSTODIAN, 'pin', 'reset', ONE, pins=[INITIAL]), 5, 'the holder changed')


def test_N35_cut_off_initial_pin_is_on_hold_already(office):
    reset_killed_at(office, 'pin-reset.set', 'D', INITIAL, '--absent')
    check.card(office, ONE, 'SUSPENDED', 'certificateHold', ['PIN_INITIAL'])
    office.must(CUSTODIAN, 'pin', 'reset', ONE, '--absent', pins=[DESK_PIN])
    check.card(office, ONE, 'SUSPENDED', 'certificateHold', ['PIN_INITIAL'])
    works(office, ONE, HOLDER, DESK_PIN, PIN)
    check.card(office, ONE, 'ACTIVE', 'good')


def test_done_reset_is_done_whatever_comes_after(office):
    check.equal(reset_killed_at(office, 'pin-reset.done', 'E', DESK_PIN), 0)
    check.equal(office.show(ONE)['pin']['state'], 'VALID')
    check.refused(office.ctl(CUSTODIAN, 'pin', 'reset', ONE, pins=[INITIAL]), 5, 'was used at')
    works(office, ONE, HOLDER, DESK_PIN, PIN)


def test_card_pulled_out_in_the_middle_is_unknown_until_done_again(office):
    accept(office, ONE, 'F')
    office.restart('pin-reset.set:sleep=4000')
    process = office.begin(CUSTODIAN, 'pin', 'reset', ONE, pins=[DESK_PIN])
    until(lambda: 'pin-reset-begin' in check.last_events(office, ONE, 1), 'the reset begins')
    until(lambda: steps_of(office), 'the PIN is being set')
    office.pull(ONE, 'reader1')
    check.refused(office.finish(process), 6, ONE)
    check.equal(office.sql('SELECT state FROM pin WHERE card = ?', ONE), [('UNKNOWN',)])
    office.restart()
    office.insert(ONE, 'reader1')
    office.must(CUSTODIAN, 'pin', 'reset', ONE, pins=[DESK_PIN])
    works(office, ONE, HOLDER, DESK_PIN, PIN)


def steps_of(office):
    """True once the job has come to the PIN."""
    rows = office.sql("SELECT id FROM intent WHERE card = ? AND closed_at IS NULL", ONE)
    job = office.json(CUSTODIAN, 'api', 'GET', f'/jobs/{rows[0][0]}') if rows else {'steps': []}
    return any(step['name'] == 'pin' for step in job['steps'])


def test_T27_pin_due_lists_and_prints(office):
    due = office.json(CUSTODIAN, 'pin', 'due')
    check.equal(due['items'], [])
    items = office.json(CUSTODIAN, 'pin', 'due', '--within', '366')['items']
    check.equal([(one['card'], one['staff'], one['changedOn'], one['state']) for one in items],
                [(TWO, HOLDER2, today(), 'VALID'), (ONE, HOLDER, today(), 'VALID')])
    day = datetime.date.fromisoformat(items[0]['due'])
    check.equal(items[0]['days'], (day - datetime.date.fromisoformat(today())).days)
    check.equal(items[0]['due'], office.show(TWO)['pin']['due'])
    check.equal(office.json(CUSTODIAN, 'pin', 'due', '--overdue')['items'], [])
    for words in (['--within', '366'], ['--overdue']):
        path = office.path('out/list.pdf')
        office.must(CUSTODIAN, 'pin', 'due', *words, '-o', path)
        with open(path, 'rb') as file:
            assert file.read(5) == b'%PDF-', words
    check.refused(office.ctl(CUSTODIAN, 'pin', 'due', '--format', 'docx'), 2)
    check.refused(office.ctl(CUSTODIAN, 'pin', 'due', '--within', '9999'), 2)


def test_T27_status_tells_the_wave(office):
    pin = office.json(CUSTODIAN, 'status')['pin']
    check.equal((pin['due'], pin['overdue'], pin['wave']), (0, 0, []))


def test_T27_closed_days_are_imported_as_the_cabinet_office_writes_them(office):
    path = office.path('out/syukujitsu.csv')
    with open(path, 'w', encoding='cp932') as file:
        file.write('国民の祝日・休日月日,国民の祝日・休日名称\n2027/5/3,憲法記念日\n2027/5/4,みどりの日\n')
    result = office.json(ADMIN, 'import', 'holidays', path)
    check.equal((result['added'], result['unchanged']), (2, 0))
    result = office.json(ADMIN, 'import', 'holidays', path)
    check.equal((result['added'], result['unchanged']), (0, 2))


def test_N36_no_answer_tells_a_pin(office):
    for words in (['card', 'show', ONE], ['card', 'history', ONE], ['audit', 'list'], ['pin', 'due'],
                  ['config', 'show']):
        text = office.must(ADMIN, *words, '--json')
        for pin in (PIN, NEW_PIN, DESK_PIN, INITIAL):
            assert pin not in text, words


def test_the_office_is_whole(office):
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), make)

# SPDX-License-Identifier: Apache-2.0
# Applications by forms 2, 6 and 7 through their whole course, who may take which step, and what is
# refused and written down.
import json
import os
import re

import check
import tap
from office import (ADMIN, ADMIN2, AUDITOR, CHIEF, CUSTODIAN, HOLDER, HOLDER2, MANAGER, MANAGER2, PIN,
                    Office, today)

ONE, TWO, THREE, FOUR = 'OP000001', 'OP000002', 'OP000003', 'OP000004'
DESK_PIN = 'Jr5pXc8n'


def make():
    office = Office()
    office.lend(ONE, HOLDER, 'reader1')
    office.prepare(TWO, 'reader2')
    return office


def alone(office):
    if office.is_alone:
        raise tap.Skip('root: a role needs an account of its own')


def apply(office, staff, *words):
    return office.json(staff, 'application', *words)['application']


def state(office, number):
    return office.json(ADMIN, 'application', 'show', number)['state']


def inbox(office, staff):
    return [item['id'] for item in office.json(staff, 'inbox')['items'] if item['kind'] == 'application']


def table(office, *lines):
    path = office.path('out/users.csv')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('職員番号,権限種別,利用事務,備考\n' + ''.join(line + '\n' for line in lines))
    os.chmod(path, 0o644)
    return path


OWN = ('007315,カード発行管理,,', '011208,システム管理,,', '980001,システム管理,,')
KEPT = ('009874,業務管理者,住民票の写しの広域交付,', '012345,一般操作者,転入・転出・転居,')


def refusals(office):
    return [json.loads(row[0]) for row in
            office.sql("SELECT body FROM ledger WHERE kind = 'application-refused' ORDER BY seq")]


def test_T45_form_2_goes_its_whole_course(office):
    """920017 is left out and loses the designation; 005021 joins and gets a card."""
    file = table(office, *KEPT, '005021,業務管理者,住民票の写しの広域交付,４月１日付け 人事異動。')
    draft = apply(office, MANAGER, 'new', '2', file, '--section', '0301', '--from', today())
    number = draft['id']
    assert re.fullmatch(r'A-20\d\d-\d{4}', number), number
    check.equal(draft['state'], 'DRAFT')
    check.equal([(line['staff'], line['designation']) for line in draft['lines']],
                [('005021', '追加'), ('009874', '継続'), ('012345', '継続'), ('920017', '削除')])
    check.equal(apply(office, MANAGER, 'submit', number)['state'], 'SUBMITTED')
    check.equal(apply(office, MANAGER, 'endorse', number)['state'], 'ENDORSED')
    check.equal(apply(office, CUSTODIAN, 'investigate', number)['state'], 'INVESTIGATED')
    assert number in inbox(office, ADMIN)
    check.equal(apply(office, ADMIN, 'approve', number)['state'], 'APPROVED')
    before = office.json(ADMIN, 'designation', 'list', '--section', '0301')['items']
    done = office.json(ADMIN, 'application', 'execute', number)
    check.equal((done['added'], done['ended']), (1, 1))
    check.equal(len(before), 3)
    rows = office.json(ADMIN, 'designation', 'list', '--section', '0301')['items']
    check.equal(sorted(row['staff'] for row in rows if row['until'] is None), ['005021', '009874', '012345'])
    check.equal({row['staff']: row['application'] for row in rows}['005021'], number)
    check.equal(state(office, number), 'EXECUTED')
    steps = office.json(ADMIN, 'application', 'show', number)['steps']
    check.equal([step['event'] for step in steps],
                ['draft', 'submit', 'endorse', 'investigate', 'approve', 'execute'])
    office.number = number


def test_T45_cards_of_a_form_2_are_issued_from_it_and_close_it(office):
    assert office.number in inbox(office, CUSTODIAN)
    office.must(CUSTODIAN, 'issue', TWO, '--application-all', office.number, '--reader', 'reader2')
    shown = office.show(TWO)
    check.equal((shown['holder']['staff'], shown['authority'], shown['state']), ('005021', '業務管理者', 'PENDING'))
    check.equal(state(office, office.number), 'EXECUTED')
    office.hand_over(TWO, reader='reader2')
    check.equal(state(office, office.number), 'CLOSED')
    check.refused(office.ctl(CUSTODIAN, 'issue', THREE, '--application', office.number), 5, 'has its card')


def put_forward(office, *words, who=MANAGER):
    """An application of 0301 at INVESTIGATED."""
    number = apply(office, who, 'new', *words)['id']
    apply(office, who, 'submit', number)
    apply(office, MANAGER, 'endorse', number)
    apply(office, CUSTODIAN, 'investigate', number)
    return number


def test_K02_yearly_confirmation_is_drafted_from_what_is_in_force(office):
    draft = apply(office, ADMIN, 'new', '2', '--current', '--section', '0402', '--from', today(1))
    check.equal([(line['staff'], line['designation']) for line in draft['lines']],
                [('010433', '継続'), ('013002', '継続')])
    apply(office, ADMIN, 'withdraw', draft['id'])
    assert draft['id'] not in office.must(ADMIN, 'application', 'list', '--json')


def test_T46_removal_recalls_the_card(office):
    """012345 is left out of the next form 2, taken in on paper."""
    file = table(office, KEPT[0], '005021,業務管理者,,')
    scan = office.path('out/scan.pdf')
    with open(scan, 'wb') as paper:
        paper.write(b'%PDF-1.7 scan')
    taken = apply(office, ADMIN, 'accept', '2', file, '--section', '0301', '--from', today(), '--paper', '市民発第９号',
                  '--signed-by', MANAGER, '--signed-on', today(), '--scan', scan)
    check.equal((taken['state'], taken['applicant']['staff'], len(taken['scan'])), ('INVESTIGATED', MANAGER, 64))
    check.refused(office.ctl(ADMIN, 'application', 'execute', taken['id']), 5, 'INVESTIGATED')
    apply(office, ADMIN, 'approve', taken['id'])
    office.must(ADMIN, 'application', 'execute', taken['id'])
    check.card(office, ONE, 'RECALLED', 'certificateHold')
    check.equal(state(office, taken['id']), 'CLOSED')  # nothing to hand over
    office.designate('0301', file=table(office, *KEPT, '005021,業務管理者,,'))
    office.must(ADMIN2, 'confirm', office.json(ADMIN, 'recall-cancel', ONE, '--note', 'x')['confirm'])
    check.card(office, ONE, 'ACTIVE', 'good')


def test_N05_nobody_approves_what_concerns_the_own_person(office):
    alone(office)
    own = apply(office, ADMIN, 'accept', '2', table(office, *OWN), '--section', '0101',
                '--from', today(), '--paper', '情政発第２号')['id']
    # 004102 signed it as the manager, 011208 is named in it: each may nominate or approve nothing of it.
    check.refused(office.ctl(ADMIN, 'application', 'approve', own), 5, '004102 applied', 'N05')
    check.refused(office.ctl(ADMIN2, 'application', 'approve', own), 5, 'concerns 011208', 'N05')
    check.refused(office.ctl(ADMIN2, 'application', 'nominate', own), 5, 'concerns 011208', 'N05')
    assert own not in inbox(office, ADMIN2)
    # N47: the chief, and only after the nomination.
    check.refused(office.ctl(CHIEF, 'application', 'approve', own), 5, 'nominate', 'N47')
    apply(office, ADMIN, 'nominate', own)
    assert own in inbox(office, CHIEF)
    check.equal(apply(office, CHIEF, 'approve', own)['state'], 'APPROVED')
    check.refused(office.ctl(ADMIN2, 'application', 'execute', own), 5, 'concerns 011208')
    office.must(ADMIN, 'application', 'execute', own)
    # The one-step import is no way round it.
    check.refused(office.ctl(ADMIN, 'designation', 'import', table(office, *OWN), '--section',
                             '0101', '--from', today(), '--paper', 'x'), 5, '004102')


def test_N05_a_second_account_is_the_same_person(office):
    """The approver is compared by person: another account of 004102 may not do it either."""
    alone(office)
    other = 61777
    with open(office.config_file, encoding='utf-8') as file:
        text = file.read()
    with open(office.config_file, 'w', encoding='utf-8') as file:
        file.write(text.replace('[accounts]\n', f'[accounts]\nuid:{other} = staff:{ADMIN}\n'))
    office.restart()
    own = apply(office, ADMIN, 'accept', '2', table(office, *OWN), '--section', '0101',
                '--from', today(), '--paper', '情政発第３号')['id']
    check.refused(office.ctl(other, 'application', 'approve', own), 5, '004102 applied')
    check.equal(state(office, own), 'INVESTIGATED')
    last = refusals(office)[-1]
    check.equal((last['application'], last['event']), (own, 'approve'))
    apply(office, ADMIN, 'withdraw', own)


def test_T35_the_course_has_its_order_and_its_roles(office):
    alone(office)
    number = apply(office, HOLDER, 'new', '7', '--card', ONE, '--reason', '券面の破損')['id']
    check.refused(office.ctl(HOLDER2, 'application', 'submit', number), 3, HOLDER2)
    check.refused(office.ctl(MANAGER2, 'application', 'show', number), 3)
    check.refused(office.ctl(MANAGER, 'application', 'endorse', number), 5, 'DRAFT', 'SUBMITTED')
    apply(office, HOLDER, 'submit', number)
    check.refused(office.ctl(MANAGER2, 'application', 'endorse', number), 3, '0301')
    check.refused(office.ctl(ADMIN, 'application', 'approve', number), 5, 'SUBMITTED')
    assert number in inbox(office, MANAGER) and number not in inbox(office, MANAGER2)
    check.refused(office.ctl(MANAGER, 'application', 'send-back', number), 2, '--note')
    check.equal(apply(office, MANAGER, 'send-back', number, '--note', '理由を詳しく')['state'], 'SENT_BACK')
    assert number in inbox(office, HOLDER)
    check.equal(apply(office, HOLDER, 'revise', number, '--reason', '角が欠けて読めない')['reason'], '角が欠けて読めない')
    apply(office, HOLDER, 'submit', number)
    apply(office, MANAGER, 'endorse', number)
    apply(office, CUSTODIAN, 'investigate', number)
    check.equal(apply(office, ADMIN, 'reject', number, '--note', 'まだ読める')['state'], 'REJECTED')
    for step in ('submit', 'withdraw', 'approve'):
        who = ADMIN if step == 'approve' else HOLDER
        check.refused(office.ctl(who, 'application', step, number), 5, 'REJECTED')
    check.refused(office.ctl(AUDITOR, 'application', 'reject', number, '--note', 'x'), 3)
    notices = {row[0] for row in office.sql('SELECT recipient FROM outbox WHERE about = ?', number)}
    check.equal(notices, {'section:0301', 'role:custodian', 'role:system-admin', f'staff:{HOLDER}'})


def test_T49_form_6_permits_one_reset_and_is_closed_by_it(office):
    number = put_forward(office, '6', '--card', ONE, '--reason', '失念し閉塞した', who=HOLDER)
    check.refused(office.ctl(CUSTODIAN, 'pin', 'reset', ONE, pins=[DESK_PIN]), 5, ONE, 'form 6')
    apply(office, ADMIN, 'approve', number)
    check.equal(office.show(ONE)['pin']['state'], 'RESET_AUTHORIZED')
    office.must(CUSTODIAN, 'pin', 'reset', ONE, pins=[DESK_PIN])
    check.equal(state(office, number), 'CLOSED')
    check.refused(office.ctl(CUSTODIAN, 'pin', 'reset', ONE, pins=[DESK_PIN]), 5, 'was used at')
    office.must(HOLDER, 'pin', 'change', ONE, pins=[DESK_PIN, PIN])


def test_T49_form_6_lapses_when_the_holder_changes_the_pin(office):
    number = put_forward(office, '6', '--card', ONE, '--reason', '失念した', who=HOLDER)
    apply(office, ADMIN, 'approve', number)
    office.must(HOLDER, 'pin', 'change', ONE, pins=[PIN, DESK_PIN])
    office.must(HOLDER, 'pin', 'change', ONE, pins=[DESK_PIN, PIN])
    shown = office.json(ADMIN, 'application', 'show', number)
    check.equal((shown['state'], shown['steps'][-1]['event']), ('CLOSED', 'lapse'))


def test_N81_urgent_reset_can_be_rejected_and_that_is_seen(office):
    office.must(CUSTODIAN, 'pin', 'reset', ONE, '--urgent', '--note', '窓口開庁前のため', pins=[DESK_PIN])
    [number] = [item['id'] for item in office.json(ADMIN, 'application', 'list')['items'] if item['urgent']]
    shown = office.json(ADMIN, 'application', 'show', number)
    check.equal((shown['form'], shown['state'], shown['approvedAt']), (6, 'RECEIVED', None))
    entry = office.sql('SELECT kind, subject, until, ended_at FROM exception WHERE id = ?', shown['exception'])
    check.equal(entry, [('urgent', f'application:{number}', today(7), None)])
    assert number in inbox(office, ADMIN)
    if not office.is_alone:
        check.refused(office.ctl(HOLDER, 'application', 'reject', number, '--note', 'x'), 3)
    apply(office, ADMIN, 'reject', number, '--note', '本人確認がない')
    check.equal(state(office, number), 'REJECTED')
    check.equal([(case['card'], case['kind']) for case in office.json(ADMIN, 'case', 'list')['items']][-1],
                (ONE, 'pin-reset-rejected'))
    check.equal(check.last_events(office, ONE, 2)[0], 'pin-reset-reject')
    check.equal(office.json(ADMIN, 'confirm', '--list')['items'], [])
    assert office.sql('SELECT ended_at FROM exception WHERE id = ?', shown['exception'])[0][0]
    check.refused(office.ctl(ADMIN, 'application', 'approve', number), 5, 'REJECTED')
    office.must(HOLDER, 'pin', 'change', ONE, pins=[DESK_PIN, PIN])


def test_T29_T30_T31_T50_form_7_carries_a_reissue(office):
    """T29: on a form 7; T30: only when it was looked into and approved by another; T31: a receipt again."""
    office.pull(TWO, 'reader2')
    office.prepare(THREE, 'reader2')
    words = ('reissue', ONE, '--to', THREE, '--reason', '破損', '--reader', 'reader2')
    number = put_forward(office, '7', '--card', ONE, '--reason', '券面の破損', who=HOLDER)
    check.refused(office.ctl(CUSTODIAN, *words, '--application', number), 5, number, 'INVESTIGATED', 'T29')
    check.refused(office.ctl(CUSTODIAN, *words, '--application', 'A-2026-9999'), 4, 'A-2026-9999')
    check.equal(office.show(THREE)['state'], 'SPARE')
    apply(office, ADMIN, 'approve', number)
    check.refused(office.ctl(CUSTODIAN, 'reissue', TWO, '--to', THREE, '--reason', 'x', '--application', number,
                             '--reader', 'reader2'), 5, ONE)
    office.must(CUSTODIAN, *words, '--application', number)
    shown = office.json(ADMIN, 'application', 'show', number)
    check.equal((shown['state'], shown['newCard']), ('EXECUTED', THREE))
    check.refused(office.ctl(CUSTODIAN, *words, '--application', number), 5, 'EXECUTED')
    office.hand_over(THREE, reader='reader2')
    check.equal(state(office, number), 'CLOSED')
    check.equal(office.sql("SELECT json_extract(body, '$.form') FROM ledger WHERE kind = 'hand-over' AND card = ?",
                           THREE), [(4,)])
    check.equal(check.last_events(office, ONE, 9).count('application-close'), 1)


def test_N81_reissue_without_an_application_waits_for_its_approval(office):
    office.pull(THREE, 'reader2')
    office.prepare(FOUR, 'reader2')
    office.must(CUSTODIAN, 'reissue', THREE, '--to', FOUR, '--reason', '読取不良', '--paper', '市民発第70号',
                '--reader', 'reader2')
    [number] = [item['id'] for item in office.json(ADMIN, 'application', 'list')['items'] if item['urgent']]
    shown = office.json(ADMIN, 'application', 'show', number)
    check.equal((shown['form'], shown['state'], shown['newCard'], shown['paper'], shown['approvedAt']),
                (7, 'EXECUTED', FOUR, '市民発第70号', None))
    assert number in inbox(office, ADMIN)
    office.hand_over(FOUR, reader='reader2')
    check.equal(state(office, number), 'RECEIVED')
    check.equal(apply(office, ADMIN, 'approve', number)['state'], 'CLOSED')


def test_N72_bad_input_is_refused_explained_and_written_down(office):
    def refuse(status, *words, who=MANAGER, args=('--section', '0301', '--from', today())):
        before = len(refusals(office))
        text = check.refused(office.ctl(who, 'application', 'new', '2', *args), status, *words)
        check.equal(len(refusals(office)), before + 1, text)
    twice = table(office, *KEPT, KEPT[1])
    refuse(2, '012345', 'delete one of the two', args=(twice, '--section', '0301', '--from', today()))
    other = table(office, '013002,一般操作者,,')
    refuse(2, '013002', '0402', args=(other, '--section', '0301', '--from', today()))
    good = table(office, *KEPT)
    refuse(2, 'past', args=(good, '--section', '0301', '--from', today(-1)))
    unlisted = table(office, '920017,業務管理者,,')
    refuse(2, '業務管理者', 'N25', args=(unlisted, '--section', '0301', '--from', today()))
    check.refused(office.ctl(MANAGER, 'application', 'new', '2', good, '--section', '0301', '--from', 'R0.4.1'), 2)
    before = len(refusals(office))
    body = {'form': 2, 'section': '0301', 'from': '令和0年4月1日', 'rows': [{'line': 2, 'staff': '012345',
                                                                      'authority': '一般操作者'}]}
    check.refused(office.ctl(MANAGER, 'api', 'POST', '/applications', json.dumps(body)), 2, '令和0年', 'calendar')
    check.equal(len(refusals(office)), before + 1)
    check.refused(office.ctl(MANAGER, 'application', 'new', '5'), 2, '"5"')
    check.refused(office.ctl(MANAGER, 'application', 'new', '6', '--card', FOUR), 2, 'reason')
    if not office.is_alone:
        good = table(office, *KEPT)
        check.refused(office.ctl(MANAGER2, 'application', 'new', '2', good, '--section', '0301', '--from', today()), 3)
    assert all(one['note'] for one in refusals(office))


def test_T45_what_changed_meanwhile_is_not_carried_out(office):
    number = put_forward(office, '2', table(office, *KEPT), '--section', '0301', '--from', today())
    apply(office, ADMIN, 'approve', number)
    office.must(ADMIN, 'designation', 'import', table(office, *KEPT), '--section', '0301', '--from', today(),
                '--paper', '先に届いた報告書')
    check.refused(office.ctl(ADMIN, 'application', 'execute', number), 5, 'send-back')
    check.equal(apply(office, ADMIN, 'send-back', number, '--note', '指定が変わった')['state'], 'SENT_BACK')
    apply(office, MANAGER, 'withdraw', number)


def test_T45_T49_T50_forms_are_filled_from_applications(office):
    two = apply(office, MANAGER, 'new', '2', table(office, *KEPT), '--section', '0301', '--from', today())['id']
    six = apply(office, HOLDER, 'new', '6', '--card', FOUR, '--reason', '失念した')['id']
    seven = apply(office, HOLDER, 'new', '7', '--card', FOUR, '--reason', '破損した')['id']
    for form, number in ((2, two), (6, six), (7, seven)):
        path = office.path(f'out/form{form}.pdf')
        office.must(ADMIN, 'form', 'print', str(form), number, '-o', path)
        with open(path, 'rb') as file:
            assert file.read(5) == b'%PDF-'
    check.refused(office.ctl(ADMIN, 'form', 'print', '6', seven, '-o', '/dev/null'), 2, 'form 7')
    check.refused(office.ctl(ADMIN, 'form', 'print', '2', 'A-2026-9999', '-o', '/dev/null'), 4)


def test_N20_applications_are_listed_for_the_audit(office):
    rows = office.json(AUDITOR, 'register', 'print', 'applications')['rows']
    listed = {row['number']: row for row in rows}
    done = listed[office.number]
    check.equal((done['category'], done['content'], done['state']), ('様式第2号', '使用者 4 人', '完結'))
    assert done['by'] and done['at'], done
    check.equal([row['number'] for row in rows if row.get('by') == '（承認なし）'], [])
    path = office.path('out/applications.pdf')
    office.must(AUDITOR, 'register', 'print', 'applications', '-o', path)
    assert os.path.getsize(path) > 1000


def test_dry_run_changes_nothing(office):
    check.unchanged(office, lambda: office.must(MANAGER, 'application', 'new', '2', table(office, *KEPT), '--section',
                                                '0301', '--from', today(), '--dry-run'))


def test_N20_steps_are_kept_for_ever(office):
    steps = office.sql('SELECT application, n, event, actor FROM approval')
    assert len(steps) > 40 and all(step[3] for step in steps)
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), make)

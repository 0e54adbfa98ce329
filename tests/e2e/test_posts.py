# SPDX-License-Identifier: Apache-2.0
# Roles that belong to posts: successors, deputies, levels, permitted authorities, roles taken for a
# time, and what is refused, explained and written down.
import json
import os

import check
import tap
from office import (ADMIN, ADMIN2, AUDITOR, CHIEF, CUSTODIAN, HOLDER, HOLDER2, IS_ROOT, MANAGER, MANAGER2, ROOT,
                    SOURCE, WITNESS, Office, today)

ORDER = '令和8年人事発令第1号'


def make():
    if not IS_ROOT:
        raise tap.Skip('root: a role needs an account of its own')
    return Office(config={
        'roles': {'chief': f'staff:{CHIEF}, post:副知事', 'template': os.path.join(SOURCE, 'daemon/data/roles-kanuma.conf'),
                  'vice-chief': 'post:総務部長', 'system-admin': 'post:情報政策課長'},
        'permit': {'特権管理': 'section:0101; administrative', '窓口': 'section:0301; kind:operator'},
        'break-glass': {'system-admin': f'staff:{ADMIN2}'}})


def whoami(office, staff):
    return office.json(staff, 'whoami')


def records(office, kind):
    return [json.loads(body) for (body,) in office.sql('SELECT body FROM ledger WHERE kind = ? ORDER BY seq', kind)]


def assign(office, post, staff, *more, by=ADMIN, since=None):
    return office.ctl(by, 'post', 'assign', post, '--staff', staff, '--from', since or today(), '--order', ORDER, *more)


def put(office, post, staff, *more, **named):
    result = assign(office, post, staff, *more, **named)
    check.equal(result.exit, 0, result.err)


def test_posts_from_a_table(office):
    """T04, T05, H02: who holds which post is taken in from a table, also posts in another body."""
    path = office.path('out/posts.csv')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('職,職員番号,発令日,終了日,発令番号,所属コード,複数名\n'
                   f'副知事,{CHIEF},2026-04-01,,{ORDER},0101,\n'
                   f'選挙管理委員会書記,{HOLDER2},2026-04-01,,{ORDER},0202,有\n'
                   f'選挙管理委員会書記,{HOLDER},2026-04-01,,{ORDER},0202,有\n')
    office.must(ROOT, 'import', 'posts', path)
    check.equal(whoami(office, CHIEF)['posts'], ['副知事'])
    assert 'chief' in whoami(office, CHIEF)['roles']
    shown = office.json(AUDITOR, 'post', 'show', '選挙管理委員会書記')
    check.equal([person['staff'] for person in shown['holders']], [HOLDER2, HOLDER])
    again = office.json(ROOT, 'import', 'posts', path)
    check.equal((again['added'], again['unchanged']), (0, 3))


def test_somebody_in_two_bodies(office):
    """H02: 併任 in another body may be designated there; whoever has no post there may not."""
    sections = office.path('out/sections.csv')
    with open(sections, 'w', encoding='utf-8') as file:
        file.write('所属コード,所属名,建制順,所属長職,端末設置,利用事務,任命権者,部長職\n'
                   '0202,税務部市民税課,20,市民税課長,有,地方税の賦課徴収に関する事務,選挙管理委員会,税務部長\n')
    office.must(ADMIN, 'import', 'sections', sections)
    row = next(row for row in office.json(ADMIN, 'section', 'list')['items'] if row['section'] == '0202')
    check.equal((row['body'], row['departmentPost']), ('選挙管理委員会', '税務部長'))
    report = office.path('out/0202.csv')
    with open(office.path('office/designations-0202.csv'), encoding='utf-8') as file:
        lines = file.read().replace('追加', '')
    for staff, expected in ((HOLDER2, 0), (WITNESS, 2)):
        with open(report, 'w', encoding='utf-8') as file:
            file.write(lines + f'{staff},,一般操作者,選挙人名簿の調製,,\n')
        result = office.ctl(ADMIN, 'designation', 'import', report, '--section', '0202', '--from', today(),
                            '--paper', f'様式第2号 {staff}')
        check.equal(result.exit, expected, result.err)
    assert 'belongs to section' in result.err


def test_successor(office):
    """T05, T06, I10: with the post go its role and its section, on the day of the order and not before."""
    assert 'section-manager' in whoami(office, MANAGER)['roles']
    put(office, '市民課長', MANAGER)
    put(office, '市民課長', WITNESS, since=today(1))
    tenures = office.json(AUDITOR, 'post', 'show', '市民課長')['tenures']
    check.equal([(row['staff'], row['until']) for row in tenures], [(MANAGER, today()), (WITNESS, None)])
    assert 'section-manager' in whoami(office, MANAGER)['roles']
    assert 'section-manager' not in whoami(office, WITNESS)['roles']


def test_orders_that_are_refused(office):
    """T05, N05: the own person, the past, a year ahead, twice, an unknown post, no calendar day."""
    for arguments, exit_code, words in (
            (('情報政策課長', ADMIN), 5, 'own person'),
            (('市民課長', HOLDER, '--until', today()), 5, 'takes the post'),
            (('市民税課長', '999999'), 4, '999999'),
            (('幻の職', HOLDER), 4, '--section'),
            (('市民課長', WITNESS), 5, None)):
        result = assign(office, *arguments)
        assert result.exit == exit_code and (words is None or words in result.err), (arguments, result)
    result = assign(office, '市民税課長', HOLDER, since='2099-04-01')
    assert result.exit == 2 and 'year ahead' in result.err, result
    check.equal(assign(office, '市民税課長', HOLDER, since='令和0年4月1日').exit, 2)
    check.refused(assign(office, '市民税課長', HOLDER, by=CUSTODIAN), 3)


def test_levels_of_the_template(office):
    """N01, I01: five levels by a template; their names stand in whoami and in refusals."""
    put(office, '総務部長', HOLDER, '--section', '0101')
    shown = whoami(office, CHIEF)
    assert '最高情報セキュリティ責任者（CISO）' in shown['titles'], shown
    check.equal(whoami(office, HOLDER)['titles'], ['副CISO'])
    assert 'chief' not in whoami(office, HOLDER)['roles']
    refused = office.ctl(HOLDER, 'recall', 'OP000001', '--reason', 'OTHER', lang='ja_JP.UTF-8')
    assert refused.exit == 3 and '統括情報セキュリティ責任者' in refused.err, refused


def test_deputy(office):
    """N02: by order, for a time, marked 代決, looked at afterwards by the holder of the post."""
    order = ('delegation', 'add', '--from-post', '情報政策課長', '--to-post', '係長代理', '--from', today(), '--until',
             today(30), '--order', '代決規程第3条')
    check.equal(office.ctl(CHIEF, *order).exit, 4)
    put(office, '係長代理', WITNESS, '--section', '0101')
    check.refused(office.ctl(CUSTODIAN, *order), 3)
    number = office.json(CHIEF, *order)['id']
    shown = whoami(office, WITNESS)
    check.equal(shown['deputyFor'], ['情報政策課長'])
    assert 'system-admin' in shown['roles']
    office.lend('DEP1', HOLDER)
    office.pull('DEP1')
    office.must(WITNESS, 'recall', 'DEP1', '--reason', 'TRANSFER')
    check.equal(records(office, 'recall')[-1]['deputy'],
                {'post': '情報政策課長', 'order': '代決規程第3条', 'delegation': number})
    waiting = office.json(ADMIN, 'delegation', 'reviews')['items']
    check.equal([(row['subject'], row['deputy'], row['post']) for row in waiting], [('DEP1', WITNESS, '情報政策課長')])
    check.equal(office.json(WITNESS, 'delegation', 'reviews')['items'], [])
    check.equal(office.ctl(WITNESS, 'delegation', 'review', waiting[0]['id']).exit, 5)
    check.refused(office.ctl(MANAGER2, 'delegation', 'review', waiting[0]['id']), 3)
    office.must(ADMIN, 'delegation', 'review', waiting[0]['id'], '--note', '了承')
    check.equal(office.json(ADMIN, 'delegation', 'reviews')['items'], [])
    check.equal(office.ctl(ADMIN, 'delegation', 'review', waiting[0]['id']).exit, 5)
    office.must(CHIEF, 'delegation', 'end', number)
    check.equal(whoami(office, WITNESS)['deputyFor'], [])
    check.refused(office.ctl(WITNESS, 'recall', 'DEP1', '--reason', 'TRANSFER'), 3)


def test_deputies_that_are_refused(office):
    """N02, N05: the chief's powers by another's order, one's own benefit, the past, more than a year."""
    def add(by, principal, deputy, since, until):
        return office.ctl(by, 'delegation', 'add', '--from-post', principal, '--to-post', deputy, '--from', since,
                          '--until', until, '--order', 'x')
    check.refused(add(ADMIN, '副知事', '係長代理', today(), today(1)), 3)
    check.equal(add(ADMIN, '市民課長', '情報政策課長', today(), today(1)).exit, 5)
    check.equal(add(CHIEF, '情報政策課長', '係長代理', today(-1), today(1)).exit, 5)
    check.equal(add(CHIEF, '情報政策課長', '係長代理', today(), today(366)).exit, 5)
    check.equal(add(CHIEF, '係長代理', '市民課長', today(), today(1)).exit, 5)


def test_permitted_authorities(office):
    """T03, T35, N04, N25, N41, H07, H13: section and employment as [permit] says, else refused by default."""
    staff = office.path('out/staff.csv')
    with open(staff, 'w', encoding='utf-8') as file:
        file.write('職員番号,氏名,フリガナ,所属コード,係名,職名,任用形態,任期満了日\n'
                   f'930001,臨時　一郎,リンジ　イチロウ,0301,,事務補助,会計年度任用職員,{today(100)}\n'
                   f'930002,派遣　二郎,ハケン　ジロウ,0301,,主事,派遣,{today(100)}\n')
    office.must(ADMIN, 'import', 'staff', staff)
    with open(office.path('office/designations-0301.csv'), encoding='utf-8') as file:
        lines = file.read().replace('追加', '')
    report = office.path('out/0301.csv')
    for line, words in (('930001,,業務管理者,,,', 'N25'), ('930002,,一般操作者,,,', 'N25'),
                        (f'{HOLDER},,特権管理,,,', 'T35'), ('930001,,一般操作者,,,', None)):
        with open(report, 'w', encoding='utf-8') as file:
            file.write(lines + line + '\n')
        result = office.ctl(ADMIN, 'designation', 'import', report, '--section', '0301', '--from', today(),
                            '--paper', f'様式第2号 {line}')
        assert (result.exit == 0) == (words is None) and (words is None or words in result.err), (line, result)


def test_administrative_authority(office):
    """N43, N47: nobody gets one by a paper that one person takes in."""
    with open(office.path('office/designations-0101.csv'), encoding='utf-8') as file:
        lines = file.read().replace('追加', '')
    report = office.path('out/0101.csv')
    with open(report, 'w', encoding='utf-8') as file:
        file.write(lines + f'{ADMIN},,特権管理,,,\n')
    result = office.ctl(ADMIN, 'designation', 'import', report, '--section', '0101', '--from', today(), '--paper', 'x')
    assert result.exit == 5 and 'N47' in result.err and '最高情報セキュリティ責任者' in result.err, result
    check.equal(office.sql("SELECT count(*) FROM designation WHERE authority = '特権管理'"), [(0,)])


def test_break_glass(office):
    """N05: for whom it is listed, with reason and end, told to the chief, marked, reviewed by another."""
    check.refused(office.ctl(HOLDER, 'break-glass', 'system-admin', '--reason', 'x', '--for', '1h'), 3)
    check.refused(office.ctl(ADMIN2, 'break-glass', 'chief', '--reason', 'x', '--for', '1h'), 3)
    check.equal(office.ctl(ADMIN2, 'break-glass', 'system-admin', '--reason', 'x', '--for', '25h').exit, 5)
    check.equal(office.ctl(ADMIN2, 'break-glass', 'system-admin', '--reason', 'x', '--for', 'x').exit, 5)
    check.refused(office.ctl(ADMIN2, 'ca', 'crl'), 3)
    number = office.json(ADMIN2, 'break-glass', 'system-admin', '--reason', '管理者不在の紛失', '--for', '2h')['id']
    shown = whoami(office, ADMIN2)
    assert 'system-admin' in shown['roles'] and shown['breakGlass'] == number, shown
    office.lend('GLASS1', WITNESS, authority='業務管理者')
    office.pull('GLASS1')
    office.must(ADMIN2, 'recall', 'GLASS1', '--reason', 'OTHER')
    check.equal(records(office, 'recall')[-1]['breakGlass'], number)
    row = next(row for row in office.json(AUDITOR, 'role-grant', 'list')['items'] if row['id'] == number)
    assert row['open'] and row['exception'].startswith('E-'), row
    check.equal(office.ctl(CHIEF, 'role-grant', 'review', number, '--note', 'x').exit, 5)
    office.must(ADMIN2, 'role-grant', 'end', number)
    check.refused(office.ctl(ADMIN2, 'recall', 'GLASS1', '--reason', 'OTHER'), 3)
    office.must(CHIEF, 'role-grant', 'review', number, '--note', '適正')
    check.equal(office.ctl(CHIEF, 'role-grant', 'review', number, '--note', 'x').exit, 5)
    told = office.sql("SELECT count(*) FROM outbox WHERE kind = 'break-glass'")
    check.equal(told, [(1,)])


def test_refusals_are_written_down_once_an_hour(office):
    """T10, N43: a refusal by role stands in the ledger, and whoever repeats it does not fill it."""
    before = len(records(office, 'denied'))
    for _ in range(5):
        check.refused(office.ctl(HOLDER, 'audit', 'list'), 3)
    found = records(office, 'denied')[before:]
    check.equal(len(found), 1)
    assert found[0]['request'].startswith('GET /api/v1/audit') and 'auditor' in found[0]['needed'], found
    assert office.ctl(AUDITOR, 'audit', 'verify').exit == 0


def test_no_admin_left(office):
    """T05: if no system-admin is left, the chief acts, and the record says so; after a successor not any more."""
    assert 'system-admin' not in whoami(office, CHIEF)['roles']
    staff = office.path('out/left.csv')
    with open(staff, 'w', encoding='utf-8') as file:
        file.write('職員番号,氏名,フリガナ,所属コード,係名,職名,任用形態,任期満了日\n'
                   '004102,小谷　秀樹,コタニ　ヒデキ,0101,,主幹,常勤,\n')
    office.must(ADMIN, 'import', 'staff', staff)
    assert 'system-admin' not in whoami(office, ADMIN)['roles']
    shown = whoami(office, CHIEF)
    assert 'system-admin' in shown['roles'] and shown['actingAs'] == 'system-admin', shown
    put(office, '情報政策課長', ADMIN, by=CHIEF)
    assert records(office, 'post-assign')[-1]['acting'] is True
    assert 'system-admin' not in whoami(office, CHIEF)['roles']
    assert 'system-admin' in whoami(office, ADMIN)['roles']


def test_auditor_changes_nothing_and_audits_not_himself(office):
    """N05, H03, I18: whoever gets a working role loses the auditor's; a term that is over ends both."""
    assert 'auditor' in whoami(office, AUDITOR)['roles']
    check.refused(office.ctl(AUDITOR, 'post', 'assign', '市民税課長', '--staff', HOLDER, '--from', today(), '--order', 'x'),
                  3)
    put(office, '市民税課長', AUDITOR)
    shown = whoami(office, AUDITOR)
    assert 'auditor' not in shown['roles'] and 'section-manager' in shown['roles'], shown
    staff = office.path('out/auditor.csv')
    with open(staff, 'w', encoding='utf-8') as file:
        file.write('職員番号,氏名,フリガナ,所属コード,係名,職名,任用形態,任期満了日\n'
                   f'000002,監査　次郎,カンサ　ジロウ,0101,,監査員,外部,{today(-1)}\n')
    office.must(ADMIN, 'import', 'staff', staff)
    check.equal(whoami(office, AUDITOR)['roles'], [])


if __name__ == '__main__':
    tap.main(globals(), make)

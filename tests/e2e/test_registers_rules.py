# SPDX-License-Identifier: Apache-2.0
# The rules' own registers: exceptions (N05, N81), findings (N84, T43), ordered stops (N82, N44), work
# records (N56, N57, N58), yearly tasks (T33, N61, K02), rules with dates and where they come from.
import datetime
import json
import os
import sqlite3

import check
import tap
from office import (ADMIN, ADMIN2, AUDITOR, CHIEF, CUSTODIAN, HOLDER, MANAGER, MANAGER2, ROOT, WITNESS, Office,
                    today)

CARD = 'OP000001'


def make():
    office = Office()
    if office.is_alone:
        office.close()
        raise tap.Skip('root: several accounts are needed')
    office.lend(CARD)
    office.pull(CARD)
    return office


def problems(office):
    return ' '.join(problem['en'] for problem in office.json(CUSTODIAN, 'status')['problems'])


def records(office, kind):
    return [row for row in office.json(AUDITOR, 'audit', 'list', '--kind', kind)['items']]


def body(office, kind):
    return json.loads(office.sql('SELECT body FROM ledger WHERE kind = ? ORDER BY seq DESC LIMIT 1', kind)[0][0])


def edit(office, statement):
    database = sqlite3.connect(os.path.join(office.state, 'opcard.db'), timeout=10)
    with database:
        database.execute(statement)
    database.close()


def open_exception(office, who=CUSTODIAN, kind='separation', subject='staff:' + CUSTODIAN, until=None):
    return office.ctl(who, 'exception', 'open', '--kind', kind, '--subject', subject, '--content', '自分のカードの発行',
                      '--reason', '担当者の欠員', '--until', until or today(5), '--json')


def own_card(office, number):
    """The custodian would issue a card for himself (N05)."""
    return office.ctl(CUSTODIAN, 'issue', number, '--staff', CUSTODIAN, '--authority', 'カード発行管理', '--dry-run')


# --- exceptions: N05, N81

def test_N05_an_exception_covers_nothing_before_the_chief_approves(office):
    office.prepare('OP000002')
    check.refused(own_card(office, 'OP000002'), 5, 'N05')
    result = open_exception(office)
    check.equal(result.exit, 0, result.err)
    office.exception = json.loads(result.out)['id']
    check.refused(own_card(office, 'OP000002'), 5, 'N05')
    check.equal(office.exception in problems(office), True, 'status says who is waited for')
    check.refused(office.ctl(CUSTODIAN, 'exception', 'approve', office.exception), 3, CUSTODIAN)


def test_N81_it_covers_its_subject_only_and_its_number_stands_in_the_ledger(office):
    office.must(CHIEF, 'exception', 'approve', office.exception)
    check.refused(office.ctl(CHIEF, 'exception', 'approve', office.exception), 5, office.exception)
    text = own_card(office, 'OP000002')
    assert 'N05' not in text.err, text.err
    office.must(ADMIN, 'recall', CARD, '--reason', 'TRANSFER')
    asked = office.json(ADMIN, 'recall-cancel', CARD, '--note', 'x')['confirm']
    check.refused(office.ctl(ADMIN, 'confirm', asked), 5, ADMIN)  # the exception is the custodian's
    other = json.loads(open_exception(office, ADMIN, subject='staff:' + ADMIN).out)['id']
    check.refused(office.ctl(ADMIN, 'confirm', asked), 5, ADMIN)
    office.must(CHIEF, 'exception', 'approve', other)
    office.must(ADMIN, 'confirm', asked)
    row = records(office, 'recall-cancel')[-1]
    check.equal((row['actor'], row['second']), (ADMIN, ADMIN))
    check.equal(body(office, 'recall-cancel')['exceptions'], [other], 'the record names its exception')
    office.must(ADMIN2, 'exception', 'end', other)


def test_N81_ended_it_covers_nothing(office):
    office.must(ADMIN2, 'exception', 'end', office.exception, '--note', '補充済み')
    check.refused(own_card(office, 'OP000002'), 5, 'N05')
    check.refused(office.ctl(ADMIN2, 'exception', 'end', office.exception), 5, office.exception)
    check.refused(office.ctl(CHIEF, 'exception', 'approve', office.exception), 5, office.exception)


def test_N81_bad_periods_and_own_approval(office):
    check.refused(open_exception(office, until=today(-1)), 5, 'N81')
    check.refused(open_exception(office, until=today(400)), 5, 'exception-longest')
    check.refused(open_exception(office, kind='holiday'), 2, 'break-glass')
    check.refused(open_exception(office, subject='everybody'), 2, 'staff:')
    check.refused(office.ctl(HOLDER, 'exception', 'open', '--kind', 'rule', '--subject', 'all', '--content', 'x',
                             '--reason', 'x', '--until', today(1)), 3, HOLDER)
    own = json.loads(open_exception(office, CHIEF, subject='all').out)['id']
    check.refused(office.ctl(CHIEF, 'exception', 'approve', own), 5, CHIEF, 'N05')
    office.must(ADMIN, 'exception', 'end', own)


def test_N81_the_configuration_opens_an_entry_that_ends_with_the_key(office):
    office.options.setdefault('config', {}).setdefault('policy', {})['separation-exception'] = f'{today(2)} 欠員のため'
    office.write_config()
    office.restart()
    entry = [row for row in office.json(AUDITOR, 'exception', 'list')['items'] if row['source'] == 'configuration'][-1]
    check.equal((entry['until'], entry['reason'], entry['subject'], entry['state']), (today(2), '欠員のため', 'all', 'open'))
    check.equal('without the chief' in problems(office), True, 'status')
    text = own_card(office, 'OP000002')
    assert 'N05' not in text.err, text.err
    del office.options['config']['policy']['separation-exception']
    office.write_config()
    office.restart()
    check.equal(office.json(AUDITOR, 'exception', 'show', entry['id'])['state'], 'ended')
    check.refused(own_card(office, 'OP000002'), 5, 'N05')


# --- findings: N84, T43

def test_N84_a_finding_is_answered_by_its_owner_and_closed_by_an_auditor(office):
    words = ['finding', 'open', '--reference', '監査報告書 第1号', '--content', '回収が遅い', '--due', today(30)]
    check.refused(office.ctl(ADMIN, *words, '--source', 'audit', '--owner', 'section:0301'), 3, ADMIN, 'N84')
    check.refused(office.ctl(AUDITOR, *words, '--source', 'audit', '--owner', 'section:9999'), 4, '9999')
    check.refused(office.ctl(AUDITOR, *words[:-1], today(-1), '--source', 'audit', '--owner', 'section:0301'), 2, today())
    finding = office.json(AUDITOR, *words, '--source', 'audit', '--owner', 'section:0301')['id']
    check.refused(office.ctl(AUDITOR, 'finding', 'close', finding), 5, 'finding answer')
    check.refused(office.ctl(MANAGER2, 'finding', 'answer', finding, '--measure', 'x'), 3, 'section:0301')
    office.must(MANAGER, 'finding', 'answer', finding, '--measure', '毎月点検する')
    check.refused(office.ctl(ADMIN, 'finding', 'close', finding), 3, ADMIN)
    office.must(AUDITOR, 'finding', 'close', finding, '--note', '確認済')
    check.equal(office.json(CHIEF, 'finding', 'show', finding)['state'], 'closed')
    check.refused(office.ctl(MANAGER, 'finding', 'answer', finding, '--measure', 'x'), 5, finding)


def test_T43_the_auditee_does_not_close(office):
    finding = office.json(AUDITOR, 'finding', 'open', '--source', 'audit', '--reference', 'x', '--content', 'x',
                          '--owner', f'staff:{AUDITOR}', '--due', today())['id']
    office.must(AUDITOR, 'finding', 'answer', finding, '--measure', 'x')
    check.refused(office.ctl(AUDITOR, 'finding', 'close', finding), 5, AUDITOR, 'N05')


# --- 職権停止: N82, N44

def test_N82_an_ordered_stop_needs_the_order_and_its_refusal(office):
    order = {'--order-number': '指令第5号', '--ordered-on': today(-3), '--refused-on': today(-1),
             '--criterion': 'violation', '--decided-by': WITNESS}
    for missing in order:
        words = [word for option, value in order.items() if option != missing for word in (option, value)]
        result = check.unchanged(office, lambda words=words: office.ctl(ADMIN, 'suspend', CARD, '--reason', 'ORDER', *words))
        check.refused(result, 2, missing, 'N82')
    for wrong in ({'--refused-on': today(-5)}, {'--refused-on': today(1)}, {'--decided-by': HOLDER}):
        words = [word for pair in {**order, **wrong}.items() for word in pair]
        check.refused(office.ctl(ADMIN, 'suspend', CARD, '--reason', 'ORDER', *words), 5, 'N82')
    words = [word for pair in {**order, '--criterion': 'mood'}.items() for word in pair]
    check.refused(office.ctl(ADMIN, 'suspend', CARD, '--reason', 'ORDER', *words), 2, 'N44')
    words = [word for pair in order.items() for word in pair]
    check.refused(office.ctl(MANAGER, 'suspend', CARD, '--reason', 'ORDER', *words), 3, MANAGER)
    office.must(ADMIN, 'suspend', CARD, '--reason', 'ORDER', *words)
    check.card(office, CARD, 'SUSPENDED', 'certificateHold', ['ORDER'])
    said = body(office, 'suspend')
    check.equal((said['orderNumber'], said['refusedOn'], said['criterion'], said['decidedBy']),
                ('指令第5号', today(-1), 'violation', WITNESS))
    notices = office.sql("SELECT recipient FROM outbox WHERE kind = 'stop-order' ORDER BY recipient")
    check.equal(notices, [('role:chief',), ('section:0301',)], 'the CISO and the head of the section are told')


def test_N82_it_is_lifted_by_two(office):
    asked = office.json(ADMIN, 'resume', CARD, '--reason', 'ORDER')['confirm']
    check.refused(office.ctl(ADMIN2, 'resume', CARD, '--reason', 'LEAVE'), 4)
    office.must(ADMIN2, 'confirm', asked)
    check.card(office, CARD, 'ACTIVE', 'good')
    order = office.json(AUDITOR, 'order', 'list')['items'][-1]
    check.equal((order['card'], order['liftedBy'], order['liftedSecond']), (CARD, ADMIN, ADMIN2))


# --- work records: N56, N57, N58

def test_N56_every_import_is_a_work_record(office):
    works = {row['content']: row for row in office.json(AUDITOR, 'work', 'list')['items']}
    staff = works['職員の取込（staff.csv）']
    check.equal(staff['before'], {'職員': 0})
    check.equal(staff['after']['追加'], office.sql('SELECT count(*) FROM person')[0][0])
    check.equal(any(content.startswith('使用者報告書') for content in works), True, 'form 2')
    check.equal(staff['state'], 'recorded')


def test_N57_a_changed_configuration_waits_for_two_persons(office):
    for row in office.json(AUDITOR, 'work', 'list')['items']:
        if row['state'] in ('waiting', 'done'):
            for who in (ADMIN, ADMIN2):
                office.must(who, 'work', 'confirm', row['id'], '--despite', '試験環境')
    check.equal('work confirm' in problems(office), False, 'nothing waits')
    office.options.setdefault('config', {}).setdefault('policy', {})['reuse'] = '0'
    office.write_config()
    office.restart()
    work = office.json(AUDITOR, 'work', 'list')['items'][-1]
    check.equal((work['kind'], work['state'], work['openedBy']), ('configuration', 'waiting', 'opcardd'))
    check.equal((work['before'], work['after']['[policy] reuse']), ({'[policy] reuse': None}, '0'))
    check.equal(work['id'] in problems(office), True, 'status')
    check.equal(work['id'] in office.ctl(CUSTODIAN, 'doctor').out, True, 'doctor')
    check.refused(office.ctl(HOLDER, 'work', 'confirm', work['id']), 3)
    office.must(ADMIN, 'work', 'confirm', work['id'], '--despite', '試験環境')
    check.equal(work['id'] in problems(office), True, 'the first person is not enough')
    check.refused(office.ctl(ADMIN, 'work', 'confirm', work['id'], '--despite', 'x'), 5, ADMIN, 'N58')
    office.must(CUSTODIAN, 'work', 'confirm', work['id'], '--despite', '試験環境')
    done = office.json(AUDITOR, 'work', 'show', work['id'])
    check.equal((done['state'], done['doneBy'], done['confirmedBy']), ('confirmed', ADMIN, CUSTODIAN))
    check.equal(len(done['tests']) > 10 and '試験' in done['result'], True, 'predefined tests (N58)')
    check.equal(work['id'] in problems(office), False, 'status')
    office.restart()
    check.equal(office.json(AUDITOR, 'work', 'list')['items'][-1]['id'], work['id'], 'the same again is no change')
    text = office.must(AUDITOR, 'register', 'print', 'configuration', '--format', 'csv')
    check.equal('[policy] reuse' in text and work['id'] in text, True, '構成管理簿')


def test_N58_a_version_change_waits_too(office):
    office.stop()
    edit(office, "UPDATE setting SET value = '0.0.9' WHERE key = 'version'")
    office.start()
    work = office.json(AUDITOR, 'work', 'list')['items'][-1]
    check.equal((work['kind'], work['before'], work['state']), ('version', {'version': '0.0.9'}, 'waiting'))


def test_N58_a_failing_test_stops_the_confirmation(office):
    work = office.json(AUDITOR, 'work', 'list')['items'][-1]
    edit(office, "UPDATE card SET note = 'x' WHERE number = 'OP000001'")
    text = check.refused(office.ctl(ADMIN, 'work', 'confirm', work['id']), 5, '--despite')
    assert 'N58' in text
    edit(office, "UPDATE card SET note = NULL WHERE number = 'OP000001'")


# --- yearly tasks: T33, N61, K02

def test_T33_yearly_tasks_are_recorded_with_their_report(office):
    tasks = {row['kind']: row for row in office.json(AUDITOR, 'yearly', 'list')['items']}
    check.equal(sorted(tasks), ['analysis', 'audit', 'continuation', 'self-inspection'])
    year = tasks['analysis']['fiscalYear']
    check.equal(tasks['analysis']['due'], f'{year + 1}-03-31')
    check.refused(office.ctl(AUDITOR, 'yearly', 'done', 'continuation', '--reference', 'x'), 3, 'K02')
    check.refused(office.ctl(ADMIN, 'yearly', 'done', 'party', '--reference', 'x'), 2, 'analysis')
    check.refused(office.ctl(ADMIN, 'yearly', 'done', 'analysis', '--reference', 'x', '--done-on', today(1)), 5)
    office.must(ADMIN, 'yearly', 'done', 'analysis', '--reference', '分析報告 第3号')
    row = [row for row in office.json(AUDITOR, 'yearly', 'list')['items'] if row['kind'] == 'analysis'][0]
    check.equal((row['state'], row['reference'], row['doneOn']), ('done', '分析報告 第3号', today()))


def test_T33_N61_a_reminder_comes_before_the_year_ends(office):
    day = datetime.date.fromisoformat(today(20)).strftime('%m-%d')
    if day == '02-29':
        raise tap.Skip('29 February is no day of every year')
    policy = office.options.setdefault('config', {}).setdefault('policy', {})
    policy['yearly-inspection'] = day
    office.write_config()
    office.restart()
    check.equal('yearly done self-inspection' in problems(office), True, 'twenty days before')
    policy['yearly-reminder'] = '7d'
    office.write_config()
    office.restart()
    check.equal('yearly done self-inspection' in problems(office), False, 'not yet')


def test_K02_the_continuation_is_a_work_record(office):
    office.must(CHIEF, 'yearly', 'done', 'continuation', '--reference', '様式第2号一式')
    work = [row for row in office.json(AUDITOR, 'work', 'list')['items'] if row['kind'] == 'year-change'][-1]
    check.equal('指定' in work['before'] and '指定' in work['after'], True, work)
    check.equal(records(office, 'yearly-done')[-1]['article'], 'K02')


# --- rules with dates; articles; the audit pack

def test_config_show_says_which_version_is_in_force(office):
    with open(office.config_file, 'a', encoding='utf-8') as file:
        file.write('[policy 2031-04-01]\ncollect-within = 3d\n')
    office.restart()
    now = {row['key']: row for row in office.json(AUDITOR, 'config', 'show')['items']}
    then = {row['key']: row for row in office.json(AUDITOR, 'config', 'show', '--at', '2031-04-01')['items']}
    check.equal((now['[policy] collect-within']['value'], now['[policy] collect-within']['default']), ('14d', True))
    row = then['[policy 2031-04-01] collect-within']
    check.equal((row['value'], row['since'], row['default']), ('3d', '2031-04-01', False))
    check.equal(row['file'] == office.config_file and row['line'] > 0, True, row)
    check.refused(office.ctl(AUDITOR, 'config', 'show', '--at', '2031-02-30'), 2)


def test_every_record_names_a_known_article(office):
    articles = {row[0] for row in office.sql('SELECT DISTINCT article FROM ledger')}
    check.equal({name for name in articles if not name or name[0] not in 'TIKHN' or not name[1:3].isdigit()}, set())


def test_the_audit_pack_holds_exceptions_and_findings(office):
    year = office.json(AUDITOR, 'yearly', 'list')['items'][0]['fiscalYear']
    rows = office.must(AUDITOR, 'register', 'print', 'annual-audit', '--fiscal-year', str(year), '--format', 'json')
    text = json.dumps(json.loads(rows), ensure_ascii=False)
    for word in ('回収が遅い', '毎月点検する', '10 例外一覧', '11 指摘一覧', '12 作業記録'):
        check.equal(word in text, True, word)
    table = office.must(AUDITOR, 'register', 'print', 'exceptions', '--format', 'csv')
    check.equal('担当者の欠員' in table and '終了' in table, True, table)


def test_the_chain_is_whole(office):
    assert office.json(CUSTODIAN, 'audit', 'verify')['ok']
    office.ctl(ROOT, 'status')


if __name__ == '__main__':
    tap.main(globals(), make)

# SPDX-License-Identifier: Apache-2.0
# Tables in and out, lists of a day and of a year, and paper: what comes out of a real IPP printer, and
# that nothing is recorded as printed that it has not called completed.
import csv
import hashlib
import io
import json
import os
import subprocess
import zipfile

import check
import printer
import tap
from office import (ADMIN, AUDITOR, CUSTODIAN, HOLDER, HOLDER2, MANAGER, WITNESS, Office, today, until)
from workbook import Number, formula, workbook

NO_AVAHI = os.environ['OPCARD_NO_AVAHI']
CARD, LOST, GONE = 'OP000001', 'OP000002', 'OP000003'
YEAR = str(int(today()[:4]) - (today()[5:7] < '04'))
HEAD = ['職員番号', '氏名', 'フリガナ', '所属コード', '係名', '職名', '任用形態', '任期満了日']
ISSUE_HEAD = ['発行日', '所 属 名', '職名', '氏名', '権限種別', 'IC ｶｰﾄﾞ番号', '返納日等', '理 由']


class House:
    """An office with a printer; the configuration names another one that is not there."""

    def __init__(self):
        self.office = Office(start=False)
        self.device = printer.Printer(self.office.path('printer'), NO_AVAHI)
        self.nowhere = f'ipp://localhost:{printer.free_port()}/ipp/print'
        self.office.options['config'] = {'forms': {
            'printer': f'{self.device.uri}, {self.nowhere}'}}
        self.office.write_config()
        self.office.start()
        self.office.furnish()
        for card, staff in ((CARD, HOLDER), (LOST, HOLDER2), (GONE, WITNESS)):
            self.office.lend(card, staff, authority='業務管理者' if staff == WITNESS else '一般操作者')
            self.office.pull(card)

    def close(self):
        self.device.stop()
        self.office.close()

    def log(self):
        return self.office.log()


def holds(text, part):
    assert part in text, f'{part!r} is not in {str(text)[-2000:]!r}'


def out(office, name):
    return office.path('out', name)


def records(office, kind):
    return [json.loads(body) for body, in office.sql(f"SELECT body FROM ledger WHERE kind = '{kind}' ORDER BY seq")]


def rows(office, *words, who=AUDITOR):
    return office.json(who, 'register', 'print', *words)['rows']


def text_of(pdf):
    return subprocess.run(['pdftotext', pdf, '-'], capture_output=True, check=True).stdout.decode()


def write(office, name, content):
    path = office.path(name)
    with open(path, 'wb') as file:
        file.write(content)
    os.chmod(path, 0o644)
    return path


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def test_a_staff_list_comes_as_a_workbook(house):
    office = house.office
    table = [HEAD, [Number(31, 1), '取込　花子', None, '0301', None, '主事', None, Number(46477, 3)]]
    path = write(office, 'staff.xlsx', workbook(table, furigana={'取込　花子': 'トリコミ ハナコ'}))
    result = check.unchanged(office, lambda: office.ctl(ADMIN, 'import', 'staff', path, '--dry-run'))
    check.equal(result.exit, 0)
    holds(result.out, 'added 1')
    office.must(ADMIN, 'import', 'staff', path)
    person = office.json(ADMIN, 'staff', 'show', '000031')
    check.equal((person['name'], person['until']), ('取込　花子', '2027-03-31'))


def test_a_bad_workbook_changes_nothing_and_names_the_cells(house):
    office = house.office
    table = [HEAD, ['000032', formula('A1', '関数'), None, '0301'], ['000033', '取込　次郎', None, '9999']]
    path = write(office, 'bad.xlsx', workbook(table))
    result = check.unchanged(office, lambda: office.ctl(ADMIN, 'import', 'staff', path))
    check.equal(result.exit, 2)
    holds(result.err, 'bad.xlsx:2: name/氏名: is a formula')
    path = write(office, 'bad.xlsx', workbook([table[0], table[2]]))
    result = check.unchanged(office, lambda: office.ctl(ADMIN, 'import', 'staff', path))
    holds(result.err, 'bad.xlsx:2: section/所属コード: ')


def test_the_register_as_a_table_and_as_a_workbook(house):
    office = house.office
    office.must(CUSTODIAN, 'register', 'export', 'issue', '-o', out(office, 'issue.csv'))
    lines = list(csv.reader(io.StringIO(read(out(office, 'issue.csv')).decode('utf-8-sig'), newline='')))
    check.equal(lines[0], ISSUE_HEAD)
    check.equal([line[5] for line in lines[1:]], [CARD, LOST, GONE])
    office.must(CUSTODIAN, 'register', 'print', 'card', '--format', 'xlsx', '-o', out(office, 'card.xlsx'))
    with zipfile.ZipFile(out(office, 'card.xlsx')) as book:
        holds(book.read('xl/worksheets/sheet1.xml').decode(), CARD)
    office.must(CUSTODIAN, 'pin', 'due', '--format', 'csv', '--within', '366', '-o', out(office, 'pin.csv'))
    holds(read(out(office, 'pin.csv')).decode('utf-8-sig'), CARD)
    office.must(CUSTODIAN, 'register', 'export', 'configuration', '--format', 'csv-cp932', '-o', out(office, 'c.csv'))
    holds(read(out(office, 'c.csv')).decode('cp932'), 'カードリーダ')
    result = office.ctl(CUSTODIAN, 'pin', 'due', '--format', 'csv-cp932', '--within', '366', '-o', out(office, 'x'))
    check.equal((result.exit, os.path.exists(out(office, 'x'))), (2, False))
    holds(result.err, 'is not in CP932')
    result = office.ctl(CUSTODIAN, 'register', 'print', 'card', '--format', 'ods', '-o', out(office, 'x'))
    check.equal(result.exit, 2)


def test_every_file_is_in_the_log_of_prints(house):
    office = house.office
    office.must(CUSTODIAN, 'register', 'print', 'issue', '-o', out(office, 'issue.pdf'))
    last = rows(office, 'print-log')[-1]
    check.equal((last['content'], last['count'], last['method'], last['result']), ('様式第3号', '1', 'pdf', '済'))
    check.equal(last['by'], office.json(ADMIN, 'staff', 'show', CUSTODIAN)['name'])
    holds({row['content'] for row in rows(office, 'print-log')}, 'パスワード変更期限一覧')
    check.equal({row['method'] for row in rows(office, 'print-log')}, {'csv', 'xlsx', 'csv-cp932', 'pdf'})


def test_on_paper_comes_what_was_drawn(house):
    office = house.office
    before = len(records(office, 'print'))
    result = office.json(CUSTODIAN, 'register', 'print', 'card', '--printer', 'default')
    until(house.device.printed, 'the paper')
    paper = write(office, 'paper.pdf', house.device.printed())
    text = text_of(paper)
    holds(text, '操作者用ＩＣカード管理簿')
    holds(text, CARD)
    done = records(office, 'print')
    check.equal(len(done), before + 1)
    check.equal((done[-1]['printer'], done[-1]['pages'], done[-1]['form']), (house.device.uri, 1, 5))
    check.equal(result['result']['pages'], 1)
    check.equal(len(records(office, 'print-begin')), 1)


def test_a_blank_form_and_a_receipt_on_paper(house):
    for words in (['3'], ['4', CARD]):
        house.office.must(CUSTODIAN, 'form', 'print', *words, '--printer', house.device.uri)
    check.equal([record['blank'] for record in records(house.office, 'print')[-2:]], [True, False])


def failed(house, *words, says):
    """Not printed, told, recorded as failed, and not as printed."""
    office = house.office
    printed, begun = len(records(office, 'print')), len(records(office, 'print-failed'))
    result = office.ctl(CUSTODIAN, 'register', 'print', 'card', '--printer', *words)
    check.equal(result.exit, 1)
    holds(result.err, says)
    check.equal(len(records(office, 'print')), printed)
    check.equal(len(records(office, 'print-failed')), begun + 1)
    holds(records(office, 'print-failed')[-1]['why'], 'プリンタ')


def test_a_printer_that_is_not_there_is_told_and_recorded(house):
    failed(house, house.nowhere, says='cannot be reached')
    last = rows(house.office, 'print-log')[-1]
    check.equal((last['method'], last['result']), (house.nowhere, '失敗'))


def test_a_job_that_the_printer_gives_up_is_no_print(house):
    house.device.write('behaviour', 'exit 1\n')
    failed(house, 'default', says='aborted')
    house.device.write('behaviour', ':\n')


def test_the_daemon_prints_on_no_other_printer(house):
    office = house.office
    device = f'ipp://localhost:{house.device.port}/ipp/print/other'
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'register', 'print', 'card', '--printer', device))
    check.equal(result.exit, 3)
    holds(result.err, '[forms] printer')


def test_the_daemon_ends_while_a_printer_waits_for_paper(house):
    office = house.office
    os.remove(house.device.path('begun'))
    house.device.write('behaviour', 'while [ ! -e paper ]; do sleep 0.1; done\n')
    printed = len(records(office, 'print'))
    running = office.begin(CUSTODIAN, 'register', 'print', 'card', '--printer', 'default')
    until(house.device.begun, 'the job')
    check.equal(office.stop(), 0)
    house.device.write('paper', '')
    office.start()
    office.finish(running)
    check.equal(len(records(office, 'print')), printed)
    holds(records(office, 'print-failed')[-1]['why'], '止められました')
    house.device.write('behaviour', ':\n')


def test_persons_stand_in_the_order_of_the_user_report(house):
    office = house.office
    with open(office.path('office/designations-0301.csv'), encoding='utf-8') as file:
        head, *people = file.read().splitlines()
    path = write(office, 'again.csv', '\n'.join([head, *reversed(people)]).replace('追加', '継続').encode())
    before = [row['staff'] for row in rows(office, 'card', '--section', '0301') if 'staff' in row]
    office.designate('0301', file=path)
    after = [row['staff'] for row in rows(office, 'card', '--section', '0301') if 'staff' in row]
    check.equal(after, before[::-1])
    check.equal(len(set(after)) > 1, True)


def test_what_is_still_out_and_who_was_checked(house):
    office = house.office
    office.must(ADMIN, 'recall', GONE, '--reason', 'TRANSFER')
    row, = rows(office, 'uncollected')
    check.equal((row['card'], row['reason'], row['recalledOn']), (GONE, '人事異動', today()))
    check.equal(rows(office, 'uncollected', '--as-of', today(-1)), [])
    office.insert(CARD)
    office.must(CUSTODIAN, 'card', 'check', CARD)
    office.pull(CARD)
    results = {row['card']: (row['result'], row.get('checkedOn')) for row in rows(office, 'card-check')}
    check.equal(results[CARD], ('良', today()))
    check.equal(results[GONE], ('未確認', None))
    for name in ('uncollected', 'card-check'):
        office.must(AUDITOR, 'register', 'print', name, '-o', out(office, name + '.pdf'))


def test_losses_and_the_report_on_one(house):
    office = house.office
    office.must(CUSTODIAN, 'report-lost', LOST, '--by', HOLDER2, '--note', '窓口で見当たらない')
    row, = rows(office, 'losses', '--fiscal-year', YEAR)
    check.equal((row['card'], row['category'], row['measure']), (LOST, '紛失', '（未提出）'))
    check.equal(row['by'], office.json(ADMIN, 'staff', 'show', HOLDER2)['name'])
    told = office.json(AUDITOR, 'register', 'print', 'incident', '--case', row['number'])
    check.equal((told['values']['カード番号'], told['values']['事故種別']), (LOST, '紛失'))
    check.equal(told['tables']['経過'][0]['content'].startswith('紛失届'), True)
    office.must(AUDITOR, 'register', 'print', 'incident', '--case', row['number'], '-o', out(office, 'incident.pdf'))
    office.must(AUDITOR, 'register', 'print', 'losses', '-o', out(office, 'losses.pdf'))
    holds(text_of(out(office, 'incident.pdf')), row['number'])
    holds(text_of(out(office, 'losses.pdf')), '（未提出）')
    check.equal(office.ctl(AUDITOR, 'register', 'print', 'incident', '--case', 'C-1999-0001', '--json').exit, 4)
    check.equal(office.ctl(AUDITOR, 'register', 'print', 'incident', '--json').exit, 2)


def test_disclosure_and_disposal(house):
    office = house.office
    told = office.json(AUDITOR, 'register', 'print', 'disclosure', '--staff', HOLDER2)
    office.must(AUDITOR, 'register', 'print', 'disclosure', '--staff', HOLDER2, '-o', out(office, 'disclosure.pdf'))
    holds(text_of(out(office, 'disclosure.pdf')), HOLDER2)
    operations = [line['work'] for line in told['tables']['操作履歴']]
    check.equal('紛失届' in operations, True)
    check.equal({line['card'] for line in told['tables']['操作履歴'] if 'card' in line}, {LOST})
    check.equal(office.ctl(AUDITOR, 'register', 'print', 'disclosure', '--json').exit, 2)
    office.receive('OP000009')
    office.must(CUSTODIAN, 'dispose', 'OP000009', '--witness', WITNESS, '--method', '破砕', '--evidence', '第7号',
                '--confirm', 'OP000009')
    row, = rows(office, 'disposal')
    check.equal((row['card'], row['evidence'], row['disposedOn']), ('OP000009', '破砕（第7号）', today()))
    check.equal(row['witness'], office.json(ADMIN, 'staff', 'show', WITNESS)['name'])


def test_a_year_and_a_day(house):
    office = house.office
    check.equal(rows(office, 'issue', '--fiscal-year', str(int(YEAR) - 1)), [])
    check.equal(len(rows(office, 'issue', '--fiscal-year', YEAR)), 3)
    check.equal(office.ctl(AUDITOR, 'register', 'print', 'issue', '--fiscal-year', '2999', '--json').exit, 2)
    check.equal(rows(office, 'disposal', '--fiscal-year', str(int(YEAR) - 1)), [])


def test_the_letters_of_a_year(house):
    """T43, K12: numbers that agree with the registers, both letters as paper, nobody named to the assembly."""
    office = house.office
    office.must(HOLDER2, 'pin', 'report-leak', CARD)
    check.equal([row['category'] for row in rows(office, 'losses', '--fiscal-year', YEAR)], ['紛失'])
    audit = office.json(AUDITOR, 'register', 'print', 'annual-audit', '--fiscal-year', YEAR)['tables']
    told = office.json(AUDITOR, 'report', 'annual', '--fiscal-year', YEAR)
    issued = len(rows(office, 'issue', '--fiscal-year', YEAR))
    total = audit['カードの状況'][-1]
    check.equal((total['category'], total['issued'], total['lost']), ('計', str(issued), '1'))
    check.equal(sum(int(row['count']) for row in audit['所属別']), int(total['total']))
    check.equal({row['judgement'] for row in audit['条項別']}, {'✔', '✘'})
    numbers = {row['category']: (row['count'], row['previous']) for row in told['tables']['運用の状況']}
    check.equal(numbers['カードの発行（枚）'], (str(issued), '0'))
    check.equal(numbers['カードの失効（枚）'], (total['revoked'], '0'))
    check.equal(sum(int(row['count']) for row in told['tables']['月別']), issued)
    check.equal(len(told['tables']['月別']), 12)
    check.equal(sorted(row['content'] for row in told['tables']['事故等']), ['パスワード漏えい', '紛失'])
    for name in [LOST, office.json(ADMIN, 'staff', 'show', HOLDER2)['name']]:
        check.equal(name in json.dumps(told['tables'], ensure_ascii=False), False)
    office.must(AUDITOR, 'report', 'annual', '--fiscal-year', YEAR, '-o', out(office, 'year.pdf'))
    office.must(AUDITOR, 'register', 'print', 'annual-audit', '--fiscal-year', YEAR, '-o', out(office, 'audit.pdf'))
    holds(text_of(out(office, 'year.pdf')), '運用状況報告書')
    holds(text_of(out(office, 'audit.pdf')), '内部監査報告書')
    check.refused(office.ctl(AUDITOR, 'register', 'print', 'annual-audit', '-o', out(office, 'x.pdf')), 2, '--fiscal-year')
    if not office.is_alone:
        check.equal(office.ctl(MANAGER, 'report', 'annual', '--fiscal-year', YEAR, '-o', out(office, 'x.pdf')).exit, 3)


def test_a_manager_sees_the_own_section_only(house):
    office = house.office
    if office.is_alone:
        raise tap.Skip('root: several accounts are needed')
    own = rows(office, 'card-check', who=MANAGER)
    check.equal({row['card'] for row in own} < {CARD, LOST, GONE}, True)
    for name in ('disclosure', 'print-log', 'configuration', 'disposal', 'incident'):
        check.equal(office.ctl(MANAGER, 'register', 'print', name, '--json').exit, 3)
    check.equal(office.ctl(MANAGER, 'register', 'print', 'disclosure', '--printer', 'default').exit, 3)
    check.equal(office.ctl(MANAGER, 'audit', 'pack', '--fiscal-year', YEAR, '-o', out(office, 'no.zip')).exit, 3)


def test_the_audit_pack(house):
    office = house.office
    path = out(office, 'pack.zip')
    office.must(AUDITOR, 'audit', 'pack', '--fiscal-year', YEAR, '-o', path)
    with zipfile.ZipFile(path) as pack:
        check.equal(pack.testzip(), None)
        sums = dict(line.split('  ')[::-1] for line in pack.read('SHA256SUMS').decode().splitlines())
        check.equal(set(sums), set(pack.namelist()) - {'SHA256SUMS'})
        for name, wanted in sums.items():
            check.equal(hashlib.sha256(pack.read(name)).hexdigest(), wanted)
            check.equal(pack.read(name)[:3] in (b'%PD', b'\xef\xbb\xbf'), True)
        text = pack.read('00-条項別証跡一覧.csv').decode('utf-8-sig')
    table = {line[2]: line for line in csv.reader(io.StringIO(text, newline=''))}
    check.equal(table['01 発行簿'][3:5], ['3', '✔'])
    check.equal(table['02 管理簿'][4], '✔')
    check.equal(table['03 カードチェック結果'][4:], ['✘', '2 枚が年度内に未確認'])
    check.equal(table['07 紛失・盗難一覧'][4:], ['✘', '再発防止策の未提出が 1 件'])
    check.equal(table['06 廃棄記録'][4], '✔')
    check.equal(table['監査記録の連鎖の検査'][4], '✔')
    for nothing in ('様式第1号',):
        check.equal(table[nothing][4], '✘')
        holds(table[nothing][5], '記録なし')
    check.equal(records(office, 'audit-pack')[-1]['sha256'], hashlib.sha256(read(path)).hexdigest())


tap.main(globals(), House)

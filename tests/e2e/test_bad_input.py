# SPDX-License-Identifier: Apache-2.0
# Input that cannot be right. Each case: what is typed, the exit status, and what its message must
# name: the thing, the rule, the way out, in Japanese and in English; and nothing has changed.
import os

import check
import tap
from office import (ADMIN, BUILD, CUSTODIAN, HOLDER, STRANGER, WITNESS, Office, today)

JAPANESE, ENGLISH = 'ja_JP.UTF-8', 'C.UTF-8'
CARD, BLANK = 'OP000001', 'OP000002'
STAFF_HEAD = '職員番号,氏名,フリガナ,所属コード,係名,職名,任用形態,任期満了日\n'
REPORT_HEAD = '職員番号,氏名,権限種別,利用事務,指定,備考\n'
BOX_HEAD = 'カード番号,カード種別,チップ番号,保管場所\n'


def refuse(office, who, words, status, japanese, english):
    """Both languages, each with its own words; no row of any table may change."""
    before = office.dump()
    check.drop_refusals(office, before)
    check.refused(office.ctl(who, *words, lang=JAPANESE), status, *japanese)
    check.refused(office.ctl(who, *words, lang=ENGLISH), status, *english)
    after = office.dump()
    check.drop_refusals(office, after)
    changed = [table for table in before if before[table] != after[table]]
    check.equal(changed, [], f'{words} changed')
    check.equal(len(after['ledger_record']), len(before['ledger_record']))


def write(office, name, text, encoding='utf-8'):
    path = office.path('out', name)
    with open(path, 'w', encoding=encoding, newline='') as file:
        file.write(text)
    os.chmod(path, 0o644)
    return path


def test_wrong_state(office):
    office.lend(CARD)
    office.pull(CARD)
    office.receive(BLANK)
    refuse(office, CUSTODIAN, ['return', BLANK], 5, ['OP000002', '在庫', '返納', '貸与中'],
           ['OP000002', 'STOCK', 'return', 'ACTIVE'])
    refuse(office, CUSTODIAN, ['card', 'prepare', CARD, '--reader', 'reader1'], 5,
           ['OP000001', '貸与中', '初期化', '在庫'], ['OP000001', 'ACTIVE', 'prepare', 'STOCK'])


def test_wrong_role(office):
    if office.is_alone:
        raise tap.Skip('root: several accounts are needed')
    refuse(office, HOLDER, ['recall', CARD, '--reason', 'TRANSFER'], 3, [HOLDER, 'システム管理者', '[roles]'],
           [HOLDER, 'system-admin', '[roles]'])
    refuse(office, STRANGER, ['card', 'list'], 3, ['uid:61999', '役割', '[accounts]'],
           ['uid:61999', 'role', '[accounts]'])


def test_wrong_number(office):
    refuse(office, CUSTODIAN, ['card', 'show', 'OP999999'], 4, ['OP999999', 'ありません', 'card list'],
           ['OP999999', 'no card', 'card list'])
    for number in ('ＯＰ＃１', 'A' * 21, 'OP 1'):
        refuse(office, CUSTODIAN, ['card', 'receive', number, '--kind', 'operator', '--place', 'x'], 2,
               [number, '20字'], [number, '1 to 20'])
    refuse(office, CUSTODIAN, ['card', 'receive', CARD, '--kind', 'operator', '--place', 'x'], 5,
           [CARD, '登録済み'], [CARD, 'already', 'once'])
    refuse(office, CUSTODIAN, ['card', 'receive', 'OP000003', CARD, '--kind', 'operator', '--place', 'x'], 5,
           [CARD], [CARD])
    refuse(office, CUSTODIAN, ['issue', BLANK, '--staff', '999999', '--authority', '一般操作者'], 4,
           ['999999', '職員名簿'], ['999999', 'staff list'])
    refuse(office, ADMIN, ['confirm', 'N-9999'], 4, ['N-9999', 'confirm --list'], ['N-9999', 'confirm --list'])


def test_wrong_date(office):
    for date in ('2027-02-30', '明日', '2027-13-01'):
        refuse(office, ADMIN, ['recall', CARD, '--reason', 'TRANSFER', '--due', date], 2,
               ['--due', date, '2026-04-01'], ['--due', date, '2026-04-01'])
    refuse(office, ADMIN, ['recall', CARD, '--reason', 'TRANSFER', '--due', '2020-02-20'], 2,
           ['2020-02-20', '過ぎて', today()], ['2020-02-20', 'over', today()])
    refuse(office, CUSTODIAN, ['report-lost', CARD, '--by', 'x', '--noticed-at', 'yesterday'], 2,
           ['--noticed-at', 'yesterday', '日時'], ['--noticed-at', 'yesterday', 'time'])
    refuse(office, CUSTODIAN, ['report-lost', CARD, '--by', 'x', '--noticed-at', '2199-01-01 09:00'], 2,
           ['未来'], ['future'])
    report = office.path('office/designations-0202.csv')
    refuse(office, ADMIN, ['designation', 'import', report, '--section', '0202', '--from', today(400), '--paper', 'x'],
           2, [today(400)], [today(400), 'year ahead'])
    refuse(office, CUSTODIAN, ['register', 'print', 'issue', '--as-of', '2026/13/01', '--format', 'json'], 2,
           ['--as-of', '2026/13/01'], ['--as-of', '2026/13/01'])


def test_wrong_name(office):
    refuse(office, CUSTODIAN, ['card', 'show', '太郎'], 4, ['太郎', 'card list'], ['太郎', 'card list'])
    refuse(office, CUSTODIAN, ['issue', BLANK, '--staff', HOLDER, '--authority', '一般操作'], 5,
           [HOLDER, '一般操作', '様式第2号', 'designation import'], [HOLDER, '一般操作', 'form 2', 'designation import'])
    refuse(office, ADMIN, ['recall', CARD, '--reason', 'BORED'], 2, ['BORED', 'TRANSFER'], ['BORED', 'TRANSFER'])
    refuse(office, CUSTODIAN, ['card', 'receive', 'OP000003', '--kind', 'gold', '--place', 'x'], 2,
           ['gold', 'operator'], ['gold', 'operator'])
    refuse(office, CUSTODIAN, ['card', 'prepare', BLANK, '--reader', 'reader9'], 4, ['reader9', 'reader list'],
           ['reader9', 'reader list'])
    refuse(office, CUSTODIAN, ['card', 'prepare', BLANK], 2, [BLANK, '--reader'], [BLANK, '--reader'])
    refuse(office, ADMIN, ['re-home', CARD, '--section', '0999'], 5, [CARD, '0999'], [CARD, '0999'])
    refuse(office, ADMIN, ['emergency', 'stop', '--scope', 'everything', '--note', 'x'], 2,
           ['everything', 'section:'], ['everything', 'section:'])


def test_wrong_command(office):
    refuse(office, CUSTODIAN, ['issue', BLANK], 2, ['--staff', 'help issue'], ['--staff', 'help issue'])
    refuse(office, CUSTODIAN, ['issue', BLANK, '--stuff', '1'], 2, ['--stuff', 'help issue'], ['--stuff', 'help issue'])
    refuse(office, CUSTODIAN, ['frobnicate'], 2, ['frobnicate', 'opcardctl help'], ['frobnicate', 'opcardctl help'])
    refuse(office, CUSTODIAN, ['form', 'print', '9'], 2, ['9', '1 から 7'], ['9', '1 to 7'])


def test_what_cannot_be_taken_back_is_confirmed(office):
    words = ['dispose', BLANK, '--witness', WITNESS, '--method', '破砕', '--evidence', '1']
    refuse(office, CUSTODIAN, words, 2, ['--confirm'], ['--confirm'])
    refuse(office, CUSTODIAN, [*words, '--confirm', CARD], 2, [CARD, BLANK], [CARD, BLANK])
    office.must(CUSTODIAN, *words, '--confirm', BLANK, '--dry-run')
    check.equal(office.show(BLANK)['state'], 'STOCK')


def test_wrong_line_of_a_staff_list(office):
    for name, line, words in (
            ('date.csv', '000009,山田,ヤマダ,0101,,主事,常勤,2027-02-30\n', ['2027-02-30']),
            ('section.csv', '000009,山田,ヤマダ,0909,,主事,常勤,\n', ['0909']),
            ('number.csv', '00 9,山田,ヤマダ,0101,,主事,常勤,\n', ['00 9']),
            ('name.csv', '000009,,ヤマダ,0101,,主事,常勤,\n', ['name']),
            ('short.csv', '000009,山田\n', ['section']),
            ('quote.csv', '000009,"山田,ヤマダ,0101,,主事,常勤,\n', [])):
        good = '000010,佐藤,サトウ,0101,,主事,常勤,\n'
        path = write(office, name, STAFF_HEAD + good + line)
        refuse(office, ADMIN, ['import', 'staff', path], 2, [f'{name}:3', *words], [f'{name}:3', *words])
    twice = '000009,山田,ヤマダ,0101,,主事,常勤,\n' * 2
    refuse(office, ADMIN, ['import', 'staff', write(office, 'twice.csv', STAFF_HEAD + twice)], 2,
           ['twice.csv:3', '000009', '2行目'], ['twice.csv:3', '000009', 'line 2'])


def test_wrong_staff_file(office):
    refuse(office, ADMIN, ['import', 'staff', write(office, 'head.csv', STAFF_HEAD.replace('氏名', '名前'))], 2,
           ['head.csv:1', '名前', '氏名'], ['head.csv:1', '名前', '氏名'])
    refuse(office, ADMIN, ['import', 'staff', write(office, 'empty.csv', '')], 2, ['empty.csv', '空'],
           ['empty.csv', 'empty'])
    refuse(office, ADMIN, ['import', 'staff', '/nonexistent.csv'], 4, ['/nonexistent.csv', '読め'],
           ['/nonexistent.csv', 'read'])


def test_wrong_line_of_a_user_report(office):
    def report(name, line, *words):
        path = write(office, name, REPORT_HEAD + line)
        refuse(office, ADMIN, ['designation', 'import', path, '--section', '0202', '--from', today(), '--paper', 'x'],
               2, [f'{name}:2', *words], [f'{name}:2', *words])

    report('variant.csv', '012990,林　凛,一般操作者,x,,\n', '012990', '林　凜', '林　凛')
    report('other.csv', '012345,,一般操作者,x,,\n', '012345', '0301', '0202')
    report('ended.csv', '012990,,夜間操作者,x,削除,\n', '012990', '夜間操作者')
    report('word.csv', '012990,,一般操作者,x,変更,\n', '変更', '追加')


def test_wrong_line_of_a_box_list(office):
    path = write(office, 'box.csv', BOX_HEAD + 'OP000010,操作者用,,x\nOP000011,魔法用,,x\n')
    refuse(office, CUSTODIAN, ['import', 'cards', path], 2, ['box.csv:3', '魔法用'], ['box.csv:3', '魔法用'])


def test_japanese_encodings_are_told_apart(office):
    line = '000009,﨑山　一,サキヤマ　ハジメ,0101,,主事,常勤,\n'
    path = write(office, 'cp932.csv', STAFF_HEAD + line, 'cp932')
    refuse(office, ADMIN, ['import', 'staff', path, '--dry-run'], 0, [], [])
    with open(path, 'wb') as file:
        file.write(STAFF_HEAD.encode('cp932') + b'000009,\xff\xfe,x,0101,,x,x,\n')
    refuse(office, ADMIN, ['import', 'staff', path], 2, ['cp932.csv'], ['cp932.csv'])


def test_broken_form_file(office):
    forms = office.path('forms')
    os.makedirs(forms)
    with open(os.path.join(forms, 'yoshiki03.form'), 'w', encoding='utf-8') as file:
        file.write('[様式]\n種別 = 一覧表\n行髙 = 9\n')
    office.options['config'] = {'forms': {'folder': forms}}
    office.write_config()
    office.restart()
    words = ['register', 'print', 'issue', '--format', 'pdf', '--output', office.path('out/x.pdf')]
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, *words, lang=JAPANESE))
    assert result.exit != 0, result
    check.refused(result, result.exit, 'yoshiki03.form', '行髙', '3')
    words[2] = 'card'
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, *words, lang=JAPANESE))
    check.refused(result, result.exit, 'yoshiki05.form')
    assert result.exit != 0 and not os.path.exists(office.path('out/x.pdf'))
    check.card(office, CARD, 'ACTIVE', 'good')


def check_config(office, text, *words):
    path = write(office, 'test.conf', text)
    process = office.spawn('--check-config', '--config', path)
    check.equal(process.wait(60), 2, text)
    said = office.log()[-2000:]
    for word in (path, *words):
        assert word in said, f'"{word}" is not in: {said}'


def test_wrong_configuration_names_file_and_line(office):
    check_config(office, '[daemon]\nstate-dri = /x\n', 'test.conf:2', 'state-dri', '[daemon]')
    check_config(office, '[cards]\n\ndeadline = soon\n', 'test.conf:3', 'soon', 'deadline', '90s')
    check_config(office, '[policy]\npin-min-length = many\n', 'test.conf:2', 'many', 'pin-min-length')
    check_config(office, '[policy 2027-02-30]\npin-min-length = 6\n', 'test.conf:2', '2027-02-30')
    check_config(office, '[roles]\nwizard = staff:012345\n', 'test.conf:2', 'wizard')
    check_config(office, '[accounts]\nuid:x = 012345\n', 'test.conf:2')
    check_config(office, 'state-dir = /x\n', 'test.conf:1')
    check_config(office, '[daemon\nstate-dir = /x\n', 'test.conf:1')


def test_daemon_refuses_to_start_with_a_wrong_configuration(office):
    path = write(office, 'start.conf', '[daemon]\nsokcet = /x\n')
    process = office.spawn('--config', path)
    check.equal(process.wait(60), 2)
    assert f'{path}:2' in office.log()[-500:], office.log()[-500:]
    assert os.path.exists(os.path.join(BUILD, 'opcardd'))
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), Office)

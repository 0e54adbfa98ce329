# SPDX-License-Identifier: Apache-2.0
# Names with rare characters and variation sequences stay what they are, from the list to the
# printed register; and cards are found by what people write: part of a name, kana, @reader.
import json
import subprocess

import check
import tap
from office import CUSTODIAN, HOLDER, HOLDER2, MANAGER, Office

AUTHORITY = '一般操作者'
# card: (staff, authority); names by code point, so that no editor changes them
CARDS = {'OP000001': (HOLDER, AUTHORITY), 'OP000002': (HOLDER2, AUTHORITY), 'OP000003': ('009874', '業務管理者'),
         'OP000004': ('010433', '業務管理者')}
NAMES = {HOLDER: '\u8fbb\U000e0102\u3000花子', HOLDER2: '\u845b\U000e0102城\u3000美咲',
         '009874': '\U00020bb7田\u3000健一', '010433': '\u6ff5田\u3000翔太'}


def test_names_survive_import_and_show(office):
    for card, (staff, authority) in CARDS.items():
        office.lend(card, staff, authority=authority)
        office.pull(card)
        shown = office.must(CUSTODIAN, 'card', 'show', card, '--json').encode()
        check.equal(json.loads(shown)['holder']['name'].encode(), NAMES[staff].encode(), card)
        assert NAMES[staff] in office.must(CUSTODIAN, 'card', 'show', card)
    people = {row['staff']: row['name'] for row in office.json(CUSTODIAN, 'staff', 'list')['items']}
    for staff, name in NAMES.items():
        check.equal(people[staff].encode(), name.encode())
    with open(office.path('office/staff.csv'), encoding='utf-8') as file:
        for line in file.read().strip().split('\n')[1:]:
            staff, name = line.split(',')[:2]
            check.equal(people[staff], name)


def pdf_text(office, name, *words):
    path = office.path('out', name)
    office.must(CUSTODIAN, *words, '--output', path)
    with open(path, 'rb') as file:
        check.equal(file.read(5), b'%PDF-')
    done = subprocess.run(['pdftotext', '-raw', path, '-'], capture_output=True, check=True)
    return done.stdout.decode()


def test_names_survive_printing(office):
    for kind in ('issue', 'card'):
        text = pdf_text(office, f'{kind}.pdf', 'register', 'print', kind, '--format', 'pdf')
        for staff, name in NAMES.items():
            for part in name.split('\u3000'):
                assert part in text, f'{part!r} of {staff} is not in the {kind} register: {text}'
        for card in CARDS:
            assert card in text, text


def test_receipt_has_the_name_of_the_manager_who_receives(office):
    text = pdf_text(office, 'receipt.pdf', 'form', 'print', '4', 'OP000001')
    assert 'OP000001' in text and '渡\u908a\U000e010a' in text, text


def test_part_of_a_name_finds_the_card(office):
    for part, card in (('花子', 'OP000001'), ('\u8fbb\U000e0102', 'OP000001'), ('美咲', 'OP000002'),
                       ('\U00020bb7', 'OP000003'), ('翔太', 'OP000004'), ('ツジ', 'OP000001')):
        check.equal(office.json(CUSTODIAN, 'card', 'show', part)['card'], card, part)
    check.equal([item['card'] for item in office.json(CUSTODIAN, 'card', 'list', '田')['items']],
                ['OP000003', 'OP000004'])
    check.equal(office.json(CUSTODIAN, 'card', 'show', '--staff', HOLDER)['card'], 'OP000001')


def test_ambiguous_name_is_not_guessed(office):
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'report-lost', '田', '--by', MANAGER))
    check.refused(result, 2, 'OP000003', 'OP000004')


def test_name_of_nobody_is_told(office):
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'report-lost', '山本', '--by', MANAGER))
    check.refused(result, 4, '山本')


def test_card_in_the_reader_is_named_by_the_reader(office):
    check.refused(office.ctl(CUSTODIAN, 'card', 'show', '@reader'), 6)
    office.insert('OP000002', 'reader2')
    check.equal(office.json(CUSTODIAN, 'card', 'show', '@reader')['card'], 'OP000002')
    office.insert('OP000001', 'reader1')
    check.refused(office.ctl(CUSTODIAN, 'card', 'show', '@reader'), 2, 'OP000001', 'OP000002')
    check.equal(office.json(CUSTODIAN, 'card', 'show', '@reader:reader1')['card'], 'OP000001')
    check.equal(office.json(CUSTODIAN, 'card', 'show', '@reader:reader2')['card'], 'OP000002')
    office.must(CUSTODIAN, 'card', 'check', '@reader:reader2')
    result = office.ctl(CUSTODIAN, 'card', 'show', '@reader:reader9')
    assert result.exit in (4, 6), result


def test_ledger_keeps_the_names(office):
    bodies = [json.loads(row[0]) for row in office.sql("SELECT body FROM ledger WHERE card = 'OP000001'")]
    names = {body['card'].get('name') for body in bodies}
    check.equal(names, {None, NAMES[HOLDER]})
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), Office)

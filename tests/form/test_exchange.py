#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Registers as workbooks and CSV files, and foreign workbooks read back: what other programs see, and what
# a file made to do harm gets.
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
import zlib
from xml.etree import ElementTree

from workbook import HUGE, Number, Raw, Workbook, formula, workbook

PROGRAM, FORMS = sys.argv[1:3]
MAIN = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
VALUES = {'団体名': '鳥取県 & <市>', '出力日時': '2026-11-21T10:00:00+09:00', '出力者': '山田 太郎',
          '作成日時': '2026-11-21T10:00:00+09:00'}
ROW = {'issuedOn': '2026-04-01', 'section': '総務部情報政策課', 'title': '主事', 'name': '辻󠄀 花子',
       'authority': '業務管理者', 'card': '000123', 'returnedOn': None, 'reason': '人事異動'}
FORMULAS = ['=1+1', '+81-857', '-1', '@SUM(A1)', '＝1+1', '\t=1', "=cmd|' /C calc'!A0"]
HEAD3 = ['発行日', '所 属 名', '職名', '氏名', '権限種別', 'IC ｶｰﾄﾞ番号', '返納日等', '理 由']


class Case(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix='opcard-form-')
        self.addCleanup(shutil.rmtree, self.dir)

    def write(self, name, content):
        path = os.path.join(self.dir, name)
        with open(path, 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def run_form(self, *args, stdin=b''):
        env = {'PATH': '/usr/bin:/bin', 'LC_ALL': 'C', 'HOME': self.dir}
        return subprocess.run([PROGRAM, *args], input=stdin, capture_output=True, env=env, check=False)

    def sheet(self, rows, kind, form='yoshiki03.form', values=None):
        data = json.dumps({'values': values or VALUES, 'rows': rows}).encode()
        return self.run_form('render', os.path.join(FORMS, form), '-', '--format', kind, stdin=data)

    def good(self, *args, **more):
        done = self.sheet(*args, **more)
        self.assertEqual((done.returncode, done.stderr.decode()), (0, ''))
        return done.stdout

    def read(self, content):
        done = self.run_form('read', self.write('in.xlsx', content))
        self.assertEqual((done.returncode, done.stderr.decode()), (0, ''))
        return json.loads(done.stdout)

    def refused(self, content, *says):
        before = self.write('in.xlsx', content)
        done = self.run_form('read', before, '-o', os.path.join(self.dir, 'out.json'))
        said = done.stderr.decode()
        self.assertEqual((done.returncode, done.stdout), (2, b''), said)
        for text in says:
            self.assertIn(text, said)
        self.assertRegex(said, r'[ぁ-んァ-ヶ一-龠].* / .*[a-z]')
        self.assertEqual(os.listdir(self.dir), ['in.xlsx'])


class Csv(Case):
    def test_utf8_has_a_bom_crlf_and_the_headings_of_the_form(self):
        content = self.good([ROW], 'csv')
        self.assertTrue(content.startswith(b'\xef\xbb\xbf'))
        self.assertEqual(content.count(b'\r\n'), content.count(b'\n'))
        lines = list(csv.reader(io.StringIO(content.decode('utf-8-sig'), newline='')))
        self.assertEqual(lines, [HEAD3, ['2026-04-01', '総務部情報政策課', '主事', '辻󠄀 花子', '業務管理者',
                                         '000123', '', '人事異動']])

    def test_two_level_headings_name_both(self):
        content = self.good([], 'csv', form='yoshiki05.form').decode('utf-8-sig')
        self.assertIn('貸与者／所属,貸与者／職名', content)

    def test_cp932(self):
        content = self.good([dict(ROW, name='髙﨑 ﾊﾅｺ①')], 'csv-cp932')
        self.assertIn('000123,,人事異動\r\n', content.decode('cp932'))
        self.assertIn('髙﨑 ﾊﾅｺ①', content.decode('cp932'))

    def test_what_cp932_lacks_is_refused_with_its_place(self):
        done = self.sheet([dict(ROW, name='山田'), ROW], 'csv-cp932')
        said = done.stderr.decode()
        self.assertEqual((done.returncode, done.stdout), (2, b''))
        for text in ('2行目', '「氏名」', 'U+E0100', 'row 2'):
            self.assertIn(text, said)

    def test_no_cell_is_a_formula(self):
        for kind, encoding in (('csv', 'utf-8-sig'), ('csv-cp932', 'cp932')):
            rows = [dict(ROW, name='山田', reason=text) for text in FORMULAS]
            text = self.good(rows, kind).decode(encoding)
            for line in list(csv.reader(io.StringIO(text, newline='')))[1:]:
                self.assertEqual(line[7][0], "'", line)
                self.assertIn(line[7][1:], FORMULAS)

    def test_quotes_commas_and_line_ends(self):
        text = 'a,"b"\nc'
        content = self.good([dict(ROW, reason=text)], 'csv').decode('utf-8-sig')
        self.assertEqual(list(csv.reader(io.StringIO(content, newline='')))[1][7], text)


class Xlsx(Case):
    def cells(self, content):
        """{place: (type, style, text)} of the only sheet."""
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            self.assertIsNone(book.testzip())
            for name in book.namelist():
                ElementTree.fromstring(book.read(name))
            root = ElementTree.fromstring(book.read('xl/worksheets/sheet1.xml'))
        return {cell.get('r'): (cell.get('t'), cell.get('s'), ''.join(cell.itertext()))
                for cell in root.iter(MAIN + 'c')}

    def test_title_headings_and_cells(self):
        cells = self.cells(self.good([ROW], 'xlsx'))
        self.assertEqual((cells['A1'][2], cells['A2'][2]), ('様式第３号（第12条関係）', '操作者用ＩＣカード発行簿'))
        self.assertEqual([cells[place + '3'][2] for place in 'ABCDEFGH'], HEAD3)
        self.assertEqual(cells['A4'], (None, '5', '46113'))
        self.assertEqual(cells['D4'], ('inlineStr', '3', '辻󠄀 花子'))
        self.assertEqual(cells['F4'][::2], ('inlineStr', '000123'))
        self.assertEqual(cells['G4'][2], '')

    def test_nothing_is_a_formula_and_what_looks_like_one_is_marked(self):
        rows = [dict(ROW, reason=text) for text in FORMULAS]
        content = self.good(rows, 'xlsx')
        cells = self.cells(content)
        for n, text in enumerate(FORMULAS):
            self.assertEqual(cells['H%d' % (4 + n)], ('inlineStr', '6', text))
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            self.assertNotIn(b'<f>', book.read('xl/worksheets/sheet1.xml'))
            self.assertIn(b'quotePrefix', book.read('xl/styles.xml'))

    def test_the_same_input_gives_the_same_bytes(self):
        self.assertEqual(self.good([ROW] * 50, 'xlsx'), self.good([ROW] * 50, 'xlsx'))

    def test_it_is_read_back_as_it_was(self):
        rows = [dict(ROW, reason=text) for text in FORMULAS + ['a\nb', '  x  ', '_x000D_', '<&>"']]
        back = self.read(self.good(rows, 'xlsx'))
        self.assertEqual(back['sheet'], '操作者用ＩＣカード発行簿')
        self.assertEqual([row['cells'][7] for row in back['rows'][3:]], [row['reason'] for row in rows])
        self.assertEqual(back['rows'][3]['cells'][:3], ['2026-04-01', '総務部情報政策課', '主事'])

    def test_two_level_headings_are_merged(self):
        content = self.good([], 'xlsx', form='yoshiki05.form')
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            merged = re.findall(rb'<mergeCell ref="([^"]+)"', book.read('xl/worksheets/sheet1.xml'))
        self.assertIn(b'C3:E3', merged)
        self.assertIn(b'A3:A4', merged)

    def test_the_foot_of_the_form_is_the_foot_of_the_sheet(self):
        with zipfile.ZipFile(io.BytesIO(self.good([], 'xlsx'))) as book:
            root = ElementTree.fromstring(book.read('xl/worksheets/sheet1.xml'))
        self.assertEqual(root.find(f'{MAIN}headerFooter/{MAIN}oddFooter').text,
                         '&L鳥取県 && <市>&C&P／&N&R出力 R8.11.21 10:00（山田 太郎）')

    def test_a_letter_is_no_sheet(self):
        for kind in ('xlsx', 'csv'):
            done = self.sheet([], kind, form='yoshiki04.form')
            self.assertEqual((done.returncode, done.stdout), (2, b''))
            self.assertIn('一覧表だけ', done.stderr.decode())

    def test_an_unknown_format_is_refused(self):
        done = self.sheet([], 'ods')
        self.assertEqual((done.returncode, done.stdout), (2, b''))

    def test_pages_are_reported(self):
        out = os.path.join(self.dir, 'out.pdf')
        form = os.path.join(FORMS, 'yoshiki03.form')
        data = self.write('d.json', json.dumps({'rows': [ROW] * 40}))
        done = self.run_form('render', form, data, '-o', out, '--report')
        info = subprocess.run(['pdfinfo', out], capture_output=True, check=True).stdout.decode()
        self.assertEqual(done.stderr.decode(), 'pages %s\n' % re.search(r'Pages:\s+(\d+)', info)[1])


class Read(Case):
    def rows(self, rows, **more):
        return [row['cells'] for row in self.read(workbook(rows, **more))['rows']]

    def test_furigana_is_not_part_of_the_name(self):
        self.assertEqual(self.rows([['鳥取 太郎']], furigana={'鳥取 太郎': 'トットリ タロウ'}), [['鳥取 太郎']])

    def test_the_first_visible_sheet_is_read(self):
        self.assertEqual(self.read(workbook([['a']]))['sheet'], '名簿')

    def test_numbers_dates_and_zeros_as_people_see_them(self):
        self.assertEqual(self.rows([[Number(12345, 1), Number(46477, 3), Number(46477.75, 4), Number('1E3'),
                                     Number('0.1'), Number(-5), Number('1', 0)]]),
                         [['012345', '2027-03-31', '2027-03-31', '1000', '0.1', '-5', '1']])

    def test_the_first_days_of_1900(self):
        self.assertEqual(self.rows([[Number(1, 4), Number(59, 4), Number(61, 4)]]),
                         [['1900-01-01', '1900-02-28', '1900-03-01']])

    def test_the_1904_calendar(self):
        book = Workbook([[Number(0, 4), Number(45015, 4)]])
        book.parts['xl/workbook.xml'] = book.parts['xl/workbook.xml'].replace(
            '<sheets>', '<workbookPr date1904="1"/><sheets>')
        self.assertEqual(self.read(book.bytes())['rows'][0]['cells'], ['1904-01-01', '2027-03-31'])

    def test_formulas_and_errors_are_told_and_not_taken(self):
        self.assertEqual(self.rows([[formula('1+1', '2'), Raw('<v>#REF!</v>', 'e'), 'x']]),
                         [[{'bad': 'formula'}, {'bad': 'error'}, 'x']])

    def test_gaps_stay_gaps(self):
        self.assertEqual(self.rows([[None, None, 'c', None], [None]]), [[None, None, 'c']])

    def test_inline_texts_and_booleans(self):
        self.assertEqual(self.rows([[Raw('<is><t>鳥</t><rPh><t>トリ</t></rPh></is>', 'inlineStr'),
                                     Raw('<v>1</v>', 'b')]]), [['鳥', 'TRUE']])


class Harm(Case):
    def test_encrypted_and_old_files(self):
        self.refused(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(1000), 'パスワード', 'password')

    def test_links_and_connections(self):
        for part, says in (('xl/externalLinks/externalLink1.xml', 'リンク'), ('xl/connections.xml', '接続')):
            book = Workbook([['a']])
            book.parts[part] = '<x/>'
            self.refused(book.bytes(), says)

    def test_a_zip_bomb(self):
        book = Workbook([['a']])
        head, tail = book.parts['xl/sharedStrings.xml'].split('</sst>')[0], '</sst>'
        book.parts['xl/sharedStrings.xml'] = head + '<si><t>a</t></si>' * HUGE + tail
        content = book.bytes()
        self.assertLess(len(content), 1024 * 1024)
        self.refused(content, '展開すると大きすぎます', 'unpacks to too much')

    def test_a_bomb_that_lies_about_its_size(self):
        book = Workbook([['a']])
        book.parts['xl/sharedStrings.xml'] += ' ' * (80 * 1024 * 1024)
        content = book.bytes()
        size = len(book.parts['xl/sharedStrings.xml'])
        self.assertEqual(content.count(size.to_bytes(4, 'little')), 2)
        self.refused(content.replace(size.to_bytes(4, 'little'), (1000).to_bytes(4, 'little')))

    def test_entities(self):
        book = Workbook([['a']])
        book.parts['xl/sharedStrings.xml'] = ('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">'
                                              '<!ENTITY f SYSTEM "file:///etc/passwd">]><sst><si><t>&b;&f;</t></si>'
                                              '</sst>')
        self.refused(book.bytes(), 'DTD')

    def test_a_cell_that_is_too_long(self):
        self.refused(workbook([['長' * 2000]]), '長すぎます')

    def test_an_index_beyond_the_texts(self):
        self.refused(workbook([[Raw('<v>7</v>', 's')]]), '1行目', '1列目')

    def test_rows_and_cells_out_of_order(self):
        book = Workbook([['a'], ['b']])
        sheet = book.parts['xl/worksheets/sheet2.xml']
        book.parts['xl/worksheets/sheet2.xml'] = sheet.replace('<row r="2">', '<row r="1">')
        self.refused(book.bytes(), '行番号')
        book.parts['xl/worksheets/sheet2.xml'] = sheet.replace('r="A2"', 'r="A2"/><c r="A2"')
        self.refused(book.bytes(), '2行目')

    def test_torn_files(self):
        content = workbook([['鳥取', Number(1)]])
        for length in range(0, len(content), 211):
            done = self.run_form('read', self.write('in.xlsx', content[:length]))
            self.assertEqual((done.returncode, done.stdout), (2, b''), length)

    def test_flipped_bytes_never_crash(self):
        content = workbook([['鳥取', Number(1, 3)]])
        for at in range(30, len(content), 97):
            torn = bytearray(content)
            torn[at] ^= 0x55
            done = self.run_form('read', self.write('in.xlsx', bytes(torn)))
            self.assertIn(done.returncode, (0, 2), (at, done.stderr))

    def test_other_zips_and_texts(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, 'w') as package:
            package.writestr('a.txt', zlib.compress(b'x'))
        self.refused(file.getvalue(), 'Excel')
        self.refused(b'', 'Excel')
        self.refused('職員番号,氏名\n'.encode(), 'Excel')


sys.argv[1:] = []
unittest.main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The shipped forms: the regulation's own text character by character, data on every one, PDF/A.
import collections
import os
import re
import shutil
import subprocess
import tempfile

import sample
from form_case import Case, FORMS, main

HERE = os.path.dirname(os.path.abspath(__file__))


def regulation():
    """The forms at the end of 鳥取県's text, number by number, as lists of lines."""
    with open(os.path.join(HERE, 'data', 'tottori-forms.txt'), encoding='utf-8') as file:
        lines = [re.sub(' +', ' ', line).strip() for line in file if line.strip()]
    starts = [i for i, line in enumerate(lines) if line.startswith('様式第')] + [len(lines)]
    return [lines[a:b] for a, b in zip(starts, starts[1:])]


class Regulation(Case):
    def lines_of(self, pdf, *options):
        """Its lines without the page's number, runs of blanks of any width as one."""
        lines = [re.sub('[ \u3000]+', ' ', line).strip() for line in re.split('[\n\f]', self.text(pdf, *options))]
        return [line for line in lines if line and line != '1／1']

    def test_there_are_seven(self):
        self.assertEqual([lines[0][:5] for lines in regulation()], ['様式第%s号' % n for n in '１２３４５６７'])
        self.assertIn('IC ｶｰﾄﾞ番号', regulation()[2][2])

    def test_every_line_reads_as_the_regulation(self):
        for number, lines in enumerate(regulation(), 1):
            with self.subTest(form=number):
                pdf = self.render(self.form(number))
                self.assertEqual(self.pages(pdf), 1)
                self.assertEqual(collections.Counter(self.lines_of(pdf, '-raw')), collections.Counter(lines))

    def test_lines_stand_in_the_regulations_order(self):
        """From top to bottom; the headings of two levels (2, 5) are compared without order above."""
        for number, lines in enumerate(regulation(), 1):
            text = ''.join(''.join(self.lines_of(self.render(self.form(number)), '-layout')).split())
            at = 0
            for line in lines:
                wanted = line.replace(' ', '')
                if number in (2, 5) and wanted not in text:
                    continue
                if number == 5 and wanted in ('貸与者', '所属職名氏名', '貸与日ｶｰﾄﾞﾁｪｯｸ日備考', 'カード種別カード番号'):
                    continue
                if number == 2 and wanted in ('指定', '（追加・削除・継続）', '備考'):
                    continue
                at = text.index(wanted, at) + len(wanted)

    def test_columns_stand_in_the_regulations_order(self):
        for number, want in ((1, '日付 開始時間 終了時間 所属名 職名 氏名 利用業務 カード種類 カード番号 チェック'),
                             (2, '係名 職名 職員番号 氏名 利用事務 指定（追加・削除・継続） 備考'),
                             (3, '発行日 所属名 職名 氏名 権限種別 ICｶｰﾄﾞ番号 返納日等 理由'),
                             (5, 'カード種別 カード番号 貸与者／所属 貸与者／職名 貸与者／氏名 貸与日 ｶｰﾄﾞﾁｪｯｸ日 備考')):
            with open(self.form(number), encoding='utf-8') as file:
                section = file.read().split('\n[列]\n')[1]
            heads = [line.split('|')[0].replace(' ', '').replace('^', '') for line in section.splitlines()
                     if '|' in line and not line.startswith('#')]
            self.assertEqual(heads, want.split())


class Shipped(Case):
    def files(self):
        found = []
        for folder, _, names in os.walk(FORMS):
            found += [os.path.relpath(os.path.join(folder, name), FORMS)[:-5] for name in names
                      if name.endswith('.form') and 'example' not in folder]
        return sorted(found)

    kept = {}

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix='opcard-form-')

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def rendered(self, name, data):
        """Every form once blank and once with its sample, however many tests look at it."""
        key = '%s-%s.pdf' % (name.replace('/', '-'), 'blank' if data is None else 'full')
        if key not in self.kept:
            self.kept[key] = shutil.move(self.render(os.path.join(FORMS, name + '.form'), data),
                                         os.path.join(self.folder, key))
        return self.kept[key]

    def all(self):
        for name in self.files():
            yield name, self.rendered(name, None)
            yield name, self.rendered(name, sample.data(name))

    def test_every_form_has_a_sample(self):
        self.assertEqual(self.files(), sample.names())

    def test_every_form_passes_the_check(self):
        for name in self.files():
            done = self.run_form('check', os.path.join(FORMS, name + '.form'))
            self.assertEqual((done.returncode, done.stderr), (0, b''), name)

    def test_every_name_card_and_reason_is_on_the_page(self):
        for name in self.files():
            data = sample.data(name)
            text = ''.join(self.text(self.rendered(name, data)).split())
            with open(os.path.join(FORMS, name + '.form'), encoding='utf-8') as file:
                form = file.read()
            for word in ('氏名', 'カード番号', '職氏名', '所属長', '再発防止策', '監査結果'):
                value = data['values'].get(word)
                if value and '{%s}' % word in form:
                    self.assertIn(''.join(value.split())[:8], text, (name, word))
            for rows in [data.get('rows', [])] + list(data.get('tables', {}).values()):
                for row in rows:
                    if 'card' in row and 'カード番号' in form:
                        self.assertIn(row['card'], text, name)

    def test_foot_tells_organisation_page_and_who(self):
        for name in self.files():
            if re.fullmatch('yoshiki0[2467]', name):
                continue
            text = self.text(self.rendered(name, sample.data(name)))
            for wanted in ('鳥取県', '1／', '出力 R8.11.21 10:00（山田 太郎）'):
                self.assertIn(wanted, text, name)

    def test_blank_forms_show_no_braces(self):
        for name in self.files():
            self.assertNotRegex(self.text(self.rendered(name, None)), '[{}]', name)

    def test_every_font_is_embedded(self):
        for name, pdf in self.all():
            lines = subprocess.run(['pdffonts', pdf], capture_output=True, check=True).stdout.decode().splitlines()
            self.assertGreater(len(lines), 2)
            for line in lines[2:]:
                self.assertRegex(line, r'^[A-Z]{6}\+.* yes yes yes +\d+ +0$', name)

    def test_qpdf_finds_nothing(self):
        for name, pdf in self.all():
            done = subprocess.run(['qpdf', '--check', pdf], capture_output=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, b''), name)

    def test_marks_of_pdfa(self):
        for name, pdf in self.all():
            qdf = subprocess.run(['qpdf', '--qdf', pdf, '-'], capture_output=True, check=True).stdout
            for wanted in (b'<pdfaid:part>1</pdfaid:part>', b'/GTS_PDFA1', b'/CIDSet', b'/ID [',
                           b'<xmp:CreateDate>20', b'acsp'):
                self.assertIn(wanted, qdf, name)
            self.assertNotIn(b'/Group', qdf)
            self.assertNotIn(b'/SMask', qdf)
            at = qdf.index(b'acsp') - 36
            size = int.from_bytes(qdf[at:at + 4], 'big')
            self.assertEqual(qdf[at + size:at + size + 20].lstrip()[:9], b'endstream')

    def test_preflight(self):
        self.preflight([pdf for _, pdf in self.all()])


if __name__ == '__main__':
    main()

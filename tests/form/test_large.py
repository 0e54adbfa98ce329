#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# A register of 10,000 rows: everything that went in comes out, in order, the same each time; and the
# second municipality's example works as it is shipped.
import collections
import glob
import os
import subprocess
import tempfile

import sample
from form_case import Case, FORMS, main

SURNAMES = '佐藤 鈴木 渡邊 齋藤 山﨑 髙木 𠮷田 辻󠄀 葛󠄀城 邊󠄆見 邊󠄇見 神󠄀谷 塚󠄁本 栁田 德永 勅使河原 ⻆田'.split()
NAMES = '一郎 花子 美咲 健 さくら 愛󠄂 凜 惠 龍之介 ﾉﾌﾞ子 John'.split()


def register(count):
    rows = []
    for i in range(count):
        rows.append({'issuedOn': '2026-%02d-%02d' % (i % 12 + 1, i % 28 + 1), 'section': sample.SECTIONS[i % 3], 'title': '主事',
                     'name': SURNAMES[i % len(SURNAMES)] + ' ' + NAMES[i % len(NAMES)], 'authority': '業務管理者',
                     'card': 'OP%06d' % i, 'returnedOn': '2027-03-31', 'reason': '異動%d' % i})
    return {'values': sample.VALUES, 'rows': rows}


class Large(Case):
    def test_text_of_ten_thousand_rows_equals_the_data(self):
        data = register(10000)
        pdf = self.render(self.form(3), data)
        text = self.text(pdf, '-raw')
        # A row is a line: the cells follow one another, and none is broken in this data.
        lines = [line for line in text.split('\n') if 'OP0' in line]
        self.assertEqual(len(lines), 10000)
        for row, line in zip(data['rows'], lines):
            month, day = row['issuedOn'][5:].split('-')
            want = ['R8.%d.%d' % (int(month), int(day)), row['section'], row['title'], *row['name'].split(),
                    row['authority'], row['card'], 'R9.3.31', row['reason']]
            self.assertEqual(''.join(line.split()), ''.join(want))
        selectors = collections.Counter(c for row in data['rows'] for c in row['name'] if ord(c) >= 0xE0100)
        self.assertEqual(collections.Counter(c for c in text if ord(c) >= 0xE0100), selectors)
        self.assertGreater(sum(selectors.values()), 2000)

    def test_two_renderings_are_the_same_bytes(self):
        data = register(1000)
        with open(self.render(self.form(3), data, 'a.pdf'), 'rb') as a, \
                open(self.render(self.form(3), data, 'b.pdf'), 'rb') as b:
            self.assertEqual(a.read(), b.read())

    def test_order_of_names_in_a_row_does_not_matter(self):
        data = register(50)
        turned = dict(data, rows=[dict(reversed(row.items())) for row in data['rows']])
        with open(self.render(self.form(3), data, 'a.pdf'), 'rb') as a, \
                open(self.render(self.form(3), turned, 'b.pdf'), 'rb') as b:
            self.assertEqual(a.read(), b.read())

    def test_last_row_wrong_leaves_nothing(self):
        data = register(2000)
        data['rows'][-1]['name'] = '山\u202e田'
        self.refused(self.form(3), data, '2000行目', 'U+202E')


class Example(Case):
    FOLDER = os.path.join(FORMS, 'example', 'minato')

    def test_forms_of_another_municipality(self):
        forms = sorted(glob.glob(os.path.join(self.FOLDER, '*.form')))
        self.assertEqual(len(forms), 3)
        for form in forms:
            name = os.path.basename(form)[:-5]
            self.assertEqual(self.run_form('check', form).returncode, 0)
            text = self.text(self.render(form, sample.data(name)))
            self.assertIn('別記様式第', text)
            self.assertNotIn('印\n', text.replace('確認印\n', ''))
        text = self.text(self.render(os.path.join(self.FOLDER, 'yoshiki03.form'), sample.data('yoshiki03')))
        for wanted in ('照合カード交付台帳', '返還', '確認印', '主幹', '-1/2-'):
            self.assertIn(wanted, text.replace('- 1 / 2 -', '-1/2-'))

    def test_its_configuration_is_accepted(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'opcardd.conf')
            with open(os.path.join(self.FOLDER, 'opcardd.conf'), encoding='utf-8') as file:
                text = file.read()
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
            good = subprocess.run([os.environ['OPCARDD'], '--check-config', '--config', path], capture_output=True,
                                  check=False)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text.replace('P90D', 'P900D'))
            bad = subprocess.run([os.environ['OPCARDD'], '--check-config', '--config', path], capture_output=True,
                                 check=False)
        self.assertEqual(good.returncode, 0, good.stderr)
        self.assertEqual(bad.returncode, 2)
        self.assertIn(b'P900D', bad.stderr)


if __name__ == '__main__':
    main()

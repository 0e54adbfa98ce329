#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# opcard-form as its users see it: what is on the pages, what is said, what is left behind.
import json
import os
import re
import subprocess

from form_case import Case, VALUES, main

# Plain, outside the BMP, compatibility, IVS in each font, two sequences of one base, and IVS
# whose glyph a compatibility character shares (神, 塚).
NAMES = ['辻󠄀 花子', '辻 一郎', '𠮷田 京', '髙木 ﾉﾌﾞ子', '邊󠄆見 惠', '邊󠄇見 惠', '葛󠄀城 さくら', '葛城 愛󠄂',
         '神󠄀谷 翔太', '神谷 昻', '塚󠄁本 瑛', '塚本 凜', '⻆田 John', '栁田 德永', 'か\u3099く 太郎']
ROW = {'issuedOn': '2026-04-01', 'section': '総務部情報政策課', 'title': '主事', 'authority': '業務管理者',
       'card': 'OP000001', 'returnedOn': '2026-06-30', 'reason': '人事異動'}


class Forms(Case):
    def test_blank_register_is_ruled_to_the_page_end(self):
        """Horizontal rules in the blank and in the full page are the same number."""
        full = {'values': VALUES, 'rows': [dict(ROW, name='山田 太郎')] * 10}
        rules = []
        for pdf in (self.render(self.form(3)), self.render(self.form(3), full, 'full.pdf')):
            qdf = subprocess.run(['qpdf', '--qdf', pdf, '-'], capture_output=True, check=True).stdout
            lines = re.findall(rb'([\d.]+) ([\d.]+) m ([\d.]+) ([\d.]+) l S', qdf)
            rules.append({y for x, y, end, y2 in lines if y == y2})
        self.assertGreater(len(rules[0]), 15)
        self.assertEqual(rules[0], rules[1])


class Text(Case):
    def test_every_name_reads_back_exactly(self):
        rows = [dict(ROW, name=name, card='OP%06d' % i) for i, name in enumerate(NAMES)]
        text = self.text(self.render(self.form(3), {'values': VALUES, 'rows': rows}))
        for name in NAMES:
            self.assertIn(name, text)
        self.assertEqual(text.count('邊󠄆見'), 1)
        self.assertEqual(text.count('邊󠄇見'), 1)

    def test_dates_are_japanese(self):
        row = dict(ROW, name='山田', issuedOn='2019-05-01', returnedOn='2026-11-20')
        text = self.text(self.render(self.form(3), {'values': VALUES, 'rows': [row]}))
        self.assertIn('R1.5.1', text)
        self.assertIn('R8.11.20', text)
        self.assertIn('出力 R8.11.21 10:00（山田 太郎）', text)
        self.assertIn('鳥取県', text)

    def test_missing_and_null_are_empty_cells(self):
        rows = [{'card': 'OP000007'}, {'card': 'OP000008', 'returnedOn': None, 'name': None}, {}]
        text = self.text(self.render(self.form(3), {'rows': rows}))
        self.assertIn('OP000007', text)
        self.assertIn('OP000008', text)
        self.assertNotIn('出力', text)

    def test_tab_is_a_blank(self):
        rows = [{'name': name} for name in ('山田 花子', '山田\t花子', '山田 花子', '山田\t花子')]
        self.assertEqual(self.text(self.render(self.form(3), {'rows': rows})).count('山田 花子'), 4)

    def test_long_text_is_all_there(self):
        reason = '担当事務の変更により権限種別を変更し、旧カードを返納させた上で新カードを貸与した。' * 2
        title = '会計年度任用職員（窓口業務補助担当）'
        row = dict(ROW, name='勅使河原 龍之介', reason=reason, title=title)
        text = ''.join(self.text(self.render(self.form(3), {'rows': [row]}), '-layout').split())
        for piece in (reason[i:i + 6] for i in range(0, len(reason) - 6, 6)):
            self.assertTrue(any(part in text for part in (piece, piece[:3])), piece)

    def test_no_line_begins_with_a_full_stop(self):
        form = self.changed_form(3, '| 理由       | *    | 左   | 縮小', '| 理由       | *    | 左   |')
        rows = [{'reason': 'あ' * n + '。終わり'} for n in range(8, 40)]
        text = self.text(self.render(form, {'rows': rows}), '-raw')
        self.assertEqual(text.count('。'), len(rows))
        self.assertNotRegex(text, '\n。')

    def test_pages_are_numbered_and_headed(self):
        rows = [dict(ROW, name='山田 太郎', card='OP%06d' % i) for i in range(50)]
        pdf = self.render(self.form(3), {'values': VALUES, 'rows': rows})
        pages = self.text(pdf).rstrip('\f').split('\f')
        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, 1):
            self.assertIn('%d／%d' % (number, len(pages)), page)
            self.assertIn('様式第３号（第12条関係）', page)
            self.assertIn('返納日等', page)
            self.assertIn('鳥取県', page)
        self.assertEqual(re.findall(r'OP\d{6}', self.text(pdf)), [row['card'] for row in rows])

    def test_bookmarks_by_fiscal_year(self):
        days = ['2019-03-31', '2019-04-01', '2019-12-01', '2020-04-01', '2021-03-31']
        rows = [dict(ROW, name='山田', issuedOn=day) for day in days]
        pdf = self.render(self.form(3), {'rows': rows})
        done = subprocess.run(['qpdf', '--json=1', '--json-key=outlines', pdf], capture_output=True, check=True)
        titles = [outline['title'] for outline in json.loads(done.stdout)['outlines']]
        self.assertEqual(titles, ['平成30年度', '令和元年度', '令和２年度'])

    def test_stamps_only_where_the_form_asks(self):
        form = self.changed_form(3, '空行     = 埋める', '空行     = 埋める\n押印欄   = 課長, 課長補佐、係長, 担当')
        text = self.text(self.render(form))
        for stamp in ('課長', '課長補佐', '係長', '担当'):
            self.assertIn(stamp, text)
        self.assertNotIn('課長', self.text(self.render(self.form(3))))


class Receipt(Case):
    def values(self, **more):
        return dict(VALUES, 所属名='総務部情報政策課', 職氏名='課長 辻󠄀 花子', 受領日='2026-11-21', **more)

    def test_one_card(self):
        values = self.values(権限種別='業務管理者', カード番号='OP000123', パスワード確認='良')
        text = self.text(self.render(self.form(4), {'values': values}))
        for wanted in ('業務管理者', 'OP000123', '良', '令和８年11月21日', '総務部情報政策課', '課長 辻󠄀 花子'):
            self.assertIn(wanted, text)
        self.assertNotIn('1／1', text)

    def test_one_row_is_the_same_as_values(self):
        row = {'authority': '業務管理者', 'card': 'OP000123', 'check': '良'}
        values = self.values(権限種別='業務管理者', カード番号='OP000123', パスワード確認='良')
        one = self.text(self.render(self.form(4), {'values': self.values(), 'rows': [row]}))
        self.assertEqual(one, self.text(self.render(self.form(4), {'values': values})))

    def test_several_cards_repeat_the_lines(self):
        rows = [{'authority': '業務管理者', 'card': 'OP000123', 'check': '良'},
                {'authority': '照会専用', 'card': 'OP000124', 'check': '不良'}]
        lines = self.lines(self.render(self.form(4), {'values': self.values(), 'rows': rows}))
        block = [line for line in lines if '：' in line]
        self.assertEqual(block, ['権 限 種 別： 業務管理者', '操作者用ＩＣカード番号： OP000123', 'パスワード確認： 良',
                                 '権 限 種 別： 照会専用', '操作者用ＩＣカード番号： OP000124', 'パスワード確認： 不良'])

    def test_many_cards_take_numbered_pages(self):
        rows = [{'authority': '業務管理者', 'card': 'OP%06d' % i, 'check': '良'} for i in range(30)]
        pdf = self.render(self.form(4), {'values': self.values(), 'rows': rows})
        text = self.text(pdf)
        self.assertEqual(re.findall(r'OP\d{6}', text), [row['card'] for row in rows])
        self.assertGreater(self.pages(pdf), 1)
        self.assertIn('2／%d' % self.pages(pdf), text)
        self.assertEqual(text.count('様式第４号'), 1)


class Refusals(Case):
    def rows(self, **second):
        return {'rows': [dict(ROW, name='山田'), dict(ROW, **second)]}

    def test_private_character(self):
        self.refused(self.form(3), self.rows(name='山\ue000田'), '2行目', 'name', '外字の字形がありません U+E000', 'row 2')

    def test_character_without_glyph(self):
        self.refused(self.form(3), self.rows(name='山\U00012000'), '2行目', '氏名', 'U+12000', 'row 2')

    def test_sequence_without_glyph(self):
        self.refused(self.form(3), self.rows(name='辻\U000e01ef'), '2行目', 'U+8FBB U+E01EF', '辻')

    def test_direction_override(self):
        self.refused(self.form(3), self.rows(name='山\u202e田'), '2行目', '印刷できない文字 U+202E')
        self.refused(self.form(3), self.rows(name='山\u00ad田'), '2行目', '印刷できない文字 U+00AD')

    def test_wrong_day(self):
        self.refused(self.form(3), self.rows(returnedOn='2026-06-31'), '2行目', '返納日等', '2026-06-31')

    def test_text_that_does_not_fit_its_cell(self):
        self.refused(self.form(3), self.rows(title='長\n' * 150), '2行目', '職名', '欄に入りません')
        self.refused(self.form(3), self.rows(title='長' * 700), '2行目', 'title', '長すぎます')

    def test_unknown_names(self):
        self.refused(self.form(3), {'valuse': {}}, '「valuse」（「values」のことですか）')
        self.refused(self.form(3), {'values': {'団休名': 'x'}}, '「団休名」（「団体名」のことですか）')
        self.refused(self.form(3), {'rows': [{'nmae': 'x'}]}, '1行目', '"nmae"', '"name"')

    def test_broken_json(self):
        self.refused(self.form(3), '{"rows": [', 'data.json:1:', 'JSON')
        self.refused(self.form(3), '{"values":{"団体名":"a","団体名":"b"}}', 'JSON')
        self.refused(self.form(3), '[]', '「{ }」')
        self.refused(self.form(3), '{"rows":[{"name":7}]}', '1行目', 'name')
        self.refused(self.form(3), b'{"rows":[{"name":"\xff"}]}', 'JSON')

    def test_form_error_names_the_line(self):
        form = self.changed_form(3, '行高     = ', '行髙     = ')
        with open(form, encoding='utf-8') as file:
            line = [text.startswith('行髙') for text in file].index(True) + 1
        self.refused(form, '{}', 'changed.form:%d: 知らない項目「行髙」（「行高」のことですか）' % line,
                     'did you mean "行高"?')
        self.assertEqual(self.run_form('check', form).returncode, 2)

    def test_form_text_without_glyph(self):
        form = self.changed_form(3, '操作者用ＩＣカード発行簿\n用紙', '操作者用\U00012000\n用紙')
        done = self.run_form('check', form)
        self.assertEqual(done.returncode, 2)
        self.assertIn('U+12000', done.stderr.decode())

    def test_arguments(self):
        for args in ([], ['render'], ['draw', 'x'], ['check'], ['check', self.form(3), '-o', 'x'],
                     ['render', self.form(3), 'a', 'b'], ['render', '--fast', self.form(3)]):
            done = self.run_form(*args)
            self.assertEqual((done.returncode, done.stdout), (2, b''), args)
            self.assertIn('--help', done.stderr.decode())
        self.assertEqual(self.run_form('render', self.path('none.form')).returncode, 2)

    def test_no_terminal_controls_in_messages(self):
        path = self.write('data.json', '{"\\u001b[2Jx":1}')
        said = self.run_form('render', self.form(3), path).stderr
        self.assertIn(b'?[2Jx', said)
        self.assertNotIn(b'\x1b', said)


class Output(Case):
    def test_dash_is_standard_input_and_output(self):
        data = json.dumps({'values': VALUES, 'rows': [dict(ROW, name='山田')]}).encode()
        done = self.run_form('render', self.form(3), '-', stdin=data)
        self.assertEqual(done.returncode, 0)
        self.assertTrue(done.stdout.startswith(b'%PDF-1.4'))
        same = self.run_form('render', self.form(3), '-', '-o', '-', stdin=data)
        self.assertEqual(same.stdout, done.stdout)

    def test_equal_input_gives_equal_bytes(self):
        data = {'values': VALUES, 'rows': [dict(ROW, name=name) for name in NAMES]}
        seen = []
        for number in (3, 5):
            for name in ('a.pdf', 'b.pdf'):
                use = data if number == 3 else {'values': VALUES, 'rows': [{'name': n} for n in NAMES]}
                with open(self.render(self.form(number), use, name), 'rb') as file:
                    seen.append(file.read())
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[2], seen[3])
        self.assertNotEqual(seen[0], seen[2])

    def test_unwritable_folder_fails(self):
        done = self.run_form('render', self.form(3), '-o', self.path('none/out.pdf'))
        self.assertEqual(done.returncode, 1)

    def test_full_device_fails(self):
        done = self.run_form('render', self.form(3), '-o', '/dev/full')
        self.assertEqual(done.returncode, 1)
        self.assertIn('/dev/full', done.stderr.decode())

    def test_nothing_is_left_beside_the_output(self):
        self.render(self.form(3))
        self.assertEqual(os.listdir(self.dir), ['out.pdf'])


if __name__ == '__main__':
    main()

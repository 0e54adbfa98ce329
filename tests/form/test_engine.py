#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# What a form file can ask for: tables in a letter, conditions, charts, boxes, breaks, bookmarks,
# seals, an official form below, the office's own characters, 〓.
import json
import os
import re
import subprocess

from form_case import Case, VALUES, main

LETTER = '''[様式]
種別 = 文書
表題 = 報告書
用紙 = A4 縦
余白 = 上20 右20 下20 左20
%s
[本文]
%s
%s'''
REGISTER = '''[様式]
種別 = 一覧表
表題 = 一覧
用紙 = A4 縦
余白 = 上15 右15 下17 左20
行高 = 8
%s
[列]
氏名 | 氏名 | 40 | 左 | %s
所属 | 所属名 | 40 | 左 | 縮小
理由 | 理由 | * | 左 |
'''
TABLE = '''[表 内訳]
番号 | 番号 | 20 | 中
内容 | 内容 | *  | 左
数   | 数   | 20 | 右
'''


class Engine(Case):
    def letter(self, body, data=None, keys='', tables='', name='out.pdf'):
        return self.render(self.write('letter.form', LETTER % (keys, body, tables)), data, name)

    def register(self, keys, data, style='縮小'):
        return self.render(self.write('register.form', REGISTER % (keys, style)), data)

    def bookmarks(self, pdf):
        done = subprocess.run(['qpdf', '--json=1', '--json-key=outlines', pdf], capture_output=True, check=True)
        return [outline['title'] for outline in json.loads(done.stdout)['outlines']]

    def rules(self, pdf):
        qdf = subprocess.run(['qpdf', '--qdf', pdf, '-'], capture_output=True, check=True).stdout
        return len(re.findall(rb' l S', qdf))


class Tables(Engine):
    def rows(self, count):
        return [{'number': str(i), 'content': '内容その%d' % i, 'count': str(i * 3)} for i in range(1, count + 1)]

    def test_several_tables_in_one_letter(self):
        other = '[表 別の表]\n氏名 | 氏名 | * | 左\n'
        data = {'rows': [{'card': 'OP000001'}], 'tables': {'内訳': self.rows(2), '別の表': [{'name': '山田 太郎'}]}}
        main_table = '[列]\nカード | カード番号 | * | 左\n'
        lines = self.lines(self.letter('表\n表 | 内訳\n表 | 別の表', data, tables=main_table + TABLE + other))
        self.assertEqual(lines, ['報告書', 'カード', 'OP000001', '番号 内容 数', '1 内容その1 3', '2 内容その2 6', '氏名', '山田 太郎'])

    def test_long_table_repeats_its_heading(self):
        pdf = self.letter('表 | 内訳', {'tables': {'内訳': self.rows(120)}}, tables=TABLE)
        text = self.text(pdf)
        self.assertGreater(self.pages(pdf), 2)
        self.assertEqual(self.lines(pdf).count('番号 内容 数'), self.pages(pdf))
        self.assertEqual(re.findall(r'内容その(\d+)', text), [str(i) for i in range(1, 121)])
        self.assertIn('2／%d' % self.pages(pdf), text)

    def test_table_without_rows_says_so_and_a_blank_one_is_blank(self):
        self.assertIn('該当なし', self.text(self.letter('表 | 内訳', {'tables': {'内訳': []}}, tables=TABLE)))
        self.assertNotIn('該当なし', self.text(self.letter('表 | 内訳', tables=TABLE)))

    def test_least_rows_are_ruled(self):
        few = self.letter('表 | 内訳 | 3', {'tables': {'内訳': []}}, tables=TABLE)
        self.assertNotIn('該当なし', self.text(few))
        many = self.rules(self.letter('表 | 内訳 | 13', {'tables': {'内訳': []}}, tables=TABLE, name='many.pdf'))
        self.assertEqual(many - self.rules(few), 10)

    def test_table_that_the_data_lacks_is_refused(self):
        form = self.write('f.form', LETTER % ('', '表 | 内訳', TABLE))
        self.refused(form, {'tables': {'内約': []}}, '表', '「内訳」', '「内約」のことですか')

    def test_table_that_the_form_lacks_is_refused(self):
        done = self.run_form('check', self.write('f.form', LETTER % ('', '表 | 内約', TABLE)))
        self.assertEqual(done.returncode, 2)
        self.assertIn('f.form:8: 知らない項目「内約」（「内訳」のことですか）', done.stderr.decode())

    def test_table_wider_than_the_paper_is_refused_at_its_line(self):
        form = self.write('f.form', LETTER % ('', '表 | 内訳', TABLE.replace('| 20 | 中', '| 200 | 中')))
        self.refused(form, {'tables': {'内訳': []}}, 'f.form:9: ', '列の幅の合計が用紙に入りません', 'too wide')

    def test_wrong_cell_names_table_row_and_column(self):
        form = self.write('f.form', LETTER % ('', '表 | 内訳', TABLE.replace('数   | 数   | 20 | 右', '日 | 期限 | 20 | 中 | 和暦短')))
        data = {'tables': {'内訳': [{'due': '2026-01-01'}, {'due': 'きのう'}]}}
        self.refused(form, data, '内訳: 2行目 日（due）', '「きのう」は日付ではありません')

    def test_row_taller_than_a_page_goes_on(self):
        reason = '\n'.join('理由の%d行目' % i for i in range(1, 96))
        for pdf in (self.register('', {'rows': [{'name': '山田'}, {'name': '鈴木', 'reason': reason}, {'name': '佐藤'}]}),
                    self.letter('表 | 内訳', {'tables': {'内訳': [{'content': reason}]}}, tables=TABLE, name='l.pdf')):
            self.assertGreater(self.pages(pdf), 1)
            self.assertEqual(re.findall(r'理由の(\d+)行目', self.text(pdf)), [str(i) for i in range(1, 96)])

    def test_ten_lines_and_sixty_characters_are_all_there(self):
        name = '寿限無寿限無五劫のすりきれ海砂利水魚の水行末雲来末風来末食う寝るところに住むところやぶら小路のぶら小路パイポパイポパイポの'
        self.assertGreaterEqual(len(name), 60)
        reason = '\n'.join('第%d行' % i for i in range(1, 11))
        pdf = self.register('', {'rows': [{'name': name, 'reason': reason}]})
        # The column's lines lie between those of the other one.
        text = self.text(pdf, '-raw')
        self.assertEqual(re.findall(r'第(\d+)行', text), [str(i) for i in range(1, 11)])
        self.assertIn(name[:20], ''.join(text.split()))
        self.assertIn(name[-6:], ''.join(text.split()))


class Lines(Engine):
    def test_conditions(self):
        body = '有るとき | 氏名\n左 | 氏名は {氏名}\n終わり\n無いとき | 氏名\n左 | 氏名なし\n終わり\n有るとき | 職名 | 課長\n左 | 課長です\n終わり'
        self.assertEqual(self.lines(self.letter(body, {'values': {'氏名': '山田', '職名': '課長'}})),
                         ['報告書', '氏名は 山田', '課長です'])
        self.assertEqual(self.lines(self.letter(body, {'values': {'職名': '主事'}})), ['報告書', '氏名なし'])
        self.assertEqual(self.lines(self.letter(body)), ['報告書', '氏名は', '課長です'])

    def test_condition_on_a_table(self):
        body = '有るとき | 表 内訳\n左 | 内訳があります\n終わり\n無いとき | 表 内訳\n左 | ありません\n終わり'
        for rows, want in (([], 'ありません'), ([{'number': '1'}], '内訳があります')):
            self.assertEqual(self.lines(self.letter(body, {'tables': {'内訳': rows}}, tables=TABLE)), ['報告書', want])

    def test_conditions_come_in_pairs(self):
        for body, says in (('有るとき | 氏名\n左 | x', '「終わり」がありません'), ('終わり', '一つずつ組みます'),
                           ('有るとき | 氏名\n有るとき | 職名\n終わり\n終わり', '一つずつ組みます'),
                           ('有るとき | 氏明\n終わり', '「氏名」のことですか')):
            done = self.run_form('check', self.write('f.form', LETTER % ('', body, '')))
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr.decode(), r'f\.form:\d+: .*' + says)

    def test_unknown_line_names_the_nearest(self):
        done = self.run_form('check', self.write('f.form', LETTER % ('', '見出 | 一', '')))
        self.assertEqual(done.returncode, 2)
        self.assertIn('f.form:8: 本文: 知らない項目「見出」（「見出し」のことですか）', done.stderr.decode())

    def test_chart_has_bars_in_proportion(self):
        rows = [{'category': '四月', 'count': '40'}, {'category': '五月', 'count': '10'}, {'category': '六月', 'count': '0'}]
        pdf = self.letter('グラフ | 内訳 | 区分 | 数', {'tables': {'内訳': rows}}, tables=TABLE)
        self.assertEqual(self.lines(pdf), ['報告書', '四月 40', '五月 10', '六月 0'])
        qdf = subprocess.run(['qpdf', '--qdf', pdf, '-'], capture_output=True, check=True).stdout
        bars = [float(width) for width in re.findall(rb'[\d.]+ [\d.]+ ([\d.]+) -?[\d.]+ re f', qdf)]
        self.assertAlmostEqual(bars[0] / bars[1], 4, places=2)

    def test_chart_of_no_numbers_is_refused(self):
        form = self.write('f.form', LETTER % ('', 'グラフ | 内訳 | 区分 | 数', TABLE))
        for wrong in ('多い', '-3', '1,000', '0x10', 'inf', 'nan'):
            self.refused(form, {'tables': {'内訳': [{'count': '1'}, {'count': wrong}]}}, '内訳: 2行目 数', '数値ではありません')

    def test_headings_are_bookmarks(self):
        pdf = self.letter('見出し | 第１　総則\n左 | x\n改頁\n見出し | 第２　{年}'.replace('{年}', '{基準日:年度}'),
                          {'values': {'基準日': '2027-03-31'}})
        self.assertEqual(self.bookmarks(pdf), ['第１　総則', '第２　令和８年度'])
        self.assertEqual(self.pages(pdf), 2)

    def test_boxes_hold_long_values(self):
        reason = '\n'.join('経緯%d' % i for i in range(1, 91))
        pdf = self.letter('欄 | 氏 名 | {氏名}\n欄 | 経　緯 | {理由} | 5', {'values': {'氏名': '山田', '理由': reason}})
        self.assertGreater(self.pages(pdf), 1)
        self.assertEqual(re.findall(r'経緯(\d+)', self.text(pdf)), [str(i) for i in range(1, 91)])

    def test_long_paragraph_goes_on_over_the_page(self):
        reason = '\n'.join('段落%d' % i for i in range(1, 96))
        pdf = self.letter('左 | {理由}', {'values': {'理由': reason}})
        self.assertGreater(self.pages(pdf), 1)
        self.assertEqual(re.findall(r'段落(\d+)', self.text(pdf)), [str(i) for i in range(1, 96)])

    def test_time_and_fiscal_year(self):
        pdf = self.letter('左 | {発生日時:時刻} {発生日時:日時} {基準日:年度}',
                          {'values': {'発生日時': '2026-11-20T09:05:00+09:00', '基準日': '2026-03-31'}})
        self.assertEqual(self.lines(pdf)[1], '9:05 R8.11.20 9:05 令和７年度')

    def test_heading_in_two_lines(self):
        table = '[列]\n指定^（追加・削除） | 指定 | 40 | 中\n上の段／左 | 氏名 | 40 | 左\n上の段／右 | 備考 | * | 左\n'
        text = self.text(self.letter('表', tables=table))
        for wanted in ('指定\n', '（追加・削除）\n', '上の段'):
            self.assertIn(wanted, text)


class Kinsoku(Engine):
    def lines_of(self, sign):
        """Lines of texts that have the sign at every place a line could be broken."""
        rows = [{'reason': '漢' * n + sign + '字' * 12} for n in range(46, 58)]
        table = '[列]\n理由 | 理由 | * | 左\n'
        text = self.text(self.letter('表', {'rows': rows}, tables=table), '-raw')
        self.assertEqual(text.count(sign), len(rows))
        return [line.strip() for line in text.split('\n') if line.strip()]

    def test_no_line_begins_with_what_must_not(self):
        for sign in '、。，．・：；？！）」』】〕〉》”々ーっゃァ％':
            lines = self.lines_of(sign)
            self.assertTrue(any(sign in line for line in lines))
            self.assertFalse([line for line in lines if line.startswith(sign)], sign)

    def test_an_ordinary_character_stands_at_both_ends(self):
        lines = self.lines_of('犬')
        self.assertTrue([line for line in lines if line.startswith('犬')])
        self.assertTrue([line for line in lines if line.endswith('犬')])

    def test_no_line_ends_with_what_must_not(self):
        for sign in '（「『【〔〈《“':
            self.assertFalse([line for line in self.lines_of(sign) if line.endswith(sign)], sign)


class Registers(Engine):
    ROWS = [{'name': '山田 太郎', 'section': '総務課'}] * 3 + [{'name': '鈴木 花子', 'section': '税務課'}] * 2

    def test_a_page_for_every_section_and_its_bookmark(self):
        pdf = self.register('改頁 = 所属\nしおり = 所属', {'rows': self.ROWS})
        pages = self.text(pdf).rstrip('\f').split('\f')
        self.assertEqual(len(pages), 2)
        self.assertEqual([page.count('総務課') for page in pages], [3, 0])
        self.assertEqual(self.bookmarks(pdf), ['総務課', '税務課'])
        self.assertEqual(self.pages(self.register('', {'rows': self.ROWS})), 1)

    def test_spread_cell_reads_back_as_it_was(self):
        self.assertEqual(self.text(self.register('', {'rows': self.ROWS}, '均等')).count('山田 太郎'), 3)

    def test_stamps_and_seals_can_be_off(self):
        stamps = '押印欄 = 課長, 係長'
        self.assertIn('係長', self.text(self.register(stamps, {'rows': self.ROWS})))
        for keys, values in ((stamps + '\n押印 = なし', {}), (stamps, {'押印': 'なし'}), (stamps, {'押印欄': 'なし'})):
            self.assertNotIn('係長', self.text(self.register(keys, {'rows': self.ROWS, 'values': values})))
        body = '署名 | 所属長 | {所属長} | 印'
        self.assertIn('印', self.text(self.letter(body)))
        self.assertNotIn('印', self.text(self.letter(body, keys='押印 = なし')))
        self.assertNotIn('印', self.text(self.letter(body, {'values': {'押印': 'なし'}})))

    def test_list_without_rows_says_so(self):
        self.assertIn('該当なし', self.text(self.register('', {'rows': []})))
        self.assertNotIn('該当なし', self.text(self.render(self.path('register.form'))))


class Glyphs(Engine):
    def font(self):
        """A TrueType font that has one private character, U+E000: made of the letter A of another."""
        from own_font import make
        return self.write('gaiji.ttf', make(0xE000))

    def test_missing_glyph_becomes_geta_and_is_listed(self):
        rows = [{'name': '山田'}, {'name': '山\ue000田'}, {'name': '辻\U000e01ef', 'reason': '\U00012000'}]
        pdf = self.register('字形なし = 〓', {'rows': rows})
        pages = self.text(pdf).rstrip('\f').split('\f')
        self.assertEqual(len(pages), 2)
        self.assertEqual(pages[0].count('〓'), 3)
        self.assertIn('山〓田', pages[0])
        self.assertIn('字形がないため', pages[1])
        self.assertEqual(self.lines(pdf)[-3:],
                         ['2行目 氏名 U+E000', '3行目 氏名 U+8FBB U+E01EF', '3行目 理由 U+12000'])

    def test_geta_lists_nothing_where_nothing_is_missing(self):
        self.assertEqual(self.pages(self.register('字形なし = 〓', {'rows': self.rows()})), 1)

    def rows(self):
        return [{'name': '山田'}]

    def test_geta_in_a_letter_names_the_label(self):
        pdf = self.letter('欄 | 氏　名 | {氏名}', {'values': {'氏名': '山\ue000田'}}, '字形なし = 〓')
        self.assertIn('山〓田', self.text(pdf))
        self.assertEqual(self.lines(pdf)[-1], '氏 名 U+E000')

    def test_own_characters_are_printed_and_read_back(self):
        form = self.write('register.form', REGISTER % ('', '縮小'))
        data = self.write('data.json', json.dumps({'rows': [{'name': '山\ue000田'}]}))
        done = self.run_form('render', form, data, '--gaiji', self.font(), '-o', self.path('out.pdf'))
        self.assertEqual((done.returncode, done.stderr), (0, b''))
        self.assertIn('山\ue000田', self.text(self.path('out.pdf')))
        fonts = subprocess.run(['pdffonts', self.path('out.pdf')], capture_output=True, check=True).stdout
        self.assertRegex(fonts, b'OpcardOwn.* yes yes yes')
        self.preflight([self.path('out.pdf')])

    def test_own_characters_do_not_hide_a_missing_one(self):
        form = self.write('register.form', REGISTER % ('', '縮小'))
        data = self.write('data.json', json.dumps({'rows': [{'name': '山\ue001田'}]}))
        done = self.run_form('render', form, data, '--gaiji', self.font(), '-o', self.path('out.pdf'))
        self.assertEqual(done.returncode, 2)
        self.assertIn('1行目 氏名（name）: 外字の字形がありません U+E001', done.stderr.decode())
        self.assertFalse(os.path.exists(self.path('out.pdf')))

    def test_broken_font_is_refused(self):
        form = self.write('register.form', REGISTER % ('', '縮小'))
        for content in (b'', b'not a font', b'\0\1\0\0' + b'\xff' * 400):
            done = self.run_form('check', form, '--gaiji', self.write('bad.ttf', content))
            self.assertEqual(done.returncode, 2, content)
            self.assertIn('書体', done.stderr.decode())
        self.assertEqual(self.run_form('check', form, '--gaiji', self.path('none.ttf')).returncode, 2)


class Underlay(Engine):
    BODY = '位置 | 60 100 80 | {氏名}\n位置 | 60 120 80 | {カード番号}'

    def official(self, keys=''):
        return self.letter('左 | 官製の様式\n署名 | 申請者 | {氏名} | 印', keys=keys, name='official.pdf')

    def test_values_lie_on_the_official_form(self):
        os.rename(self.official(), self.path('paper.pdf'))
        form = self.write('paper.form', LETTER % ('下絵 = あり', self.BODY, ''))
        pdf = self.render(form, {'values': {'氏名': '辻󠄀 花子', 'カード番号': 'OP000001'}})
        lines = self.lines(pdf)
        self.assertEqual(lines.count('報告書'), 1)
        for wanted in ('官製の様式', '申請者 印', '辻󠄀 花子', 'OP000001'):
            self.assertIn(wanted, lines)
        done = subprocess.run(['qpdf', '--check', pdf], capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b''))
        self.preflight([pdf])

    def test_underlay_gives_equal_bytes_again(self):
        os.rename(self.official(), self.path('paper.pdf'))
        form = self.write('paper.form', LETTER % ('下絵 = あり', self.BODY, ''))
        seen = set()
        for name in ('a.pdf', 'b.pdf'):
            with open(self.render(form, {'values': VALUES}, name), 'rb') as file:
                seen.add(file.read())
        self.assertEqual(len(seen), 1)

    def test_missing_or_unfit_paper_is_refused(self):
        form = self.write('paper.form', LETTER % ('下絵 = あり', self.BODY, ''))
        self.refused(form, {}, '下絵がありません')
        self.write('paper.pdf', b'%PDF-1.4 nothing')
        self.refused(form, {}, '下絵: PDF として読めません')
        plain = self.official()
        subprocess.run(['qpdf', plain, '--pages', plain, '1', '--', '--empty'], check=False, capture_output=True)
        with open(plain, 'rb') as file:
            self.write('paper.pdf', file.read().replace(b'<pdfaid:part>1<', b'<pdfaid:part>9<'))
        self.refused(form, {}, 'PDF/A-1')
        subprocess.run(['qpdf', '--encrypt', 'a', 'b', '256', '--', plain, self.path('paper.pdf')], check=True)
        self.refused(form, {}, '下絵')

    def test_paper_of_another_size_is_refused(self):
        form = self.write('paper.form', LETTER.replace('A4 縦', 'A4 横') % ('下絵 = あり', self.BODY, ''))
        os.rename(self.official(), self.path('paper.pdf'))
        self.refused(form, {}, '用紙の大きさ')

    def test_place_needs_three_numbers(self):
        for place in ('60 100', '60 100 80 9', '60 100 幅', ''):
            done = self.run_form('check', self.write('f.form', LETTER % ('', '位置 | %s | x' % place, '')))
            self.assertEqual(done.returncode, 2)
            self.assertIn('f.form:8: ', done.stderr.decode())


if __name__ == '__main__':
    main()

# SPDX-License-Identifier: Apache-2.0
"""CSV files as spreadsheets write them, and what is said about bad ones."""
import ctl_case

STAFF = ("職員番号,氏名,フリガナ,所属コード,係名,職名,任用形態,任期満了日\n"
         "012345,鳥取 太郎,トットリ タロウ,0101,庶務係,主事,正規,\n"
         "０１２３４６,髙﨑 花子,タカサキ ハナコ,0102,,主任,会計年度任用,R9.3.31\n")
ROWS = [{"line": 2, "staff": "012345", "name": "鳥取 太郎", "kana": "トットリ タロウ",
         "section": "0101", "subsection": "庶務係", "title": "主事", "employment": "正規"},
        {"line": 3, "staff": "012346", "name": "髙﨑 花子", "kana": "タカサキ ハナコ",
         "section": "0102", "title": "主任", "employment": "会計年度任用", "until": "2027-03-31"}]
ANSWER = {"added": 2, "changed": 1, "unchanged": 0, "ended": 0,
          "changes": [{"line": 3, "en": "new", "ja": "新規"}, {"line": 0, "en": "all", "ja": "全"}]}


class Csv(ctl_case.Case):
    def setUp(self):
        super().setUp()
        for kind in ("staff", "sections", "cards", "designations"):
            self.api.routes["POST /import/" + kind] = ANSWER

    def send(self, content, kind="staff", *more):
        result = self.ctl("import", kind, self.write("f.csv", content), *more)
        return result, self.api.requests[-1].json["rows"] if result.code == 0 else None

    def test_every_encoding_and_line_end_gives_the_same_rows(self):
        crlf = STAFF.replace("\n", "\r\n")
        for text in (STAFF, crlf, crlf.rstrip(), "\n" + STAFF.replace("\n", "\n\n")):
            for content in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("cp932")):
                result, rows = self.send(content)
                self.assertEqual(result.code, 0, result.err)
                for row in rows:
                    del row["line"]
                self.assertEqual(rows, [{k: v for k, v in row.items() if k != "line"}
                                        for row in ROWS])
        self.assertEqual(self.send(STAFF)[1], ROWS)
        self.assertEqual(self.api.requests[-1].json["file"], "f.csv")

    def test_english_headings_order_and_width_of_headings_do_not_matter(self):
        _, rows = self.send("　氏　名 ,SECTION,staff\n鳥取,0101,1\n")
        self.assertEqual(rows, [{"line": 2, "name": "鳥取", "section": "0101", "staff": "1"}])

    def test_quotes_commas_and_newlines(self):
        _, rows = self.send('staff,name,section,title\r\n1,"鳥取,""太郎""",01,"主\r\n事"\r\n'
                            '2,a"b,02,\r\n')
        self.assertEqual(rows[0]["name"], '鳥取,"太郎"')
        self.assertEqual(rows[0]["title"], "主\n事")
        self.assertEqual((rows[1]["line"], rows[1]["name"]), (4, 'a"b'))

    def test_spaces_at_the_ends_go(self):
        _, rows = self.send("staff,name,section\n 1 ,　鳥取　太郎　,\t01\n")
        self.assertEqual(rows[0], {"line": 2, "staff": "1", "name": "鳥取　太郎", "section": "01"})

    def bad(self, content, *texts, kind="staff"):
        result, _ = self.send(content, kind)
        self.assertEqual((result.code, self.api.requests), (2, []), content)
        for text in texts:
            self.assertIn(text, result.err)

    def test_bad_byte_is_named_with_its_line(self):
        broken = STAFF.encode().replace("髙".encode(), b"\xe9\xab")
        self.bad(broken, "f.csv:3:", "0xE9")
        self.bad(b"\xef\xbb\xbfstaff,name,section\n1,\x83,01\n", "f.csv:2:", "0x83")
        self.bad("職員番号,氏名,所属\n1,鳥取,01\n2,".encode("cp932") + b"\x81\x20,01\n", "f.csv:3:")
        self.bad(b"staff,name,section\n1,a\0b,01\n", "f.csv:2:", "0x00")
        self.bad("職員番号,氏名,所属\n1,鳥\0取,01\n".encode("cp932"), "f.csv:")

    def test_broken_utf8_is_not_taken_for_cp932(self):
        text = "staff,name,section\n1,鳥取,01\n2,太".encode()
        self.bad(text + b"\xe9,01\n", "f.csv:3:", "0xE9")

    def test_missing_unknown_and_double_columns(self):
        self.bad("staff,name\n1,a\n", "f.csv:1:", "section/所属コード", "kana/フリガナ")
        self.bad("staff,name,section,年齢\n1,a,01,3\n", "f.csv:1:", "年齢", "title/職名")
        self.bad("staff,name,section,氏名\n1,a,01,b\n", "f.csv:1:", "氏名")
        self.bad("", "f.csv")
        self.bad("\n\n", "f.csv")

    def test_bad_quotes(self):
        self.bad('staff,name,section\n1,"a,01\n2,b,01\n', "f.csv:2:")
        self.bad('staff,name,section\n1,"a"b,01\n', "f.csv:2:")

    def test_all_bad_lines_are_told_at_once(self):
        content = ("staff,name,section,until\n1,,01,\n2,b,01,2026-02-30\n3,c,01,2026-04-01\n"
                   "4,d,01,R1.4.30\n5,e,01,,x\n")
        self.bad(content, "f.csv:2: name/氏名:", "f.csv:3: until/任期満了日:", "f.csv:5: until/", "f.csv:6: has")
        path = self.write("g.csv", content)
        result = self.ctl("import", "staff", path, "--json")
        self.assertEqual([line["line"] for line in result.json["lines"]], [2, 3, 5, 6])
        self.assertEqual(result.json["lines"][0]["field"], "name")
        japanese = self.ja("import", "staff", path)
        self.assertIn("空欄にできません", japanese.err)

    def test_the_daemons_lines_are_told_with_the_file(self):
        self.api.routes["POST /import/staff"] = (400, {
            "type": "urn:opcard:problem:usage", "detail": "Bad rows.", "status": 400, "exit": 2,
            "lines": [{"line": 3, "field": "section", "en": "no such section", "ja": "所属なし"}]})
        result, _ = self.send(STAFF)
        self.assertEqual(result.code, 2)
        self.assertIn("f.csv:3: section/所属コード: no such section", result.err)

    def test_dates(self):
        dates = {"2026-04-01": "2026-04-01", "2026/4/1": "2026-04-01", "R8.4.1": "2026-04-01",
                 "令和8年4月1日": "2026-04-01", "令和元年5月1日": "2019-05-01",
                 "Ｒ８．４．１": "2026-04-01", "H31.4.30": "2019-04-30", "20260401": "2026-04-01",
                 "s64/1/7": "1989-01-07", "平成33年3月31日": "2021-03-31", "2028-02-29": "2028-02-29", "9999/12/31": "9999-12-31",
                 "2026年4月1日": "2026-04-01"}
        for text, iso in dates.items():
            result, rows = self.send(f"staff,name,section,until\n1,a,01,{text}\n")
            self.assertEqual((text, result.code and result.err), (text, 0))
            self.assertEqual(rows[0]["until"], iso)
        for text in ("2026-02-29", "R1.4.30", "2026-4", "2026-13-01", "X8.4.1", "4/1", "R8.4.1x",
                     "20261301", "99999999", "H.4.1", "未定"):
            self.api.requests.clear()
            self.bad(f"staff,name,section,until\n1,a,01,{text}\n", "f.csv:2: until/任期満了日:", text)

    def test_sections_cards_and_designations(self):
        _, rows = self.send("所属コード,所属名,建制順,所属長,端末設置,利用事務\n"
                            "0101,総務課,１0,総務課長,有,住基\n0102,税務課,20,,なし,\n", "sections")
        self.assertEqual(rows, [
            {"line": 2, "section": "0101", "name": "総務課", "order": 10, "managerPost": "総務課長",
             "hasTerminal": True, "duties": "住基"},
            {"line": 3, "section": "0102", "name": "税務課", "order": 20, "hasTerminal": False}])
        _, rows = self.send("カード番号,カード種別,チップ番号,保管場所\nＯＰ1,操作者用,00AA,金庫\nOP2,臨時,,\n",
                            "cards")
        self.assertEqual(rows, [{"line": 2, "card": "OP1", "kind": "operator", "chipSerial": "00AA",
                                 "place": "金庫"}, {"line": 3, "card": "OP2", "kind": "temporary"}])
        file = self.write("d.csv", "職員番号,氏名,権限種別,利用事務,指定,備考\n1,鳥取,一般,住基,追加,\n")
        self.good("designation", "import", file, "--section", "0101", "--from", "R8.4.1", "--paper",
                  "総第5号", "--dry-run")
        self.assertEqual(self.api.requests[-1].json, {
            "section": "0101", "from": "2026-04-01", "paper": "総第5号", "dryRun": True,
            "file": "d.csv", "rows": [{"line": 2, "staff": "1", "name": "鳥取", "authority": "一般",
                                       "duties": "住基", "designation": "追加"}]})
        self.api.requests.clear()
        self.bad("section,name,order\n1,a,zwei\n", "f.csv:2: order/建制順:", kind="sections")
        self.bad("section,name,order,hasTerminal\n1,a,1,多分\n", "hasTerminal/端末設置:", kind="sections")

    def test_result_is_told(self):
        result, _ = self.send(STAFF)
        self.assertIn("f.csv:3: new\n  all\n", result.out)
        self.assertIn("added 2, changed 1", result.out)
        japanese = self.ja("import", "staff", self.write("f.csv", STAFF), "--dry-run")
        self.assertIn("試行（変更なし）： 追加 2件", japanese.out)
        self.assertEqual(self.api.requests[-1].json["dryRun"], True)

    def test_size_is_limited(self):
        heading = b"staff,name,section\n"
        for size, code in ((8 * 1024 * 1024, 0), (8 * 1024 * 1024 + 1, 2)):
            result, _ = self.send(heading + b"\n" * (size - len(heading)))
            self.assertEqual((size, result.code), (size, code))
        self.assertEqual(self.ctl("import", "staff", "/nonexistent.csv").code, 4)


ctl_case.main()

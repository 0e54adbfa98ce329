# SPDX-License-Identifier: Apache-2.0
"""Workbooks as offices keep their staff lists, and what is said about bad ones."""
import ctl_case
from workbook import Number, Raw, Workbook, formula, workbook

HEAD = ["職員番号", "氏名", "所属コード", "任期満了日"]
GOOD = [HEAD, [Number(12345, 1), "鳥取 太郎", Number(101, 2), Number(46477, 3)],
        ["０１２３４６", "髙﨑 花子", "0102", Number(46477, 4)]]
ANSWER = {"added": 2, "changed": 0, "unchanged": 0, "ended": 0, "changes": []}


class Book(ctl_case.Case):
    def setUp(self):
        super().setUp()
        for kind in ("staff", "sections", "cards", "designations"):
            self.api.routes["POST /import/" + kind] = ANSWER

    def send(self, content, *more, kind="staff", **options):
        return self.ctl("import", kind, self.write("f.xlsx", content), *more, **options)

    def bad(self, content, *texts, **options):
        result = self.send(content, **options)
        self.assertEqual((result.code, self.api.requests), (2, []), result.err)
        for text in texts:
            self.assertIn(text, result.err)

    def test_a_workbook_gives_the_rows_of_a_csv_file(self):
        result = self.send(workbook(GOOD, furigana={"鳥取 太郎": "トットリ タロウ"}))
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(self.api.requests[-1].json["rows"], [
            {"line": 2, "staff": "012345", "name": "鳥取 太郎", "section": "0101", "until": "2027-03-31"},
            {"line": 3, "staff": "012346", "name": "髙﨑 花子", "section": "0102", "until": "2027-03-31"}])
        self.assertEqual(self.api.requests[-1].json["file"], "f.xlsx")

    def test_dry_run_is_sent_as_one(self):
        self.assertEqual(self.send(workbook(GOOD), "--dry-run").code, 0)
        self.assertIs(self.api.requests[-1].json["dryRun"], True)

    def test_cards_come_as_a_workbook_too(self):
        result = self.send(workbook([["カード番号", "カード種別"], ["OP000001", "操作者用"]]), kind="cards")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(self.api.requests[-1].json["rows"], [{"line": 2, "card": "OP000001", "kind": "operator"}])

    def test_line_numbers_are_those_of_the_sheet(self):
        self.bad(workbook([HEAD, [], ["1", "鳥取", None]], first=4), "f.xlsx:6: section/所属コード: ")

    def test_a_formula_is_neither_executed_nor_taken(self):
        rows = [HEAD, ["000001", formula('VLOOKUP(A2,別表!A:B,2)', "鳥取"), "0101"],
                ["000002", "鳥取", Raw("<v>#REF!</v>", "e")]]
        self.bad(workbook(rows), "f.xlsx:2: name/氏名: is a formula", "f.xlsx:3: section/所属コード: holds an error")
        self.assertNotIn("empty", self.send(workbook(rows)).err)
        self.bad(workbook(rows), "f.xlsx:2: name/氏名: ", "数式", locale="ja_JP.UTF-8")

    def test_unknown_columns_are_named(self):
        self.bad(workbook([HEAD + ["年齢"], ["1", "a", "01", None, Number(3)]]), "f.xlsx:1:", "年齢", "title/職名")

    def test_errors_of_the_daemon_name_the_japanese_column_too(self):
        self.api.routes["POST /import/staff"] = (400, {
            "type": "urn:opcard:problem:usage", "title": "x", "titleJa": "x", "status": 400, "exit": 2,
            "lines": [{"line": 2, "field": "section", "en": "no such section", "ja": "所属がありません"}]})
        result = self.send(workbook(GOOD))
        self.assertEqual(result.code, 2)
        self.assertIn("f.xlsx:2: section/所属コード: no such section", result.err)

    def test_encrypted_and_old_files_are_refused_in_clear_words(self):
        self.bad(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "f.xlsx", "password", "パスワード", ".xls")

    def test_links_to_other_files_are_refused(self):
        book = Workbook(GOOD)
        book.parts["xl/externalLinks/externalLink1.xml"] = "<externalLink/>"
        self.bad(book.bytes(), "links to other files", "リンク")

    def test_a_broken_file_is_refused(self):
        self.bad(workbook(GOOD)[:-30], "broken")
        self.bad(b"PK\x03\x04" + bytes(100), "f.xlsx")

    def test_an_empty_sheet_is_told(self):
        self.bad(workbook([]), "f.xlsx: the file is empty")

    def test_a_missing_file_is_told_as_before(self):
        result = self.ctl("import", "staff", "none.xlsx")
        self.assertEqual(result.code, 4, result.err)


if __name__ == "__main__":
    ctl_case.main()

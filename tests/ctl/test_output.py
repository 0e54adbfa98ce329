# SPDX-License-Identifier: Apache-2.0
"""What people and programs read: tables, records, documents, lists of commands."""
import os
import shutil
import subprocess

import ctl_case
from fake_api import Turns, card, problem

PDF = b"%PDF-1.7\n\x00\xff"
# Events of the card's lifecycle; issue-done and issue-failed are the daemon's own.
EVENTS = {"receive", "prepare", "issue-begin", "hand-over", "cancel", "suspend", "resume",
          "report-lost", "report-stolen", "report-damaged", "recall", "recall-cancel", "return",
          "found", "erase", "reuse", "dispose", "write-off", "emergency-stop", "emergency-resume",
          "stock-lost", "re-home", "set-aside", "renew", "lend-temporary"}


class Outputs(ctl_case.Case):
    def test_columns_start_at_the_same_width(self):
        names = ["鳥取 太郎", "ﾄｯﾄﾘ", "A B", "長い名前のカード管理担当者", "髙﨑"]
        self.api.routes["GET /cards"] = {"items": [
            card(f"OP{10 ** n}", name=name, holder={"staff": "1", "name": name, "section": "課" * n})
            for n, name in enumerate(names)], "next": None}
        for result in (self.ja("card", "list"), self.ctl("card", "list")):
            lines = result.out.splitlines()
            self.assertEqual(len(lines), 1 + len(names))
            starts = {ctl_case.width(line[:line.index("総務課金庫")]) for line in lines[1:]}
            heading = "保管場所" if "保管場所" in lines[0] else "PLACE"
            starts.add(ctl_case.width(lines[0][:lines[0].index(heading)]))
            self.assertEqual(len(starts), 1, result.out)
        _, seen = self.terminal("card", "list", locale="ja_JP.UTF-8")
        self.assertIn("長い名前", seen)

    def test_empty_columns_are_left_out_and_controls_are_harmless(self):
        self.api.routes["GET /sections"] = {"items": [
            {"section": "01", "name": "総務\x1b[31m課\n", "order": 1, "managerPost": None,
             "manager": None, "hasTerminal": True, "duties": None}], "next": None}
        result = self.ja("section", "list")
        self.assertNotIn("\x1b", result.out)
        self.assertEqual(len(result.out.splitlines()), 2)
        self.assertNotIn("所属長", result.out)
        self.assertIn("有", result.out)

    def test_card_show_has_labels_and_japanese_dates(self):
        self.api.routes["GET /cards/OP1"] = card("OP1", "SUSPENDED", reasons=["MISSING", "LEAVE"],
                                                 issuedOn="2019-05-01", lentOn="1989-01-07")
        lines = dict(line.replace(" ", "").split("：", 1)
                     for line in self.ja("card", "show", "OP1").out.splitlines())
        self.assertEqual(lines["状態"], "一時停止")
        self.assertEqual(lines["理由"], "所在不明、休職等")
        self.assertEqual(lines["発行日"], "令和元年5月1日")
        self.assertEqual(lines["貸与日"], "昭和64年1月7日")
        self.assertEqual(lines["証明書の有効期限"], "令和13年3月31日23:59:59")
        self.assertEqual(lines["パスワード変更期限"], "令和8年10月2日")
        self.assertNotIn("返納日", lines)
        english = self.good("card", "show", "OP1").out
        self.assertIn("MISSING, LEAVE", english)
        self.assertIn("2019-05-01", english)
        pure = self.good("card", "show", "OP1", "--json")
        self.assertEqual(pure.json["holder"]["name"], "鳥取 太郎")

    def test_pages_are_joined(self):
        self.api.routes["GET /cards"] = Turns([{"items": [card("OP1")], "next": "c&1"},
                                               {"items": [card("OP2")], "next": None}])
        result = self.good("card", "list", "鳥", "--state", "貸与中", "--json")
        self.assertEqual([item["card"] for item in result.json["items"]], ["OP1", "OP2"])
        first, second = [request.query for request in self.api.requests]
        self.assertEqual(first, {"q": "鳥", "state": "ACTIVE", "limit": "500"})
        self.assertEqual(second["after"], "c&1")
        self.api.requests.clear()
        self.api.routes["GET /audit"] = {"items": [{"seq": 7, "kind": "issue-done"}], "next": "7"}
        result = self.good("audit", "list", "--limit", "1", "--card", "op1")
        self.assertEqual([request.query for request in self.api.requests],
                         [{"card": "OP1", "limit": "1"}])
        self.assertIn("--after 7", result.err)

    def test_lists_and_records(self):
        empty = {"items": [], "next": None}
        for path in ("/staff", "/sections", "/designations", "/duties", "/cases", "/confirmations",
                     "/readers", "/audit", "/cards"):
            self.api.routes["GET " + path] = empty
        self.api.routes.update({
            "GET /staff/012345": {"staff": "012345", "name": "鳥取", "cards": ["OP1", "OP2"]},
            "GET /cards/OP1/history": {"events": [{"seq": 1, "at": "2026-04-01T09:00:00+09:00",
                                                   "event": "receive", "ja": "受入", "to": "STOCK"}]},
            "GET /whoami": {"uid": 0, "staff": "1", "name": "鳥取", "roles": ["custodian", "auditor"]},
            "GET /ca": {"subject": "CN=CA", "crl": {"number": 3, "entries": 1}},
            "GET /config": {"items": [{"key": "daemon.socket", "value": "/x", "line": 3}]},
            "GET /status": {"version": "0.1.0", "cards": {"ACTIVE": 3}, "crl": {"number": 2},
                            "readers": [{"reader": "left", "state": "card", "card": "OP1",
                                         "known": True, "holder": {"name": "鳥取"}}],
                            "problems": [{"en": "no cage", "ja": "隔離なし"}, "plain"]},
            "POST /audit/verify": {"ok": True, "count": 5, "head": "ab"}})
        for words in ("staff list", "section list", "designation list", "duty list", "case list",
                      "confirm --list", "reader list", "audit list", "card list"):
            result = self.good(*words.split())
            self.assertEqual(result.out, "", words)
            self.assertEqual(self.good(*words.split(), "--json").json, empty)
        self.assertEqual(self.api.requests[-1].query, {"limit": "500"})
        self.assertIn("OP1、OP2", self.ja("staff", "show", "012345").out)
        self.assertIn("R8.4.1 09:00  受入", self.ja("card", "history", "OP1").out)
        self.assertIn("custodian, auditor", self.good("whoami").out)
        self.assertIn("CN=CA", self.good("ca", "status").out)
        self.assertIn("daemon.socket", self.good("config", "show").out)
        status = self.ja("status").out
        for text in ("貸与中", "left", "カードあり", "鳥取", "隔離なし", "plain"):
            self.assertIn(text, status)
        self.assertIn("5 records", self.good("audit", "verify").out)
        self.good("duty", "list", "--all")
        self.assertEqual(self.api.requests[-1].query, {'open': 'false'})
        self.good("duty", "list")
        self.assertEqual(self.api.requests[-1].query, {"open": "true"})

    def test_bad_findings_are_exit_1(self):
        finding = {"level": "warn", "en": "E", "ja": "注意事項", "nextEn": "N", "nextJa": "対処"}
        self.api.routes["GET /doctor"] = {"findings": [finding]}
        self.assertEqual(self.good("doctor").out, "[warn]  E\n        next: N\n")
        self.api.routes["GET /doctor"] = {"findings": [{**finding, "level": "error"}]}
        result = self.ja("doctor")
        self.assertEqual(result.code, 1)
        self.assertIn("［異常］ 注意事項", result.out)
        self.api.routes["POST /audit/verify"] = {"ok": False, "firstBad": 9, "reasonEn": "hash"}
        self.assertEqual(self.ctl("audit", "verify", "--json").code, 1)
        self.assertIn("record 9: hash", self.ctl("audit", "verify").out)

    def test_documents(self):
        self.api.routes["GET /registers/issue"] = (
            lambda request: PDF if request.query["format"] == "pdf" else {"rows": [1], "values": {}})
        self.api.routes["GET /forms/4"] = PDF
        file = os.path.join(self.folder, "issue.pdf")
        self.good("register", "print", "issue", "--as-of", "R8.4.1", "--section", "0101", "-o", file)
        self.assertEqual(self.api.requests[-1].query,
                         {"asOf": "2026-04-01", "section": "0101", "format": "pdf"})
        with open(file, "rb") as written:
            self.assertEqual(written.read(), PDF)
        self.assertEqual(self.good("register", "print", "issue", "--json").json["rows"], [1])
        self.assertEqual(self.good("register", "print", "issue", "--format", "json").json["rows"], [1])
        told = self.good("form", "print", "4", "OP1", "ｏｐ2", "-o", file, "--json").json
        self.assertEqual(told, {"file": file, "bytes": len(PDF)})
        self.assertEqual(self.api.requests[-1].query, {"cards": "OP1,OP2"})
        raw = subprocess.run([ctl_case.OPCARDCTL, "form", "print", "4"], check=True,
                             stdout=subprocess.PIPE, env=self.environment("C")).stdout
        self.assertEqual(raw, PDF)
        self.assertEqual(self.terminal("form", "print", "4")[0], 2)
        self.assertEqual(self.ctl("form", "print", "4", "--json").code, 2)
        self.assertEqual(self.ctl("form", "print", "9").code, 2)
        self.assertEqual(self.ctl("register", "print", "usage").code, 2)
        self.assertEqual(self.ctl("form", "print", "4", "-o", "/nonexistent/x").code, 1)
        self.api.routes["GET /forms/4"] = (404, problem("not-found", 404, 4))
        self.assertEqual(self.ctl("form", "print", "4", "-o", file).code, 4)

    def test_api_passes_anything_through(self):
        self.api.routes["GET /cards"] = {"items": []}
        self.assertEqual(self.good("api", "get", "/api/v1/cards?limit=5").json, {"items": []})
        self.assertEqual(self.api.requests[-1].query, {"limit": "5"})
        self.assertNotIn("Idempotency-Key", self.api.requests[-1].headers)
        self.api.routes["POST /ca/crl"] = {"number": 4}
        self.assertEqual(self.good("api", "POST", "/ca/crl", "{}").json, {"number": 4})
        self.assertEqual(self.api.requests[-1].headers["Content-Type"], "application/json")
        for wrong in (("GET", "cards"), ("GET", "/a b"), ("POST", "/ca/crl", "{")):
            self.assertEqual(self.ctl("api", *wrong).code, 2)

    def test_every_event_has_its_command(self):
        rows = [line.split("\t") for line in self.good("--list-commands").out.splitlines()]
        self.assertTrue(all(len(row) == 2 for row in rows))
        self.assertEqual({event for _, event in rows} - {"-"}, EVENTS)
        self.assertEqual(len({words for words, _ in rows}), len(rows))
        for words, _ in rows:
            self.assertTrue(self.good(*words.split(), "--help").out.startswith("opcardctl " + words))
            self.assertEqual(self.good("help", *words.split()).out,
                             self.good(*words.split(), "--help").out)
        everything = self.good("help").out
        for words, _ in rows:
            self.assertIn(f"  {words}", everything)
        self.assertEqual(self.api.requests, [])

    def test_version_and_completion(self):
        self.assertRegex(self.good("--version").out, r"^opcardctl \d+\.\d+\.\d+\n$")
        self.assertEqual(self.ctl("completion", "fish").code, 2)
        for shell in ("bash", "zsh"):
            script = self.good("completion", shell).out
            self.assertIn("report-lost", script)
        if shutil.which("bash") is None:
            self.skipTest("no bash")
        path = self.write("complete.bash", self.good("completion", "bash").out)
        for line, wanted in (("opcardctl rep", "report-lost"), ("opcardctl card ", "history"),
                             ("opcardctl issue OP1 --sta", "--staff"),
                             ("opcardctl card list --st", "--state"),
                             ("opcardctl status --js", "--json")):
            words = line.split(" ")
            quoted = " ".join(f"'{word}'" for word in words)
            out = subprocess.run(
                ["bash", "-c", f"source {path}; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; "
                 "_opcardctl; printf '%s\\n' \"${COMPREPLY[@]}\""],
                check=True, stdout=subprocess.PIPE).stdout.decode().split()
            self.assertIn(wanted, out, line)


ctl_case.main()

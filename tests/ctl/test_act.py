# SPDX-License-Identifier: Apache-2.0
"""Changes: what is sent, what is asked, what is told."""
import ctl_case
from fake_api import Turns, card, job, problem


class Acts(ctl_case.Case):
    def act(self, state="ACTIVE", number="OP1", **more):
        return {"card": card(number, state), "steps": [{"en": "CRL published", "ja": "CRLを公開"}],
                **more}

    def test_options_become_the_body(self):
        self.api.routes["POST /cards/OP1/report-stolen"] = self.act("STOLEN")
        self.good("report-stolen", "ｏｐ１", "--by=鳥取", "--occurred-at", "R8.4.1 9:05",
                  "--noticed-at=2026-04-02T08:00:00+09:00", "--via", "phone", "--police-report",
                  "第5号")
        self.assertEqual(self.api.requests[-1].json, {
            "by": "鳥取", "occurredAt": "2026-04-01T09:05:00+09:00",
            "noticedAt": "2026-04-02T08:00:00+09:00", "via": "phone", "policeReport": "第5号"})

    def test_flags_words_and_dates_are_converted(self):
        for path in ("report-damaged", "recall", "suspend"):
            self.api.routes[f"POST /cards/OP1/{path}"] = self.act()
        self.good("report-damaged", "OP1", "--by", "x", "--usable")
        self.assertEqual(self.api.requests[-1].json, {"by": "x", "usable": True})
        self.good("recall", "OP1", "--reason", "異動", "--due", "令和8年5月1日")
        self.assertEqual(self.api.requests[-1].json, {"reason": "TRANSFER", "due": "2026-05-01"})
        self.good("suspend", "OP1", "--reason", "missing", "--dry-run")
        self.assertEqual(self.api.requests[-1].json, {"reason": "MISSING", "dryRun": True})

    def test_reissue_takes_the_new_card_under_its_own_name(self):
        self.api.routes["POST /cards/OP1/reissue"] = (202, {"job": "I-1", "card": "OP2"})
        self.api.routes["GET /jobs/I-1"] = job("OP2")
        self.good("reissue", "OP1", "--to", "op2", "--reason", "damaged")
        self.assertEqual(self.api.posts()[-1].json, {"newCard": "OP2", "reason": "damaged"})

    def test_card_in_the_path_is_percent_encoded(self):
        self.api.routes["GET /cards/%40reader%3Aleft"] = card()
        self.good("card", "show", "@reader:left")
        self.assertEqual(self.api.requests[-1].target, "/api/v1/cards/%40reader%3Aleft")
        self.api.routes["GET /cards/staff%3A012345"] = card()
        self.good("card", "show", "--staff", "012345")

    def test_result_steps_and_next_are_told(self):
        self.api.routes["POST /cards/OP1/report-lost"] = self.act(
            "LOST", next={"en": "close the case", "ja": "再発防止策を記入してください"})
        result = self.good("report-lost", "OP1", "--by", "x")
        self.assertEqual(result.out, "OP1  LOST  鳥取 太郎\n")
        self.assertEqual(result.err, "  CRL published\nnext: close the case\n")
        result = self.ja("report-lost", "OP1", "--by", "x")
        self.assertEqual(result.out, "OP1  紛失  鳥取 太郎\n")
        self.assertIn("CRLを公開", result.err)
        self.assertIn("再発防止策を記入してください", result.err)

    def test_name_cannot_steer_the_terminal(self):
        self.api.routes["POST /cards/OP1/reuse"] = {
            "card": card("OP1", "SPARE", name="\x1b[2J鳥取\n太郎")}
        self.assertEqual(self.good("reuse", "OP1").out, "OP1  SPARE   [2J鳥取 太郎\n")

    def test_every_state_has_its_japanese_name(self):
        names = {"STOCK": "在庫", "SPARE": "予備", "PERSONALIZING": "発行処理中",
                 "PENDING": "交付待ち", "ACTIVE": "貸与中", "SUSPENDED": "一時停止",
                 "RECALLED": "回収待ち", "LOST": "紛失", "STOLEN": "盗難", "DAMAGED": "損傷",
                 "RETURNED": "返納済", "ERASED": "消去済", "DISPOSED": "廃棄済",
                 "UNRECOVERABLE": "回収不能", "QUARANTINED": "隔離"}
        items = [card(f"OP{n}", state) for n, state in enumerate(names)]
        self.api.routes["GET /cards"] = {"items": items, "next": None}
        lines = self.ja("card", "list").out.splitlines()[1:]
        self.assertEqual([line.split()[1] for line in lines], list(names.values()))

    def test_second_person_is_announced(self):
        self.api.routes["POST /cards/OP1/resume"] = (202, {"confirm": "N-0003", "en": "Wait.",
                                                           "ja": "もう一人の確認が必要です。"})
        result = self.good("resume", "OP1", "--reason", "MISSING")
        self.assertEqual(result.out, "Wait.\n")
        self.assertIn("opcardctl confirm N-0003", result.err)
        self.api.routes["POST /confirmations/N-0003"] = self.act()
        self.good("confirm", "N-0003")
        self.assertEqual(self.ctl("confirm").code, 2)

    def test_job_steps_are_shown_in_order_and_asked_for_once(self):
        self.api.routes["POST /cards/OP1/prepare"] = (202, {"job": "I-1", "card": "OP1"})
        self.api.routes["GET /jobs/I-1"] = Turns([
            job(state="running", steps=(1,)), job(state="running", steps=()),
            job(state="running", steps=(1, 2, 3)), job("OP1", steps=(3, 4))])
        result = self.ja("prepare", "OP1")
        self.assertEqual(result.code, 0)
        self.assertEqual(result.err.splitlines()[:-1], [f"  手順{n}" for n in (1, 2, 3, 4)])
        self.assertIn("opcardctl issue OP1", result.err)
        polls = [r.query for r in self.api.requests if r.path == "/jobs/I-1"]
        self.assertEqual([poll["after"] for poll in polls], ["0", "1", "1", "3"])
        self.assertEqual(polls[0]["wait"], "25")

    def test_job_survives_a_restart_of_the_daemon(self):
        self.api.routes["POST /cards/OP1/prepare"] = (202, {"job": "I-1", "card": "OP1"})
        self.api.routes["GET /jobs/I-1"] = Turns([None, None, job("OP1", steps=(1,))])
        self.assertEqual(self.ctl("prepare", "OP1").code, 0)

    def test_job_that_waits_for_its_card_is_exit_6(self):
        self.api.routes["POST /cards/OP1/prepare"] = (202, {"job": "I-1", "card": "OP1"})
        self.api.routes["GET /jobs/I-1"] = job("OP1", state="waiting")
        result = self.ctl("prepare", "OP1")
        self.assertEqual(result.code, 6)
        self.assertIn("OP1", result.err)

    def test_several_cards_partly_done_is_exit_8(self):
        self.api.routes["POST /cards/OP1/dispatch"] = self.act()
        self.api.routes["POST /cards/OP2/dispatch"] = (409, problem("wrong-state", 409, 5))
        result = self.ctl("dispatch", "OP1", "OP2", "--to", "税務課", "--seal", "1")
        self.assertEqual(result.code, 8)
        self.assertIn("1 of 2", result.err)
        result = self.ctl("dispatch", "OP1", "OP2", "--to", "税務課", "--seal", "1", "--json")
        self.assertEqual(result.code, 8)
        self.assertEqual(result.json["items"][1]["problem"]["exit"], 5)
        self.assertEqual(self.ctl("dispatch", "OP2", "OP2", "--to", "x", "--seal", "1").code, 5)

    def test_dry_run_is_told_as_such(self):
        self.api.routes["POST /cards/OP1/reuse"] = {
            "dryRun": True, "would": {"en": "OP1 would be a spare", "ja": "OP1を予備にします"}}
        self.assertEqual(self.good("reuse", "OP1", "--dry-run").out,
                         "Dry run: OP1 would be a spare\n")
        self.assertIn("OP1を予備にします", self.ja("reuse", "OP1", "--dry-run").out)

    def test_receive_takes_ranges(self):
        self.api.routes["POST /cards"] = {"received": 4}
        result = self.good("card", "receive", "OP000009..OP000011", "ｏｐ７", "--place", "金庫")
        self.assertEqual(self.api.requests[-1].json, {
            "cards": ["OP000009", "OP000010", "OP000011", "OP7"], "kind": "operator",
            "place": "金庫"})
        self.assertEqual(result.out, "Received: 4 cards\n")
        for wrong in ("OP2..OP1", "OP1..XX2", "OP01..OP1", "カード", "OP1..", "O_1"):
            self.assertEqual(self.ctl("card", "receive", wrong).code, 2, wrong)

    def test_place_is_the_second_operand(self):
        self.api.routes["POST /cards/OP1/place"] = self.act()
        self.good("card", "place", "OP1", "本庁舎 金庫")
        self.assertEqual(self.api.requests[-1].json, {"place": "本庁舎 金庫"})

    def test_emergency_and_ca(self):
        self.api.routes["POST /emergency"] = {"steps": []}
        self.good("emergency", "stop", "--scope", "section:0101", "--note", "訓練")
        self.assertEqual(self.api.requests[-1].json,
                         {"action": "stop", "scope": "section:0101", "note": "訓練"})
        self.good("emergency", "resume", "--scope", "all")
        self.assertEqual(self.api.requests[-1].json["action"], "resume")
        self.api.routes["POST /ca/init"] = {"subject": "CN=CA"}
        self.good("ca", "init")
        self.assertEqual(self.api.requests[-1].json, {})

    def test_irreversible_needs_the_card_number(self):
        arguments = {"erase": ("--witness", "2"), "write-off": ("--note", "x"),
                     "dispose": ("--witness", "2", "--method", "破砕", "--evidence", "第1号")}
        self.api.routes["GET /cards/OP1"] = card("OP1", "RETURNED")
        for word, more in arguments.items():
            self.api.requests.clear()
            self.api.routes[f"POST /cards/OP1/{word}"] = self.act("ERASED")
            for flags in ((), ("--no-input",), ("--confirm", "OP2"), ("--confirm", "")):
                self.assertEqual(self.ctl(word, "OP1", *more, *flags).code, 2)
            self.assertEqual(self.api.posts(), [])
            self.good(word, "OP1", *more, "--confirm", "OP2,ＯＰ１")
            self.assertEqual(len(self.api.posts()), 1)
            code, seen = self.terminal(word, "OP1", *more, answers=[("go on: ", b"OP2\n")])
            self.assertEqual((code, len(self.api.posts())), (2, 1))
            code, seen = self.terminal(word, "OP1", *more, answers=[("go on: ", b"OP1\n")])
            self.assertEqual((code, len(self.api.posts())), (0, 2))
            self.assertIn("鳥取 太郎", seen)
            self.good(word, "OP1", *more, "--dry-run")

    def test_card_in_the_reader_is_confirmed_by_its_number(self):
        self.api.routes["GET /cards/%40reader"] = card("OP7", "RETURNED")
        self.api.routes["POST /cards/%40reader/erase"] = self.act("ERASED")
        self.assertEqual(self.ctl("erase", "@reader", "--witness", "2", "--confirm", "OP1").code, 2)
        self.good("erase", "@reader", "--witness", "2", "--confirm", "OP7")

    def test_name_of_a_holder(self):
        found = [card("OP1", name="山田 花子"), card("OP2", name="山田 次郎")]
        self.api.routes["GET /cards"] = {"items": found, "next": None}
        for number in ("OP1", "OP2"):
            self.api.routes[f"POST /cards/{number}/suspend"] = self.act("SUSPENDED", number)
        result = self.ja("suspend", "山田", "--reason", "FORGOTTEN", "--no-input")
        self.assertEqual((result.code, self.api.posts()), (2, []))
        self.assertIn("山田 花子", result.err)
        self.assertIn("OP2", result.err)
        self.assertEqual(self.api.requests[0].query["q"], "山田")
        pure = self.ctl("suspend", "山田", "--reason", "FORGOTTEN", "--json")
        self.assertEqual([item["card"] for item in pure.json["cards"]], ["OP1", "OP2"])
        code, _ = self.terminal("suspend", "山田", "--reason", "忘れ", answers=[("? ", b"2\n")])
        self.assertEqual((code, self.api.posts()[-1].path), (0, "/cards/OP2/suspend"))
        self.api.requests.clear()
        for answer in (b"3\n", b"0\n", b"\n", b"x\n", b"\x04"):
            code, _ = self.terminal("suspend", "山田", "--reason", "忘れ", answers=[("? ", answer)])
            self.assertEqual((code, self.api.posts()), (2, []))
        self.api.routes["GET /cards"] = {"items": found[:1], "next": None}
        result = self.good("suspend", "山田", "--reason", "FORGOTTEN")
        self.assertIn("OP1  総務課  山田 花子", result.err)
        self.api.routes["GET /cards"] = {"items": [], "next": None}
        self.assertEqual(self.ctl("suspend", "山田", "--reason", "FORGOTTEN").code, 4)


ctl_case.main()

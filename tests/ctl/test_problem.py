# SPDX-License-Identifier: Apache-2.0
"""Exit codes, error texts and the purity of --json."""
import ctl_case
from fake_api import card, job, problem

CLASSES = [("internal", 500, 1), ("usage", 400, 2), ("input-needed", 422, 2), ("denied", 403, 3),
           ("not-found", 404, 4), ("wrong-state", 409, 5), ("rule", 409, 5), ("exists", 409, 5),
           ("card", 422, 6), ("reader", 503, 6), ("pin", 422, 6), ("store", 503, 1), ("ca", 503, 1),
           ("busy", 503, 1), ("clock", 503, 1), ("too-large", 413, 2), ("partly", 207, 8)]


class Problems(ctl_case.Case):
    def test_exit_code_is_that_of_the_problem(self):
        for name, status, code in CLASSES:
            self.api.routes["GET /cards/OP1"] = (status, problem(name, status, code))
            for flags in ((), ("--json",)):
                result = self.ctl("card", "show", "OP1", *flags)
                self.assertEqual((name, result.code), (name, code))

    def test_exit_code_of_a_document_without_exit_follows_the_status(self):
        for status, code in ((400, 2), (403, 3), (404, 4), (409, 5), (500, 1), (207 + 300, 1)):
            document = problem("x", status, 0)
            del document["exit"]
            self.api.routes["GET /cards/OP1"] = (status, document)
            self.assertEqual(self.ctl("card", "show", "OP1").code, code)

    def test_failed_job_ends_with_the_exit_code_of_its_problem(self):
        self.api.routes["POST /cards/OP1/prepare"] = (202, {"job": "I-1", "card": "OP1"})
        for name, status, code in CLASSES:
            self.api.routes["GET /jobs/I-1"] = job(state="failed", steps=(1,),
                                                   problem=problem(name, status, code))
            self.assertEqual(self.ctl("prepare", "OP1").code, code)
            result = self.ctl("prepare", "OP1", "--json")
            self.assertEqual(result.code, code)
            self.assertEqual(result.json["type"], "urn:opcard:problem:" + name)
            self.assertEqual(result.json["job"], "I-1")

    def test_text_is_in_the_users_language_and_names_what_is_left(self):
        self.api.routes["POST /cards/OP1/renew"] = (
            422, problem("pin", 422, 6, detail="The PIN is wrong.", detailJa="PINが違います。",
                         triesLeft=2))
        english = self.ctl("renew", "OP1", pins="1\n")
        self.assertIn("The PIN is wrong.", english.err)
        self.assertIn("tries left: 2", english.err)
        japanese = self.ja("renew", "OP1", pins="1\n")
        self.assertIn("PINが違います。", japanese.err)
        self.assertIn("残り2回", japanese.err)
        self.assertEqual((english.out, japanese.out), ("", ""))

    def test_answer_that_is_no_problem_document(self):
        self.api.routes["GET /status"] = (502, None)
        result = self.ctl("status")
        self.assertEqual(result.code, 1)
        self.assertIn("502", result.err)
        self.api.routes["GET /status"] = b"%PDF"
        self.assertEqual(self.ctl("status").code, 1)

    def test_unreachable_socket_is_exit_7_and_names_it(self):
        for flags in ((), ("--json",)):
            result = self.ctl("status", "--socket", "/nonexistent/x.sock", *flags)
            self.assertEqual(result.code, 7)
            self.assertIn("/nonexistent/x.sock", result.err + result.out)
        self.assertEqual(result.json["type"], "urn:opcard:problem:unreachable")
        dead = self.write("dead.sock", b"")
        result = self.ja("status", "--socket", dead)
        self.assertEqual(result.code, 7)
        self.assertIn("systemctl status opcardd", result.err)

    def test_option_beats_environment(self):
        self.api.routes["GET /whoami"] = {"uid": 0, "roles": []}
        self.assertEqual(self.ctl("whoami").code, 0)
        self.assertEqual(self.ctl("--socket=/nonexistent", "whoami").code, 7)

    def test_broken_connection_is_tried_once_more_with_the_same_key(self):
        answers = [None, {"card": card("OP1", "LOST"), "steps": []}]
        self.api.routes["POST /cards/OP1/report-lost"] = lambda _: answers.pop(0)
        self.good("report-lost", "OP1", "--by", "012345")
        keys = [request.headers["Idempotency-Key"] for request in self.api.posts()]
        self.assertEqual(len(keys), 2)
        self.assertEqual(keys[0], keys[1])
        self.assertEqual(len(keys[0]), 36)
        self.api.routes["POST /cards/OP1/report-lost"] = None
        self.assertEqual(self.ctl("report-lost", "OP1", "--by", "012345").code, 7)
        self.assertNotEqual(self.api.posts()[-1].headers["Idempotency-Key"], keys[0])

    def test_usage_errors_are_exit_2_and_send_nothing(self):
        for arguments in ((), ("nonsense",), ("card",), ("card", "nonsense"), ("card", "show"),
                          ("card", "show", "OP1", "OP2"), ("issue", "OP1"), ("--nonsense",),
                          ("card", "show", "--json=1", "OP1"), ("status", "--pin-fd", "x"),
                          ("issue", "OP1", "--staff"), ("issue", "OP1", "--pin", "123456"),
                          ("suspend", "OP1", "--reason", "ORDER", "--reason", "LEAVE"),
                          ("recall", "OP1", "--reason", "OTHER", "--due", "2026-02-30"),
                          ("report-lost", "OP1", "--by", "x", "--noticed-at", "25:00")):
            result = self.ctl(*arguments)
            self.assertEqual((arguments, result.code, result.out), (arguments, 2, ""))
            self.assertTrue(result.err.startswith("opcardctl: "), result.err)
            pure = self.ctl("--json", *arguments)
            self.assertEqual((pure.code, pure.json["exit"], pure.err), (2, 2, ""))
        self.assertEqual(self.api.requests, [])

    def test_json_is_one_document_even_when_steps_and_hints_are_told(self):
        self.api.routes["POST /cards/OP1/issue"] = (202, {"job": "I-1", "card": "OP1"})
        self.api.routes["GET /jobs/I-1"] = job("OP1", steps=(1, 2))
        result = self.good("issue", "OP1", "--staff", "012345", "--authority", "一般", "--json")
        self.assertEqual(self.assertJson(result)["result"]["card"], "OP1")
        self.assertEqual([step["n"] for step in result.json["steps"]], [1, 2])
        self.assertEqual(result.err, "  Step 1\n  Step 2\n")

    def test_full_disk_is_not_success(self):
        self.api.routes["GET /status"] = {"version": "1"}
        with open("/dev/full", "wb") as full:
            process = ctl_case.subprocess.run([ctl_case.OPCARDCTL, "status"], stdout=full,
                                              stderr=ctl_case.subprocess.PIPE, check=False,
                                              env=self.environment("C"))
        self.assertEqual(process.returncode, 1)


ctl_case.main()

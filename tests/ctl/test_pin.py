# SPDX-License-Identifier: Apache-2.0
"""PINs: from --pin-fd or the terminal into the body, and nowhere else."""
import fcntl
import os
import subprocess
import termios
import threading

import ctl_case
from fake_api import card, job

PIN = "Zx9-秘\"\\密"


class Pins(ctl_case.Case):
    def setUp(self):
        super().setUp()
        for word in ("hand-over", "pin-change", "renew", "lend-temporary"):
            for number in ("OP1", "OP2"):
                self.api.routes[f"POST /cards/{number}/{word}"] = (
                    202, {"job": "I-1", "card": number})
        self.api.routes["GET /jobs/I-1"] = job("OP1")

    def test_pin_fd_gives_one_pin_a_line(self):
        self.good("pin", "change", "OP1", "--reader", "left", pins=f"old-1\n{PIN}\n")
        self.assertEqual(self.api.posts()[-1].json,
                         {"reader": "left", "oldPin": "old-1", "newPin": PIN})
        self.good("hand-over", "OP1", pins="new\t-1\r\n")
        self.assertEqual(self.api.posts()[-1].json, {"pin": "new\t-1"})
        self.good("renew", "OP1", pins="no newline")
        self.assertEqual(self.api.posts()[-1].json, {"pin": "no newline"})
        self.good("lend-temporary", "OP1", "--staff", "０12345", pins="t\n")
        self.assertEqual(self.api.posts()[-1].json, {"staff": "012345", "pin": "t"})

    def test_several_cards_take_a_line_each(self):
        self.good("hand-over", "OP1", "OP2", pins="first\nsecond\n")
        self.assertEqual([post.json["pin"] for post in self.api.posts()], ["first", "second"])

    def test_dry_run_carries_the_pin_too(self):
        self.good("hand-over", "OP1", "--dry-run", pins="x\n")
        self.assertEqual(self.api.posts()[-1].json, {"dryRun": True, "pin": "x"})

    def test_missing_empty_long_and_broken_pins_send_nothing(self):
        for pins in ("", "\n", "old\n", "old\n\n", "old\n" + "x" * 257 + "\n", b"old\n\xff\n"):
            self.assertEqual(self.ctl("pin", "change", "OP1", pins=pins).code, 2, pins)
        self.assertEqual(self.ctl("pin", "change", "OP1", "--pin-fd", "77").code, 2)
        self.assertEqual(self.api.posts(), [])

    def test_without_terminal_a_pin_is_needed(self):
        result = self.ja("hand-over", "OP1")
        self.assertEqual((result.code, self.api.posts()), (2, []))
        self.assertIn("--pin-fd", result.err)
        code, _ = self.terminal("hand-over", "OP1", "--no-input")
        self.assertEqual((code, self.api.posts()), (2, []))

    def test_terminal_asks_twice_and_echoes_nothing(self):
        typed = PIN.encode() + b"\n"
        code, seen = self.terminal("hand-over", "OP1",
                                   answers=[("holder): ", typed), ("once more: ", typed)])
        self.assertEqual((code, self.api.posts()[-1].json), (0, {"pin": PIN}))
        self.assertNotIn("Zx9", seen)
        code, seen = self.terminal(
            "pin", "change", "OP1", locale="ja_JP.UTF-8",
            answers=[("現在のパスワード： ", b"old-1\n"), ("本人が入力）： ", typed),
                     ("もう一度）： ", typed)])
        self.assertEqual((code, self.api.posts()[-1].json), (0, {"oldPin": "old-1", "newPin": PIN}))
        self.assertNotIn("old-1", seen)

    def test_two_different_pins_are_refused(self):
        code, seen = self.terminal("hand-over", "OP1",
                                   answers=[("holder): ", b"a-1\n"), ("once more: ", b"a-2\n")])
        self.assertEqual((code, self.api.posts()), (2, []))
        self.assertIn("differ", seen)

    def test_present_pin_is_asked_once(self):
        code, _ = self.terminal("renew", "OP1", answers=[("Present PIN of OP1: ", b"p\n")])
        self.assertEqual((code, self.api.posts()[-1].json), (0, {"pin": "p"}))

    def test_interrupt_puts_the_echo_back(self):
        master, slave = os.openpty()
        self.addCleanup(os.close, master)
        self.addCleanup(os.close, slave)
        process = subprocess.Popen(
            [ctl_case.OPCARDCTL, "renew", "OP1"], stdin=slave, stdout=slave, stderr=slave,
            env=self.environment("C"), start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        seen = b""
        while b"Present PIN" not in seen:
            seen += os.read(master, 100)
        while termios.tcgetattr(slave)[3] & termios.ECHO:
            pass
        os.write(master, b"half\x03")
        self.assertEqual(process.wait(ctl_case.DEADLINE), -2)
        self.assertTrue(termios.tcgetattr(slave)[3] & termios.ECHO)
        self.assertEqual(self.api.posts(), [])

    def test_pin_is_never_in_argv_or_environment(self):
        seen = threading.Event()
        go_on = threading.Event()

        def hold(_):
            seen.set()
            go_on.wait(ctl_case.DEADLINE)
            return {"card": card()}

        self.api.routes["POST /cards/OP1/hand-over"] = hold
        end, start = os.pipe()
        os.write(start, b"Geheim-77\n")
        os.close(start)
        process = subprocess.Popen([ctl_case.OPCARDCTL, "hand-over", "OP1", "--pin-fd", str(end)],
                                   env=self.environment("C"), pass_fds=(end,),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(os.close, end)
        self.assertTrue(seen.wait(ctl_case.DEADLINE))
        exposed = b""
        for name in ("cmdline", "environ", "comm"):
            with open(f"/proc/{process.pid}/{name}", "rb") as file:
                exposed += file.read()
        go_on.set()
        out, err = process.communicate(timeout=ctl_case.DEADLINE)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(self.api.posts()[-1].json, {"pin": "Geheim-77"})
        self.assertNotIn(b"Geheim", exposed + out + err)

    def test_api_refuses_a_pin_on_the_command_line(self):
        for body in ('{"pin":"1"}', '{"a":[{"newPin":"1"}]}'):
            result = self.ctl("api", "POST", "/cards/OP1/renew", body)
            self.assertEqual((result.code, self.api.posts()), (2, []))
        self.good("api", "post", "/cards/OP1/renew", "-", stdin=b'{"pin":"1"}')
        self.assertEqual(self.api.posts()[-1].json, {"pin": "1"})

    def test_no_option_takes_a_pin(self):
        for option in ("--pin", "--old-pin", "--new-pin"):
            self.assertEqual(self.ctl("pin", "change", "OP1", option, "123456").code, 2)
        self.assertEqual(self.api.posts(), [])


ctl_case.main()

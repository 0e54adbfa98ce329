# SPDX-License-Identifier: Apache-2.0
"""T26, N34, N37: lists of PINs judged without a daemon; nothing of a PIN is ever printed."""
import json
import os
import subprocess
import tempfile

import ctl_case

CTL = os.environ["OPCARDCTL"]
HOLDER = '{"staff": "012345", "kana": "つじ　はなこ", "born": "1985-04-12", "card": "OP000123", "tel": "0857-26-7111"}'


def run(*words, pins=b"", files=()):
    """opcardctl with @pins on stdin; there is no daemon to ask."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: os.path.join(folder, name) for name, _ in files}
        for name, text in files:
            with open(paths[name], "wb") as file:
                file.write(text)
        return subprocess.run([CTL, "--socket", os.path.join(folder, "none"),
                               *(paths.get(word, word) for word in words)], input=pins,
                              capture_output=True, check=False, timeout=60,
                              env={**os.environ, "LC_ALL": "C.UTF-8"})


def count(pins, *words):
    done = run("--json", "pin", "check", "--from", "-", *words, pins=pins)
    return json.loads(done.stdout)


class PinCheck(ctl_case.Case):
    def test_counts(self):
        done = run("pin", "check", "--from", "list", files=[("list", b"123456\nkz7Qm2xv\n850412\n")])
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, b"refused 2 accepted 1\n", b""))

    def test_rules_are_counted(self):
        answer = count(b"999999\n850412\n850412\nkz7Qm2xv\nab1\n")
        self.assertEqual((answer["refused"], answer["accepted"]), (4, 1))
        self.assertEqual(answer["rules"]["date"], 2)
        self.assertEqual(answer["rules"]["too-short"], 1)
        self.assertEqual(answer["rules"]["repeated"], 1)

    def test_oddities(self):
        """A line each: emoji, full-width figures, 65 characters, NUL inside, blanks, a DOS line."""
        for pin, rule in [("🔑🔑🔑🔑🔑🔑".encode(), "character"), ("８３９１７２".encode(), "character"),
                          (b"kz7Qm2xv" * 8 + b"a", "too-long"), (b"kz7\0Qm2xv", "character"),
                          (b"kz7 Qm2xv", "character"), (b"\xff\xfekz7Qm2xv", "character"), (b"", "too-short")]:
            with self.subTest(pin=pin):
                answer = count(pin + b"\n")
                self.assertEqual((answer["refused"], answer["accepted"]), (1, 0))
                self.assertIn(rule, answer["rules"])
        self.assertEqual(count(b"kz7Qm2xv\r\n")["accepted"], 1)
        self.assertEqual(count(b"kz7Qm2xv")["accepted"], 1)
        self.assertEqual(count(b""), {"refused": 0, "accepted": 0, "rules": {}})

    def test_kinds_of_characters(self):
        for classes, accepted in [("1", 3), ("2", 2), ("3", 1), ("4", 0)]:
            self.assertEqual(count(b"839172\nkz7m2xvq\nkz7Qm2xv\n", "--classes", classes)["accepted"], accepted)
        for classes in ("0", "5", "x", ""):
            done = run("pin", "check", "--from", "-", "--classes", classes)
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertIn(b"--classes", done.stderr)

    def test_words_of_the_holder(self):
        own = [("Tsuji!94x", "own-name"), ("9xtuzi-tuzi", "own-name"), ("Hanako#7q", "own-name"),
               ("q0412w85", "own-date"), ("zq012345", "own-number"), ("op000123z", "own-number"),
               ("wq267111", "own-number")]
        text = "".join(pin + "\n" for pin, _ in own).encode()
        with tempfile.NamedTemporaryFile() as file:
            file.write(HOLDER.encode())
            file.flush()
            for pin, rule in own:
                with self.subTest(rule=rule, pin=pin):
                    answer = count(pin.encode() + b"\n", "--context", file.name)
                    self.assertIn(rule, answer["rules"])
            self.assertEqual(count(text, "--context", file.name)["refused"], len(own))
            self.assertEqual(count(b"kz7Qm2xv\n", "--context", file.name)["accepted"], 1)

    def test_no_pin_is_printed(self):
        for words in (("--json",), ()):
            done = run(*words, "pin", "check", "--from", "-", pins=b"Secret4Canary\nTottori1\n")
            self.assertNotRegex((done.stdout + done.stderr).decode(), "(?i)canary|tottori")

    def test_file_that_is_not_there(self):
        done = run("pin", "check", "--from", "/nowhere/list")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"/nowhere/list", done.stderr)

    def test_policy_in_both_languages(self):
        done = run("pin", "policy")
        self.assertEqual(done.returncode, 0)
        for text in ("6文字以上", "at least 6 characters", "和暦の日付です", "it is a date of the Japanese calendar"):
            self.assertIn(text, done.stdout.decode())
        answer = json.loads(run("--json", "pin", "policy").stdout)
        self.assertEqual((answer["minLength"], answer["classes"], answer["settings"]["pin-rotation"]), (6, 2, "P6M"))
        self.assertIn("own-name", {rule["name"] for rule in answer["rules"]})


if __name__ == "__main__":
    ctl_case.main()

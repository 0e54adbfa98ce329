# SPDX-License-Identifier: Apache-2.0
"""The Japanese catalogue: complete, well-formed, and used without an installed Japanese locale."""
import ast
import os
import re
import subprocess
import unicodedata

import ctl_case

SOURCE = os.environ["OPCARD_SOURCE"]
PO = os.path.join(SOURCE, "daemon/po/ja.po")


def messages(text):
    """msgid → (msgstr, flags) of a catalogue."""
    found = {}
    for block in re.split(r"\n\n+", text):
        match = re.search(r'^msgid ((?:".*"\n?)+)^msgstr ((?:".*"\n?)+)', block, re.M)
        if match and not block.startswith("#~"):
            msgid, msgstr = ("".join(ast.literal_eval(line) for line in part.splitlines())
                             for part in match.groups())
            found[msgid] = (msgstr, " ".join(re.findall(r"^#,(.*)$", block, re.M)))
    found.pop("", None)
    return found


class Messages(ctl_case.Case):
    def test_catalogue_is_well_formed(self):
        done = subprocess.run(["msgfmt", "-c", "-o", "/dev/null", PO],
                              stderr=subprocess.PIPE, check=False)
        self.assertEqual((done.returncode, done.stderr.decode()), (0, ""))

    def test_every_message_of_the_source_is_translated(self):
        with open(os.path.join(SOURCE, "daemon/po/POTFILES"), encoding="utf-8") as file:
            files = file.read().split()
        for folder in ("daemon/ctl",):
            present = {f"{folder}/{name}" for name in os.listdir(os.path.join(SOURCE, folder))
                       if name.endswith(".c")}
            self.assertLessEqual({name for name in files if name.startswith(folder + "/")}, present)
        pot = subprocess.run(["xgettext", "--from-code=UTF-8", "-k_", "-kN_", "-o", "-", *files],
                             cwd=SOURCE, stdout=subprocess.PIPE, check=True).stdout.decode()
        with open(PO, encoding="utf-8") as file:
            japanese = messages(file.read())
        wanted = messages(pot)
        self.assertGreater(len(wanted), 200)
        self.assertEqual(sorted(set(wanted) - set(japanese)), [])
        for msgid in wanted:
            msgstr, flags = japanese[msgid]
            self.assertTrue(msgstr, msgid)
            self.assertNotIn("fuzzy", flags, msgid)
            self.assertEqual(msgid.endswith("\n"), msgstr.endswith("\n"), msgid)

    def test_language_follows_the_environment(self):
        for variables, japanese in (
                ({"LC_ALL": "ja_JP.UTF-8"}, True), ({"LANG": "ja_JP.UTF-8"}, True),
                ({"LANG": "ja_JP.eucJP"}, True), ({"LC_MESSAGES": "ja_JP.UTF-8"}, True),
                ({"LC_ALL": "C", "LANG": "ja_JP.UTF-8"}, False), ({"LC_ALL": "C.UTF-8"}, False),
                ({}, False), ({"LANG": "en_US.UTF-8"}, False),
                ({"LANG": "en_US.UTF-8", "LANGUAGE": "ja"}, True),
                ({"LANG": "ja_JP.UTF-8", "LANGUAGE": "en"}, False),
                ({"LC_ALL": "C", "LANGUAGE": "ja"}, False)):
            base = self.environment("C")
            del base["LC_ALL"]
            done = subprocess.run([ctl_case.OPCARDCTL, "help"], env={**base, **variables},
                                  stdout=subprocess.PIPE, check=True)
            is_japanese = any(unicodedata.name(c, "").startswith(("HIRAGANA", "CJK"))
                              for c in done.stdout.decode())
            self.assertEqual((variables, is_japanese), (variables, japanese))

    def test_own_problems_carry_both_languages(self):
        for locale in ("C", "ja_JP.UTF-8"):
            document = self.ctl("card", "show", "--json", locale=locale).json
            self.assertIn("needs CARD", document["detail"])
            self.assertIn("CARD が必要です", document["detailJa"])
            self.assertEqual(document["titleJa"], "指定の誤り")


ctl_case.main()

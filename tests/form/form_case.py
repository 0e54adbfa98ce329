# SPDX-License-Identifier: Apache-2.0
# What the tests of opcard-form have in common: running it, reading pages back, refusals.
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, FORMS = sys.argv[1:3]
JAVA = '/usr/share/java/'
JARS = [JAVA + jar + '.jar' for jar in ('preflight', 'pdfbox2', 'fontbox2', 'xmpbox', 'commons-logging',
                                        'javax.activation', 'jaxb-api')]
TOOLS = ['pdftotext', 'pdffonts', 'pdfinfo', 'qpdf']

VALUES = {'団体名': '鳥取県', '出力日時': '2026-11-21T10:00:00+09:00', '出力者': '山田 太郎',
          '作成日時': '2026-11-21T10:00:00+09:00'}


class Case(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix='opcard-form-')
        self.addCleanup(shutil.rmtree, self.dir)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, content):
        with open(self.path(name), 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return self.path(name)

    def form(self, number):
        return os.path.join(FORMS, 'yoshiki%02d.form' % number)

    def changed_form(self, number, old, new):
        with open(self.form(number), encoding='utf-8') as file:
            text = file.read()
        self.assertIn(old, text)
        return self.write('changed.form', text.replace(old, new))

    def run_form(self, *args, stdin=b''):
        env = {'PATH': '/usr/bin:/bin', 'LC_ALL': 'C', 'HOME': self.dir}
        return subprocess.run([PROGRAM, *args], input=stdin, capture_output=True, env=env, check=False)

    def render(self, form, data=None, name='out.pdf'):
        args = ['render', form]
        if data is not None:
            args.append(self.write('data.json', json.dumps(data, ensure_ascii=False)))
        done = self.run_form(*args, '-o', self.path(name))
        self.assertEqual((done.returncode, done.stderr.decode()), (0, ''))
        return self.path(name)

    def refused(self, form, data, *says):
        """Exit 2, both languages, and an existing output is left as it was."""
        self.write('old.pdf', 'old')
        path = self.write('data.json', data if isinstance(data, (str, bytes))
                          else json.dumps(data, ensure_ascii=False))
        before = sorted(os.listdir(self.dir))
        done = self.run_form('render', form, path, '-o', self.path('old.pdf'))
        said = done.stderr.decode()
        self.assertEqual(done.returncode, 2, said)
        for text in says:
            self.assertIn(text, said)
        self.assertRegex(said, r'[ぁ-ん一-龠].* / .*[a-z]')
        with open(self.path('old.pdf'), encoding='ascii') as file:
            self.assertEqual(file.read(), 'old')
        self.assertEqual(sorted(os.listdir(self.dir)), before)
        done = self.run_form('render', form, path)
        self.assertEqual((done.returncode, done.stdout), (2, b''))

    def text(self, pdf, *options):
        return subprocess.run(['pdftotext', *options, pdf, '-'], capture_output=True, check=True).stdout.decode()

    def lines(self, pdf):
        """The lines as they stand on the page, runs of blanks as one."""
        text = self.text(pdf, '-layout')
        return [re.sub('[ \u3000]+', ' ', line).strip() for line in re.split('[\n\f]', text) if line.strip()]

    def pages(self, pdf):
        info = subprocess.run(['pdfinfo', pdf], capture_output=True, check=True).stdout.decode()
        return int(re.search(r'Pages:\s+(\d+)', info).group(1))

    def preflight(self, files):
        """Every file is PDF/A-1b in the eyes of Apache PDFBox."""
        if not all(os.path.exists(jar) for jar in JARS) or shutil.which('java') is None:
            self.skipTest('PDFBox preflight is not installed (libpdfbox2-java libactivation-java libjaxb-api-java)')
        folder = self.path('preflight')
        os.mkdir(folder)
        for i, file in enumerate(files):
            shutil.copy(file, os.path.join(folder, '%d.pdf' % i))
        done = subprocess.run(['java', '-cp', ':'.join(JARS), 'org.apache.pdfbox.preflight.Validator_A1b', 'batch',
                               folder], capture_output=True, check=False)
        said = done.stdout + done.stderr
        self.assertEqual(said.count(b'is a valid PDF/A-1b file'), len(files), said)


def main():
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        print('SKIP: not installed:', *missing)
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# render has no access to keys, store or network: code inside it tries, and the kernel refuses.
import json
import os
import socket
import subprocess
import sys

from form_case import Case, PROGRAM, main

INTRUDER = sys.argv[3]
TRIES = ['key', 'store', 'create', 'tcp', 'unix', 'program', 'memory']


class Cage(Case):
    def tries(self, **more):
        """What each try came to, and the exit status."""
        store = os.path.join(self.dir, 'state')
        os.makedirs(store, exist_ok=True)
        key, base = os.path.join(store, 'ca.key'), os.path.join(store, 'opcard.db')
        for path in (key, base):
            with open(path, 'w', encoding='ascii') as file:
                file.write('secret')
            os.chmod(path, 0o600)
        new = os.path.join(store, 'new')
        if os.path.exists(new):
            os.remove(new)
        out = os.path.join(self.dir, 'out')
        os.makedirs(out, exist_ok=True)
        with socket.create_server(('127.0.0.1', 0)) as server, socket.socket(socket.AF_UNIX) as unix:
            path = os.path.join(store, 'socket%d' % len(os.listdir(store)))
            unix.bind(path)
            unix.listen()
            env = {'PATH': '/usr/bin:/bin', 'LC_ALL': 'C', 'HOME': self.dir, 'LD_PRELOAD': INTRUDER,
                   'ASAN_OPTIONS': 'verify_asan_link_order=0', 'OPCARD_TRY_KEY': key, 'OPCARD_TRY_STORE': base,
                   'OPCARD_TRY_NEW': new, 'OPCARD_TRY_SOCKET': path,
                   'OPCARD_TRY_PORT': str(server.getsockname()[1]), **more}
            data = json.dumps({'rows': [{'name': '山田 太郎'}]}).encode()
            done = subprocess.run([PROGRAM, 'render', self.form(3), '-', '-o', os.path.join(out, 'out.pdf')],
                                  input=data, capture_output=True, env=env, check=False)
        said = dict(line[4:].split(': ', 1) for line in done.stderr.decode().splitlines() if line.startswith('try '))
        return said, done.returncode, os.path.join(out, 'out.pdf')

    def test_everything_is_possible_before_the_cage(self):
        """Otherwise the other test would prove nothing."""
        said, _, _ = self.tries(OPCARD_TRY_NOW='1')
        for name in TRIES:
            if name != 'memory':    # this one may need a privilege the tests do not have
                self.assertEqual(said.get(name), 'possible', (name, said))

    def test_nothing_is_possible_inside(self):
        said, status, pdf = self.tries()
        self.assertEqual(sorted(said), sorted(TRIES))
        for name, outcome in said.items():
            self.assertIn(outcome, ('Permission denied', 'Operation not permitted', 'Address family not supported by protocol'), name)
        self.assertEqual(status, 0)
        self.assertIn('山田 太郎', self.text(pdf))
        self.assertEqual(os.listdir(os.path.dirname(pdf)), ['out.pdf'])


if __name__ == '__main__':
    main()

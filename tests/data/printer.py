# SPDX-License-Identifier: Apache-2.0
"""A printer of our own: Debian's ippeveprinter with a command that behaves as told."""
import os
import shutil
import socket
import subprocess
import time

DEADLINE = 30
# The document is the last argument; what stands in "behaviour" is run first, in the printer's folder.
COMMAND = '''#!/bin/sh
cd {folder} || exit 1
for document in "$@"; do :; done
touch begun
. ./behaviour || exit 1
cp "$document" printed.new && mv printed.new printed
'''


def wait_for(condition, what):
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f'waited in vain for {what}')
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Printer:
    """behaviour: shell, e.g. 'exit 1'; on stderr it may write "STATE: media-empty"."""

    def __init__(self, folder, no_avahi, behaviour=':', formats='application/pdf'):
        self.folder = folder
        os.makedirs(os.path.join(folder, 'spool'))
        self.write('behaviour', behaviour + '\n')
        self.write('command', COMMAND.format(folder=folder))
        os.chmod(self.path('command'), 0o755)
        self.port = free_port()
        self.uri = f'ipp://localhost:{self.port}/ipp/print'
        program = shutil.which('ippeveprinter', path=os.environ.get('PATH', '') + ':/usr/sbin:/usr/bin')
        with open(self.path('log'), 'wb') as log:
            self.process = subprocess.Popen(
                [program, '-p', str(self.port), '-n', 'localhost', '-d', self.path('spool'), '-f', formats,
                 '-c', self.path('command'), '--no-web-forms', 'test'],
                env={'PATH': '/usr/bin:/bin', 'LD_PRELOAD': no_avahi, 'HOME': folder},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(self.answers, 'the printer')

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write(text)

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(('127.0.0.1', self.port)) == 0

    def begun(self):
        return os.path.exists(self.path('begun'))

    def printed(self):
        """The document as it came out, or None."""
        try:
            with open(self.path('printed'), 'rb') as file:
                return file.read()
        except FileNotFoundError:
            return None

    def stop(self):
        self.process.kill()
        self.process.wait()

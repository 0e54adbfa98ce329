#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# opcard-form send against a real IPP printer: what comes out is what was sent, and nothing counts as
# printed that the printer has not called completed.
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

import printer

PROGRAM, FORMS, NO_AVAHI = sys.argv[1:4]
REFUSED, UNREACHABLE, UNFINISHED = 3, 4, 5


class Send(unittest.TestCase):
    def setUp(self):
        self.running = []
        self.dir = tempfile.mkdtemp(prefix='opcard-form-')
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.pdf = os.path.join(self.dir, 'form.pdf')
        subprocess.run([PROGRAM, 'render', os.path.join(FORMS, 'yoshiki03.form'), '-o', self.pdf], check=True,
                       env={'LC_ALL': 'C'})

    def printer(self, behaviour=':', **more):
        made = printer.Printer(os.path.join(self.dir, 'printer'), NO_AVAHI, behaviour, **more)
        self.addCleanup(made.stop)
        self.addCleanup(made.write, 'paper', '')
        return made

    def start(self, uri, *more):
        running = subprocess.Popen([PROGRAM, 'send', self.pdf, '--printer', uri, *more], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={'LC_ALL': 'C'})
        self.running.append(running)
        return running

    def send(self, uri, *more):
        return self.end(self.start(uri, *more))

    def tearDown(self):
        for running in self.running:
            running.kill()
            running.communicate()

    def end(self, running):
        out, err = running.communicate(timeout=printer.DEADLINE * 2)
        return running.returncode, out.decode(), err.decode()

    def failed(self, result, code, *says):
        self.assertEqual((result[0], result[1]), (code, ''), result[2])
        for text in says:
            self.assertIn(text, result[2])
        self.assertRegex(result[2], r'[ぁ-ん一-龠].* / .*[a-z]')

    def sent(self):
        with open(self.pdf, 'rb') as file:
            return file.read()

    def test_what_comes_out_is_what_was_sent(self):
        device = self.printer()
        code, out, err = self.send(device.uri, '--title', '発行簿', '--user', '012345')
        self.assertEqual(code, 0, err)
        self.assertEqual(json.loads(out)['state'], 'completed')
        self.assertEqual(device.printed(), self.sent())

    def test_a_pdf_may_come_by_a_pipe(self):
        device = self.printer()
        done = subprocess.run([PROGRAM, 'send', '-', '--printer', device.uri], input=self.sent(),
                              capture_output=True, check=False, env={'LC_ALL': 'C'})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(device.printed(), self.sent())

    def test_a_printer_without_pdf_gets_nothing(self):
        device = self.printer(formats='image/urf,image/jpeg')
        self.failed(self.send(device.uri), REFUSED, 'application/pdf', '何も印刷していません')
        self.assertFalse(device.begun())

    def test_out_of_paper_and_filled_up_again(self):
        device = self.printer('echo "STATE: media-empty" >&2; while [ ! -e paper ]; do sleep 0.1; done; '
                              'echo "STATE: -media-empty" >&2')
        running = self.start(device.uri)
        self.assertRegex(running.stderr.readline().decode(), 'job [0-9]+')
        self.assertEqual(running.stderr.readline().decode(), 'state media-empty-warning\n')
        self.assertIsNone(running.poll())
        self.assertIsNone(device.printed())
        device.write('paper', '')
        code, out, err = self.end(running)
        self.assertEqual((code, json.loads(out)['state']), (0, 'completed'), err)
        self.assertEqual(device.printed(), self.sent())

    def test_out_of_paper_for_too_long_is_cancelled(self):
        device = self.printer('echo "STATE: media-empty" >&2; while [ ! -e paper ]; do sleep 0.1; done')
        result = self.send(device.uri, '--wait', '1')
        self.failed(result, UNFINISHED, 'media-empty', '印刷されたとは記録しません')
        self.assertIsNone(device.printed())

    def test_a_job_that_the_printer_gives_up(self):
        device = self.printer('exit 1')
        self.failed(self.send(device.uri), UNFINISHED, 'aborted')

    def test_a_printer_that_is_gone_in_mid_job(self):
        device = self.printer('while [ ! -e paper ]; do sleep 0.1; done')
        running = self.start(device.uri)
        printer.wait_for(device.begun, 'the job')
        device.stop()
        self.failed(self.end(running), UNFINISHED, '応答しなくなりました', 'in the middle of job')

    def test_a_printer_that_hangs_up_while_sending(self):
        with socket.create_server(('127.0.0.1', 0)) as server:
            def hang_up():
                for _ in range(2):
                    connection, _ = server.accept()
                    connection.recv(1000)
                    connection.close()
            threading.Thread(target=hang_up, daemon=True).start()
            result = self.send(f'ipp://127.0.0.1:{server.getsockname()[1]}/ipp/print')
        self.failed(result, UNREACHABLE, '何も印刷していません')

    def test_no_printer_at_all(self):
        self.failed(self.send(f'ipp://localhost:{printer.free_port()}/ipp/print'), UNREACHABLE, 'cannot be reached')
        self.failed(self.send('ipp://no-such-host.invalid/ipp/print'), UNREACHABLE, 'no-such-host.invalid')

    def test_what_is_no_printer(self):
        for name in ('', 'http://localhost/', 'file:///tmp/x', '/dev/null', 'lpd://x', 'ipp://user:pw@x/', '-x', 'a b'):
            self.failed(self.send(name), 2)

    def test_only_a_pdf_is_sent(self):
        device = self.printer()
        with open(self.pdf, 'wb') as file:
            file.write(b'%!PS')
        self.failed(self.send(device.uri), 2, 'PDF')
        self.assertFalse(device.begun())

    def test_wrong_arguments(self):
        for more in ([], ['--printer'], ['--wait', '0', '--printer', 'x'], [self.pdf, '--printer', 'x'],
                     ['--printer', 'x', '--form', 'y']):
            done = subprocess.run([PROGRAM, 'send', self.pdf, *more], capture_output=True, check=False,
                                  env={'LC_ALL': 'C'})
            self.assertEqual((done.returncode, done.stdout), (2, b''), more)


sys.argv[1:] = []
unittest.main()

# SPDX-License-Identifier: Apache-2.0
# A running http-test-server and a client that sends exactly the bytes it is told to.
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

SERVER = os.environ['HTTP_TEST_SERVER']


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Client:
    """One connection. `address` is a path or a port of 127.0.0.1."""

    def __init__(self, address, timeout=20):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.settimeout(timeout)
        self.socket.connect(address if isinstance(address, str) else ('127.0.0.1', address))
        self.buffer = b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def more(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def reply(self, is_head=False):
        """The next reply, None at the end of the connection."""
        while b'\r\n\r\n' not in self.buffer:
            if not self.more():
                assert not self.buffer, self.buffer
                return None
        head, self.buffer = self.buffer.split(b'\r\n\r\n', 1)
        lines = head.decode('ascii').split('\r\n')
        assert lines[0].startswith('HTTP/1.1 '), lines[0]
        headers = {}
        for line in lines[1:]:
            name, value = line.split(': ', 1)
            assert name.lower() not in headers, line
            headers[name.lower()] = value
        status = int(lines[0].split(' ')[1])
        length = 0 if is_head else int(headers.get('content-length', '0'))
        while len(self.buffer) < length:
            assert self.more(), 'the body is cut short'
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Reply(status, headers, body)

    def is_ended(self):
        """Waits for the peer's end of the connection."""
        try:
            return self.socket.recv(1) == b''
        except ConnectionResetError:
            return True

    def ask(self, path, method='GET', body=b'', headers=()):
        self.send(request(path, method, body, headers))
        return self.reply(method == 'HEAD')


def request(path, method='GET', body=b'', headers=()):
    lines = [f'{method} {path} HTTP/1.1', 'Host: test', *headers]
    if body:
        lines.append(f'Content-Length: {len(body)}')
    return '\r\n'.join(lines).encode() + b'\r\n\r\n' + body


class HttpCase(unittest.TestCase):
    """Each test has a server of its own; `self.start()` with options, then `self.client()`."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='opcard-http-')
        self.path = os.path.join(self.folder, 'socket')
        self.server = None
        self.port = 0

    def tearDown(self):
        if self.server is not None:
            self.assertEqual(self.stop(), 0, 'the server did not end well')
        shutil.rmtree(self.folder)

    def start(self, **options):
        self.server = subprocess.Popen(
            [SERVER, self.path, *(f'{k.replace("_", "-")}={v}' for k, v in options.items())],
            stdout=subprocess.PIPE)
        self.port = int(self.server.stdout.readline())

    def stop(self):
        server, self.server = self.server, None
        server.send_signal(signal.SIGTERM)
        code = server.wait(60)
        server.stdout.close()
        return code

    def client(self, **more):
        return Client(self.path, **more)

    def public(self, **more):
        return Client(self.port, **more)

    def statistics(self):
        with self.client() as client:
            return client.ask('/statistics').json()

    def until(self, condition):
        """Polls: the server notices things in its own time."""
        end = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), end, 'it never happened')
            select.select([], [], [], 0.01)

    def refusal(self, data, address=None):
        """Sends @data on a new connection; the status of the problem that comes and ends it."""
        with Client(address or self.path) as client:
            client.send(data)
            reply = client.reply()
            self.assertIsNotNone(reply, data)
            self.assertEqual(reply.headers['content-type'], 'application/problem+json', data)
            self.assertEqual(reply.headers['connection'], 'close')
            self.assertEqual(reply.json()['status'], reply.status)
            client.socket.shutdown(socket.SHUT_WR)
            self.assertTrue(client.is_ended())
            return reply.status


def main():
    unittest.main(module='__main__', argv=[sys.argv[0], '-v'])

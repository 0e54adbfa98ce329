#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# 10,000 requests with random damage: the server answers or ends each, and still serves afterwards.
import errno
import os
import random
import socket

from http_case import Client, HttpCase, main, request

SEED = int(os.environ.get('HTTP_GARBAGE_SEED', random.randrange(2**32)))
COUNT = int(os.environ.get('HTTP_GARBAGE_COUNT', 10000))

SOUND = [
    request('/a%20b/%E9%B3%A5?x=1&y=%E5%8F%96', headers=['Accept: */*', 'Idempotency-Key: k']),
    request('/x', 'POST', b'{"pin":"123456"}', ['Content-Type: application/json']),
    request('/x', 'PUT', b'abc', ['Connection: close', 'Expect: 100-continue']),
    request('/x', 'HEAD', headers=['If-None-Match: "a", "b"', 'Connection: keep-alive, x']),
    b'POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    b'GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
    request('/later') + request('/x', 'DELETE') + request('/later'),
]
PIECES = [b'\r\n', b'\n', b'\r', b'\0', b' ', b':', b'%', b'%00', b'%2e%2e/', b'?', b'&', b'=',
          b'#', b'HTTP/1.1', b'HTTP/9.9', b'Content-Length: 5\r\n', b'Content-Length: -1\r\n',
          b'Transfer-Encoding: chunked\r\n', b'\xff\xfe', b'\xc0\xaf', b'9' * 30, b'A' * 9000]


def damaged(chance):
    data = bytearray(chance.choice(SOUND))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(5)
        if kind == 0 and at < len(data):
            data[at] = chance.randrange(256)
        elif kind == 1:
            data[at:at] = chance.choice(PIECES)
        elif kind == 2:
            del data[at:at + chance.randint(1, 20)]
        elif kind == 3:
            start = chance.randrange(len(data) + 1)
            data[at:at] = data[start:start + chance.randint(1, 60)]
        else:
            data[at:at] = chance.randbytes(chance.randint(1, 40))
    return bytes(data)


class Garbage(HttpCase):
    def throw(self, data, address):
        """Sends, closes the sending side, and reads to the end, which must come."""
        with Client(address) as client:
            try:
                client.send(data)
                client.socket.shutdown(socket.SHUT_WR)
                while client.more():
                    pass
            except (BrokenPipeError, ConnectionResetError):
                pass
            except OSError as error:
                if error.errno != errno.ENOTCONN:  # it had refused and closed before we ended
                    raise
            self.assertTrue(client.buffer[:9] in (b'', b'HTTP/1.1 '), (data, client.buffer))

    def test_damaged_requests(self):
        print('HTTP_GARBAGE_SEED =', SEED)
        chance = random.Random(SEED)
        self.start()
        for i in range(COUNT):
            self.throw(damaged(chance), self.port if i % 2 else self.path)
            self.assertIsNone(self.server.poll(), f'the server ended at {i}')
        with self.client() as client:
            self.assertEqual(client.ask('/fast').body, b'x' * 200)
        self.until(lambda: self.statistics()['connections'] == 1)
        self.assertEqual(self.statistics()['deferred'], 0)
        self.assertGreater(self.statistics()['bad'], COUNT // 4)
        self.assertGreater(self.statistics()['requests'], COUNT // 20)


if __name__ == '__main__':
    main()

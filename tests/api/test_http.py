#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The HTTP server as its clients see it: what is served, what is refused, what is left when they go.
import hashlib
import os
import random
import resource
import socket
import unittest

from http_case import Client, HttpCase, main, request


class Serving(HttpCase):
    def setUp(self):
        super().setUp()
        self.start()

    def test_request_arrives_whole(self):
        with self.client() as client:
            reply = client.ask('/a%20b/%E9%B3%A5?x=1&y=%E5%8F%96+%2B&z', 'POST', b'{"pin":"1"}',
                               ['Idempotency-Key: k-1', 'Content-Type: application/json'])
        self.assertEqual(reply.status, 200)
        seen = reply.json()
        self.assertEqual((seen['method'], seen['path']), ('POST', '/a b/鳥'))
        self.assertEqual(seen['query'], {'x': '1', 'y': '取 +', 'z': ''})
        self.assertEqual(seen['sha256'], hashlib.sha256(b'{"pin":"1"}').hexdigest())
        self.assertEqual((seen['key'], seen['type']), ('k-1', 'application/json'))

    def test_double_slash_of_base64_stays(self):
        with self.public() as client:
            self.assertEqual(client.ask('/ocsp/MEM//w%2F%3D').json()['path'], '/ocsp/MEM//w/=')

    def test_local_peer_is_who_the_kernel_says(self):
        with self.client() as client:
            seen = client.ask('/').json()
        self.assertTrue(seen['local'])
        self.assertEqual((seen['uid'], seen['gid'], seen['pid']),
                         (os.getuid(), os.getgid(), os.getpid()))
        self.assertEqual(sorted(seen['groups']), sorted(os.getgroups()))

    @unittest.skipUnless(os.getuid() == 0, 'only root can be somebody else')
    def test_other_local_user_is_told_apart(self):
        child = os.fork()
        if child == 0:
            os.chmod(self.folder, 0o755)
            os.setgroups([4242, 4343])
            os.setgid(1234)
            os.setuid(1235)
            with self.client() as client:
                seen = client.ask('/').json()
            os._exit(0 if (seen['uid'], seen['gid'], sorted(seen['groups'])) ==
                     (1235, 1234, [4242, 4343]) else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_remote_peer_has_no_uid(self):
        with self.public() as client:
            seen = client.ask('/').json()
        self.assertFalse(seen['local'])
        self.assertEqual((seen['uid'], seen['address']), (2**32 - 1, '127.0.0.1'))

    def test_connection_is_kept(self):
        with self.client() as client:
            for i in range(50):
                self.assertEqual(client.ask(f'/{i}').json()['path'], f'/{i}')
        self.assertEqual(self.statistics()['accepted'], 2)

    def test_connection_close_is_honoured(self):
        with self.client() as client:
            reply = client.ask('/', headers=['Connection: close'])
            self.assertEqual(reply.headers['connection'], 'close')
            self.assertTrue(client.is_ended())

    def test_http_1_0_ends_unless_kept_alive(self):
        with self.public() as client:
            client.send(b'GET /fast HTTP/1.0\r\n\r\n')
            self.assertEqual(len(client.reply().body), 200)
            self.assertTrue(client.is_ended())
        with self.public() as client:
            for _ in range(3):
                client.send(b'GET /fast HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n')
                self.assertEqual(client.reply().headers['connection'], 'keep-alive')

    def test_pipelined_requests_are_answered_in_order(self):
        paths = [f'/{"later" if i % 3 == 0 else "x"}?i={i}' for i in range(200)]
        with self.client() as client:
            client.send(b''.join(request(path, 'POST', b'b' * (i % 7))
                                 for i, path in enumerate(paths)))
            for i in range(len(paths)):
                seen = client.reply().json()
                self.assertEqual((seen['query']['i'], seen['length']), (str(i), i % 7))

    def test_request_in_single_bytes(self):
        with self.client() as client:
            for byte in b'\r\n' + request('/slow', 'POST', b'body'):
                client.send(bytes([byte]))
            self.assertEqual(client.reply().json()['length'], 4)

    def test_empty_line_before_a_request_comes_in_two_pieces(self):
        with self.client() as client, self.client() as other:
            client.send(b'\r')
            self.assertEqual(other.ask('/fast').status, 200)  # by now the server has seen it
            client.send(b'\n' + request('/x', 'POST', b'body'))
            self.assertEqual(client.reply().json()['length'], 4)

    def test_deferred_replies_find_their_connections(self):
        clients = [self.client() for _ in range(40)]
        for turn in range(5):
            for i, client in enumerate(clients):
                client.send(request(f'/later?i={turn}-{i}'))
            order = list(enumerate(clients))
            random.shuffle(order)
            for i, client in order:
                self.assertEqual(client.reply().json()['query'], {'i': f'{turn}-{i}'})
        for client in clients:
            client.socket.close()

    def test_head_has_length_but_no_body(self):
        with self.client() as client:
            reply = client.ask('/fast', 'HEAD')
            self.assertEqual((reply.status, reply.headers['content-length']), (200, '200'))
            self.assertEqual(client.ask('/fast').body, b'x' * 200)

    def test_empty_and_not_modified_have_no_body(self):
        with self.client() as client:
            reply = client.ask('/empty')
            self.assertEqual((reply.status, 'content-length' in reply.headers), (204, False))
            reply = client.ask('/tagged', headers=['If-None-Match: "v0", W/"v1"'])
            self.assertEqual((reply.status, reply.headers['etag']), (304, '"v1"'))
            self.assertEqual(client.ask('/tagged', headers=['If-None-Match: "v12"']).status, 200)

    def test_large_reply_to_a_slow_reader(self):
        with self.client() as client:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.send(request('/large?n=20000000') + request('/fast'))
            self.assertEqual(client.reply().body, b'x' * 20000000)
            self.assertEqual(len(client.reply().body), 200)

    def test_body_up_to_the_limit_of_its_route(self):
        body = random.randbytes(8 * 1024 * 1024)
        with self.client() as client:
            seen = client.ask('/import', 'POST', body).json()
            self.assertEqual(seen['sha256'], hashlib.sha256(body).hexdigest())
            self.assertEqual(client.ask('/x', 'POST', body[:65536]).json()['length'], 65536)
        self.assertEqual(self.refusal(request('/import', 'POST', body + b'x')[:999]), 413)
        self.assertEqual(self.refusal(request('/x', 'POST', body[:65537])), 413)

    def test_refusal_is_read_although_the_client_goes_on_sending(self):
        for client in (self.client(), self.public()):
            with client:
                client.send(request('/x', 'POST', b'x' * 70000))
                client.send(b'x' * 100000)
                self.assertEqual(client.reply().status, 413)

    def test_expect_continue(self):
        with self.client() as client:
            client.send(b'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n'
                        b'Expect: 100-continue\r\n\r\n')
            self.assertEqual(client.reply().status, 100)
            client.send(b'abc')
            self.assertEqual(client.reply().json()['length'], 3)
        self.assertEqual(self.refusal(b'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n'
                                      b'Expect: 100-continue\r\n\r\n'), 413)

    def test_missing_reply_of_a_handler_is_500(self):
        with self.client() as client:
            self.assertEqual(client.ask('/none').status, 500)

    def test_problem_in_two_languages(self):
        with self.client() as client:
            reply = client.ask('/not-allowed')
        self.assertEqual((reply.status, reply.headers['allow']), (405, 'GET, POST'))
        self.assertEqual(reply.json()['type'], 'urn:opcard:problem:usage')
        self.assertEqual(reply.json()['titleJa'], '指定の誤り')


REFUSED = {
    400: [
        b'\x16\x03\x01\x02\x00\x01\x00\n\n', b'GET /\r\n\r\n', b'GET / HTTP/1.1\n\n',
        b' GET / HTTP/1.1\r\n\r\n',
        b'GET  / HTTP/1.1\r\nHost: x\r\n\r\n', b'GET / HTTP/1.1 \r\nHost: x\r\n\r\n',
        b'G\x00T / HTTP/1.1\r\nHost: x\r\n\r\n', b'GET / HTTP/1.1\r\n\r\n',
        b'GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n', b'GET * HTTP/1.1\r\nHost: x\r\n\r\n',
        b'GET x HTTP/1.1\r\nHost: x\r\n\r\n', b'GET /# HTTP/1.1\r\nHost: x\r\n\r\n',
        b'GET /%2 HTTP/1.1\r\nHost: x\r\n\r\n', b'GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n',
        b'GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n', b'GET /a%0d%0ab HTTP/1.1\r\nHost: x\r\n\r\n',
        b'GET /%c0%af HTTP/1.1\r\nHost: x\r\n\r\n', b'GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n',
        '/鳥'.join(['GET ', ' HTTP/1.1\r\nHost: x\r\n\r\n']).encode(),
        b'GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n', b'GET /a/%2e%2E/b HTTP/1.1\r\nHost: x\r\n\r\n',
        b'GET /a%2f..%2fb HTTP/1.1\r\nHost: x\r\n\r\n', b'GET /a/. HTTP/1.1\r\nHost: x\r\n\r\n',
        b'GET /.. HTTP/1.1\r\nHost: x\r\n\r\n',
        b'GET /?a=1&a=1 HTTP/1.1\r\nHost: x\r\n\r\n', b'GET /?a=%00 HTTP/1.1\r\nHost: x\r\n\r\n',
        b'GET /?=1 HTTP/1.1\r\nHost: x\r\n\r\n', b'GET /?a=%e0 HTTP/1.1\r\nHost: x\r\n\r\n',
        b'GET /?' + b'&'.join(b'k%d=' % i for i in range(65)) + b' HTTP/1.1\r\nHost: x\r\n\r\n',
        b'GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n', b'GET / HTTP/1.1\r\nHost : x\r\n\r\n',
        b'GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n',
        b'GET / HTTP/1.1\r\nHost: x\r\nnocolon\r\n\r\n',
        b'GET / HTTP/1.1\r\nHost: x\r\n: v\r\n\r\n',
        b'GET / HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n',
        b'GET / HTTP/1.1\r\nHost: x\r\nA: a\rb\r\n\r\n',
        b'GET / HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n',
        b'GET / HTTP/1.1\r\nHost: x\r\nIdempotency-Key: \xe9\r\n\r\n',
        b'GET / HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\r\nidempotency-key: b\r\n\r\n',
        b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc',
        b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\ncontent-length: 4\r\n\r\nabc',
        b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc',
        b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc',
        b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nabc',
        b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc',
        b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \r\n\r\nabc',
        b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551619\r\n\r\nabc',
        b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc',
        b'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    405: [b'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', b'PATCH / HTTP/1.1\r\nHost: x\r\n\r\n',
          b'get / HTTP/1.1\r\nHost: x\r\n\r\n', b'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n',
          b'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n'],
    411: [b'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    413: [b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999999999\r\n\r\n'],
    417: [b'POST / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\n\r\n'],
    431: [b'GET /' + b'a' * 16384, b'GET / HTTP/1.1\r\nHost: x\r\nA: ' + b'a' * 16384,
          b'GET / HTTP/1.1\r\nHost: x\r\n' + b'A: a\r\n' * 101 + b'\r\n'],
    505: [b'GET / HTTP/2.0\r\nHost: x\r\n\r\n', b'GET / HTTP/1.2\r\nHost: x\r\n\r\n'],
}


class Refusing(HttpCase):
    def test_malformed_requests(self):
        self.start()
        for status, samples in REFUSED.items():
            for sample in samples:
                with self.subTest(sample=sample[:80]):
                    self.assertEqual(self.refusal(sample), status)
                    self.assertEqual(self.refusal(sample, self.port), status)
        self.assertEqual(self.statistics()['requests'], 1)

    def test_nothing_after_a_refused_request_is_served(self):
        self.start()
        self.refusal(b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n'
                     b'Content-Length: 60\r\n\r\nabc' + request('/release'))
        self.assertEqual(self.statistics()['requests'], 1)

    def test_slow_head_and_slow_body_end(self):
        self.start(header_ms=300, body_ms=300)
        with self.client() as head, self.client() as body:
            head.send(b'GET / HTT')
            body.send(b'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
            self.assertEqual((head.reply().status, body.reply().status), (408, 408))

    def test_dripping_head_ends(self):
        self.start(header_ms=300)
        with self.client() as client:
            client.socket.settimeout(0.02)
            reply = None
            for i in range(500):
                try:
                    client.send(b'\r\n' if i < 4 else b'G')
                    reply = client.reply()
                    break
                except TimeoutError:
                    continue
            self.assertEqual(reply.status, 408)

    def test_silent_connections_end_without_a_word(self):
        self.start(header_ms=200, idle_ms=200)
        with self.client() as new, self.client() as used:
            used.ask('/')
            self.assertTrue(new.is_ended())
            self.assertTrue(used.is_ended())

    def test_reader_that_stands_still_ends(self):
        self.start(write_ms=200)
        with self.client() as client:
            client.send(request('/large?n=20000000'))
            self.until(lambda: self.statistics()['connections'] == 1)

    def test_large_bodies_have_a_limit_together_and_small_ones_pass(self):
        self.start(max_bodies=1000000)
        with self.client() as first, self.client() as second, self.client() as small:
            first.send(b'POST /import HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n'
                       b'Expect: 100-continue\r\n\r\n')
            self.assertEqual(first.reply().status, 100)
            second.send(request('/import', 'POST', b'x' * 900000)[:200])
            self.assertEqual(small.ask('/x', 'POST', b'x' * 1000).json()['length'], 1000)
            reply = second.reply()
            self.assertEqual((reply.status, reply.headers['retry-after']), (503, '1'))
        with self.client() as again:
            self.assertEqual(again.ask('/import', 'POST', b'x' * 900000).status, 200)


class Limits(HttpCase):
    def fill(self, address, n):
        clients = [Client(address) for _ in range(n)]
        for client in clients:
            self.assertEqual(client.ask('/fast').status, 200)
        return clients

    def turned_away(self, address):
        with Client(address) as client:
            reply = client.reply()
            self.assertEqual(reply.status, 503)
            self.assertTrue(client.is_ended())

    def check(self, address, n):
        clients = self.fill(address, n)
        for _ in range(3):
            self.turned_away(address)
        for client in clients:
            self.assertEqual(client.ask('/fast').status, 200)
        clients.pop().socket.close()
        self.until(lambda: clients[0].ask('/statistics').json()['connections'] == n - 1)
        clients += self.fill(address, 1)
        self.turned_away(address)
        for client in clients:
            client.socket.close()

    def test_connections_of_one_user(self):
        self.start(max_per_uid=64)
        self.check(self.path, 64)

    def test_connections_of_one_address(self):
        self.start(max_per_address=64)
        self.check(self.port, 64)

    def test_connections_in_all(self):
        self.start(max_connections=20)
        self.check(self.path, 20)

    def test_without_free_descriptors_it_waits_for_some(self):
        self.start()
        resource.prlimit(self.server.pid, resource.RLIMIT_NOFILE, (24, 24))
        clients = [self.client() for _ in range(40)]
        for client in clients:
            client.send(request('/fast'))
        for client in clients:
            self.assertEqual(len(client.reply().body), 200)
            client.socket.close()

    def test_full_public_listener_does_not_shut_the_local_one(self):
        self.start(max_connections=8)
        clients = self.fill(self.port, 8)
        self.turned_away(self.port)
        with self.client() as client:
            self.assertEqual(client.ask('/fast').status, 200)
        for client in clients:
            client.socket.close()


class Leaving(HttpCase):
    def setUp(self):
        super().setUp()
        self.start(stop_ms=600000)

    def test_gone_before_the_reply(self):
        for _ in range(30):
            with self.client() as client:
                client.send(request('/later'))
            with self.client() as client:
                client.send(request('/import', 'POST', b'x' * 1000000)[:500000])
        self.until(lambda: self.statistics()['connections'] == 1)
        self.assertEqual(self.statistics()['deferred'], 0)

    def test_dead_long_poll_is_noticed_at_once(self):
        clients = [self.client() for _ in range(30)]
        for client in clients:
            client.send(request('/hold'))
        self.until(lambda: self.statistics()['deferred'] == 30)
        for client in clients[:29]:
            client.socket.close()
        self.until(lambda: self.statistics()['deferred'] == 1)
        with self.client() as client:
            client.ask('/release')
        self.assertEqual(clients[29].reply().body, b'released')
        clients[29].socket.close()

    def test_half_closed_client_still_gets_its_reply(self):
        with self.client() as client:
            client.send(request('/hold') + request('/fast'))
            client.socket.shutdown(socket.SHUT_WR)
            self.until(lambda: self.statistics()['deferred'] == 1)
            with self.client() as other:
                other.ask('/release')
            self.assertEqual(client.reply().body, b'released')
            self.assertEqual(len(client.reply().body), 200)
            self.assertTrue(client.is_ended())

    def test_stop_waits_for_replies_and_accepts_no_more(self):
        with self.client() as waiting, self.client() as idle, self.client() as other:
            idle.ask('/')
            other.ask('/')
            waiting.send(request('/hold'))
            self.until(lambda: self.statistics()['deferred'] == 1)
            other.send(request('/hold') + request('/release'))
            self.until(lambda: self.statistics()['deferred'] == 2)
            self.server.terminate()
            self.assertTrue(idle.is_ended())
            self.assertFalse(os.path.exists(self.path))
            self.assertIsNone(self.server.poll())
        self.assertEqual(self.server.wait(60), 0)

    def test_stop_has_an_end(self):
        self.stop()
        self.start(stop_ms=100)
        with self.client() as waiting:
            waiting.send(request('/hold'))
            self.until(lambda: self.statistics()['deferred'] == 1)
            self.assertEqual(self.stop(), 0)
            self.assertTrue(waiting.is_ended())


if __name__ == '__main__':
    main()

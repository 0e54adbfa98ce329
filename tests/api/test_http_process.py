#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The HTTP server as a process: its socket files, and what its memory remembers.
import os
import random
import socket
import stat
import subprocess

from http_case import SERVER, HttpCase, main, request


class Forgetting(HttpCase):
    """No PIN of a finished request stays in the server's memory, wherever the request ended."""

    def memory_holds(self, marker):
        with open(f'/proc/{self.server.pid}/maps') as maps, \
             open(f'/proc/{self.server.pid}/mem', 'rb', buffering=0) as memory:
            for line in maps:
                span, rights = line.split()[:2]
                start, end = (int(x, 16) for x in span.split('-'))
                is_special = line.endswith(']\n') and not line.endswith(('[heap]\n', '[stack]\n'))
                if is_special or not rights.startswith('rw') or end - start > 1 << 30:
                    continue
                memory.seek(start)
                if marker in memory.read(end - start):
                    return True
        return False

    def leave_in_the_middle(self, marker):
        """In many places at once: one freed block is easily overwritten by chance, not all."""
        many = b'{"pins":["%s"]}' % b'","'.join([marker] * 300)
        clients = [self.client() for _ in range(40)]
        for i, client in enumerate(clients):
            self.assertEqual(client.ask('/json', 'POST', many).status, 204)
            self.assertEqual(client.ask('/json', 'POST', many[:-1]).status, 400)
            client.send(request('/x', 'POST', marker * (20 + i))[:-1] if i % 2 else
                        b'GET / HTTP/1.1\r\nX-Pin: ' + marker * (20 + i))
        for client in clients:
            client.socket.close()

    def test_bodies_are_erased(self):
        self.start(body_ms=300)
        marker = b'%016x' % random.randrange(2**64)
        sound = b'{"pin":"%s","more":{"x":["%s"]}}' % (marker, marker)
        with self.client() as client:
            client.send(request('/hold', 'POST', sound))
            self.until(lambda: self.statistics()['deferred'] == 1)
            client.send(request('/x', 'POST', sound) * 3)
            with self.client() as other:
                other.ask('/release')
            for _ in range(4):
                self.assertEqual(client.reply().status, 200)
            self.assertEqual(client.ask('/json', 'POST', sound).status, 204)
            for i in range(1, len(sound)):
                self.assertEqual(client.ask('/json', 'POST', sound[:i]).status, 400)
            self.assertEqual(client.ask('/later', 'POST', sound).status, 200)
            self.assertEqual(client.ask('/import', 'POST', marker * 40000).status, 200)
            client.send(request('/x', 'POST', marker * 100)[:-1])
            self.assertEqual(client.reply().status, 408)
            client.send(marker)
        with self.client() as client:
            client.send(request('/import', 'POST', marker * 40000)[:-1])
        self.assertEqual(self.refusal(request('/x', 'PATCH', sound)), 405)
        self.assertEqual(self.refusal(request('/x', 'POST', marker * 5000)), 413)
        self.assertEqual(self.refusal(b'A: ' + marker * 250 + b'x' * 96 + b'\n'), 400)
        self.leave_in_the_middle(marker)
        self.until(lambda: self.statistics()['connections'] == 1)
        self.until(lambda: not self.memory_holds(marker))

    def test_the_search_would_find_it(self):
        self.start()
        marker = b'%016x' % random.randrange(2**64)
        with self.client() as client:
            client.send(request('/x', 'POST', marker * 2)[:-1])
            self.until(lambda: self.memory_holds(marker))


class Sockets(HttpCase):
    def test_mode_of_the_socket(self):
        before = os.umask(0o077)
        try:
            self.start()
        finally:
            os.umask(before)
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o666)
        self.assertEqual(self.stop(), 0)
        self.assertFalse(os.path.exists(self.path))

    def test_stale_socket_is_replaced(self):
        stale = socket.socket(socket.AF_UNIX)
        stale.bind(self.path)
        stale.close()
        self.start()
        with self.client() as client:
            self.assertEqual(client.ask('/fast').status, 200)

    def refused(self):
        done = subprocess.run([SERVER, self.path], capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        return done.stderr.decode()

    def test_living_socket_is_left_alone(self):
        self.start()
        self.assertIn('another program answers', self.refused())
        with self.client() as client:
            self.assertEqual(client.ask('/fast').status, 200)

    def test_other_files_are_left_alone(self):
        with open(self.path, 'w') as file:
            file.write('precious')
        self.assertIn('not a socket', self.refused())
        with open(self.path) as file:
            self.assertEqual(file.read(), 'precious')

    def test_replaced_socket_is_not_removed_at_the_end(self):
        self.start()
        os.unlink(self.path)
        with open(self.path, 'w'):
            pass
        self.assertEqual(self.stop(), 0)
        self.assertTrue(os.path.exists(self.path))

    def test_socket_passed_by_systemd(self):
        passed = socket.socket(socket.AF_UNIX)
        passed.bind(self.path)
        passed.listen()
        inode = os.stat(self.path).st_ino
        self.server = subprocess.Popen(
            ['bash', '-c', f'exec 3<&{passed.fileno()}; '
             f'LISTEN_PID=$$ LISTEN_FDS=1 exec "{SERVER}" "{self.path}"'],
            stdout=subprocess.PIPE, pass_fds=[passed.fileno()])
        passed.close()
        self.port = int(self.server.stdout.readline())
        with self.client() as client:
            self.assertEqual(client.ask('/fast').status, 200)
        self.assertEqual(self.stop(), 0)
        self.assertEqual(os.stat(self.path).st_ino, inode)


if __name__ == '__main__':
    main()

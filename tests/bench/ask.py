# SPDX-License-Identifier: Apache-2.0
# OCSP requests made from one that openssl wrote, and what becomes of a server that gets many.
import os
import socket
import struct
import subprocess

import measure

def make_request(folder, certificate, serial, nonce=False):
    path = os.path.join(folder, 'request.der')
    subprocess.run(['openssl', 'ocsp', '-sha1', '-issuer', certificate, '-serial',
                    '0x' + serial.hex(), '-nonce' if nonce else '-no_nonce', '-reqout', path], check=True,
                   capture_output=True)
    with open(path, 'rb') as file:
        return file.read()


class Questions:
    """Requests about many serials: one by openssl, its serial replaced. With a nonce, one nonce a
    serial; our responder does not care whether it saw it before."""

    def __init__(self, folder, certificate, serials, nonce=False):
        first = make_request(folder, certificate, serials[0], nonce)
        self.bodies = [first.replace(serials[0], serial) for serial in serials]
        self.path = os.path.join(folder, 'bodies-%d' % nonce)
        with open(self.path, 'wb') as file:
            for body in self.bodies:
                file.write(struct.pack('>H', len(body)) + body)


def ask_once(port, body, path='/ocsp'):
    """The answer's bytes, or nothing where nobody listens yet."""
    try:
        with socket.create_connection(('127.0.0.1', port)) as peer:
            peer.sendall(('POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/ocsp-request\r\n'
                          'Connection: close\r\nContent-Length: %d\r\n\r\n' % (path, len(body))).encode() + body)
            data = b''
            while part := peer.recv(65536):
                data += part
            return data.split(b'\r\n\r\n', 1)[1]
    except (ConnectionError, IndexError):
        return b''


def cpu_seconds(pids):
    ticks = 0
    for pid in pids:
        with open('/proc/%d/stat' % pid, encoding='ascii') as file:
            fields = file.read().rsplit(')', 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf('SC_CLK_TCK')


class Load:
    """What one run of ask_load did to a server."""

    def __init__(self, pids, port, questions, seconds, path='/ocsp', kept=True, connections=32):
        before = cpu_seconds(pids)
        output = subprocess.run([measure.program('tests/bench/ask-load'), str(port), path, questions.path,
                                 str(seconds), str(connections), 'keep' if kept else 'close'],
                                capture_output=True, text=True, check=True).stdout.split()
        self.cpu = cpu_seconds(pids) - before
        self.requests, self.failed = int(output[0]), int(output[1])
        self.rate = self.requests / float(output[2])

    @property
    def each(self):
        """CPU seconds of the server a request."""
        return self.cpu / self.requests if self.requests else float('nan')

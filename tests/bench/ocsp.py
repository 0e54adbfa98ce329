# SPDX-License-Identifier: Apache-2.0
# How many OCSP requests a second, on new and on kept connections, and what each costs.
import contextlib
import os
import shutil
import signal
import subprocess
import time

import ask
import fill
import measure
import revoke
import served
import startup
from measure import benchmark

CERTIFICATES = int(os.environ.get('OPCARD_BENCH_MANY', '1000000'))
SERIALS = 10000
SECONDS = int(os.environ.get('OPCARD_BENCH_SECONDS', '3'))
ROUNDS = max(3, measure.ROUNDS // 3)


@contextlib.contextmanager
def stopped(process):
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def openssl(folder):
    """`openssl ocsp` on 100,000 lines."""
    authority = revoke.Authority(folder, 100000, 0.1)
    port = served.free_port()
    key, certificate = (os.path.join(authority.folder, name) for name in ('ca.pem', 'ca.crt'))
    process = subprocess.Popen(
        ['openssl', 'ocsp', '-index', os.path.join(authority.folder, 'index.txt'), '-port', str(port), '-rsigner',
         certificate, '-rkey', key, '-CA', certificate, '-ignore_err'], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    questions = ask.Questions(authority.folder, certificate, [fill.serial(i) for i in range(SERIALS)])
    while not ask.ask_once(port, questions.bodies[0], '/'):
        time.sleep(0.05)
    return process, port, questions


def nginx(folder, size):
    """nginx answering as many bytes from its configuration."""
    place = os.path.join(folder, 'nginx')
    os.mkdir(place)
    port = served.free_port()
    with open(os.path.join(place, 'conf'), 'w', encoding='ascii') as file:
        file.write('daemon off; worker_processes 1; pid %(p)s/pid; error_log %(p)s/log; %(user)s\n'
                   'events { worker_connections 1024; }\n'
                   'http { access_log off; client_body_temp_path %(p)s/a; proxy_temp_path %(p)s/b; fastcgi_temp_path '
                   '%(p)s/c; uwsgi_temp_path %(p)s/d; scgi_temp_path %(p)s/e; keepalive_requests 100000000;\n'
                   'server { listen 127.0.0.1:%(port)d; location / { return 200 "%(text)s"; } } }\n' %
                   {'p': place, 'port': port, 'text': 'x' * size, 'user': 'user root;' if os.geteuid() == 0 else ''})
    process = subprocess.Popen(['nginx', '-e', os.path.join(place, 'log'), '-c', os.path.join(place, 'conf')],
                               stderr=subprocess.DEVNULL)
    while not ask.ask_once(port, b'x'):
        time.sleep(0.05)
    with open('/proc/%d/task/%d/children' % (process.pid, process.pid), encoding='ascii') as file:
        workers = [int(pid) for pid in file.read().split()]
    return process, [process.pid] + workers, port


class Bench:
    """One filled opcardd and what to ask it."""

    def __init__(self, daemon):
        self.daemon, folder = daemon, daemon.folder
        fill.furnish_narrow(daemon, fill.Shape(CERTIFICATES, records=startup.RECORDS))
        daemon.start()
        self.certificate = os.path.join(folder, 'ca.pem')
        serials = [fill.serial(i * (CERTIFICATES // SERIALS)) for i in range(min(SERIALS, CERTIFICATES))]
        self.plain = ask.Questions(folder, self.certificate, serials)
        self.with_nonce = ask.Questions(folder, self.certificate, serials, nonce=True)
        self.size = len(ask.ask_once(daemon.port, self.plain.bodies[0]))

    def load(self, questions, seconds=SECONDS, kept=True):
        return ask.Load([self.daemon.process.pid], self.daemon.port, questions, seconds, kept=kept)


def middle(loads, value):
    return measure.percentile([value(load) for load in loads], 0.5)


def compare_new(bench):
    process, port, questions = openssl(bench.daemon.folder)
    with stopped(process):
        ours, peer = [], []
        for _ in range(ROUNDS):
            ours.append(bench.load(bench.plain, kept=False))
            peer.append(ask.Load([process.pid], port, questions, SECONDS, '/', False))
    rates = [middle(loads, lambda load: load.rate) for loads in (ours, peer)]
    measure.report('ocsp-new', rates[0] / rates[1], '%.0f/s' % rates[0], '%.0f/s (openssl)' % rates[1], '>=2.5')
    failed = sum(load.failed for load in ours)
    measure.note('ocsp-new: CPU a request %s, %d failed; openssl %s' %
                 (measure.time_text(middle(ours, lambda load: load.each)), failed,
                  measure.time_text(middle(peer, lambda load: load.each))))


def compare_kept(bench):
    if shutil.which('nginx') is None:
        measure.note('ocsp-kept: nginx is not installed')
        return
    process, pids, port = nginx(bench.daemon.folder, bench.size)
    with stopped(process):
        ours, peer = [], []
        for _ in range(ROUNDS):
            ours.append(bench.load(bench.plain))
            peer.append(ask.Load(pids, port, bench.plain, SECONDS))
    rates = [middle(loads, lambda load: load.rate) for loads in (ours, peer)]
    each = [middle(loads, lambda load: load.each) for loads in (ours, peer)]
    measure.report('ocsp-kept', rates[0] / rates[1], '%.0f/s, %.0f/s a core' % (rates[0], 1 / each[0]),
                   '%.0f/s (nginx)' % rates[1], ' ours>=60000/s a core')
    measure.report_times('ocsp-cpu', each[0], each[1], '<=3')


def served_ocsp(compare):
    with served.daemon() as daemon:
        bench = Bench(daemon)
        cold = bench.load(bench.plain, seconds=1)
        for one in compare:
            one(bench)
        nonce = bench.load(bench.with_nonce)
        measure.note('ocsp: %d certificates, %d serials asked; first second cold %.0f/s; with nonce %.0f/s, CPU %s' %
                     (CERTIFICATES, SERIALS, cold.rate, nonce.rate, measure.time_text(nonce.each)))


@benchmark('ocsp-new')
def ocsp_new():
    served_ocsp([compare_new])


@benchmark('ocsp-kept')
@benchmark('ocsp-cpu')
def ocsp_kept():
    """Either name prints both: they come from the same runs."""
    served_ocsp([compare_kept])

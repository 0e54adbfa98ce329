# SPDX-License-Identifier: Apache-2.0
# How the benchmarks measure: ours and the peer by turns in the same minute, medians, one line each.
# Nothing is asserted; a shared machine proves nothing by one figure.
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time

NAMES = {}  # name → function, in the order of definition
ROUNDS = int(os.environ.get('OPCARD_BENCH_ROUNDS', '15'))
BUILD = os.environ.get('OPCARD_BUILD', '')
FOLDER = os.environ.get('OPCARD_BENCH_FOLDER') or None  # the disk to measure on


def benchmark(name):
    """The function behind it is run by `run NAME`."""
    def enter(function):
        NAMES[name] = function
        return function
    return enter


def program(name):
    path = os.path.join(BUILD, name)
    if not os.access(path, os.X_OK):
        sys.exit('%s is not built; set OPCARD_BUILD to a build folder' % path)
    return path


def folder():
    return tempfile.TemporaryDirectory(prefix='opcard-bench-', dir=FOLDER, ignore_cleanup_errors=True)


def seconds(action, *args):
    begin = time.perf_counter()
    action(*args)
    return time.perf_counter() - begin


def by_turns(ours, peer, rounds=ROUNDS):
    """Medians of both in seconds. Each is called with the number of its round and returns seconds."""
    times = ([], [])
    for i in range(rounds):
        for kept, action in zip(times, (ours, peer) if i % 2 == 0 else (peer, ours)):
            kept.append(action(i))
    return [statistics.median(kept) for kept in times]


def percentile(times, share):
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def time_text(value):
    if value < 0.001:
        return '%.1fµs' % (value * 1e6)
    return '%.2fms' % (value * 1e3) if value < 1 else '%.2fs' % value


def report(name, ratio, ours, peer, want):
    print('%s ratio=%s ours=%s peer=%s want%s' %
          (name, 'none' if ratio is None else '%.2f' % ratio, ours, peer, want), flush=True)


def report_times(name, ours, peer, want):
    report(name, ours / peer, time_text(ours), time_text(peer), want)


def note(text):
    print('# ' + text, flush=True)


def run(arguments, environment=None):
    """Seconds of a program from its start to its end, without Python's own fork."""
    begin = time.perf_counter()
    pid = os.posix_spawn(arguments[0], arguments, os.environ if environment is None else environment)
    _, status = os.waitpid(pid, 0)
    if status != 0:
        sys.exit('%s failed' % ' '.join(arguments))
    return time.perf_counter() - begin


def sync_once(file):
    os.pwrite(file, b'x' * 4096, 0)
    os.fsync(file)


def calibrate():
    """What this machine can do at the moment: every figure is to be read beside it."""
    with folder() as place:
        file = os.open(os.path.join(place, 'sync'), os.O_CREAT | os.O_WRONLY, 0o600)
        syncs = [seconds(sync_once, file) for _ in range(50)]
        os.close(file)
    spawns = [run(['/bin/true']) for _ in range(20)]
    speed = subprocess.run(['openssl', 'speed', '-seconds', '1', 'ecdsap256'], capture_output=True,
                           text=True, check=False).stdout.split()
    sign = 1 / float(speed[-2]) if speed else 0
    digest = seconds(lambda: hashlib.sha256(bytes(64 << 20)).digest())
    note('calibration: fsync of 4 KiB %s (p90 %s), P-256 signature %s, exec of /bin/true %s, '
         'SHA-256 of 64 MiB %s, load %.1f' %
         (time_text(statistics.median(syncs)), time_text(percentile(syncs, 0.9)), time_text(sign),
          time_text(statistics.median(spawns)), time_text(digest), os.getloadavg()[0]))

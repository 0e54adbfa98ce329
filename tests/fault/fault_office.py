# SPDX-License-Identifier: Apache-2.0
"""A municipality in a temporary folder that can be broken: opcardd with readers, opcardctl in the
accounts of four persons, kill and restart, and its whole state saved and brought back."""

import datetime
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

import power

TOP = pathlib.Path(__file__).resolve().parents[2]
CUSTODIAN, ADMIN, MANAGER, HOLDER = "007315", "004102", "005021", "012345"
SECOND_HOLDER, SECOND_MANAGER, THIRD_HOLDER, WITNESS = "013002", "006240", "012990", "011208"
CHIEF, SECOND_ADMIN = "000001", "004110"
UIDS = {CUSTODIAN: 61001, ADMIN: 61002, MANAGER: 61003, HOLDER: 61004, SECOND_HOLDER: 61005,
        CHIEF: 61006, SECOND_ADMIN: 61007, SECOND_MANAGER: 61008}
READERS = ("reader1", "reader2")
OURS = ("state", "public", "secret")  # what the daemon writes; cards and tokens are disks of their own
PATIENCE = 60.0


class Broken(Exception):
    """The office does not do what it must for the test to go on."""


def wait_for(what, condition, patience=PATIENCE):
    """Polls; the patience only bounds a test that hangs."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Broken(f"waited in vain: {what}")
        time.sleep(0.01)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("opcardd", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.path)


class Office:
    def __init__(self, folder, build):
        self.folder = pathlib.Path(folder)
        self.build = pathlib.Path(build)
        self.world = self.folder / "world"
        self.pins = set()  # typed so far
        self.saved = {}  # configurations
        self.run = self.folder / "run"
        self.socket = self.run / "opcardd.sock"
        self.port = free_port()
        self.daemon = None
        self.log = self.folder / "opcardd.log"
        self.folder.chmod(0o755)
        self.shim = self.build / "tests/fault/libpower.so"
        self.stumbling = self.build / "tests/fault/libstumbling-module.so"
        self.journal = self.folder / "journal"
        self.gate = self.folder / "gate"  # failpoints count from the moment it is there
        self.control = power.Control(self.folder / "control")
        self.disk = None
        self.run.mkdir()
        shutil.copy2(self.build / "opcardctl", self.run / "opcardctl")
        for part in ("readers/reader1", "readers/reader2", "drawer", "public"):
            (self.world / part).mkdir(parents=True)
        for part in ("secret", "state"):
            (self.world / part).mkdir(mode=0o700)
        self.make_token()
        self.config = self.folder / "opcardd.conf"
        self.config.write_text(self.configuration(), encoding="utf-8")

    def make_token(self):
        """A token on which a CA key could live."""
        (self.world / "hsm").mkdir(mode=0o700)
        configuration = self.folder / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {self.world}/hsm\nobjectstore.backend = file\n",
                                 encoding="utf-8")
        subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "ca", "--so-pin", "12345678",
                        "--pin", "token-pin"], check=True, capture_output=True,
                       env=dict(os.environ, SOFTHSM2_CONF=str(configuration)))
        pin = self.world / "secret" / "ca.pin"
        pin.write_text("token-pin\n", encoding="utf-8")
        pin.chmod(0o600)

    def configuration(self):
        today = datetime.date.today().isoformat()
        if os.getuid() == 0:
            accounts = "\n".join(f"uid:{uid} = staff:{staff}" for staff, uid in UIDS.items())
            exception = "# no exception"
        else:
            accounts = f"uid:{os.getuid()} = staff:{ADMIN}"
            exception = f"separation-exception = {today} one account only"
        readers = ", ".join(f"dir:{self.world}/readers/{name}" for name in READERS)
        return f"""[organisation]
name = 鳥取県
[daemon]
state-dir = {self.world}/state
public-dir = {self.world}/public
socket = {self.socket}
libexec-dir = {self.build}
[cards]
family = softhsm
module = {self.stumbling}
readers = {readers}
master-key = file:{self.world}/secret/master.key
[ca]
module = /usr/lib/softhsm/libsofthsm2.so
pin = file:{self.world}/secret/ca.pin
token-dir = {self.world}/hsm
crl-url = http://127.0.0.1:{self.port}/crl/opcard.crl
ocsp-url = http://127.0.0.1:{self.port}/ocsp
[public]
listen = 127.0.0.1:{self.port}
[forms]
folder = {TOP}/forms
[accounts]
{accounts}
[roles]
system-admin = post:情報政策課長
custodian = staff:{CUSTODIAN if os.getuid() == 0 else ADMIN}
chief = staff:{CHIEF if os.getuid() == 0 else ADMIN}
[break-glass]
night-desk = staff:{MANAGER}
[permit]
一般操作者 = employment:会計年度任用職員
[policy]
{exception}
"""

    # --- the daemon ---

    def start(self, failpoints=None, is_watched=False):
        """@is_watched: its file operations can be made to fail, and lose_power() works after it."""
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith("OPCARD_")}
        if failpoints:
            environment["OPCARD_FAILPOINTS"] = failpoints
            environment["OPCARD_FAILPOINTS_GATE"] = str(self.gate)
        self.disk = power.Disk([self.world / part for part in OURS]) if is_watched else None
        self.journal.unlink(missing_ok=True)
        if is_watched:
            environment |= {"LD_PRELOAD": str(self.shim), "POWER_ROOT": str(self.world),
                            "POWER_JOURNAL": str(self.journal),
                            "POWER_CONTROL": str(self.control.path)}
        with open(self.log, "ab") as log:
            self.daemon = subprocess.Popen(
                [self.build / "opcardd", "--config", self.config], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, env=environment, start_new_session=True)

    def serves(self):
        try:
            return self.get("/whoami") is not None
        except (OSError, http.client.HTTPException):
            return False

    def is_alive(self):
        return self.daemon is not None and self.daemon.poll() is None

    def open_gate(self, is_open):
        if is_open:
            self.gate.touch()
        else:
            self.gate.unlink(missing_ok=True)

    def up(self, failpoints=None, is_watched=False):
        self.start(failpoints, is_watched)
        wait_for("opcardd answers", lambda: self.serves() or not self.is_alive())
        if not self.is_alive():
            raise Broken(f"opcardd did not start: {self.tail()}")

    def lose_power(self, how, chance):
        """What the dead daemon had not synced is lost, all or by chance. Gives what it signed."""
        signed = self.disk.replay(self.journal)
        self.disk.cut(how, chance)
        self.disk.write()
        self.disk = None
        return signed

    def signed(self):
        """What the watched daemon signed so far."""
        if not self.journal.exists():
            return []
        return [one[6] for one in power.records(self.journal) if one[0] == "G"]

    def wait_killed(self):
        """True when the daemon died by SIGKILL, as a failpoint does it."""
        wait_for("the daemon dies", lambda: not self.is_alive())
        return self.daemon.returncode == -signal.SIGKILL

    def end_children(self):
        """As the service manager does: what a dead daemon left running is ended, by its id."""
        mark = str(self.build / "opcard-card").encode()
        for task in os.listdir("/proc/self/task"):
            for pid in pathlib.Path("/proc/self/task", task, "children").read_text().split():
                if pathlib.Path("/proc", pid, "cmdline").read_bytes().split(b"\0")[0] == mark:
                    end_child(int(pid))

    def kill(self):
        if self.is_alive():
            self.daemon.kill()
        if self.daemon is not None:
            self.daemon.wait()
        self.daemon = None

    def stop(self):
        """The ordinary end; a leak or a sanitizer's report makes it fail."""
        if self.daemon is None:
            return
        if self.is_alive():
            self.daemon.terminate()
        try:
            code = self.daemon.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Broken("opcardd did not stop") from None
        self.daemon = None
        if code != 0:
            raise Broken(f"opcardd ended with {code}: {self.tail()}")

    def tail(self):
        return self.log.read_text(encoding="utf-8", errors="replace")[-1500:]

    # --- what people do ---

    def start_ctl(self, staff, *arguments, pins=()):
        command = [self.run / "opcardctl", "--socket", self.socket, "--no-input", *arguments]
        extra, options = (), {}
        self.pins |= set(pins)
        if pins:
            read, write = os.pipe()
            os.write(write, "".join(pin + "\n" for pin in pins).encode())
            os.close(write)
            extra = (read,)
            command += ["--pin-fd", str(read)]
        if os.getuid() == 0 and staff is not None:
            options = {"user": UIDS[staff], "group": UIDS[staff], "extra_groups": []}
        process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, pass_fds=extra, text=True,
            env=dict(os.environ, LC_ALL="C.UTF-8"), **options)
        for fd in extra:
            os.close(fd)
        return process

    def ctl(self, staff, *arguments, pins=()):
        process = self.start_ctl(staff, *arguments, pins=pins)
        output, errors = process.communicate(timeout=2 * PATIENCE)
        return process.returncode, output, errors

    def must(self, staff, *arguments, pins=()):
        code, output, errors = self.ctl(staff, *arguments, pins=pins)
        if code != 0:
            raise Broken(f"opcardctl {' '.join(map(str, arguments))}: exit {code}: {errors}{output}")
        return output

    def get(self, path):
        connection = UnixConnection(str(self.socket))
        try:
            connection.request("GET", "/api/v1" + path)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        return json.loads(body) if answer.status == 200 else None

    def post(self, staff, path, body, key):
        """One request with a chosen Idempotency-Key in the account of a person: (status, answer),
        status 0 when the daemon died over it."""
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                if os.getuid() == 0:
                    os.setgroups([])
                    os.setgid(UIDS[staff])
                    os.setuid(UIDS[staff])
                os.write(write, json.dumps(self.post_here(path, body, key)).encode())
            finally:
                os._exit(0)
        os.close(write)
        with os.fdopen(read) as answer:
            text = answer.read()
        os.waitpid(child, 0)
        return json.loads(text)

    def post_here(self, path, body, key):
        connection = UnixConnection(str(self.socket))
        try:
            connection.request("POST", "/api/v1" + path, json.dumps(body), {
                "Content-Type": "application/json", "Idempotency-Key": key})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            return 0, {}

    def ask_public(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            return connection.getresponse().read()
        finally:
            connection.close()

    # --- cards in hands ---

    def pull(self, reader="reader1"):
        for token in self.tokens(reader):
            shutil.move(str(token), str(self.world / "drawer" / token.name))

    def insert(self, card, reader="reader1"):
        """The card with the chip that the register knows for it."""
        chip = self.sql("SELECT chip_serial FROM card WHERE number = ?", card)[0][0]
        for token in (self.world / "drawer").iterdir():
            if chip is not None and token_serial(token) == chip:
                shutil.move(str(token), str(self.world / "readers" / reader / token.name))
                return
        raise Broken(f"card {card} (chip {chip}) is not in the drawer")

    def stumble_at(self, folder, number, answer):
        """The @number-th call about the token in @folder fails with @answer, or kills opcard-card;
        0: no more."""
        if folder is None:
            return
        path = self.world / folder / "stumble"
        if number == 0:
            path.unlink(missing_ok=True)
        else:
            path.write_text(f"{number} {answer}\n", encoding="ascii")

    def card_calls(self, folder):
        path = self.world / (folder or "") / "calls"
        return int(path.read_text(encoding="ascii")) if path.exists() else 0

    def tokens(self, reader):
        return [entry for entry in (self.world / "readers" / reader).iterdir() if entry.is_dir()]

    # --- the records ---

    def database(self):
        """One moment of it. Of a dead daemon the files are copied before, so that looking does not
        clean up what a restart must find."""
        path = f"{self.world}/state/opcard.db"
        if self.is_alive():
            store = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
            store.execute("BEGIN")
            return store
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            for end in ("", "-wal"):
                if os.path.exists(path + end):
                    shutil.copy(path + end, f"{folder}/opcard.db{end}")
            copy = sqlite3.connect(":memory:")
            source = sqlite3.connect(f"{folder}/opcard.db")
            source.backup(copy)
            source.close()
        return copy

    def sql(self, query, *values):
        with contextlib.closing(self.database()) as store:
            return store.execute(query, values).fetchall()

    def rows(self, query, *values):
        """The same with the columns by name."""
        with contextlib.closing(self.database()) as store:
            store.row_factory = sqlite3.Row
            return store.execute(query, values).fetchall()

    def has_tables(self):
        return bool(self.sql("SELECT 1 FROM sqlite_master WHERE name = 'certificate'"))

    def state(self, card):
        return self.sql("SELECT state FROM card WHERE number = ?", card)[0][0]

    def save(self, name):
        """The configuration with it: a module may have added to it, an operation may change it."""
        self.saved[name] = self.config.read_bytes()
        shutil.rmtree(self.folder / name, ignore_errors=True)
        shutil.copytree(self.world, self.folder / name, symlinks=True)

    def change(self, statement, *values):
        """No daemon runs."""
        with contextlib.closing(sqlite3.connect(f"{self.world}/state/opcard.db")) as store, store:
            store.execute(statement, values)

    def age_pin(self, card, days):
        """As if its PIN had been changed so long ago; no daemon runs."""
        self.change("UPDATE pin SET changed_at = changed_at - ? WHERE card = ?", days * 86400, card)

    def restore(self, name):
        """Always at the same place, because the configuration names it."""
        shutil.rmtree(self.world)
        shutil.copytree(self.folder / name, self.world, symlinks=True)
        self.config.write_bytes(self.saved[name])


def end_child(pid):
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass  # it has ended by itself


def token_serial(token):
    """Serial of a SoftHSM token folder."""
    from softhsm_folder import SERIAL, attributes
    try:
        serial = attributes(token / "token.object").get(SERIAL, b"")
    except (OSError, ValueError):
        return None
    return serial.decode("ascii", "replace").strip()

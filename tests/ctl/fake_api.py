# SPDX-License-Identifier: Apache-2.0
"""opcardd as opcardctl sees it: answers from a table, on a unix socket, and remembers every request."""
import http.server
import json
import os
import socketserver
import threading
import urllib.parse


class Request:
    def __init__(self, method, target, headers, body):
        split = urllib.parse.urlsplit(target)
        self.method = method
        self.target = target
        self.path = split.path.removeprefix("/api/v1")
        self.query = dict(urllib.parse.parse_qsl(split.query))
        self.headers = headers
        self.raw = body
        self.json = json.loads(body) if body else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(self.command, self.path, dict(self.headers), self.rfile.read(length))
        self.server.api.requests.append(request)
        reply = self.server.api.reply(request)
        if reply is None:  # as a daemon that is killed
            self.close_connection = True
            return
        status, kind, body = reply
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def address_string(self):
        return "unix"

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class FakeApi:
    """routes: "METHOD /path" → value, or a function of the request. A value is a JSON document
    (200), a pair (status, document), bytes (a PDF), or None (the connection breaks). A list of
    values in `Turns` is answered one after another."""

    def __init__(self, folder):
        self.socket = os.path.join(folder, "api.sock")
        self.routes = {}
        self.requests = []
        self.server = Server(self.socket, Handler)
        self.server.api = self
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def reply(self, request):
        value = self.routes.get(f"{request.method} {request.path}",
                                (404, problem("not-found", 404, 4)))
        if isinstance(value, Turns):
            value = value.pop()
        if callable(value):
            value = value(request)
        if value is None:
            return None
        if isinstance(value, bytes):
            return 200, "application/pdf", value
        status, document = value if isinstance(value, tuple) else (200, value)
        is_problem = status >= 400 or status == 207
        kind = "application/problem+json" if is_problem else "application/json"
        if document is None:
            return status, "text/html", b"<h1>no</h1>"
        return status, kind, json.dumps(document, ensure_ascii=False).encode()

    def posts(self):
        return [request for request in self.requests if request.method == "POST"]


class Turns(list):
    """The last one is answered for ever."""

    def pop(self):
        return super().pop(0) if len(self) > 1 else self[0]


def problem(name, status, code, **more):
    return {"type": "urn:opcard:problem:" + name, "title": "Title " + name, "titleJa": "題名",
            "detail": "The card is not there.", "detailJa": "カードがありません。",
            "status": status, "exit": code, **more}


def card(number="OP000001", state="ACTIVE", name="鳥取 太郎", **more):
    return {"card": number, "kind": "operator", "authority": "一般", "state": state, "reasons": [],
            "place": "総務課金庫", "chipSerial": "0123456789ABCDEF", "issuedOn": "2026-04-01",
            "lentOn": "2026-04-02", "checkedOn": None, "returnedOn": None,
            "holder": {"staff": "012345", "name": name, "section": "総務課", "subsection": "庶務係",
                       "title": "主事"},
            "certificate": {"serial": "4A01", "state": "VALID", "reason": None,
                            "notAfter": "2031-03-31T23:59:59+09:00"},
            "pin": {"state": "VALID", "changedOn": "2026-04-02", "due": "2026-10-02"},
            "duty": None, **more}


def job(number="OP000001", state="done", steps=(), **more):
    return {"id": "I-2026-000012", "kind": "issue", "card": number, "state": state,
            "steps": [{"n": n, "name": f"step{n}", "en": f"Step {n}", "ja": f"手順{n}"}
                      for n in steps],
            "result": card(number) if state == "done" else None, "problem": None, **more}

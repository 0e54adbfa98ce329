# SPDX-License-Identifier: Apache-2.0
"""What opcardctl sends is what daemon/api/openapi.yaml takes: every command with all its options,
and with the required ones only."""
import os
import re

import ctl_case
import small_yaml
from fake_api import card, job

SOURCE = os.environ["OPCARD_SOURCE"]
VALUES = {"DATE": "2026-04-01", "TIME": "2026-04-01 09:30", "CARD": "OP2", "NO": "012345",
          "STATE": "ACTIVE", "N": "5", "KIND": "operator", "KEY": "ec:P-256", "SCOPE": "all",
          "FORMAT": "pdf", "CURSOR": "c", "SEQ": "7", "WHICH": "failed", "WHAT": "fault"}
REASONS = {"recall": "TRANSFER"}
OPERANDS = {"CARD": ["OP1"], "CARD...": ["OP1"], "NUMBER...": ["OP1"], "CARD PLACE": ["OP1", "x"],
            "NO": ["012345"], "NAME": ["鳥取"], "REGISTER": ["issue"], "FORM [CARD|ID...]": ["4", "OP1"],
            "FORM [FILE]": ["7"], "ID [FILE]": ["A-2026-0001"], "ID...": ["A-2026-0001"], "VERB [ID]": ["list"],
            "DUTY": ["B-2026-0001"], "CASE": ["C-2026-0001"], "NUMBER": ["1"], "TASK": ["N-0001"],
            "POST": ["市民課長"], "ROLE": ["custodian"], "[WORD]": ["x"], "[ID]": ["N-0001"], "ID": ["OP1"],
            "[CARD...]": ["OP1"], "": []}
CSV = {"import staff": "staff,name,section,kana,subsection,title,employment,until\n"
                       "1,a,01,b,c,d,e,2026-04-01\n",
       "import sections": "section,name,order,managerPost,hasTerminal,duties\n01,a,1,b,1,c\n",
       "import holidays": "date,name\n2026-05-03,x\n",
       "import posts": "post,staff,from,until,order,section,shared\n課長,012345,2026-04-01,,x,,\n",
       "import cards": "card,kind,chipSerial,place\nOP1,operator,00,x\n",
       "designation import": "staff,name,authority,duties,designation,note\n1,a,b,c,追加,d\n"}
ONE_OF = {"issue": ["--application", "A-2026-0001"],
          "audit lookup": ["--at", "2026-11-20T09:05:00+09:00", "--card", "OP1"]}  # of options that are not required, some must be there
LOG_LINE = "2026-11-20 09:05:00,T-0301-1,OP1\n"
OWN_FILES = {"audit verify": "OPCARD-CHECKPOINT/1 1 x\n"}
NO_REQUEST = {"help", "completion", "api", "pin check", "audit check"}
PINS = "old-1\nnew-1\n"


class Contract(ctl_case.Case):
    @classmethod
    def setUpClass(cls):
        with open(os.path.join(SOURCE, "daemon/api/openapi.yaml"), encoding="utf-8") as file:
            cls.spec = small_yaml.load(file.read())

    def resolve(self, value):
        while "$ref" in value:
            found = self.spec
            for part in value["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            value = found
        return value

    def operation(self, request):
        """The most literal path that fits, its operation and its parameters."""
        fits = []
        for template, item in self.spec["paths"].items():
            pattern = re.sub(r"\{\w+\}", "[^/]+", template)
            if re.fullmatch(pattern, request.path) and request.method.lower() in item:
                fits.append((template.count("{"), template))
        self.assertTrue(fits, f"{request.method} {request.path} is not in openapi.yaml")
        item = self.spec["paths"][min(fits)[1]]
        operation = item[request.method.lower()]
        parameters = [self.resolve(one) for one in
                      item.get("parameters", []) + operation.get("parameters", [])]
        return operation, parameters

    def check_value(self, value, schema, where):
        schema = self.resolve(schema)
        if "enum" in schema:
            self.assertIn(value, schema["enum"], where)
        kind = schema.get("type")
        wanted = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
        if kind in wanted:
            self.assertIsInstance(value, wanted[kind], where)
        if kind == "array":
            for one in value:
                self.check_value(one, schema.get("items", {}), where)
        if kind == "object":
            self.assertFalse(schema["additionalProperties"], where)
            self.assertEqual(set(value) - set(schema["properties"]), set(), where)
            self.assertEqual(set(schema.get("required", [])) - set(value), set(), where)
            for key, one in value.items():
                self.check_value(one, schema["properties"][key], f"{where} {key}")

    def check(self, request):
        where = f"{request.method} {request.target}"
        operation, parameters = self.operation(request)
        known = {one["name"] for one in parameters if one["in"] == "query"}
        self.assertEqual(set(request.query) - known, set(), where)
        if request.method == "POST":
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            self.check_value(request.json, schema, where)
            self.assertIn("Idempotency-Key", request.headers)

    def arguments(self, words, only_required):
        text = self.good("help", *words.split()).out
        operands = re.match(rf"opcardctl {words} ?(.*)\n", text)[1]
        found = [self.write("f.csv", CSV.get(words, "x\n"))] if operands == "FILE" else OPERANDS[operands]
        found = [*found, *(ONE_OF.get(words, []) if only_required else [])]
        own = text.split("Options of every command:")[0]
        for name, meta, needed in re.findall(r"^  (--[\w-]+) ?(\S*?)( +\(required\))?$", own, re.M):
            if only_required and not needed or name in ("--output", "--list"):
                continue
            value = REASONS.get(words, "MISSING") if meta == "REASON" else VALUES.get(meta, "x")
            if meta == "FILE" and name != "--output":
                value = self.write("own", OWN_FILES.get(words, LOG_LINE))
            found = [*found, name, *([value] if meta else [])]
        if operands.startswith(("issue|", "3|")):
            found = [*found, "-o", os.path.join(self.folder, "out")]
        return found

    def answers(self):
        self.api.reply = lambda request: (200, "application/json", ctl_case.json.dumps(
            job("OP1") if request.path.startswith("/jobs/") else
            {"items": [], "next": None} if request.method == "GET" and request.path == "/cards" else
            {"match": {"card": "OP1", "name": "鳥取"}, "next": None} if request.path == "/lookup" else
            card("OP1") if request.method == "GET" else {"job": "I-2026-000001"}
            if "/cards/" in request.path else {}).encode())

    def test_every_command_speaks_as_the_file_says(self):
        self.answers()
        for line in self.good("--list-commands").out.splitlines():
            words = line.split("\t")[0]
            if words in NO_REQUEST:
                continue
            for only_required in (True, False):
                for flags in ((), ("--dry-run",)):
                    self.api.requests.clear()
                    # --confirm: as the operand; --dry-run: only on changes, reading ignores it
                    result = self.ctl(*words.split(), *self.arguments(words, only_required),
                                      "--confirm", "OP1", *flags, pins=PINS)
                    self.assertIn(result.code, (0, 1), (words, result.err))
                    self.assertTrue(self.api.requests, words)
                    for request in self.api.requests:
                        self.check(request)

    def test_every_change_of_the_file_has_a_command(self):
        self.answers()
        for line in self.good("--list-commands").out.splitlines():
            words = line.split("\t")[0]
            for only_required in (True, False) if words not in NO_REQUEST else ():
                self.ctl(*words.split(), *self.arguments(words, only_required), "--confirm", "OP1", pins=PINS)
        self.ctl("audit", "hold", "end", "1")
        self.ctl("audit", "hold", "add", "--staff", "012345", "--reason", "x")
        names = re.compile(r"/(OP1|N-0001|[A-Z]-2026-0001|1|custodian|市民課長|%E5[%0-9A-F]+)(?=/|$)")
        reached = {names.sub("/{x}", request.path) for request in self.api.posts()}
        wanted = {re.sub(r"\{\w+\}", "{x}", path) for path, item in self.spec["paths"].items()
                  if "post" in item}
        self.assertEqual(wanted - reached, set())

    def test_a_wrong_request_would_be_seen(self):
        with self.assertRaises(AssertionError):
            self.check(ctl_case.Request("GET", "/api/v1/nothing", {}, b""))
        with self.assertRaises(AssertionError):
            self.check(ctl_case.Request("GET", "/api/v1/cards?x=1", {}, b""))
        key = {"Idempotency-Key": "k"}
        for body in (b'{"note":1}', b'{}', b'{"note":"x","y":1}'):
            with self.assertRaises(AssertionError):
                self.check(ctl_case.Request("POST", "/api/v1/cards/OP1/cancel", key, body))
        self.check(ctl_case.Request("POST", "/api/v1/cards/OP1/cancel", key, b'{"note":"x"}'))


ctl_case.main()

# SPDX-License-Identifier: Apache-2.0
"""Reads the YAML that daemon/api/openapi.yaml is written in: block and flow collections, plain and
double-quoted scalars, literal texts. Anything else is an error."""
import json
import re

NUMBER = re.compile(r"-?\d+(\.\d+)?$")
PLAIN = re.compile(r"[^,\[\]{}\"]+")


def scalar(text):
    text = text.strip()
    if text.startswith('"'):
        return json.loads(text)
    if text in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[text]
    return json.loads(text) if NUMBER.match(text) else text


class Flow:
    def __init__(self, text):
        self.text, self.at = text, 0

    def skip(self):
        while self.at < len(self.text) and self.text[self.at] == " ":
            self.at += 1

    def take(self, mark):
        self.skip()
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def word(self, pattern):
        self.skip()
        if self.text[self.at] == '"':
            value, length = json.JSONDecoder().raw_decode(self.text[self.at:])
            self.at += length
            return value
        match = re.compile(pattern).match(self.text, self.at)
        self.at = match.end()
        return scalar(match[0])

    def value(self):
        if self.take("{"):
            found = {}
            while not self.take("}"):
                key = self.word(r"[^:,\s]+")
                assert self.take(":"), self.text[self.at:]
                found[key] = self.value()
                self.take(",")
            return found
        if self.take("["):
            items = []
            while not self.take("]"):
                items.append(self.value())
                self.take(",")
            return items
        return self.word(PLAIN)


def flow(text):
    reader = Flow(text)
    value = reader.value() if text[0] in "{[" else scalar(text)
    assert text[0] not in "{[" or reader.at == len(text), text
    return value


class Block:
    def __init__(self, text):
        lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
        self.lines = [(len(line) - len(line.lstrip(" ")), line.strip()) for line in lines]

    def value(self, indent):
        return self.items(indent) if self.lines[0][1].startswith("- ") else self.mapping(indent)

    def items(self, indent):
        found = []
        while self.lines and self.lines[0][0] == indent and self.lines[0][1].startswith("- "):
            rest = self.lines[0][1][2:]
            if rest[0] in "{[" or ": " not in rest and not rest.endswith(":"):
                self.lines.pop(0)
                found.append(flow(rest))
            else:
                self.lines[0] = (indent + 2, rest)
                found.append(self.mapping(indent + 2))
        return found

    def mapping(self, indent):
        found = {}
        while self.lines and self.lines[0][0] == indent and not self.lines[0][1].startswith("- "):
            key, rest = re.match(r'("[^"]*"|[^\s"]+?):(?: (.*))?$', self.lines.pop(0)[1]).groups()
            key = scalar(key) if key.startswith('"') else key
            assert key not in found, key
            if rest == "|":
                text = []
                while self.lines and self.lines[0][0] > indent:
                    text.append(self.lines.pop(0)[1])
                found[key] = "\n".join(text)
            else:
                found[key] = flow(rest) if rest else self.value(self.lines[0][0])
        return found


def load(text):
    block = Block(text)
    value = block.value(0)
    assert not block.lines, block.lines[0]
    return value

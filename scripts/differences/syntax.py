"""Reads PromQL into a tree (tree.py)."""
import re

from .tree import Aggregation, Binary, Call, Number, Paren, Range, Selector, Subquery, Text, Unary, moved

AGGREGATIONS = {"sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "quantile", "count_values", "topk", "bottomk"}
BINDING = {"or": 1, "and": 2, "unless": 2, "==": 3, "!=": 3, ">": 3, "<": 3, ">=": 3, "<=": 3, "+": 4, "-": 4, "*": 5, "/": 5, "%": 5, "atan2": 5, "^": 6}
UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "y": 31_536_000_000}
TOKEN = re.compile(r"""\s*(?:(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
    |(?P<duration>(?:\d+(?:ms|[smhdwy]))+(?![\w]))
    |(?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<word>[A-Za-z_:][\w:]*)
    |(?P<sign>=~|!~|!=|==|>=|<=|[-+*/%^(){}\[\],@=<>]))""", re.VERBOSE)


class SyntaxFault(Exception):
    """A text that this reader does not know."""


def milliseconds(text):
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)(ms|[smhdwy])", text))


class _Reader:
    def __init__(self, text):
        self.tokens, at = [], 0
        text = text.rstrip()
        while at < len(text):
            if text[at] == "[":  # a duration's colon would be read as the begin of a name
                end = text.find("]", at)
                found = re.fullmatch(r"\s*([0-9a-z]+)\s*(:?)\s*([0-9a-z]*)\s*", text[at + 1:end]) if end > 0 else None
                if not found or (found[3] and not found[2]):
                    raise SyntaxFault(text[at:])
                self.tokens.append(("range", found.groups()))
                at = end + 1
                continue
            match = TOKEN.match(text, at)
            if not match:
                raise SyntaxFault(text[at:])
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
            at += len(text[at:]) - len(text[at:].lstrip())
        self.tokens.append(("end", ""))
        self.place = 0

    def peek(self, *values):
        kind, value = self.tokens[self.place]
        return kind != "text" and value in values

    def kind(self):
        return self.tokens[self.place][0]

    def take(self, *values):
        kind, value = self.tokens[self.place]
        if values and not self.peek(*values):
            raise SyntaxFault(f"{value!r} where one of {values} is due")
        self.place += 1
        return value

    def of_kind(self, kind):
        if self.kind() != kind:
            raise SyntaxFault(f"{self.tokens[self.place][1]!r} where a {kind} is due")
        return self.take()

    def expression(self, least=0):
        left = self.unary()
        while self.kind() != "end":
            operator = self.tokens[self.place][1]
            binding = BINDING.get(operator) if self.kind() in ("word", "sign") else None
            if binding is None or binding < least:
                break
            self.take()
            modifiers = self.modifiers()
            left = Binary(operator, modifiers, left, self.expression(binding if operator == "^" else binding + 1))
        return left

    def modifiers(self):
        words = []
        while self.peek("bool", "on", "ignoring", "group_left", "group_right"):
            word = self.take()
            words.append(word if word == "bool" else f"{word} ({self.names()})" if self.peek("(") or word in ("on", "ignoring") else word)
        return " ".join(words)

    def names(self):
        self.take("(")
        names = []
        while not self.peek(")"):
            names.append(self.of_kind("word"))
            if self.peek(","):
                self.take()
        self.take(")")
        return ", ".join(names)

    def unary(self):
        if self.peek("-", "+"):
            operator = self.take()
            return Unary(operator, self.expression(BINDING["^"]) if not self.peek("-", "+") else self.unary())
        return self.postfix(self.primary())

    def primary(self):
        kind, value = self.tokens[self.place]
        if kind == "text":
            return Text(self.take())
        if kind == "number":
            return Number(self.take())
        if self.peek("("):
            self.take()
            inner = self.expression()
            self.take(")")
            return Paren(inner)
        if self.peek("{"):
            return Selector("", self.matchers())
        if kind != "word":
            raise SyntaxFault(f"unexpected {value!r}")
        self.take()
        if value in AGGREGATIONS and self.peek("(", "by", "without"):
            grouping = self.grouping()
            arguments = self.arguments()
            return Aggregation(value, grouping or self.grouping(), arguments)
        if value.lower() in ("inf", "nan"):
            return Number(value)
        if self.peek("("):
            return Call(value, self.arguments())
        return Selector(value, self.matchers() if self.peek("{") else ())

    def grouping(self):
        return f"{self.take()} ({self.names()})" if self.peek("by", "without") else ""

    def arguments(self):
        self.take("(")
        found = []
        while not self.peek(")"):
            found.append(self.expression())
            if self.peek(","):
                self.take()
        self.take(")")
        return tuple(found)

    def matchers(self):
        self.take("{")
        found = []
        while not self.peek("}"):
            found.append((self.of_kind("word"), self.take("=", "!=", "=~", "!~"), self.of_kind("text")))
            if self.peek(","):
                self.take()
        self.take("}")
        return tuple(found)

    def postfix(self, node):
        while True:
            if self.kind() == "range":
                length, colon, step = self.take()
                if colon:
                    node = Subquery(node, milliseconds(length), milliseconds(step) if step else None)
                elif isinstance(node, Selector):
                    node = Range(node, milliseconds(length))
                else:
                    raise SyntaxFault("a range of what is no selector")
            elif self.peek("offset", "@"):
                if not isinstance(node, (Selector, Range, Subquery)):
                    raise SyntaxFault(f"{self.take()!r} behind what has no place in time")
                node = self.placed(node, self.take())
            else:
                return node

    def placed(self, node, word):
        if word == "offset":
            sign = -1 if self.peek("-") and self.take() else 1
            return moved(node, offset=sign * milliseconds(self.of_kind("duration")))
        if self.peek("start", "end"):
            return moved(node, at=self.take() + self.take("(") + self.take(")"))
        return moved(node, at=round(float(self.of_kind("number")) * 1000))


def parse(text):
    reader = _Reader(text)
    node = reader.expression()
    if reader.kind() != "end":
        raise SyntaxFault(f"{reader.tokens[reader.place][1]!r} behind the end")
    return node

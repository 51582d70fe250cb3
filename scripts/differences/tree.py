"""PromQL as a tree that can be changed and written out again.

Knows what the comparison kit's queries are made of: selectors with offset and @, ranges, subqueries, calls, aggregations, binary operators with matching. Times and durations are whole
milliseconds. Parentheses stay in the tree, so that what is written has the structure of what was read.
"""
from dataclasses import dataclass, fields, replace

SCALAR_CALLS = {"time", "pi", "scalar"}


@dataclass(frozen=True)
class Number:
    text: str


@dataclass(frozen=True)
class Text:
    """A string with its quotes."""
    text: str


@dataclass(frozen=True)
class Selector:
    """matchers: (label, operator, quoted value); at: milliseconds, "start()", "end()" or None."""
    name: str
    matchers: tuple = ()
    offset: int = 0
    at: object = None


@dataclass(frozen=True)
class Range:
    """Offset and @ stand in the selector."""
    selector: Selector
    length: int


@dataclass(frozen=True)
class Subquery:
    """step: None for the server's default."""
    inner: object
    length: int
    step: object = None
    offset: int = 0
    at: object = None


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple


@dataclass(frozen=True)
class Aggregation:
    name: str
    grouping: str
    arguments: tuple


@dataclass(frozen=True)
class Binary:
    """modifiers: bool, on, ignoring, group_left, group_right as written."""
    operator: str
    modifiers: str
    left: object
    right: object


@dataclass(frozen=True)
class Unary:
    operator: str
    inner: object


@dataclass(frozen=True)
class Paren:
    inner: object


def moved(node, **change):
    """The node with another offset or @, which a range keeps in its selector."""
    return replace(node, selector=replace(node.selector, **change)) if isinstance(node, Range) else replace(node, **change)


def place(node):
    """Offset and @ of a selector, range or subquery."""
    holder = node.selector if isinstance(node, Range) else node
    return holder.offset, holder.at


def write(node):
    match node:
        case Number(text) | Text(text):
            return text
        case Selector(name, matchers):
            return name + ("{" + ",".join("".join(m) for m in matchers) + "}" if matchers or not name else "") + _place(node)
        case Range(selector, length):
            return write(replace(selector, offset=0, at=None)) + f"[{length}ms]" + _place(selector)
        case Subquery(inner, length, step):
            return f"{write(inner)}[{length}ms:{'' if step is None else f'{step}ms'}]" + _place(node)
        case Call(name, arguments):
            return f"{name}({', '.join(map(write, arguments))})"
        case Aggregation(name, grouping, arguments):
            return f"{name}{' ' + grouping + ' ' if grouping else ''}({', '.join(map(write, arguments))})"
        case Binary(operator, modifiers, left, right):
            return f"{write(left)} {operator} {modifiers + ' ' if modifiers else ''}{write(right)}"
        case Unary(operator, inner):
            return operator + write(inner)
        case Paren(inner):
            return f"({write(inner)})"
    raise TypeError(f"no such node: {node!r}")


def _place(node):
    at = "" if node.at is None else f" @ {node.at}" if isinstance(node.at, str) else f" @ {node.at / 1000:.3f}"
    return at + (f" offset {'-' if node.offset < 0 else ''}{abs(node.offset)}ms" if node.offset else "")


def with_children(node, change):
    """The node with every child c replaced by change(c)."""
    new = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name in ("arguments",):
            new[field.name] = tuple(change(child) for child in value)
        elif field.name in ("inner", "left", "right", "selector"):
            new[field.name] = change(value)
    return replace(node, **new) if new else node


def nodes(node):
    """The node and everything below it."""
    found = []

    def visit(child):
        found.append(child)
        with_children(child, visit)
        return child
    visit(node)
    return found


def is_scalar(node):
    match node:
        case Number():
            return True
        case Call(name):
            return name in SCALAR_CALLS
        case Binary(_, _, left, right):
            return is_scalar(left) and is_scalar(right)
        case Unary(_, inner) | Paren(inner):
            return is_scalar(inner)
    return False

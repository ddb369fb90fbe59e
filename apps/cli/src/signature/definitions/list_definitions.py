"""Lists the DSPy signatures in Python files, which are parsed and never run.

Reads a JSON array of paths from stdin and writes one line of JSON for each:
{"definitions": [{"text", "stretches": [[at, offset, length], …], "options": {"name"?, "instructions"?}}, …],
 "problem"?: {"code", "message", "offset"?}}
Offsets count UTF-16 units, as JavaScript does. Any Python from 3.9 runs it, without a package.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

# What takes a signature for its first argument.
TAKES_SIGNATURE = {
    *("Signature", "ensure_signature", "make_signature"),
    *(
        "Predict",
        "ChainOfThought",
        "MultiChainComparison",
        "ProgramOfThought",
        "CodeAct",
        "Flex",
        "ReAct",
        "ReActV2",
        "RLM",
    ),
}
SIDE_OF_FIELD = {"InputField": "input", "OutputField": "output"}

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
# A comment between two strings may hold quotes, so it is read, too.
STRING = re.compile(
    r"#[^\r\n]*"
    r'|(?P<prefix>[rRuU]?)(?:"""(?P<a>(?:[^\\]|\\.)*?)"""'
    r"|'''(?P<b>(?:[^\\]|\\.)*?)'''"
    r'|"(?P<c>(?:[^"\\]|\\.)*)"'
    r"|'(?P<d>(?:[^'\\]|\\.)*)')",
    re.DOTALL,
)
ESCAPE = re.compile(
    r"\\(?:\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)|\r\n?",
    re.DOTALL,
)
LINE_BREAK = re.compile(r"\r\n?")


class Utf16:
    """Turns places in a text into UTF-16 units."""

    def __init__(self, text: str) -> None:
        self.pairs = [] if text.isascii() else [place for place, one in enumerate(text) if one > "\uffff"]

    def offset(self, place: int) -> int:
        """The units before a place."""
        return place + bisect_left(self.pairs, place)


class Source:
    """A file, parsed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self.units = Utf16(text)
        self.lines = LINE.findall(text)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.names = imported_names(self.tree)

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where a node begins and ends."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.place(node.lineno, node.col_offset), self.place(end_line, end_column)

    def place(self, line: int, column_bytes: int) -> int:
        """The place of what the parser gives as a line, from 1, and a number of bytes."""
        before = self.lines[line - 1].encode()[:column_bytes].decode()
        return self.starts[line - 1] + len(before)

    def name_in_dspy(self, node: ast.expr) -> str | None:
        """The last word of a name that was imported from DSPy, or that goes through it."""
        package, _, rest = (self.full_name(node) or "").partition(".")
        return rest.rpartition(".")[2] if package == "dspy" else None

    def full_name(self, node: ast.expr) -> str | None:
        """`dspy.Predict` for whatever imported name stands for that."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id)
        if not isinstance(node, ast.Attribute):
            return None
        before = self.full_name(node.value)
        return None if before is None else f"{before}.{node.attr}"


class Definition:
    """A definition as it grows, with the place in the file of each of its parts."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = ""
        self.stretches: list[tuple[int, int, int]] = []

    def add(self, text: str, start: int, length: int = 0) -> None:
        """Adds a text that stands in the file as it is, or, without a length, that is made of what stands there."""
        self.stretches.append((len(self.text), start, start + length))
        self.text += text

    def add_string(self, node: ast.expr) -> None:
        """Adds the value of a string, which may be written as several in a row."""
        for string in STRING.finditer(self.source.text, *self.source.span(node)):
            if string.lastgroup is not None:
                escapes = LINE_BREAK if string["prefix"] in ("r", "R") else ESCAPE
                self.add_body(*string.span(string.lastgroup), escapes)

    def add_body(self, start: int, end: int, escapes: re.Pattern[str]) -> None:
        """Adds what stands between quotes."""
        text = self.source.text
        for escape in escapes.finditer(text, start, end):
            self.add(text[start : escape.start()], start, escape.start() - start)
            self.add(unescape(escape[0]), escape.start(), len(escape[0]))
            start = escape.end()
        self.add(text[start:end], start, end - start)

    def add_annotation(self, node: ast.expr) -> None:
        """Adds a type as Python prints it; where that is what stands in the file, also each character's place."""
        if text_of(node) is not None:
            self.add_string(node)
            return
        start, end = self.source.span(node)
        text = ast.unparse(WithoutAliases(self.source.names).visit(node))
        self.add(text, start, end - start if len(text) == end - start else 0)

    def done(self, name: str | None, instructions: str | None) -> dict[str, object]:
        """The definition as it is handed on."""
        inside, outside = Utf16(self.text), self.source.units
        stretches = [
            (inside.offset(at), outside.offset(start), outside.offset(end) - outside.offset(start))
            for at, start, end in self.stretches
        ]
        options = {"name": name, "instructions": instructions}
        said = {key: value for key, value in options.items() if value is not None}
        return {"text": self.text, "stretches": stretches, "options": said}


class WithoutAliases(ast.NodeTransformer):
    """Writes `t.Optional` after `import typing as t` as `typing.Optional`."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Looks the name up."""
        name = self.names.get(node.id, node.id)
        return node if name.rpartition(".")[2] == node.id else ast.Name(id=name, ctx=node.ctx)


def imported_names(tree: ast.Module) -> dict[str, str]:
    """What the imported names of a file stand for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(name for alias in node.names for name in names_of_import(alias))
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            names.update(name for alias in node.names for name in names_from_module(node.module, alias))
    return names


def names_of_import(alias: ast.alias) -> Iterator[tuple[str, str]]:
    """`import a.b` makes `a` known, `import a.b as c` makes `c` known as a.b."""
    first = alias.name.partition(".")[0]
    yield (alias.asname, alias.name) if alias.asname else (first, first)


def names_from_module(module: str, alias: ast.alias) -> Iterator[tuple[str, str]]:
    """`from dspy import *` makes known what matters here."""
    names = [*TAKES_SIGNATURE, *SIDE_OF_FIELD] if alias.name == "*" else [alias.name]
    for name in names:
        yield alias.asname or name, f"{module}.{name}"


def unescape(escape: str) -> str:
    """The value of an escape, or of a line break, which is always one character to Python."""
    return "\n" if escape.startswith("\r") else str(ast.literal_eval(f'"{escape}"'))


def text_of(node: ast.expr | None) -> str | None:
    """The value of a string that stands there as one."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def argument(call: ast.Call, name: str, position: int | None = None) -> ast.expr | None:
    """What a call gives to a parameter."""
    if position is not None and position < len(call.args):
        return call.args[position]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def read_call(source: Source, call: ast.Call) -> dict[str, object] | None:
    """The definition in `dspy.Predict("…")` and the like."""
    string = argument(call, "signature", 0)
    if string is None or text_of(string) is None or source.name_in_dspy(call.func) not in TAKES_SIGNATURE:
        return None
    definition = Definition(source)
    definition.add_string(string)
    return definition.done(None, text_of(argument(call, "instructions", 1)))


class ClassField:
    """`name: annotation = dspy.InputField(desc="…")`, or OutputField."""

    def __init__(self, name: ast.Name, annotation: ast.expr | None, call: ast.Call, side: str) -> None:
        self.name = name
        self.annotation = annotation
        self.call = call
        self.side = side

    def add_to(self, definition: Definition) -> None:
        """Adds it in our spelling."""
        start, end = definition.source.span(self.name)
        definition.add(self.name.id, start, end - start)
        if self.annotation is not None:
            definition.add(": ", start)
            definition.add_annotation(self.annotation)
        default = argument(self.call, "default")
        if isinstance(default, ast.Constant) and isinstance(default.value, (str, int, float, type(None))):
            definition.add(f" = {json.dumps(default.value)}", definition.source.span(default)[0])
        description = argument(self.call, "desc")
        if description is not None and text_of(description) is not None:
            definition.add(f" {json.dumps(text_of(description))}", definition.source.span(description)[0])


def read_class(source: Source, node: ast.ClassDef) -> dict[str, object] | None:
    """The definition that a `class X(dspy.Signature)` is."""
    if all(source.name_in_dspy(base) != "Signature" for base in node.bases):
        return None
    fields = list(read_fields(source, node))
    if not fields:
        return None
    definition = Definition(source)
    start = source.span(node)[0]
    for side, before in (("input", ""), ("output", " -> ")):
        definition.add(before, start)
        for index, field in enumerate(field for field in fields if field.side == side):
            definition.add(", " if index > 0 else "", source.span(field.name)[0])
            field.add_to(definition)
    return definition.done(node.name, ast.get_docstring(node))


def read_fields(source: Source, node: ast.ClassDef) -> Iterator[ClassField]:
    """The fields that a class declares."""
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign):
            yield from read_field(source, statement.target, statement.annotation, statement.value)
        elif isinstance(statement, ast.Assign):
            yield from read_field(source, statement.targets[0], None, statement.value)


def read_field(
    source: Source, name: ast.expr, annotation: ast.expr | None, value: ast.expr | None
) -> Iterator[ClassField]:
    """The field that an assignment makes, if it makes one."""
    if isinstance(name, ast.Name) and isinstance(value, ast.Call):
        side = SIDE_OF_FIELD.get(source.name_in_dspy(value.func) or "")
        if side is not None:
            yield ClassField(name, annotation, value, side)


def read_definitions(source: Source) -> list[dict[str, object]]:
    """All definitions of a file."""
    nodes = list(ast.walk(source.tree))
    calls = [read_call(source, node) for node in nodes if isinstance(node, ast.Call)]
    classes = [read_class(source, node) for node in nodes if isinstance(node, ast.ClassDef)]
    return [definition for definition in calls + classes if definition is not None]


def syntax_problem(text: str, error: SyntaxError) -> dict[str, object]:
    """What is wrong with a file as Python, and where."""
    lines = LINE.findall(text)
    line = min(error.lineno or 1, len(lines)) - 1
    place = sum(map(len, lines[:line])) + max(min(error.offset or 1, len(lines[line])) - 1, 0)
    version = ".".join(map(str, sys.version_info[:2]))
    message = f"Python {version} cannot read this file: {error.msg}."
    return {"code": "invalid_python", "message": message, "offset": Utf16(text).offset(place)}


def read_file(path: str) -> dict[str, object]:
    """What a file holds."""
    text = Path(path).read_bytes().decode("utf-8-sig")
    try:
        return {"definitions": read_definitions(Source(text))}
    except SyntaxError as error:
        return {"definitions": [], "problem": syntax_problem(text, error)}
    except ValueError as error:  # before 3.12: null bytes
        problem = {"code": "invalid_python", "message": f"Python cannot read this file: {error}."}
        return {"definitions": [], "problem": problem}
    except (RecursionError, MemoryError):
        problem = {"code": "too_deep", "message": "The file is nested too deeply for Python."}
        return {"definitions": [], "problem": problem}


def main() -> None:
    """Reads what it is told to."""
    if sys.version_info < (3, 9):  # noqa: UP036 (it is not run by the worker's Python)
        sys.exit(f"Python 3.9 or later is needed, and this is {sys.version.split()[0]}.")
    for path in json.load(sys.stdin):
        sys.stdout.write(f"{json.dumps(read_file(path))}\n")


main()

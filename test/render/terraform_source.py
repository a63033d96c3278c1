"""What a Terraform module says, from its text alone: the blocks as python-hcl2 parses them, with
their lines, and every reference with the line that it stands on."""

import pathlib
import re
from typing import Any, Iterator, NamedTuple

START, END, IS_BLOCK = "__start_line__", "__end_line__", "__is_block__"
_HEREDOC = re.compile(r"<<-?\s*([A-Za-z_]\w*)[^\n]*\n")
_REFERENCE = re.compile(r"(?<![\w.\"-])([A-Za-z_][\w-]*)((?:\.[A-Za-z_*][\w-]*|\[[^\[\]]*\])+)")
_BLOCK = re.compile(r'^[ \t]*([A-Za-z_][\w-]*)(?:[ \t]+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*[ \t]*\{',
                    re.M)
_ITERATORS = re.compile(r"\bfor\s+([A-Za-z_]\w*)(?:\s*,\s*([A-Za-z_]\w*))?\s+in\b")
_DYNAMIC = re.compile(r'\bdynamic\s+"([\w-]+)"|\biterator\s*=\s*([\w-]+)')
_CALLS = re.compile(r"(?<![\w.-])([a-z][a-z0-9_]*(?:::\w+)*)\(")


class Block(NamedTuple):
    """`labels`: ("google_compute_address", "kafka") of a resource."""
    kind: str
    labels: tuple[str, ...]
    body: dict[str, Any]
    file: "SourceFile"

    @property
    def line(self) -> int:
        return self.body.get(START, 1)


class Reference(NamedTuple):
    root: str
    steps: tuple[str, ...]  # names only; an index or a splat is left out
    file: "SourceFile"
    line: int


class SourceFile:
    """One *.tf file. Raises what python-hcl2 raises if it does not parse."""

    def __init__(self, path: pathlib.Path, shown: str):
        import hcl2
        self.shown = shown
        self.text = path.read_text("utf-8")
        self.lines = self.text.split("\n")
        self.code = code_of(self.text)
        options = hcl2.SerializationOptions(with_comments=False)
        self.tree = hcl2.loads(self.text, serialization_options=options)
        _add_lines(self.tree, self.code, 0, len(self.code))

    def blocks(self) -> Iterator[Block]:
        for kind, items in self.tree.items():
            if isinstance(items, list):
                for item in items:
                    yield from _labelled(kind, (), item, self)

    def line_of_key(self, body: dict[str, Any], key: str) -> int:
        """Where `key` stands in a block; the block's first line if it is not found."""
        first, last = body.get(START, 1), body.get(END, len(self.lines))
        for number in range(first, last + 1):
            line = self.lines[number - 1]
            if re.match(rf'\s*(?:dynamic\s+)?"?{re.escape(key)}"?\s*[=\x7b]', line):
                return number
        return first

    def references(self) -> Iterator[Reference]:
        for match in _REFERENCE.finditer(self.code):
            steps = re.sub(r"\[[^\]]*\]|\.\*", "", match.group(2)).strip(".").split(".")
            yield Reference(match.group(1), tuple(step for step in steps if step), self,
                            self.code.count("\n", 0, match.start()) + 1)

    def iterators(self) -> set[str]:
        found = {name for names in _ITERATORS.findall(self.code) for name in names if name}
        return found | {name for names in _DYNAMIC.findall(self.text) for name in names if name}

    def calls(self) -> Iterator[tuple[str, int]]:
        for match in _CALLS.finditer(self.code):
            if match.group(1) not in ("if", "in", "for"):
                yield match.group(1), self.code.count("\n", 0, match.start()) + 1


def _labelled(kind: str, labels: tuple[str, ...], item: Any, file: SourceFile) -> Iterator[Block]:
    if not isinstance(item, dict):
        return
    if item.get(IS_BLOCK):
        yield Block(kind, labels, item, file)
        return
    for label, inside in item.items():
        if label not in (START, END):
            yield from _labelled(kind, (*labels, unquoted(label)), inside, file)


def _add_lines(body: dict[str, Any], code: str, at: int, end: int) -> None:
    """python-hcl2 keeps the order of blocks of one kind and forgets their lines: found here again,
    in the same order."""
    count: dict[str, int] = {}
    while match := _BLOCK.search(code, at, end):
        closing = _closing(code, match.end(), end)
        kind = match.group(1)
        number = count[kind] = count.get(kind, -1) + 1
        items = body.get(kind)
        if isinstance(items, list) and number < len(items):
            inside = items[number]
            while isinstance(inside, dict) and not inside.get(IS_BLOCK) and len(inside) == 1:
                inside = next(iter(inside.values()))
            if isinstance(inside, dict) and inside.get(IS_BLOCK):
                _add_lines(inside, code, match.end(), closing)
                inside[START] = code.count("\n", 0, match.start(1)) + 1
                inside[END] = code.count("\n", 0, closing) + 1
        at = closing


def _closing(code: str, at: int, end: int) -> int:
    """Where the brace closes that opened just before `at`."""
    depth = 1
    while at < end:
        depth += {"{": 1, "}": -1}.get(code[at], 0)
        if depth == 0:
            return at
        at += 1
    return end


def unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def entries(body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The arguments and blocks of a body, without what the parser adds."""
    for key, value in body.items():
        if not key.startswith("__"):
            yield unquoted(key), value


def is_block_list(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    return all(isinstance(item, dict) and _holds_block(item) for item in value)


def _holds_block(item: dict[str, Any]) -> bool:
    if item.get(IS_BLOCK):
        return True
    inside = [value for key, value in item.items() if not key.startswith("__")]
    return len(inside) == 1 and isinstance(inside[0], dict) and _holds_block(inside[0])


def code_of(text: str) -> str:
    """HCL without comments and without the literal parts of its strings: what stands in ${...} is
    kept. Every line keeps its number."""
    out: list[str] = []
    _code(text, 0, len(text), out)
    return "".join(out)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _code(text: str, at: int, end: int, out: list[str], until: str = "") -> int:
    """Copies code from `at` to the closing brace `until`, or to `end`; where it stopped."""
    depth = 0
    while at < end:
        if text[at] == '"':
            at = _string(text, at + 1, end, out, '"')
        elif text[at] == "#" or text.startswith("//", at):
            stop = text.find("\n", at)
            at = end if stop < 0 else stop
        elif text.startswith("/*", at):
            stop = text.find("*/", at)
            stop = end if stop < 0 else stop + 2
            out.append(_blank(text[at:stop]))
            at = stop
        elif text.startswith("<<", at) and (opening := _HEREDOC.match(text, at)):
            closing = re.compile(rf"^\s*{opening.group(1)}\s*$", re.M).search(text, opening.end())
            stop = closing.start() if closing else end
            out.append(_blank(text[at:opening.end()]))
            _string(text, opening.end(), stop, out, "")
            at = closing.end() if closing else end
        else:
            if text[at] == "{":
                depth += 1
            elif text[at] == "}":
                if until and depth == 0:
                    return at + 1
                depth -= 1
            out.append(text[at])
            at += 1
    return at


def _string(text: str, at: int, end: int, out: list[str], until: str) -> int:
    """Blanks a template from `at` on; the code in its ${...} and %{...} is copied."""
    out.append(until)
    while at < end:
        if until and text[at] == "\\":
            out.append("  ")
            at += 2
        elif text.startswith(("$${", "%%{"), at):
            out.append("   ")
            at += 3
        elif text.startswith(("${", "%{"), at):
            out.append("( ")
            at = _code(text, at + 2, end, out, "}")
            out.append(")")
        elif until and text[at] == until:
            out.append(until)
            return at + 1
        else:
            out.append(_blank(text[at]))
            at += 1
    return at

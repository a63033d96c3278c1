"""The files of the project, as the style rules see them: no build output, no version control."""

import os
import pathlib
import re

SKIPPED_DIRECTORIES = {".git", "build", ".cache", "__pycache__", "corpus"}


class SourceFile:
    """One text file. `path` is relative to the root, with slashes."""

    def __init__(self, path: str, text: str):
        self.path = path
        self.text = text
        self.name = path.rsplit("/", 1)[-1]
        self.lines = text.split("\n")
        if self.lines and self.lines[-1] == "":
            self.lines.pop()

    @property
    def is_cpp(self) -> bool:
        return self.name.endswith((".cc", ".h"))

    @property
    def is_header(self) -> bool:
        return self.name.endswith(".h")

    @property
    def is_cpp_test(self) -> bool:
        """Tests and what only tests link."""
        return self.is_cpp and bool(
            re.search(r"_test\.cc$|/(testing|conformance|simulation)/|^fuzz/|^test/", self.path))

    @property
    def is_python(self) -> bool:
        return self.name.endswith(".py")

    @property
    def is_shell(self) -> bool:
        """Templates become scripts when they are filled: what comes of them is checked."""
        if self.path.startswith("src/render/templates/"):
            return False
        return self.name.endswith(".sh") or re.match(r"#!.*\b(ba)?sh\b", self.text) is not None

    @property
    def is_cmake(self) -> bool:
        return self.name == "CMakeLists.txt" or self.name.endswith(".cmake")

    @property
    def layer(self) -> str:
        """`kafka` for src/kafka/metadata.h, empty outside src/."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "src" and len(parts) > 2 else ""

    def includes(self):
        """Yields (line number, what stands in the include, whether in quotes)."""
        for number, line in enumerate(self.lines, 1):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if match:
                yield number, match.group(2), match.group(1) == '"'

    def code_lines(self):
        """Yields (line number, the line without comments and without the inside of literals)."""
        yield from enumerate(strip_comments(self.text).split("\n"), 1)


_TOKENS = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<delimiter>[^()\\\s]*)\(.*?\)(?P=delimiter)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'", re.DOTALL)


def strip_comments(text: str) -> str:
    """C++ text without comments and literals; line numbers stay."""
    def blank(match):
        token = match.group(0)
        empty = '""' if token.startswith(("R", '"')) else ""
        return empty + "\n" * token.count("\n")
    return _TOKENS.sub(blank, text)


class SourceTree:
    """Every text file below `root`."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = list(self._read())
        self.by_path = {file.path: file for file in self.files}

    def _read(self):
        for directory, names, files in os.walk(self.root):
            names[:] = sorted(name for name in names if name not in SKIPPED_DIRECTORIES)
            for name in sorted(files):
                full = pathlib.Path(directory) / name
                if full.is_symlink():
                    continue
                try:
                    text = full.read_text(encoding="utf-8")
                except UnicodeDecodeError:
                    continue
                yield SourceFile(full.relative_to(self.root).as_posix(), text)

    def cpp(self):
        return [file for file in self.files if file.is_cpp]

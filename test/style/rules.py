"""The rules of style that need no other program than Python. Each is a function from a
SourceTree to findings; RULES names them. A finding says place, value and what would be right."""

import re
from typing import Iterator, NamedTuple

from source_tree import SourceFile, SourceTree

LINE_LENGTH_MAX = 100
FILE_LINES_MAX = 600

# From the lowest to the highest: a layer includes its own files and those before it.
LAYERS = ["base", "kafka", "plan", "session", "net", "proxy", "render", "app"]
# Lower in the list, and forbidden all the same: a session is a state machine without I/O, and
# rendering has nothing to do with running.
FORBIDDEN_INCLUDES = {"net": {"session", "render"}, "session": {"render"}, "proxy": {"render"}}

# Header -> where it may be included. "one file": anywhere, but in a single file of the product.
ONE_FILE = "one file"
THIRD_PARTY = [
    (re.compile(r"spdlog/"), ONE_FILE),
    (re.compile(r"yaml-cpp/"), ONE_FILE),
    (re.compile(r"httplib\.h$"), ONE_FILE),
    (re.compile(r"kainjow/"), ONE_FILE),
    (re.compile(r"CLI/"), "src/app/"),
    (re.compile(r"librdkafka/"), "src/app/"),
]

# (what, who may call it, pattern, what to use instead). Product code only, except sleeps.
SYSTEM_CALLS = (r"(?<![\w:])::(recv|recvfrom|recvmsg|send|sendto|sendmsg|read|write|readv|writev|"
                r"splice|accept|accept4|connect|socket|bind|listen|poll|epoll_\w+)\s*\(")
CLOCKS = (r"\b(steady_clock|system_clock|high_resolution_clock)::now\b|\bclock_gettime\s*\(|"
          r"\bgettimeofday\s*\(|(?<![\w.>])time\s*\(\s*(nullptr|NULL|0|&\w+)\s*\)")
RESOLVERS = r"\b(getaddrinfo|gethostbyname)\w*\s*\("
RANDOMNESS = r"(?<![\w.>])s?rand\s*\(|\brandom_device\b"
SLEEPS = r"\bsleep_(for|until)\s*\(|(?<![\w.>])u?sleep\s*\(|\bnanosleep\s*\("
BANNED_CALLS = [
    ("system call", re.compile(SYSTEM_CALLS), "the socket seam of net/"),
    ("clock", re.compile(CLOCKS), "the clock that net/ hands in"),
    ("name resolution", re.compile(RESOLVERS), "the resolver of net/"),
    ("randomness", re.compile(RANDOMNESS), "the random source of net/"),
]

PROMISES = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE_PATHS = re.compile(r"(?<![\w.$}])/(home|root|work|Users)/[\w.]+")
MACHINE_PATH_ALLOWED = re.compile(r"/root/\.|/home/user\b")


class Finding(NamedTuple):
    rule: str
    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


# Prose in a table of the code: a literal on a line of its own need not be cut.
_LITERAL_ALONE = re.compile(r'\s*"[^"]*(?:\\"[^"]*)*"(, "[^"]*")*[,;)}]*$')


def line_length(tree: SourceTree) -> Iterator[Finding]:
    for file in tree.files:
        if not (file.is_cpp or file.is_python or file.is_shell or file.is_cmake):
            continue
        if file.path.startswith("src/render/testdata/"):
            continue  # rendered: a name in a plan may be long
        for number, line in enumerate(file.lines, 1):
            if len(line) > LINE_LENGTH_MAX and not _LITERAL_ALONE.match(line):
                yield Finding("line-length", file.path, number,
                              f"{len(line)} columns; at most {LINE_LENGTH_MAX}")


def file_length(tree: SourceTree) -> Iterator[Finding]:
    for file in tree.files:
        if (file.is_cpp or file.is_python or file.is_shell) and len(file.lines) > FILE_LINES_MAX:
            yield Finding("file-length", file.path, len(file.lines),
                          f"{len(file.lines)} lines; at most {FILE_LINES_MAX}, find the seam")


def pragma_once(tree: SourceTree) -> Iterator[Finding]:
    for file in tree.cpp():
        if not file.is_header:
            continue
        first = next((line for _, line in file.code_lines() if line.strip()), "")
        if first.strip() != "#pragma once":
            yield Finding("pragma-once", file.path, 1,
                          "a header begins with `#pragma once`")


def banned_calls(tree: SourceTree) -> Iterator[Finding]:
    for file in tree.cpp():
        for number, line in file.code_lines():
            if re.search(SLEEPS, line):
                yield Finding("banned-call", file.path, number,
                              "a sleep; wait for the event, or use a timer of net/")
            if file.layer == "net" or file.is_cpp_test or file.layer == "":
                continue
            for what, pattern, instead in BANNED_CALLS:
                match = pattern.search(line)
                if match:
                    yield Finding("banned-call", file.path, number,
                                  f"{what} `{match.group(0).strip()}`; use {instead}")


def python_sleeps(tree: SourceTree) -> Iterator[Finding]:
    """Tests wait for conditions; only the helper that polls with a deadline may sleep."""
    for file in tree.files:
        if not file.is_python or file.name == "waiting.py":
            continue
        for number, line in enumerate(file.lines, 1):
            if re.search(r"\btime\.sleep\(", line):
                yield Finding("banned-call", file.path, number,
                              "time.sleep; use wait_until of waiting.py")


def layers(tree: SourceTree) -> Iterator[Finding]:
    for file in tree.cpp():
        if file.layer == "":
            continue
        if file.layer not in LAYERS:
            yield Finding("layers", file.path, 1,
                          f"folder src/{file.layer} is no layer; known: {', '.join(LAYERS)}")
            continue
        for number, header, quoted in file.includes():
            if not quoted:
                continue
            target = header.split("/")[0]
            if target not in LAYERS:
                yield Finding("layers", file.path, number,
                              f'include "{header}" does not start with a layer')
            elif (LAYERS.index(target) > LAYERS.index(file.layer)
                  or file.layer in FORBIDDEN_INCLUDES.get(target, ())):
                yield Finding("layers", file.path, number,
                              f"{file.layer} must not include {target} ({header})")


def third_party(tree: SourceTree) -> Iterator[Finding]:
    for pattern, place in THIRD_PARTY:
        users: dict[str, int] = {}
        for file in tree.cpp():
            if file.is_cpp_test:
                continue
            for number, header, _ in file.includes():
                if pattern.match(header):
                    users.setdefault(file.path, number)
        if place == ONE_FILE:
            for path, number in sorted(users.items())[1:]:
                yield Finding("third-party", path, number,
                              f"{pattern.pattern} is included by {sorted(users)[0]}; one file only")
        else:
            for path, number in users.items():
                if not path.startswith(place):
                    yield Finding("third-party", path, number,
                                  f"{pattern.pattern} belongs into {place} only")


def dead_files(tree: SourceTree) -> Iterator[Finding]:
    build_text = "\n".join(file.text for file in tree.files if file.is_cmake)
    built = set(re.findall(r"[\w./-]+\.cc\b", build_text))
    built_names = {path.rsplit("/", 1)[-1] for path in built}
    included = {header for file in tree.cpp() for _, header, _ in file.includes()}
    for file in tree.cpp():
        if file.name.endswith(".cc") and file.name not in built_names and \
                not _built_by_stem(file, build_text):
            yield Finding("dead-file", file.path, 1, "in no CMakeLists.txt")
        if file.is_header:
            inside = file.path.removeprefix("src/")
            if inside not in included and file.path not in included:
                yield Finding("dead-file", file.path, 1, "included by nothing")


def _built_by_stem(file: SourceFile, build_text: str) -> bool:
    """Build files may list names without the ending, as fuzz/ does."""
    return re.search(rf"(?<![\w-]){re.escape(file.name[:-3])}(?![\w.-])", build_text) is not None


def promises(tree: SourceTree) -> Iterator[Finding]:
    for file in tree.files:
        if file.path.startswith("test/style/"):
            continue
        for number, line in enumerate(file.lines, 1):
            match = PROMISES.search(line)
            if match:
                yield Finding("promise", file.path, number,
                              f"`{match.group(1)}`: do it, or leave it out")


def machine_paths(tree: SourceTree) -> Iterator[Finding]:
    root = str(tree.root.resolve())
    for file in tree.files:
        if file.path.startswith("test/style/"):
            continue
        for number, line in enumerate(file.lines, 1):
            match = MACHINE_PATHS.search(line)
            if root in line or (match and not MACHINE_PATH_ALLOWED.match(match.group(0))):
                yield Finding("machine-path", file.path, number,
                              "a path of one machine; find it from the script's own place")


RULES = [line_length, file_length, pragma_once, banned_calls, python_sleeps, layers, third_party,
         dead_files, promises, machine_paths]

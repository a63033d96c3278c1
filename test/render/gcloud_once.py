"""A gcloud on PATH that is loaded once (gcloud_server.py), several times faster than gcloud itself
and the same code. Where this gcloud does not let itself be used so, gcloud itself is used."""

import functools
import pathlib
import subprocess
import sys
import tempfile

import findings

HERE = pathlib.Path(__file__).resolve().parent
SERVER = HERE / "gcloud_server.py"
LAYOUT = 'value[separator="|"](basic.python_location,installation.sdk_root)'

CALLER = """#!{python} -SE
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({path!r})
request = {{"arguments": sys.argv[1:], "folder": os.getcwd(), "environment": dict(os.environ)}}
message = json.dumps(request).encode() + b"\\n"
sent = socket.send_fds(server, [message], [0, 1, 2])
server.sendall(message[sent:])
code = server.recv(1)
sys.exit(code[0] if code else "gcloud_server.py: gcloud ended without an exit code")
"""


@functools.cache
def layout(path: str) -> tuple[str, str]:
    """gcloud's own Python, and the folder of its SDK."""
    with tempfile.TemporaryDirectory(prefix="portway-gcloud-") as home:
        told = findings.run(["gcloud", "info", f"--format={LAYOUT}"],
                            env={"PATH": path, "HOME": home, "CLOUDSDK_CONFIG": home})
    python, _, root = told.stdout.strip().partition("|")
    return python, root


class GcloudOnce:
    """`folder` then holds a program named gcloud; close() ends the server. `why` tells why not, if
    `folder` is None."""

    def __init__(self, scratch: str, environment: dict[str, str]):
        self.folder: pathlib.Path | None = None
        self.process: subprocess.Popen | None = None
        self.why = ""
        python, root = layout(environment["PATH"])
        if not pathlib.Path(python).is_file():
            self.why = "gcloud info does not tell its Python"
            return
        path = pathlib.Path(scratch) / "gcloud.socket"
        self.process = subprocess.Popen(
            [python, "-S", str(SERVER), root, str(path)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout is not None and self.process.stderr is not None
        if self.process.stdout.readline() != "ready\n":
            self.why = self.process.stderr.read().strip().split("\n")[-1]
            return
        folder = pathlib.Path(scratch) / "bin"
        folder.mkdir()
        caller = folder / "gcloud"
        caller.write_text(CALLER.format(python=sys.executable, path=str(path)), "utf-8")
        caller.chmod(0o755)
        self.folder = folder

    def close(self) -> None:
        if self.process is not None:
            self.process.communicate()  # closes its input

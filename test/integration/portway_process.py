"""One `portway serve` (or `portway server`) as a child process, and its admin pages."""

import http.client
import json
import pathlib
import signal
import subprocess

from namespaces import Namespace
from waiting import wait_until

BOOTSTRAP_PORT = 9091
FIRST_PORT = 9092
ADMIN_PORT = 9080
DOMAIN = "abc.us-west1.gcp.3199745.tidbcloud.com"
READY_SECONDS = 30


def configuration(address: str, bootstrap, ids: str = "1-64", serve: dict | None = None,
                  label: str = "b") -> str:
    """A portway.yaml. `serve` adds keys to that section; `label` begins the advertised names."""
    servers = ", ".join(f'"{host}:{port}"' for host, port in bootstrap)
    extra = "".join(f"  {key}: {value}\n" for key, value in (serve or {}).items())
    return f"""cluster:
  name: integration
  bootstrap: [{servers}]
external_listeners:
  - name: EXTERNAL
    advertise: "{label}{{id}}.{DOMAIN}"
    ports: {{first: {FIRST_PORT}, ids: {ids}}}
    bootstrap_port: {BOOTSTRAP_PORT}
serve:
  listen: {address}
  admin: {address}:{ADMIN_PORT}
{extra}"""


class PortwayProcess:
    """Runs in `namespace`, which its admin pages are asked through, too."""

    def __init__(self, binary: str, namespace: Namespace, address: str, directory):
        self.binary = binary
        self.namespace = namespace
        self.address = address
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.log_path = self.directory / "portway.log"
        self.config_path = self.directory / "portway.yaml"
        self.process = None

    def serve(self, text: str):
        self.write_configuration(text)
        self.start(["serve", "-c", str(self.config_path)])

    def write_configuration(self, text: str):
        self.config_path.write_text(text, encoding="utf-8")

    def start(self, arguments):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([*self.namespace.prefix, self.binary, *arguments],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def get(self, path: str):
        """(status, text) of an admin page."""
        connection = http.client.HTTPConnection(self.address, ADMIN_PORT, timeout=5)
        connection.sock = self.namespace.connect((self.address, ADMIN_PORT), timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def status(self) -> dict:
        return json.loads(self.get("/status")[1])

    def is_ready(self) -> bool:
        self.check_alive()
        return self.get("/readyz")[0] == 200

    def wait_ready(self, seconds: float = READY_SECONDS):
        wait_until(self.is_ready, f"portway at {self.address} to be ready; log: {self.log_path}",
                   seconds)

    def check_alive(self):
        if self.process and self.process.poll() is not None:
            raise RuntimeError(f"portway ended with {self.process.returncode}; its log ends with:\n"
                               f"{self.log()[-3000:]}")

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def signal(self, number: int):
        self.process.send_signal(number)

    def stop(self, seconds: float = 30):
        """Ends it at once: a drain is a test's business."""
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGKILL)
            self.process.wait(seconds)

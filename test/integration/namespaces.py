"""Network namespaces, held by a process each: they end with it. Linux, CAP_SYS_ADMIN."""

import ctypes
import os
import signal
import socket
import subprocess

from waiting import wait_until

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _set_network_namespace(descriptor: int):
    if _libc.setns(descriptor, CLONE_NEWNET) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"setns: {os.strerror(error)}")


class Namespace:
    def __init__(self, holder_pid: int):
        self.holder_pid = holder_pid

    @classmethod
    def create(cls) -> "Namespace":
        holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        own = os.stat("/proc/self/ns/net").st_ino
        wait_until(lambda: os.stat(f"/proc/{holder.pid}/ns/net").st_ino != own,
                   "a network namespace", seconds=10)
        namespace = cls(holder.pid)
        namespace.run("ip", "link", "set", "lo", "up")
        return namespace

    def close(self):
        """Ends the holder; the namespace lasts as long as anything else runs in it."""
        os.kill(self.holder_pid, signal.SIGKILL)

    @property
    def prefix(self) -> list:
        """Goes before a command line to run it inside."""
        return ["nsenter", f"--net=/proc/{self.holder_pid}/ns/net", "--"]

    def run(self, *command):
        subprocess.run([*self.prefix, *command], check=True)

    def add_address(self, device: str, address: str):
        self.run("ip", "address", "add", address, "dev", device)

    def new_socket(self, family=socket.AF_INET, kind=socket.SOCK_STREAM) -> socket.socket:
        """A socket that lives inside, whoever uses it."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        inside = os.open(f"/proc/{self.holder_pid}/ns/net", os.O_RDONLY)
        try:
            _set_network_namespace(inside)
            try:
                return socket.socket(family, kind)
            finally:
                _set_network_namespace(home)
        finally:
            os.close(home)
            os.close(inside)

    def connect(self, address, timeout: float) -> socket.socket:
        """As socket.create_connection, for numeric IPv4 addresses."""
        connection = self.new_socket()
        connection.settimeout(timeout)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection


def join(left: Namespace, left_device: str, right: Namespace, right_device: str):
    """A wire between two namespaces."""
    left.run("ip", "link", "add", left_device, "type", "veth",
             "peer", "name", right_device, "netns", str(right.holder_pid))
    left.run("ip", "link", "set", left_device, "up")
    right.run("ip", "link", "set", right_device, "up")

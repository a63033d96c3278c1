"""As much of the Kafka protocol as it takes to see that a cluster is ready, and to send frames
that a test compares byte for byte. Request header v1 (not flexible) unless told."""

import socket
import struct
from typing import NamedTuple

PRODUCE, FETCH, METADATA, FIND_COORDINATOR = 0, 1, 3, 10
SASL_HANDSHAKE, API_VERSIONS = 17, 18
DESCRIBE_CONFIGS, SASL_AUTHENTICATE, DESCRIBE_CLUSTER = 32, 36, 60
BROKER_RESOURCE = 4
CLIENT_ID = b"portway-test"


class Closed(OSError):
    """The other side closed the connection, at a frame boundary or inside a frame."""


class Reader:
    """Reads the primitive types one after the other."""

    def __init__(self, data: bytes):
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise ValueError(f"{count} bytes at {self.at} of {len(self.data)}")
        self.at += count
        return self.data[self.at - count:self.at]

    def _number(self, form: str) -> int:
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def int8(self) -> int:
        return self._number(">b")

    def int16(self) -> int:
        return self._number(">h")

    def int32(self) -> int:
        return self._number(">i")

    def string(self):
        size = self.int16()
        return None if size < 0 else self.take(size).decode()

    def bytes(self):
        size = self.int32()
        return None if size < 0 else self.take(size)

    def array(self, element):
        return [element() for _ in range(self.int32())]


def string(value) -> bytes:
    if value is None:
        return struct.pack(">h", -1)
    return struct.pack(">h", len(value)) + value.encode()


def compact_string(value: str) -> bytes:
    """For values shorter than 127 bytes."""
    return bytes([len(value) + 1]) + value.encode()


def request_frame(api_key: int, version: int, correlation_id: int, body: bytes,
                  flexible: bool = False) -> bytes:
    header = struct.pack(">hhih", api_key, version, correlation_id, len(CLIENT_ID)) + CLIENT_ID
    frame = header + (b"\0" if flexible else b"") + body
    return struct.pack(">i", len(frame)) + frame


class Connection:
    """One TCP connection; requests are answered in order."""

    def __init__(self, host: str, port: int, connect=socket.create_connection,
                 timeout: float = 10.0):
        self.socket = connect((host, port), timeout)
        self.socket.settimeout(timeout)
        self.correlation_id = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, api_key: int, version: int, body: bytes, flexible: bool = False) -> int:
        self.correlation_id += 1
        self.socket.sendall(
            request_frame(api_key, version, self.correlation_id, body, flexible))
        return self.correlation_id

    def _receive_exactly(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            data = self.socket.recv(count - len(parts))
            if not data:
                raise Closed(f"closed after {len(parts)} of {count} bytes")
            parts += data
        return bytes(parts)

    def receive(self) -> bytes:
        """The next frame, without its size."""
        return self._receive_exactly(struct.unpack(">i", self._receive_exactly(4))[0])

    def request(self, api_key: int, version: int, body: bytes, flexible: bool = False) -> bytes:
        """The response frame after its correlation id."""
        expected = self.send(api_key, version, body, flexible)
        frame = self.receive()
        actual = struct.unpack(">i", frame[:4])[0]
        if actual != expected:
            raise ValueError(f"correlation id {actual}, expected {expected}")
        return frame[4:]

    def authenticate_plain(self, user: str, password: str):
        self.request(SASL_HANDSHAKE, 1, string("PLAIN"))
        token = f"\0{user}\0{password}".encode()
        reader = Reader(self.request(SASL_AUTHENTICATE, 0, struct.pack(">i", len(token)) + token))
        error, message = reader.int16(), reader.string()
        if error:
            raise PermissionError(f"SASL PLAIN refused: error {error}, {message}")


class Metadata(NamedTuple):
    brokers: dict  # id -> (host, port)
    controller_id: int
    topics: dict   # name -> {partition: leader id}


def metadata_body(topics=None) -> bytes:
    """Metadata v1: None asks for all topics."""
    if topics is None:
        return struct.pack(">i", -1)
    return struct.pack(">i", len(topics)) + b"".join(string(topic) for topic in topics)


def metadata(connection: Connection, topics=None) -> Metadata:
    reader = Reader(connection.request(METADATA, 1, metadata_body(topics)))

    def broker():
        node_id, host, port, _rack = (reader.int32(), reader.string(), reader.int32(),
                                      reader.string())
        return node_id, (host, port)

    def partition():
        _error, index, leader = reader.int16(), reader.int32(), reader.int32()
        reader.array(reader.int32)
        reader.array(reader.int32)
        return index, leader

    def topic():
        _error, name, _internal = reader.int16(), reader.string(), reader.int8()
        return name, dict(reader.array(partition))

    brokers = dict(reader.array(broker))
    controller_id = reader.int32()
    return Metadata(brokers, controller_id, dict(reader.array(topic)))


def broker_refuses_identity(connection: Connection, broker_id: int):
    """None if the other side is broker `broker_id`; else what it says. Only the broker itself
    describes a BROKER resource (DescribeConfigs v1)."""
    body = (struct.pack(">ib", 1, BROKER_RESOURCE) + string(str(broker_id))
            + struct.pack(">i", 1) + string("broker.id") + b"\0")
    reader = Reader(connection.request(DESCRIBE_CONFIGS, 1, body))
    reader.int32()  # throttle time
    reader.int32()  # one result
    error, message = reader.int16(), reader.string()
    return f"error {error}: {message}" if error else None

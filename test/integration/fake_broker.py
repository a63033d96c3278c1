"""Brokers that answer ApiVersions and Metadata, and nothing else: as many as a test needs."""

import socket
import struct
import threading

import wire

SUPPORTED = [(wire.METADATA, 0, 8), (wire.API_VERSIONS, 0, 2)]
UNSUPPORTED_VERSION = 35


class FakeBrokers:
    """One per address of `addresses` (broker id -> (host, port)), in `namespace`. Metadata lists
    them in the order of `listed_ids`."""

    def __init__(self, namespace, addresses: dict, listed_ids=None):
        self.addresses = addresses
        self.listed_ids = list(listed_ids or addresses)
        self.listeners = []
        for address in addresses.values():
            listener = namespace.new_socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
            self.listeners.append(listener)
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def close(self):
        for listener in self.listeners:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _accept(self, listener):
        try:
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()
        except OSError:
            return

    def _serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            while size := stream.read(4):
                reader = wire.Reader(stream.read(struct.unpack(">i", size)[0]))
                api_key, version, correlation_id = reader.int16(), reader.int16(), reader.int32()
                answer = struct.pack(">i", correlation_id) + self._answer(api_key, version)
                connection.sendall(struct.pack(">i", len(answer)) + answer)

    def _answer(self, api_key: int, version: int) -> bytes:
        if api_key == wire.API_VERSIONS:
            return self._api_versions(version)
        if api_key == wire.METADATA:
            return self._metadata(version)
        raise ValueError(f"api key {api_key}")

    @staticmethod
    def _api_versions(version: int) -> bytes:
        known = version <= 2
        entries = b"".join(struct.pack(">hhh", *entry) for entry in SUPPORTED)
        return (struct.pack(">hi", 0 if known else UNSUPPORTED_VERSION, len(SUPPORTED)) + entries
                + (struct.pack(">i", 0) if known and version >= 1 else b""))

    def _metadata(self, version: int) -> bytes:
        brokers = b""
        for broker_id in self.listed_ids:
            host, port = self.addresses[broker_id]
            brokers += struct.pack(">i", broker_id) + wire.string(host) + struct.pack(">i", port)
            brokers += wire.string(None) if version >= 1 else b""
        answer = struct.pack(">i", 0) if version >= 3 else b""
        answer += struct.pack(">i", len(self.listed_ids)) + brokers
        answer += wire.string("fake-cluster") if version >= 2 else b""
        answer += struct.pack(">i", self.listed_ids[0]) if version >= 1 else b""
        answer += struct.pack(">i", 0)  # no topics
        return answer + (struct.pack(">i", -1) if version >= 8 else b"")

"""Requests of the tests' own, byte by byte: produce with serial numbers, and the requests whose
answers carry addresses."""

import struct
import time

import wire

def address_requests(group: str, newest: bool) -> dict:
    """name -> (api key, version, body, flexible): what a client asks to learn addresses."""
    requests = {
        "Metadata v1": (wire.METADATA, 1, wire.metadata_body(), False),
        "Metadata v5": (wire.METADATA, 5, wire.metadata_body() + b"\1", False),
        "Metadata v8": (wire.METADATA, 8, wire.metadata_body() + b"\1\0\0", False),
        "Metadata v9": (wire.METADATA, 9, b"\0" + b"\1\0\0" + b"\0", True),
        "Metadata v12": (wire.METADATA, 12, b"\0" + b"\1\0" + b"\0", True),
        "FindCoordinator v0": (wire.FIND_COORDINATOR, 0, wire.string(group), False),
        "FindCoordinator v2": (wire.FIND_COORDINATOR, 2, wire.string(group) + b"\0", False),
        "FindCoordinator v4": (wire.FIND_COORDINATOR, 4,
                               b"\0" + b"\2" + wire.compact_string(group) + b"\0", True),
        "DescribeCluster v0": (wire.DESCRIBE_CLUSTER, 0, b"\0\0", True),
    }
    if newest:
        requests["Metadata v13"] = (wire.METADATA, 13, b"\0" + b"\1\0" + b"\0", True)
        requests["FindCoordinator v6"] = (
            wire.FIND_COORDINATOR, 6, b"\0" + b"\2" + wire.compact_string(group) + b"\0", True)
        requests["DescribeCluster v2"] = (wire.DESCRIBE_CLUSTER, 2, b"\0\1\0\0", True)
    return requests


# Produce, as TiCDC sends it: version 7, one record a batch.

_CRC32C_POLYNOMIAL = 0x82F63B78


def _crc32c_table() -> list:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (_CRC32C_POLYNOMIAL if value & 1 else 0)
        table.append(value)
    return table


_CRC32C_TABLE = _crc32c_table()


def crc32c(data: bytes) -> int:
    value = 0xFFFFFFFF
    for byte in data:
        value = _CRC32C_TABLE[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


def unsigned_varint(value: int) -> bytes:
    result = bytearray()
    while value > 0x7F:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    result.append(value)
    return bytes(result)


def varint(value: int) -> bytes:
    return unsigned_varint((value << 1) ^ (value >> 63))


def record_batch(value: bytes) -> bytes:
    record = b"\0" + varint(0) + varint(0) + varint(-1) + varint(len(value)) + value + varint(0)
    # Of now: the brokers' retention, which first runs 30 s after their start, deletes old records.
    now_ms = time.time_ns() // 1_000_000
    after_crc = (struct.pack(">hiqqqhii", 0, 0, now_ms, now_ms, -1, -1, -1, 1)
                 + varint(len(record)) + record)
    after_length = struct.pack(">ibI", -1, 2, crc32c(after_crc)) + after_crc
    return struct.pack(">qi", 0, len(after_length)) + after_length


def produce_body(topic: str, partition: int, value: bytes, acks: int = -1) -> bytes:
    batch = record_batch(value)
    return (wire.string(None) + struct.pack(">hi", acks, 10_000) + struct.pack(">i", 1)
            + wire.string(topic) + struct.pack(">iii", 1, partition, len(batch)) + batch)


def produce_body_flexible(topic: str, partition: int, value: bytes) -> bytes:
    """Versions 9 to 12."""
    batch = record_batch(value)
    return (b"\0" + struct.pack(">hi", -1, 10_000) + b"\2" + wire.compact_string(topic) + b"\2"
            + struct.pack(">i", partition) + unsigned_varint(len(batch) + 1) + batch
            + b"\0" + b"\0" + b"\0")


def fetch_body(topic_id: bytes, partition: int) -> bytes:
    """Versions 15 to 17: a full fetch from the beginning."""
    maximum_bytes = 1 << 20
    return (struct.pack(">iiibii", 0, 0, maximum_bytes, 0, 0, -1) + b"\2" + topic_id + b"\2"
            + struct.pack(">iiqiqi", partition, -1, 0, -1, -1, maximum_bytes) + b"\0" + b"\0"
            + b"\1" + b"\1" + b"\0")


def produce_error(answer: bytes) -> int:
    """The error code of the only partition."""
    reader = wire.Reader(answer)
    reader.int32()
    reader.string()
    reader.int32()
    reader.int32()
    return reader.int16()

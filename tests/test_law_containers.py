"""The law: no bytes make a container fail; they give captures and problems, and both have a name."""

import gzip
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.containers import Limits, members
from feeds.model import Problem

RECORD = b"WARC/1.1\r\nWARC-Type: conversion\r\nContent-Length: 8\r\n\r\nLamp out\r\n\r\n"
WHOLE = st.sampled_from(
    [
        RECORD * 3,
        gzip.compress(RECORD) * 3,
        gzip.compress(RECORD * 3),
        gzip.compress(b"Lamp out"),
        b"PK\x03\x04" * 9,
    ]
)


@given(WHOLE, st.integers(0, 300), st.integers(0, 40), st.binary(max_size=40))
@settings(max_examples=300)
def test_no_damage_makes_a_container_fail(whole: bytes, at: int, length: int, put: bytes) -> None:
    """Any piece of a container may be cut out and replaced by anything."""
    data = whole[:at] + put + whole[at + length :]

    found = list(members(io.BytesIO(data), Limits(member=10_000), "c"))

    for item in found:
        assert (item.source if isinstance(item, Problem) else item.name).startswith("c")

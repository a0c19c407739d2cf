"""Write feeds/data/feeds.schema.json from the structs of feeds/config.py."""

from __future__ import annotations

from pathlib import Path

from feeds import schema

Path(__file__).parent.parent.joinpath("feeds", "data", schema.FILE_NAME).write_bytes(schema.dump())

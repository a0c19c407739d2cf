"""Say what a path lies on: its file system, and how much room is left there."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

# proc(5), the ninth field: those where flock, rename or fsync may do less than they say.
NETWORK = re.compile(
    r"(nfs\d?|cifs|smb\d?|smbfs|ncpfs|afs|ceph|gfs2?|glusterfs|lustre|gpfs|ocfs2|beegfs|davfs\d?"
    r"|fuse\.(sshfs|s3fs|rclone|glusterfs|ceph|davfs\d?|gcsfuse|goofys|mount-s3|juicefs|seaweedfs|blobfuse\d?))"
)
_MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(rb"\\([0-7]{3})")


class Room(NamedTuple):
    """What is left for a process that is not root's."""

    free: int  # bytes
    files: int | None  # None where the file system sets no number


def network(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """Give the type of the network file system that a path lies on; None where it is none, or unknown."""
    try:
        lines = mounts.read_bytes().splitlines()
    except OSError:
        return None
    where = os.fsencode(os.path.realpath(path))
    found, kind = b"", ""
    for line in lines:
        fields = line.split(b" ")
        if b"-" not in fields[6:-1]:
            continue
        point = _OCTAL.sub(lambda match: bytes([int(match[1], 8)]), fields[4])
        inside = where == point or where.startswith(point.rstrip(b"/") + b"/")
        if inside and len(point) >= len(found):  # of two at one place, the later one is on top
            found, kind = point, fields[fields.index(b"-", 6) + 1].decode("ascii", "replace")
    return kind if NETWORK.fullmatch(kind) else None


def warning(kind: str) -> str:
    """Say what to beware of on a network file system."""
    return f"on a network file system ({kind}), where locks and renames may fail; better a local disk"


def room(folder: Path) -> Room:
    """Give what is left where a folder lies; raise OSError."""
    info = os.statvfs(folder)
    return Room(info.f_bavail * info.f_frsize, info.f_favail if info.f_files else None)

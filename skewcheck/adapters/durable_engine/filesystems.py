"""Refuses state directories on network file systems, where a lock holds on one machine only and
SQLite loses data (sqlite.org/howtocorrupt.html, "File locking problems").
"""

import re
from pathlib import Path

from skewcheck.core.errors import SkewcheckError

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "gfs2", "glusterfs"}
    | {"lustre", "beegfs", "gpfs", "ocfs2", "orangefs", "pvfs2", "fuse"}
)
# FUSE, but on this machine's own disks.
_LOCAL_FUSE = frozenset({"fuseblk", "fuse.fuse-overlayfs", "fuse.lxcfs"})


def refuse_network(state: Path) -> None:
    """SkewcheckError for those; where nobody tells (no Linux) nothing is refused."""
    try:
        mounts = _MOUNTS.read_text(errors="surrogateescape")
    except OSError:
        return
    kind = filesystem_of(state.absolute().resolve(), mounts)
    if is_network(kind):
        raise SkewcheckError(
            f"the state directory {state} is on a network file system ({kind}), where two"
            " machines could roll out at once",
            hint="set SKEWCHECK_STATE_URL=postgresql://…, or SKEWCHECK_STATE_DIR to a local folder",
        )


def filesystem_of(path: Path, mounts: str) -> str:
    """Its kind, by /proc/self/mountinfo (proc(5)); of mounts on one point the last counts."""
    found, depth = "", -1
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        point = Path(_unescaped(fields[4]))
        if path.is_relative_to(point) and len(point.parts) >= depth:
            found, depth = right.split(" ")[0], len(point.parts)
    return found


def is_network(kind: str) -> bool:
    """FUSE counts, unless it is known to be local: a bucket, sshfs and the like lock nobody out."""
    return kind in _NETWORK or (kind.startswith("fuse") and kind not in _LOCAL_FUSE)


def _unescaped(point: str) -> str:
    """Blanks and backslashes come as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)

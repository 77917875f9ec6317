"""Who may execute, under which names, and on which file systems nobody may."""

from pathlib import Path

import pytest

from skewcheck.adapters.durable_engine.filesystems import filesystem_of, is_network
from skewcheck.adapters.durable_engine.guard import FileGuard
from skewcheck.adapters.durable_engine.names import names_of


def test_a_lock_has_one_holder_until_it_is_let_go(tmp_path: Path) -> None:
    one, two = FileGuard(tmp_path / "lock"), FileGuard(tmp_path / "lock")
    assert one.take()
    assert not two.take()
    assert (one.stands(), two.stands()) == (True, False)
    one.let_go()
    assert two.take()
    two.let_go()


def test_names_are_what_dbos_and_postgresql_take() -> None:
    here, there = names_of("shop/production"), names_of("shop/staging")
    assert here != there
    assert here == names_of("shop/production")
    assert here.name.replace("-", "").isalnum()
    assert here.name == here.name.lower()
    assert -(2**63) <= here.lock < 2**63
    assert here.rollout(here.workflow("r/1")) == "r/1"


MOUNTS = r"""
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
35 21 0:33 / /home rw,nosuid shared:17 - nfs4 server:/home rw,vers=4.2
36 35 0:34 / /home/ada/my\040bucket rw - fuse.gcsfuse bucket rw
37 21 0:35 / /mnt rw - nfs server:/a rw
38 37 0:36 / /mnt rw master:3 - xfs /dev/sdb1 rw
broken
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib", "ext4"),
        ("/homes/ada", "ext4"),
        ("/home/ada/.local/state", "nfs4"),
        ("/home/ada/my bucket/state", "fuse.gcsfuse"),
        ("/mnt/state", "xfs"),
    ],
)
def test_the_innermost_and_newest_mount_says_what_a_folder_is_on(path: str, kind: str) -> None:
    assert filesystem_of(Path(path), MOUNTS) == kind


@pytest.mark.parametrize(
    ("kind", "network"),
    [
        *[(kind, True) for kind in ("nfs", "nfs4", "cifs", "fuse", "fuse.sshfs", "fuse.gcsfuse")],
        *[(kind, False) for kind in ("ext4", "overlay", "tmpfs", "fuseblk", "")],
    ],
)
def test_a_network_file_system_is_known_by_its_kind(kind: str, *, network: bool) -> None:
    assert is_network(kind) is network

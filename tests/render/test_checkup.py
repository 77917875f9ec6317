"""The checkup, told."""

import json

from inline_snapshot import snapshot

from skewcheck.core.checkup.check import Group, Name, bad, not_needed, ok, unknown
from skewcheck.render.checkup import render_checkup, render_checkup_json

HERE = "this machine"
LOGIN = "gcloud auth application-default login"
LONG = "gcloud projects add-iam-policy-binding acme --member=user:EMAIL --role=roles/run.admin"
GROUPS = (
    Group(
        environment="",
        checks=(
            bad(Name.CREDENTIALS, HERE, "no usable Google credentials", LOGIN),
            not_needed(Name.SLACK, HERE, "for skewcheck serve only"),
        ),
    ),
    Group(
        environment="staging",
        checks=(
            ok(Name.MANIFEST, "staging", "manifests/staging.yaml at HEAD (c0ffeec)"),
            unknown(Name.MAY_READ, "backend", "not asked, without credentials", LOGIN),
            bad(
                Name.MAY_REDEPLOY,
                "backend",
                "lacking run.services.update on acme-api in us-central1",
                LONG,
            ),
            bad(Name.MAY_REDEPLOY, "frontend", "lacking the same", LONG),
        ),
    ),
)


def told(*groups: Group, width: int = 80, colour: bool = False) -> str:
    return render_checkup(groups, width=width, colour=colour)


def test_a_line_for_each_check_and_the_mend_under_it() -> None:
    assert told(*GROUPS) == snapshot("""\
this machine
  bad         credentials: no usable Google credentials
              fix: gcloud auth application-default login
  not needed  slack: for skewcheck serve only

staging
  ok          manifest: manifests/staging.yaml at HEAD (c0ffeec)
  unknown     may-read backend: not asked, without credentials
              fix: as for credentials
  bad         may-redeploy backend: lacking run.services.update on acme-api in
              us-central1
              fix:
              gcloud projects add-iam-policy-binding acme --member=user:EMAIL --role=roles/run.admin
  bad         may-redeploy frontend: lacking the same
              fix: as for may-redeploy backend

1 ok, 3 bad, 1 unknown, 1 not needed: exit 10
""")  # fmt: skip


def test_the_mend_of_another_environment_is_told_to_be_there() -> None:
    other = Group(environment="production", checks=GROUPS[1].checks)
    assert "fix: as for may-redeploy backend in staging\n" in told(*GROUPS, other)


def test_nothing_to_check_is_said() -> None:
    assert told() == "nothing to check: exit 11\n"


def test_colour_is_there_where_it_was_asked_for() -> None:
    assert "\x1b[" in told(*GROUPS, colour=True)
    assert "\x1b[" not in told(*GROUPS)


def test_what_others_wrote_is_shown_and_not_obeyed() -> None:
    hostile = bad(Name.PAGE, "web\x1b[2J", "said \x1b]0;owned\x07\nok", "curl\r\x1b[1A")
    group = Group(environment="staging\x1b[8m", checks=(hostile,))
    assert "\x1b" not in told(group)
    assert "\r" not in told(group)
    assert "\\x1b]0;owned\\x07\\nok" in told(group, width=200)


def test_machines_get_all_of_it() -> None:
    document = json.loads(render_checkup_json(GROUPS))
    assert (document["schema"], document["question"], document["exit"]) == (1, "doctor", 10)
    assert document["checks"][0] == snapshot(
        {
            "environment": "",
            "name": "credentials",
            "subject": "this machine",
            "state": "bad",
            "told": "no usable Google credentials",
            "fix": "gcloud auth application-default login",
        }
    )
    assert [each["environment"] for each in document["checks"]] == ["", ""] + 4 * ["staging"]


def test_machines_get_nothing_but_ascii() -> None:
    group = Group(environment="", checks=(ok(Name.PROMISE, "web", "über"),))
    assert render_checkup_json([group]).isascii()

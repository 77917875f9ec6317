"""What one run told of one finding code, read from the JSON that programs read."""

import json
from typing import Any

from tests.programs import Ended


def found(ended: Ended, severity: str, code: str, *, about: str, exits: int) -> dict[str, Any]:
    """The first finding of that code about that subject; the run must have ended so.

    Whatever does not pass names what to do next.
    """
    assert (ended.code, ended.err) == (exits, ""), ended
    findings = json.loads(ended.out)["findings"]
    ours = [each for each in findings if (each["code"], each["subject"]) == (code, about)]
    told = [f"{each['severity']} {each['code']} {each['subject']}" for each in findings]
    assert ours, told
    assert {each["severity"] for each in ours} == {severity}, told
    assert all(each["sentence"] for each in ours)
    assert severity == "notice" or all(each["fix"] for each in ours)
    first: dict[str, Any] = ours[0]
    return first

"""Ways to break the gate, each by one rule: a text of the package, and what stands there instead.

A text must be found exactly once, so that a rule that moves takes its mutation along.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    file: str
    text: str
    instead: str


MUTATIONS = {
    "the verdict never blocks": Mutation(
        "core/findings.py",
        "        return Verdict.BLOCK\n",
        "        return Verdict.INCONCLUSIVE\n",
    ),
    "unknown is green": Mutation(
        "core/findings.py",
        "return Verdict.INCONCLUSIVE if Severity.UNKNOWN in severities else Verdict.PASS",
        "return Verdict.PASS",
    ),
    "everything blocks": Mutation(
        "core/findings.py",
        "return Verdict.INCONCLUSIVE if Severity.UNKNOWN in severities else Verdict.PASS",
        "return Verdict.BLOCK",
    ),
    "a block leaves with 0": Mutation(
        "core/report.py", "Verdict.BLOCK: Exit.BLOCK", "Verdict.BLOCK: Exit.PASS"
    ),
    "an unknown leaves with 0": Mutation(
        "core/report.py",
        "Verdict.INCONCLUSIVE: Exit.INCONCLUSIVE",
        "Verdict.INCONCLUSIVE: Exit.PASS",
    ),
    "a missing probe is a notice": Mutation(
        "core/policy.py", '"unknown"] = "unknown"', '"unknown"] = "notice"'
    ),
    "probes that were made are not judged": Mutation(
        "flows/check.py", "survey = replace(survey, probes=probes)", "del probes"
    ),
    "only deploys are held against probes": Mutation(
        "core/judge/__init__.py", "findings += judge_probes(survey.probes)", "pass"
    ),
    "a deploy is not held against probes": Mutation(
        "core/gate.py", "findings += judge_wire(survey.probes)", "del judge_wire"
    ),
    "a deploy's pairs are not compared": Mutation(
        "core/gate.py", "        findings += _about_link(survey, link, strict=strict)\n", ""
    ),
    "an empty manifest is fine": Mutation(
        "core/judge/__init__.py",
        "yield found(survey, Code.NOTHING_TO_CHECK, survey.environment, told, fix=fix)",
        "yield from ()",
    ),
    "the edge may be stale": Mutation(
        "core/judge/places.py", "yield from _stale_edge(survey, service)", "yield from ()"
    ),
    "the origin may run anything": Mutation(
        "core/judge/places.py", "yield from _stale_origin(survey, service)", "yield from ()"
    ),
    "a page need not name a build": Mutation(
        "core/judge/unknowns.py", "yield from _unproven(survey, service)", "yield from ()"
    ),
    "versions are not compared": Mutation(
        "core/compatibility.py",
        "if not server.accepts.contains(client.version, prereleases=True):",
        "if not server.accepts:",
    ),
    "formats are not compared": Mutation(
        "core/compatibility.py", "known != client.fingerprint", "not client.fingerprint"
    ),
    "a placeholder is a build": Mutation(
        "core/build.py", "    if _is_placeholder(bare):\n", "    if not bare:\n"
    ),
    "a page may be a version document": Mutation(
        "core/exposed/version_document.py", "    if is_html(answer):\n", "    if not answer:\n"
    ),
    "what is not asked for is not missed": Mutation(
        "core/probe/kits.py", "    if wanted.skip:\n", "    if not plan:\n"
    ),
    "a close before the welcome is no failure": Mutation(
        "core/ladder/rungs_above.py",
        "return _failure(gone, when, code, messages_words(heard))",
        "return Passed(when)",
    ),
    "any 2xx is an upgrade": Mutation(
        "core/ladder/rungs.py",
        "    if answered.status != 101:\n",
        "    if answered.status == 200:\n"
        '        return Passed("switched to WebSocket")\n'
        "    if answered.status != 101:\n",
    ),
    "an offer need not be answered": Mutation(
        "core/ladder/readings.py",
        "if opened is None or requested is None or not requested.offers or opened.subprotocol:",
        "if opened is not requested:",
    ),
    "one handshake that holds is enough": Mutation(
        "core/probed/probes.py", 'return "flaky" if held', 'return "holds" if held'
    ),
    "no wrong format is tried": Mutation(
        "core/probe/experiments.py", "        yield from _control(kit, each)\n", ""
    ),
    "a wrong format may be welcomed": Mutation(
        "core/judge/probe_extras.py", "    yield from _controls(link)\n", ""
    ),
    "no header is lost on purpose": Mutation(
        "core/probe/experiments.py", "            yield from _losses(each, done)\n", ""
    ),
    "what the edge takes from an answer is not seen": Mutation(
        "core/judge/probe_causes.py",
        "    if goes_on_all_the_same(probed) and not _selected(probed):\n",
        "    if not failed:\n",
    ),
    "no test report is judged": Mutation(
        "core/judge/evidence.py", "    if wanted is None:\n", "    if wanted is wanted:\n"
    ),
    "a failed test proves something": Mutation(
        "core/evidence/require.py", '[1].state == "failed"]', '[1].state == "erred"]'
    ),
    "a skipped test proves something": Mutation(
        "core/evidence/require.py", 'in {"skipped", "disabled"}', 'in {"disabled"}'
    ),
    "a test that is not there is not missed": Mutation(
        "core/evidence/require.py", "    if not matches:\n", "    if not name:\n"
    ),
    "tests of any build will do": Mutation(
        "core/evidence/commits.py", "    if others:\n", "    if not builds:\n"
    ),
}

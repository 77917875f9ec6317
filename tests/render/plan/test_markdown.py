# ruff: noqa: E501 - goldens are as wide as what they pin

from inline_snapshot import snapshot

from skewcheck.core.plan.plan import Answer, Plan
from skewcheck.render.plan import render_plan_markdown
from tests.render.plan import worlds


def test_a_waived_plan_tells_a_change_what_it_accepts() -> None:
    assert render_plan_markdown(worlds.view(worlds.waived(), next=("run it",))) == snapshot("""\
## SAFE: staging

**2 services in 2 waves, at least 5 min, waits included** (exit 0), 2026-11-23 22:10 UTC

> **WAIVED by ada@<!-- -->acme.example: chat is down for all (accepts: every tab of frontend 01d01d0 that is still open, up to 12 h)**

### broken now

- **broken** chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the format differs
  - mended in wave 1 for whoever loads it anew; it ends with the last client of frontend 01d01d0, up to 12 h

### wave 1

- **move** frontend 01d01d0 → 9e39e39 by trigger deploy-web (took 4 min last time); then its edge is told to forget
- **mends** chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the format differs
- **undo** wave 1 without a wait
  - frontend by building 01d01d0 again (took 4 min last time)

### wave 2

- **no wait** until no client of frontend in 01d01d0 is left: waived by ada@<!-- -->acme.example (chat is down for all)
  - accepted: every tab of frontend 01d01d0 that is still open, up to 12 h
  - chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1, server accepts \\>=3
- **move** backend aaaa111 → bbbb222 by image us-docker.pkg.dev/acme/api:\\{build\\}
- **may fail** chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1, server accepts \\>=3
- **undo** waves 1 and 2 without a wait

### what no invalidation reaches

- **lingers** open tabs and browser caches of frontend 01d01d0, up to 12 h by policy
  - chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the format differs

### what takes longest

- **critical** frontend, then backend

What to do next:

```sh
run it
```

<sub>plan 5f3c0de5f3c0de01, good until 2026-11-23 22:25 UTC while the world stays as it is</sub>
""")


def test_a_deadlock_is_a_list_of_arcs_and_ways_out() -> None:
    assert render_plan_markdown(worlds.view(worlds.deadlocked())) == snapshot("""\
## NO SAFE ORDER: staging

**1 deadlock** (exit 10), 2026-11-23 22:10 UTC

### deadlock: each of these has to move before another: backend, frontend

- **1.** frontend has to be done, and its old clients gone (up to 12 h), before backend moves (client first)
  - chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1, server accepts \\>=3
- **2.** backend has to be done before frontend moves (server first)
  - chat: frontend 9e39e39 → backend aaaa111: client speaks 3.0, server accepts \\>=2,\\<3
- **any of** widen server backend: let bbbb222 keep accepting 2.1
- window frontend: move both at once; connects fail
- **or all** bridging releases of backend, which talk old and new, free all of them (no smaller set does)

<sub>plan 5f3c0de5f3c0de01, good until 2026-11-23 22:25 UTC while the world stays as it is</sub>
""")


def test_an_empty_plan_has_nothing_but_its_answer() -> None:
    text = render_plan_markdown(worlds.view(Plan(answer=Answer.SAFE)))
    assert text.startswith("## SAFE: staging\n\n**nothing to do** (exit 0)")
    assert "###" not in text

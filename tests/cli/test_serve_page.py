"""The page of the running service in a real browser follows a rollout, and is never reloaded."""

from pathlib import Path
from typing import Any

from tests.browser.chromium import browser
from tests.browser.looking import complaints, open_page
from tests.cli.desk import Desk
from tests.processes import waited_for
from tests.serving import passes, serving

MENDS = ("policy:\n", "policy:\n  on_skew: redeploy\n")
# All that the page ever showed, one line for each change.
_REMEMBER = """
window.shown = [];
const look = () => {
  const verdict = document.querySelector(".verdict")?.textContent.trim();
  const steps = document.querySelectorAll(".rollout .steps li:not(.coming)").length;
  window.shown.push([verdict, steps]);
};
look();
new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
0
"""


def test_the_page_follows_a_rollout_from_block_to_pass_without_being_reloaded(
    desk: Desk, tmp_path: Path
) -> None:
    branch = desk.promise("page-follows", *MENDS)
    with browser(tmp_path) as chromium, serving(desk, "--ref", branch) as served:
        assert served.sees(passes)
        page = chromium.page
        open_page(page, f"{served.url}environments/staging/")
        page.evaluate(_REMEMBER)
        desk.stage.stale_edge()

        def shown() -> list[list[Any]]:
            seen: list[list[Any]] = page.evaluate("window.shown")
            return seen

        assert waited_for(lambda: any(verdict == "BLOCK" for verdict, _ in shown()))
        assert waited_for(lambda: any(steps for _, steps in shown()))
        assert waited_for(lambda: shown()[-1][0] == "PASS"), shown()[-1]
        assert waited_for(lambda: [e["outcome"] for e in served.rollouts()] == ["succeeded"])
        assert complaints(page) == []

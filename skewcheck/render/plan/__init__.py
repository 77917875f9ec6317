"""Plans for everybody who reads them: terminals, programs, comments on a change."""

from skewcheck.render.plan.as_json import render_plan_json
from skewcheck.render.plan.markdown import render_plan_markdown
from skewcheck.render.plan.next import render_next, render_next_json
from skewcheck.render.plan.terminal import render_plan

__all__ = [
    "render_next",
    "render_next_json",
    "render_plan",
    "render_plan_json",
    "render_plan_markdown",
]

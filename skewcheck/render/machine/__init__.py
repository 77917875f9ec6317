"""Reports for programs: JSON, JUnit and GitHub's workflow commands."""

from skewcheck.render.machine.as_github import render_github
from skewcheck.render.machine.as_json import render_json
from skewcheck.render.machine.as_junit import render_junit

__all__ = ["render_github", "render_json", "render_junit"]

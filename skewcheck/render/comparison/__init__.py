"""Two environments held side by side, for everybody who reads it."""

from skewcheck.render.comparison.as_json import render_comparison_json
from skewcheck.render.comparison.markdown import render_comparison_markdown
from skewcheck.render.comparison.terminal import render_comparison

__all__ = ["render_comparison", "render_comparison_json", "render_comparison_markdown"]

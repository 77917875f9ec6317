"""The status page: HTML that needs nothing but itself; jinja2 is loaded only to render one."""

from skewcheck.render.page.page import render_page
from skewcheck.render.page.reports import render_reports
from skewcheck.render.page.template import csp_of_page

__all__ = ["csp_of_page", "render_page", "render_reports"]

"""The table of services: owners, promises, and what runs."""

from typing import Any

from skewcheck.core.survey import ServiceSurvey
from skewcheck.render.page.services import COLUMNS, ServiceRow, service_rows
from tests.builders import (
    NEW,
    OLD,
    backend,
    document,
    frontend,
    report,
    service_survey,
    survey,
)
from tests.render import worlds
from tests.render.page import views
from tests.render.page.views import document_of


def row(service: ServiceSurvey) -> ServiceRow:
    rows = service_rows(document_of(report(survey(service))))
    return next(each for each in rows if each.name == service.name)


def test_a_service_has_its_owner_and_when_it_was_promised() -> None:
    one = row(frontend())
    assert one.owner == "web (C012AB)"
    assert one.since == "2026-11-22 22:10 UTC"


def test_a_document_from_before_owners_were_told_takes_them_from_findings() -> None:
    read: Any = document_of(worlds.incident())
    del read["observations"]["frontend"]["owner"]
    del read["observations"]["backend"]["owner"]
    owners = {each.name: each.owner for each in service_rows(read)}
    assert owners == {"frontend": "web (C012AB)", "backend": ""}


def test_what_runs_is_what_takes_traffic_and_a_stale_hop_beside_it() -> None:
    assert [(each.told, each.where) for each in row(backend()).runs] == [(NEW.short, "")]
    stale = row(backend(edge=document(OLD))).runs
    assert [(each.told, each.state, each.where) for each in stale] == [
        (NEW.short, "kept", ""),
        (OLD.short, "stale", "at the edge"),
    ]
    unseen = row(service_survey()).runs
    assert [(each.told, each.state) for each in unseen] == [("? not known", "unknown")]


def test_the_table_has_a_cell_for_each_witness_and_names_the_full_build() -> None:
    root = views.page()
    table = root.one("table", "services")
    assert [each.text for each in table.one("thead").all("th")] == ["service", *COLUMNS]
    cells = table.one("tbody").all("tr")[0].all("td")
    assert [each.attributes["data-column"] for each in cells] == list(COLUMNS)
    assert NEW.value in {each.attributes.get("title") for each in table.all("", "said")}
    assert [each.text for each in table.all("tr", "has-stale")]

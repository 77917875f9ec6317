"""The web application told as OpenAPI 3.1, by hand: what a program may rely on, and no more.

Objects of the report have more keys than stand here, and get more: keys are added, never renamed.
"""

from skewcheck import __version__
from skewcheck.render.machine.probes import JsonObject
from skewcheck.service.openapi_parts import (
    NAME,
    PROBLEMS,
    bytes_of,
    get,
    json_of,
    post,
)
from skewcheck.service.openapi_schemas import SCHEMAS

_HTML, _EVENTS, _TEXT = "text/html", "text/event-stream", "text/plain"
_PATHS: JsonObject = {
    "/": get("The status page of all environments", {"200": bytes_of(_HTML, "The page.")}),
    "/environments/{name}/": get(
        "The status page of one environment", {"200": bytes_of(_HTML, "The page.")}, NAME
    ),
    "/environments/{name}": get(
        "Leads to the status page of the environment",
        {"308": {"description": "It stands in a folder of its own."}},
        NAME,
    ),
    "/events": get(
        "Tells when any page has changed",
        {"200": bytes_of(_EVENTS, "`changed` events; their data is the new version.")},
    ),
    "/environments/{name}/events": get(
        "Tells when the environment's page has changed",
        {"200": bytes_of(_EVENTS, "`changed` events; their data is the new version.")},
        NAME,
    ),
    "/api/v1/environments": get(
        "All environments in brief", {"200": json_of("Environments", "Ordered by name.")}
    ),
    "/api/v1/environments/{name}": get(
        "The newest report of an environment, with its rollouts and its hold",
        {
            "200": json_of("Environment", "Look at `trouble`: the report may be old."),
            "503": json_of("Problem", "No survey has been taken yet."),
        },
        NAME,
    ),
    "/api/v1/environments/{name}/rollouts": get(
        "The newest rollouts of an environment",
        {"200": json_of("Rollouts", "The newest first.")},
        NAME,
    ),
    "/api/v1/openapi.json": get("This document", {"200": json_of("Anything", "OpenAPI 3.1.")}),
    "/gate": post(
        "May the candidates be deployed? Judged anew; Flagger's webhook",
        "GatePayload",
        {
            "200": json_of("Report", "They may.", text=True),
            "409": json_of("Report", "They may not: a finding blocks.", text=True),
            "503": json_of("ReportOrProblem", "Nobody can tell, so they may not.", text=True),
            "415": json_of("Problem", "The body is not application/json.", text=True),
            "429": json_of("Problem", "Too many judgements wait.", text=True),
        },
    ),
    "/metrics": get("Metrics for Prometheus", {"200": bytes_of(_TEXT, "The text format.")}),
    "/__version__": get("Which skewcheck this is", {"200": json_of("Version", "Dockerflow.")}),
    "/__heartbeat__": get(
        "Whether it can do its work",
        {
            "200": json_of("Heartbeat", "It can."),
            "500": json_of("Heartbeat", "It cannot; `details` says why."),
        },
    ),
    "/__lbheartbeat__": get("Whether it runs", {"200": bytes_of(_TEXT, "It does.")}),
    "/slack/events": post(
        "Commands and buttons of Slack, signed by Slack",
        "Anything",
        {"200": {"description": "Taken."}},
        kind="application/x-www-form-urlencoded",
    ),
}

OPENAPI: JsonObject = {
    "openapi": "3.1.0",
    "info": {
        "title": "skewcheck serve",
        "version": __version__,
        "description": "What is live where, whether it fits together, and what mends it.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "paths": _PATHS,
    "components": {"schemas": SCHEMAS, "responses": PROBLEMS},
}

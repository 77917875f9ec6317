"""The frontend's page, script and documents say which build they are of."""

import pytest
import requests

from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.programs import container
from skewcheck.sandbox.programs.frontend import answer, script, script_path
from tests.sandbox.builders import NEW, OLD, WEB_IMAGE, frontend


def test_the_page_names_its_build_and_loads_its_script(cloud: Sandbox) -> None:
    cloud.deploy("acme-web", f"{WEB_IMAGE}:{OLD}")
    url = cloud.url("acme-web")
    page = requests.get(f"{url}/index.html", timeout=10)
    script = requests.get(f"{url}/assets/app-{OLD[:7]}.js", timeout=10)

    assert f'<meta name="build-sha" content="{OLD}">' in page.text
    assert f'src="/assets/app-{OLD[:7]}.js"' in page.text
    assert page.headers["Cache-Control"] == "public, max-age=3600"
    assert "jwt-auth" in script.text
    assert "immutable" in script.headers["Cache-Control"]


def test_version_documents_are_the_same_under_both_names_and_never_stored(
    cloud: Sandbox,
) -> None:
    cloud.deploy("acme-web", f"{WEB_IMAGE}:{OLD}")
    answers = [
        requests.get(cloud.url("acme-web") + path, timeout=10)
        for path in ("/version.json", "/__version__")
    ]

    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["commit"] == OLD
    assert answers[0].json()["protocols"][0]["role"] == "client"
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_an_image_may_say_something_else_of_itself(cloud: Sandbox) -> None:
    image = frontend(
        version_document={"commit": "unknown"},
        version_headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
    cloud.deploy("acme-liar", cloud.images.add(WEB_IMAGE, "liar", image))
    answer = requests.get(cloud.url("acme-liar") + "/version.json", timeout=10)

    assert answer.json() == {"commit": "unknown"}
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_heartbeat_answers_and_the_template_keeps_the_environment(cloud: Sandbox) -> None:
    cloud.deploy("acme-web", f"{WEB_IMAGE}:{OLD}", env={"COLOUR": "blue"})
    heartbeat = requests.get(cloud.url("acme-web") + "/__heartbeat__", timeout=10)

    assert heartbeat.json() == {"status": "ok", "checks": {}, "details": {}}
    container = cloud.service("acme-web")["template"]["containers"][0]
    assert container["env"] == [{"name": "COLOUR", "value": "blue"}]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/version.json", 200),
        (script_path(OLD), 200),
        (script_path(NEW), 404),
        ("/__heartbeat__", 503),
    ],
)
def test_a_build_knows_its_own_paths_only(path: str, status: int) -> None:
    image = frontend(dependencies={"auth": "down"})
    settings = container.Settings({"SANDBOX_IMAGE": image.settings()})

    assert answer(path, settings)[0] == status


def test_the_script_offers_what_the_contract_says() -> None:
    assert script(OLD, ["jwt-auth", "jwt.{token:base64url}"]).endswith(
        'new WebSocket(url, ["jwt-auth", "jwt.${token:base64url}"]);\n'
    )

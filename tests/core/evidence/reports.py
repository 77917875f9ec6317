"""Test reports in the shapes that real tools write, and builders for one of our own."""

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from skewcheck.core.build import BuildName, BuildSha
from skewcheck.core.evidence.case import Case, Evidence, EvidenceUnreadable
from skewcheck.core.evidence.junit import read_junit

SHA = "3f2c1ab9d8e7aa00112233445566778899aabbcc"
OTHER = "bb08a08d5aa050680b22cd6fe227ac0339dd03ad"
FILE = "junit.xml"

PYTEST = f"""<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" skipped="2"
 tests="6" time="4.210" timestamp="2026-03-01T12:00:00.000000+00:00" hostname="ci-7">
<properties><property name="commit" value="{SHA}" /></properties>
<testcase classname="tests.e2e.test_chat" name="test_round_trip" time="1.502" />
<testcase classname="tests.e2e.test_chat" name="test_reconnects[staging]" time="0.9" />
<testcase classname="tests.e2e.test_chat" name="test_auth" time="0.003"><failure
 message="AssertionError: assert 1008 == 1000&#10;  where 1008 = close code">def test_auth():
&gt;       assert code == 1000
E       AssertionError: assert 1008 == 1000</failure></testcase>
<testcase classname="tests.e2e.test_chat" name="test_logs" time="0.000"><error
 message="failed on setup with &quot;fixture 'logs' not found&quot;">E fixture</error></testcase>
<testcase classname="tests.e2e.test_events" name="test_events" time="0.000"><skipped
 type="pytest.skip" message="needs staging credentials">test_events.py:8: needs</skipped></testcase>
<testcase classname="tests.e2e.test_events" name="test_order" time="0.2"><skipped
 type="pytest.xfail" message="" /></testcase>
</testsuite></testsuites>"""

JEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="jest tests" tests="3" failures="0" errors="0" time="2.5">
  <testsuite name="chat socket" errors="0" failures="0" skipped="1" tests="3" time="1.9">
    <properties><property name="GITHUB_SHA" value="{SHA}"/></properties>
    <testcase classname="chat socket opens" name="chat socket opens" time="0.04">
    </testcase>
    <testcase classname="chat socket [wss] welcomes" name="chat socket [wss] welcomes" time="0.01">
    </testcase>
    <testcase classname="chat socket retries" name="chat socket retries" time="0">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>"""

SUREFIRE = f"""<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:noNamespaceSchemaLocation="https://maven.example/surefire-test-report-3.0.xsd" version="3.0"
 name="org.acme.ChatTest" time="0.5" tests="4" errors="0" skipped="0" failures="1" flakes="2">
  <properties>
    <property name="java.version" value="21.0.2"/>
    <property name="git.commit.id" value="{SHA[:12]}"/>
  </properties>
  <testcase name="opens" classname="org.acme.ChatTest" time="0.1"/>
  <testcase name="welcomes" classname="org.acme.ChatTest" time="0.1">
    <flakyFailure message="expected 101" type="org.opentest4j.AssertionFailedError">
      <stackTrace><![CDATA[at org.acme.ChatTest]]></stackTrace>
    </flakyFailure>
  </testcase>
  <testcase name="reconnects" classname="org.acme.ChatTest" time="0.1">
    <flakyError type="java.net.SocketException"><stackTrace>reset</stackTrace></flakyError>
  </testcase>
  <testcase name="authenticates" classname="org.acme.ChatTest" time="0.1">
    <failure type="org.opentest4j.AssertionFailedError"><![CDATA[
org.opentest4j.AssertionFailedError: expected: <1000> but was: <1008>
	at org.acme.ChatTest.authenticates(ChatTest.java:31)]]></failure>
    <rerunFailure message="again" type="org.opentest4j.AssertionFailedError"/>
  </testcase>
</testsuite>"""

GOTESTSUM = f"""<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="0" time="0.8">
	<testsuite tests="3" failures="1" time="0.7" name="acme.example/chat" timestamp="2026-03-01">
		<properties>
			<property name="go.version" value="go1.24 linux/amd64"></property>
			<property name="revision" value="{SHA}"></property>
		</properties>
		<testcase classname="acme.example/chat" name="TestChat" time="0.1"></testcase>
		<testcase classname="acme.example/chat" name="TestChat/welcome" time="0.1">
			<failure message="Failed" type="">=== RUN   TestChat/welcome</failure>
		</testcase>
		<testcase classname="acme.example/chat" name="TestChat/welcome" time="0.1"></testcase>
	</testsuite>
</testsuites>"""

PHPUNIT = f"""<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="/app/phpunit.xml" tests="3" assertions="2" errors="0" failures="0" skipped="0">
    <properties><property name="sha" value="{SHA}"/></properties>
    <testsuite name="e2e" tests="3" assertions="2" errors="0" failures="0" skipped="0">
      <testsuite name="Tests\\ChatTest" file="/app/tests/ChatTest.php" tests="3" assertions="2">
        <testcase name="testOpens" file="/app/tests/ChatTest.php" line="12"
         class="Tests\\ChatTest" classname="Tests.ChatTest" assertions="2" time="0.01"/>
        <testcase name="testWelcomes" file="/app/tests/ChatTest.php" line="20"
         class="Tests\\ChatTest" classname="Tests.ChatTest" assertions="0" time="0.01"/>
        <testsuite name="Tests\\ChatTest::testCloses" tests="1" assertions="1">
          <testcase name="testCloses with data set #0" class="Tests\\ChatTest"
           classname="Tests.ChatTest" assertions="1" time="0.01"/>
        </testsuite>
      </testsuite>
    </testsuite>
  </testsuite>
</testsuites>"""

PLAYWRIGHT = f"""<testsuites id="" name="" tests="2" failures="0" skipped="1" errors="0" time="9.1">
<testsuite name="chat.spec.ts" timestamp="2026-03-01T12:00:00.000Z" hostname="chromium" tests="2"
 failures="0" skipped="1" time="8" errors="0">
<testcase name="chat \u203a round trip" classname="chat.spec.ts" time="7.5">
<properties>
<property name="commit" value="{SHA}">
</property>
</properties>
<system-out>
<![CDATA[<!DOCTYPE html><html>what the page said</html>]]>
</system-out>
</testcase>
<testcase name="chat \u203a reconnects" classname="chat.spec.ts" time="0">
<skipped>
</skipped>
</testcase>
</testsuite>
</testsuites>"""

GOOGLETEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4" failures="0" disabled="1" errors="0" time="0.1" name="AllTests">
  <properties><property name="COMMIT_SHA" value="{SHA}"/></properties>
  <testsuite name="Chat" tests="4" failures="0" disabled="1" skipped="1" errors="0" time="0.1">
    <testcase name="Opens" status="run" result="completed" time="0." classname="Chat" />
    <testcase name="DISABLED_Welcomes" status="notrun" result="suppressed" classname="Chat" />
    <testcase name="Closes" status="run" result="skipped" time="0." classname="Chat">
      <skipped message="chat_test.cc:9&#x0A;no network"/>
    </testcase>
    <testcase name="Retries" status="run" result="completed" time="0." classname="Chat" />
  </testsuite>
</testsuites>"""

REAL = {
    "pytest": PYTEST,
    "jest-junit": JEST,
    "surefire": SUREFIRE,
    "gotestsum": GOTESTSUM,
    "PHPUnit": PHPUNIT,
    "Playwright": PLAYWRIGHT,
    "GoogleTest": GOOGLETEST,
}


def read(xml: str) -> Evidence:
    report = read_junit(xml.encode(), file=FILE)
    assert isinstance(report, Evidence), report
    return report


def why_not(content: bytes) -> str:
    report = read_junit(content, file=FILE)
    assert isinstance(report, EvidenceUnreadable), report
    assert report.file == FILE
    assert report.why.isprintable()
    return report.why


def suite(*inside: str, commit: str = "", attributes: str = "") -> str:
    said = f"<properties>{property_('commit', commit)}</properties>" if commit else ""
    return f"<testsuite {attributes}>{said}{''.join(inside)}</testsuite>"


def property_(name: str, value: str) -> str:
    return f"<property name={quoteattr(name)} value={quoteattr(value)}/>"


def one_test(name: str, inside: str = "", *, attributes: str = "") -> str:
    return f"<testcase name={quoteattr(name)} {attributes}>{inside}</testcase>"


def sha(text: str = SHA, *, dirty: bool = False) -> BuildName:
    return BuildName(BuildSha(text), dirty=dirty)


def evidence(*cases: Case, file: str = FILE, commits: Iterable[BuildName] = ()) -> Evidence:
    return Evidence(file=file, cases=cases, commits=tuple(commits) or (sha(),))


def case(name: str = "test_chat", **fields: object) -> Case:
    """A test that passed, in a suite that names the commit."""
    given: dict[str, object] = {"commits": (sha(),), **fields}
    return Case(name=name, **given)  # type: ignore[arg-type]

"""Test reports that were handed over decide with everything else that is asked."""

from skewcheck.core.evidence.junit import read_junit
from skewcheck.core.evidence.wanted import EvidenceWanted
from skewcheck.core.findings import Code
from tests.flows.worlds import Acme, codes


def test_evidence_that_is_asked_for_is_judged_against_the_promised_build() -> None:
    acme = Acme()
    xml = (
        '<testsuite><properties><property name="commit" value="COMMIT"/></properties>'
        '<testcase name="test_chat"/></testsuite>'
    )
    for commit, found in ((acme.new, set()), (acme.old, {Code.EVIDENCE_STALE})):
        read = read_junit(xml.replace("COMMIT", commit.value).encode(), file="junit.xml")
        wanted = EvidenceWanted(reports=(read,), required=("test_chat",))
        assert codes(acme.report(evidence=wanted)) == found

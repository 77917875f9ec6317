"""Updates that fail from a moment on, and how a rollout ends that could not even go back."""

from conformance.moments import told
from conformance.rolling import Rolling
from conformance.test_kills import assert_old
from skewcheck.sandbox.api.faults import Fault
from tests.programs import Ended

FOR_EVER = 10**6


def changes_fail(scene: Rolling, fault: Fault, calls: int) -> None:
    for method, path in (("PATCH", ""), ("POST", "invalidateCache$"), ("DELETE", "")):
        if calls == FOR_EVER:
            scene.world.cloud.faults.always(fault, method=method, path=path)
        else:
            scene.world.cloud.faults.next(calls, fault, method=method, path=path)


def assert_stuck_with_commands(scene: Rolling, end: Ended) -> None:
    assert end.code == 12, end
    assert "STUCK" in told(end), end
    assert "gcloud run services update-traffic" in told(end), end
    assert scene.leases()


def assert_resumes_to_the_old(scene: Rolling) -> None:
    resumed = scene.run("rollouts", "resume", "staging")
    assert resumed.code == 12, resumed
    assert "ROLLED BACK" in told(resumed), resumed
    assert_old(scene)

"""`testIamPermissions` of every resource: the granted subset, and never a 403 for the rest."""

from skewcheck.sandbox.api.http import Call, Route, Routes
from skewcheck.sandbox.documents import Json


class Permissions:
    """Everything is granted except what the caller's set denies."""

    def __init__(self, denied: set[str]) -> None:
        self._denied = denied

    def routes(self) -> Routes:
        """Cloud Run, Resource Manager and IAM write it with a colon, Compute with a slash."""
        return (Route("POST", r"/.+[:/]testIamPermissions", self.test),)

    def test(self, call: Call) -> Json:
        granted = [one for one in call.body.get("permissions", ()) if one not in self._denied]
        return {"permissions": granted} if granted else {}

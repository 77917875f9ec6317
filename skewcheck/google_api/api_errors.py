"""What Google's APIs answer when they refuse, and the command that mends each refusal.

The shape is google.rpc.Status with an ErrorInfo among its details (AIP-193, "Errors"); the
reasons are those of google.api.ErrorReason. Compute Engine's is older: a list of `errors`, each
with a reason of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from skewcheck.core.answer import Answer
from skewcheck.core.findings import Code
from skewcheck.core.strict_json import Json, NotJsonError, parse_json
from skewcheck.google_api.refusal import LOGIN, Asked, Refusal, one_line

_NAMED = r"'?([a-zA-Z]+\.[a-zA-Z]+\.[a-zA-Z]+)'?"
# IAM says "Permission 'x' denied on …", Compute Engine "Required 'x' permission for …".
_PERMISSION = re.compile(rf"[Pp]ermission {_NAMED}|[Rr]equired {_NAMED} permission")
# Compute Engine's own reasons, which it sends with 403 as well as with 429.
_THROTTLED = {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"}
_ACCOUNT = re.compile(r"[a-z0-9][\w.-]*@[\w.-]+\w")
_ABSENT = re.compile(r"not (be )?found|does not exist|may not exist|invalid|unsupported", re.I)
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiError:
    """An error body as AIP-193 has it; empty where a part is absent."""

    message: str = ""
    status: str = ""
    reason: str = ""
    metadata: Mapping[str, Json] = field(default_factory=dict)

    def about(self, key: str) -> str:
        value = self.metadata.get(key)
        return one_line(value) if isinstance(value, str) else ""

    @property
    def permission(self) -> str:
        found = _PERMISSION.search(self.message)
        return self.about("permission") or (found.group(1) or found.group(2) if found else "")


def read_api_error(body: bytes) -> ApiError | None:
    """None where the body is not an error of Google's APIs but a proxy's page or noise."""
    try:
        error = _dict(_dict(parse_json(body)).get("error"))
    except NotJsonError:
        return None
    if not error:
        return None
    details = error.get("details")
    infos = [_dict(each) for each in details] if isinstance(details, list) else []
    older = error.get("errors")
    infos += [_dict(each) for each in older] if isinstance(older, list) else []
    info = next((each for each in infos if "reason" in each), {})
    return ApiError(
        message=one_line(error.get("message") or ""),
        status=one_line(error.get("status") or ""),
        reason=one_line(info.get("reason") or ""),
        metadata=_dict(info.get("metadata")),
    )


def explain_answer(answer: Answer, asked: Asked) -> Refusal:
    """Why that status is no reading, and what to do about it."""
    refused = _explained(answer, asked)
    return refused if refused.status else replace(refused, status=answer.status)


def _explained(answer: Answer, asked: Asked) -> Refusal:
    if 300 <= answer.status < 400 or answer.status == 407:
        return _in_between(answer)
    error = read_api_error(answer.body)
    if error is None:
        return _foreign(answer)
    match answer.status:
        case 401:
            detail = f"Google does not accept the credentials of {asked.who}: {error.message}"
            return Refusal(Code.UNAUTHORIZED, detail, LOGIN)
        case 403:
            return _forbidden(error, asked)
        case 404:
            return _absent(error, asked)
        case 429:
            return _throttled(error, asked)
        case _:
            return _failed(answer.status, error, asked)


def no_such_service(asked: Asked) -> Refusal:
    where = f"{asked.region} of project {asked.project}"
    detail = f"{asked.api.name} has no service {asked.service} in {where}"
    return Refusal(Code.NOT_DEPLOYED, detail, asked.look)


def looks_like_html(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"


def _forbidden(error: ApiError, asked: Asked) -> Refusal:
    service = error.about("service") or asked.api.host
    quota = f"gcloud auth application-default set-quota-project {asked.project}"
    project = asked.project
    cures = {
        "SERVICE_DISABLED": f"gcloud services enable {service} --project={project}",
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT": f"{LOGIN} --scopes={_SCOPE}",
        "USER_PROJECT_DENIED": quota,
        "CONSUMER_INVALID": quota,
        "BILLING_DISABLED": f"gcloud billing projects describe {project}",
        "SECURITY_POLICY_VIOLATED": "ask for an ingress rule in the VPC service perimeter: "
        f"gcloud access-context-manager perimeters list  # it holds {project}",
    }
    if error.reason in _THROTTLED:
        return _throttled(error, asked)
    reason = "CONSUMER_INVALID" if "quota project" in error.message else error.reason
    if reason in cures:
        return Refusal(Code.UNAUTHORIZED, _told(error, asked), cures[reason])
    if _is_about_region(error, asked):
        return _no_region(error, asked)
    return Refusal(Code.UNAUTHORIZED, _denied(error, asked), _grant(error, asked))


def _grant(error: ApiError, asked: Asked) -> str:
    """Whoever changes a Cloud Run service must be allowed to act as the account that it runs as."""
    account = _ACCOUNT.search(error.message)
    if error.permission.lower() == "iam.serviceaccounts.actas" and account:
        return (
            f"gcloud iam service-accounts add-iam-policy-binding {account.group()} "
            f"--member={asked.grantee} --role=roles/iam.serviceAccountUser"
        )
    return (
        f"gcloud projects add-iam-policy-binding {asked.project} "
        f"--member={asked.grantee} --role={asked.api.role}"
    )


def _denied(error: ApiError, asked: Asked) -> str:
    if not error.permission:
        where = f"{asked.api.name} in project {asked.project}"
        return f"{asked.who} may not {asked.api.deed} {where}: {error.message}"
    resource = error.about("resource") or asked.place
    return f"{asked.who} lacks the permission {error.permission} on {resource} (or it is not there)"


def _told(error: ApiError, asked: Asked) -> str:
    return f"403 {error.reason or error.status} in project {asked.project}: {error.message}"


def _absent(error: ApiError, asked: Asked) -> Refusal:
    """A service is gone only where the answer does not speak of the project or the region."""
    names_service = bool(asked.service) and asked.service in error.message
    if _is_about_region(error, asked) and not names_service:
        return _no_region(error, asked)
    if names_service or (asked.service and "project" not in error.message.lower()):
        return no_such_service(asked)
    region = f" or no region {asked.region}" if asked.region else ""
    detail = f"{asked.api.name} knows no project {asked.project}{region}"
    fix = f"gcloud projects describe {asked.project}"
    return Refusal(Code.UNREACHABLE, f"{detail}: {error.message}", fix)


def _is_about_region(error: ApiError, asked: Asked) -> bool:
    spoken = error.message.lower()
    of_region = "location" in spoken or f"region {asked.region}" in spoken
    told = of_region and not error.permission and _ABSENT.search(spoken)
    return bool(asked.region and told)


def _no_region(error: ApiError, asked: Asked) -> Refusal:
    detail = f"{asked.api.name} has no region {asked.region} for {asked.project}: {error.message}"
    fix = f"correct the region in the manifest: gcloud run regions list --project={asked.project}"
    return Refusal(Code.UNREACHABLE, detail, fix)


def _throttled(error: ApiError, asked: Asked) -> Refusal:
    detail = (
        f"429 {error.status or 'RESOURCE_EXHAUSTED'}: the API quota is used up: {error.message}"
    )
    fix = (
        "wait a minute and run again, or raise the quota: https://console.cloud.google.com/apis/"
        f"api/{asked.api.host}/quotas?project={asked.project}"
    )
    return Refusal(Code.UNREACHABLE, detail, fix, status=429)


def _failed(status: int, error: ApiError, asked: Asked) -> Refusal:
    if _is_about_region(error, asked):
        return _no_region(error, asked)
    detail = f"{asked.api.name} answered {status} {error.status}: {error.message}"
    fix = "run again in a minute; https://status.cloud.google.com tells of outages"
    if status < 500:
        fix = asked.look
    return Refusal(Code.UNREACHABLE, detail, fix)


def _in_between(answer: Answer) -> Refusal:
    """Google's APIs neither redirect nor ask for a proxy password."""
    place = one_line(urlsplit(answer.headers.get("location", "")).hostname or "nowhere")
    said = f"a redirect to {place}" if answer.status != 407 else "a proxy that wants a password"
    fix = "sign in to the proxy, or correct HTTPS_PROXY: env | grep -i _proxy"
    return Refusal(Code.UNREACHABLE, f"HTTP {answer.status}, {said}, instead of an answer", fix)


def _foreign(answer: Answer) -> Refusal:
    """An error status without Google's error body: somebody else may have answered."""
    what = "an HTML page" if looks_like_html(answer.body) else "a body that is no API error"
    transient = answer.status >= 500 or answer.status == 429
    cause = Code.UNREACHABLE if transient else Code.NOT_JSON
    detail = f"HTTP {answer.status} with {what}: a proxy or gateway may have answered for Google"
    return Refusal(cause, detail, f"curl -sS -i {without_query(answer.url)}")


def without_query(url: str) -> str:
    return url.partition("?")[0]


def _dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}

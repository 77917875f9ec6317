"""What google-auth raises, and the command that mends each.

The traps are those of google-auth itself: the message may be a tuple or another error, the
server's answer sits in the second argument, and OAuthError is no RefreshError.
"""

from collections.abc import Mapping

from google.auth import exceptions

from skewcheck.core.findings import Code
from skewcheck.google_api.api_errors import ApiError, read_api_error
from skewcheck.google_api.network_errors import explain_network
from skewcheck.google_api.refusal import LOGIN, Refusal, one_line

TOKENS = "https://oauth2.googleapis.com/token"
_TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator"


def explain_unloadable(error: Exception) -> Refusal:
    """No credentials at all, or a file that holds none."""
    detail = f"no usable Google credentials: {_first_words(error)}"
    return Refusal(Code.UNAUTHORIZED, detail, LOGIN)


def explain_auth(
    error: exceptions.GoogleAuthError, project: str, *, acting_as: str, source: str
) -> Refusal:
    """`acting_as` and `source` are IAM members: the account used, and who impersonates it."""
    if isinstance(error, exceptions.TransportError):
        return explain_network(error, TOKENS)
    if isinstance(error, exceptions.OAuthError):
        return _federation(error, project)
    if isinstance(error, exceptions.RefreshError) and "impersonated" in _first_words(error):
        return _impersonation(error, project, acting_as, source)
    if isinstance(error, exceptions.InvalidOperation):
        return Refusal(Code.UNAUTHORIZED, "the server asks for credentials", LOGIN)
    who = f" of {acting_as}" if acting_as else ""
    detail = f"the credentials{who} are expired, revoked or refused: {_said(error)}"
    return Refusal(Code.UNAUTHORIZED, detail, LOGIN)


def _impersonation(
    error: exceptions.RefreshError, project: str, acting_as: str, source: str
) -> Refusal:
    account = acting_as.partition(":")[2] or "SERVICE_ACCOUNT"
    answered = _answered(error)
    who = source or "the application default credentials"
    detail = f"{who} may not impersonate {account}: {answered.message or _first_words(error)}"
    if answered.reason == "SERVICE_DISABLED":
        fix = f"gcloud services enable iamcredentials.googleapis.com --project={project}"
    else:
        member = source or "user:EMAIL"
        fix = (
            f"gcloud iam service-accounts add-iam-policy-binding {account} "
            f"--member={member} --role={_TOKEN_CREATOR}"
        )
    return Refusal(Code.UNAUTHORIZED, one_line(detail), fix)


def _federation(error: exceptions.OAuthError, project: str) -> Refusal:
    """Google's Security Token Service refused the token of another identity provider."""
    detail = f"workload identity federation was refused: {_first_words(error)}"
    fix = (
        "compare the provider's audience and attribute condition: gcloud iam "
        f"workload-identity-pools list --location=global --project={project or 'PROJECT'}"
    )
    return Refusal(Code.UNAUTHORIZED, detail, fix)


def _said(error: Exception) -> str:
    """Only what OAuth 2.0 defines to be said of an error (RFC 6749 §5.2), never a whole answer."""
    answer = error.args[1] if len(error.args) > 1 else None
    if not isinstance(answer, Mapping):
        return _first_words(error)
    keys = ("error", "error_subtype", "error_description")
    return one_line(": ".join(str(answer[key]) for key in keys if answer.get(key)))


def _answered(error: Exception) -> ApiError:
    body = error.args[1] if len(error.args) > 1 else None
    found = read_api_error(body.encode()) if isinstance(body, str) else None
    return found or ApiError()


def _first_words(error: Exception) -> str:
    words: object = error.args[0] if error.args else type(error).__name__
    if isinstance(words, tuple):
        words = words[0] if words else type(error).__name__
    return one_line(words or type(error).__name__)

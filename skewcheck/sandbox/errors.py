"""What the stand-in answers when it refuses, in Google's own error shape."""

from typing import Any

from skewcheck.sandbox.documents import Json


class SandboxError(Exception):
    """The sandbox could not do what its Python caller asked."""


class ApiError(Exception):
    """An answer other than success: HTTP code, google.rpc status, message, details."""

    def __init__(
        self, code: int, status: str, message: str, details: tuple[Json, ...] = ()
    ) -> None:
        super().__init__(f"{code} {status}: {message}")
        self.code = code
        self.status = status
        self.message = message
        self.details = details

    def body(self) -> dict[str, Any]:
        """The JSON that Google's APIs answer with."""
        error: Json = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}


def invalid(message: str) -> ApiError:
    """400: the request itself is wrong."""
    return ApiError(400, "INVALID_ARGUMENT", message)


def not_found(message: str) -> ApiError:
    """404: the named thing does not exist."""
    return ApiError(404, "NOT_FOUND", message)


def conflict(message: str) -> ApiError:
    """409: somebody else was faster."""
    return ApiError(409, "ABORTED", message)


def already_exists(message: str) -> ApiError:
    """409: the name is taken."""
    return ApiError(409, "ALREADY_EXISTS", message)


def permission_denied(permission: str, resource: str) -> ApiError:
    """403 as IAM words it, with the ErrorInfo that names permission and resource."""
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "IAM_PERMISSION_DENIED",
        "domain": "iam.googleapis.com",
        "metadata": {"permission": permission, "resource": resource},
    }
    message = f"Permission '{permission}' denied on resource '{resource}' (or it may not exist)."
    return ApiError(403, "PERMISSION_DENIED", message, (info,))

"""Changes to Cloud Run by Google's typed client: revisions, traffic, and leases on the services.

Rules of this package: every write reads first, carries the etag of what it read, and is judged
anew after whatever went wrong on the way; nothing is repeated blindly.
"""

from skewcheck.adapters.cloud_run_writes.limits import WriteLimits
from skewcheck.adapters.cloud_run_writes.writes import CloudRunWrites

__all__ = ["CloudRunWrites", "WriteLimits"]

"""Names that a rollout gives to what it makes: the same after every crash, and short enough.

Cloud Run: a service's name has at most 49 characters, a revision's 63, of which the service's are
the first (so the rest has 14); tag and service together at most 46, as its own error message says.
"""

from skewcheck.core.rollout.order import Order, ServiceOrder


def mark_of(order: Order) -> str:
    """Six characters that tell this rollout's revisions and tags from all others'; a rollout that
    goes on with another's journal goes on with its names."""
    return order.root[-6:]


def revision_name(order: Order, service: ServiceOrder, place: int) -> str:
    """`acme-api-40c0cd-7f3a1b`."""
    return f"{service.places[place].service}-{service.target[:6]}-{mark_of(order)}"


def tag_name(order: Order) -> str:
    return f"r-{mark_of(order)}"

"""Django Channels: wrap the consumers, behind the origin and login middleware or before it.

`NegotiationMiddleware(URLRouter([...]), contracts)`; consumers read `self.scope["skewcheck"]`.
"""

from skewcheck_expose.asgi import NegotiationMiddleware

__all__ = ["NegotiationMiddleware"]

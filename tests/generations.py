"""The generations of the sandbox's backend, served in this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from skewcheck.sandbox.programs.backend import listening
from skewcheck.sandbox.programs.container import Settings
from tests.sandbox.builders import TOKEN, backend


@contextmanager
def generation(name: str) -> Iterator[str]:
    """Its address, the path of the chat included; it believes the token of the builders."""
    image = backend(generation=name, token=TOKEN)
    with listening(Settings({"SANDBOX_IMAGE": image.settings()}), 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.socket.getsockname()[1]}/ws"
        finally:
            server.shutdown()
            thread.join()

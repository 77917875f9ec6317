"""A real nginx: one server block for each way in, each on a port of its own."""

import os
import pwd
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.processes import Running, binary, running

_CONFIGURATION = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_shutdown_timeout 1s;
events {{ worker_connections 512; }}
http {{
    access_log off;
    default_type text/html;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=pages:1m;
{servers}
}}
"""


@contextmanager
def nginx(folder: Path, servers: Mapping[str, str]) -> Iterator[Running]:
    """`servers` are the bodies of the server blocks, by name."""
    program = binary("nginx")

    def command(ports: Mapping[str, int]) -> list[str]:
        blocks = [
            f"server {{ listen 127.0.0.1:{ports[name]}; {body} }}" for name, body in servers.items()
        ]
        written = folder / "nginx.conf"
        # As root its workers would become another user, who may not read our folders.
        user = pwd.getpwuid(os.getuid()).pw_name
        text = _CONFIGURATION.format(user=user, folder=folder, servers="\n".join(blocks))
        written.write_text(text)
        return [program, "-p", str(folder), "-e", str(folder / "early.log"), "-c", str(written)]

    with running(folder, tuple(servers), command) as started:
        yield started

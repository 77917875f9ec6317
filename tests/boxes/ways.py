"""What each way in does to a WebSocket: the bodies of the sections that configure it."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

IDLE_MS = 1500  # a probe that pings does so every second
# Without these nginx speaks HTTP/1.0 and forwards no upgrade (nginx.org, "WebSocket proxying").
_FORWARDS = """
    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
"""


def nginx_ways(origin: str, folder: Path) -> Mapping[str, str]:
    """`folder` holds the index.html that the fallback answers with."""
    plain = f"proxy_pass {origin};"
    forwards = f"{_FORWARDS} {plain}"
    return {
        "honest": f"location / {{ {forwards} }}",
        "no-authorization": f'location / {{ {forwards} proxy_set_header Authorization ""; }}',
        "no-offer": f'location / {{ {forwards} proxy_set_header Sec-WebSocket-Protocol ""; }}',
        "no-selection": f"location / {{ {forwards} proxy_hide_header Sec-WebSocket-Protocol; }}",
        "no-upgrade": f"location / {{ proxy_http_version 1.1; {plain} }}",
        "cuts-idle": f"location / {{ {forwards} proxy_read_timeout {IDLE_MS}ms; }}",
        "fallback": f"root {folder}; location / {{ try_files $uri /index.html; }}",
        "caches": f"location / {{ {plain} proxy_cache pages; proxy_http_version 1.1; }}",
    }


def haproxy_ways(origin: str, broken: str) -> Mapping[str, str]:
    """`split` sends one connection in ten to `broken`."""
    server = f"    server origin {urlsplit(origin).netloc}"
    return {
        "honest": server,
        "no-authorization": f"    http-request del-header Authorization\n{server}",
        "no-offer": f"    http-request del-header Sec-WebSocket-Protocol\n{server}",
        "no-selection": f"    http-response del-header Sec-WebSocket-Protocol\n{server}",
        "cuts-idle": f"    timeout tunnel {IDLE_MS}ms\n{server}",
        "split": f"{server} weight 90\n    server other {urlsplit(broken).netloc} weight 10",
    }


VARNISH_WAYS = ("pipes", "no-upgrade", "caches")


def varnish_ways(origin: str) -> str:
    """The VCL for all of them; a PURGE forgets one path, and is answered 200 whatever it names."""
    where = urlsplit(origin)
    return f"""
backend origin {{ .host = "{where.hostname}"; .port = "{where.port}"; }}
sub vcl_recv {{
    if (req.method == "PURGE") {{ return (purge); }}
    if (local.socket == "pipes" && req.http.Upgrade ~ "(?i)websocket") {{ return (pipe); }}
    if (local.socket != "caches") {{ return (pass); }}
}}
sub vcl_pipe {{
    set bereq.http.Upgrade = req.http.Upgrade;
    set bereq.http.Connection = req.http.Connection;
}}
sub vcl_deliver {{ unset resp.http.Age; }}
"""

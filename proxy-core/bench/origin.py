"""The origin behind all proxies: nginx answering from memory, on two ports so that there is something to balance."""

import os
from pathlib import Path

import tools
from exchange import await_answer
from process import Process

SMALL = b"s" * 128
TEN_K = b"k" * 10_240
ONE_M = b"m" * 1_048_576
BODIES = {"/small": SMALL, "/10k": TEN_K, "/1m": ONE_M}


def temporary_paths(directory: Path) -> str:
    """nginx's directives that keep its files in a directory of ours; not all builds know all of them."""
    kinds = ("client_body_temp_path", "proxy_temp_path", "fastcgi_temp_path", "uwsgi_temp_path", "scgi_temp_path")
    return " ".join(f"{kind} {directory}/{kind};" for kind in kinds)


def nginx_main(directory: Path) -> str:
    """What every nginx here starts with: one worker in the foreground."""
    # Without this a worker of root's nginx becomes nobody, who may not enter our directory.
    user = "user root;" if os.geteuid() == 0 else ""
    return f"daemon off; worker_processes 1; {user} pid {directory}/nginx.pid; error_log {directory}/error.log warn;"


def start(directory: Path, ports: tuple[int, int], cpu: int) -> Process:
    (directory / "1m").write_bytes(ONE_M)
    servers = "\n".join(
        f"""  server {{
    listen 127.0.0.1:{port} backlog=4096;
    add_header X-Endpoint {port};
    root {directory};
    location = /small {{ return 200 "{SMALL.decode()}"; }}
    location = /10k {{ set $part "{TEN_K[:2560].decode()}"; return 200 "$part$part$part$part"; }}
  }}"""
        for port in ports
    )
    configuration = directory / "nginx.conf"
    configuration.write_text(f"""{nginx_main(directory)}
events {{ worker_connections 16384; }}
http {{
  access_log off; server_tokens off; default_type text/plain; {temporary_paths(directory)}
  keepalive_timeout 600s; keepalive_requests 1000000000;
  sendfile on; tcp_nopush on; tcp_nodelay on; open_file_cache max=10 inactive=600s;
{servers}
}}
""")
    command = [tools.path_of("nginx"), "-e", f"{directory}/error.log", "-c", str(configuration)]
    origin = Process(command, cpu, directory / "log")
    try:
        for port in ports:
            await_answer("the origin", origin, port)
    except BaseException:
        origin.stop()
        raise
    return origin

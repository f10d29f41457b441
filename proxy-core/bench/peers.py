"""The proxies that are compared. Each does the same work: one thread or worker, routing by host, round robin over two
endpoints, connections to the origin kept, X-Forwarded headers set, timeouts on, no access log."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import tools
from origin import nginx_main, temporary_paths
from scenarios import HOST

# Idle connections to the origin that a peer may keep: more than any scenario has at a time.
_KEPT = 1024

# warmup_seconds: CPU time that a peer gets under load before it is measured; a compiler needs it, nginx next to none.


@dataclass(frozen=True)
class Site:
    """What a peer has to serve, and where it may write."""

    directory: Path
    http_port: int
    tcp_port: int
    endpoints: tuple[str, str]


class Nginx:
    name = "nginx"
    protocols = ("http", "tcp")
    warmup_seconds = 1

    def version(self) -> list[str]:
        return [tools.path_of("nginx"), "-v"]

    def command(self, site: Site) -> tuple[list[str], dict[str, str]]:
        module = tools.nginx_stream_module()
        servers = " ".join(f"server {endpoint};" for endpoint in site.endpoints)
        configuration = site.directory / "nginx.conf"
        # A response that does not fit the buffers would go through a file by default: slower, so not here.
        configuration.write_text(f"""{f"load_module {module};" if module else ""}
{nginx_main(site.directory)}
events {{ worker_connections 8192; }}
http {{
  access_log off; {temporary_paths(site.directory)}
  sendfile on; tcp_nodelay on;
  keepalive_timeout 60s; keepalive_requests 1000000000; client_header_timeout 10s;
  upstream origin {{
    {servers}
    keepalive {_KEPT}; keepalive_requests 1000000000; keepalive_timeout 60s;
  }}
  server {{ listen 127.0.0.1:{site.http_port} default_server backlog=4096; return 404; }}
  server {{
    listen 127.0.0.1:{site.http_port}; server_name {HOST};
    location / {{
      proxy_pass http://origin; proxy_http_version 1.1;
      proxy_connect_timeout 3s; proxy_read_timeout 60s; proxy_max_temp_file_size 0;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Port $server_port;
    }}
  }}
}}
stream {{
  access_log off;
  upstream origin {{ {servers} }}
  server {{
    listen 127.0.0.1:{site.tcp_port} backlog=4096;
    proxy_pass origin; proxy_connect_timeout 3s; proxy_timeout 1h; tcp_nodelay on;
  }}
}}
""")
        return [tools.path_of("nginx"), "-e", f"{site.directory}/error.log", "-c", str(configuration)], {}


class HAProxy:
    name = "haproxy"
    protocols = ("http", "tcp")
    warmup_seconds = 1

    def version(self) -> list[str]:
        return [tools.path_of("haproxy"), "-v"]

    def command(self, site: Site) -> tuple[list[str], dict[str, str]]:
        servers = "\n".join(f"  server s{i} {endpoint}" for i, endpoint in enumerate(site.endpoints))
        configuration = site.directory / "haproxy.cfg"
        # Idle connections are given up when open files are above a fifth of what maxconn implies: far from it here.
        configuration.write_text(f"""global
  nbthread 1
  no strict-limits
  maxconn 8192
defaults
  timeout connect 3s
  timeout client 60s
  timeout server 60s
  timeout http-request 10s
  timeout http-keep-alive 60s
frontend web
  mode http
  bind 127.0.0.1:{site.http_port} backlog 4096
  option forwardfor
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Port %[dst_port]
  use_backend application if {{ req.hdr(host) -i {HOST} }}
backend application
  mode http
  balance roundrobin
  http-reuse always
{servers}
listen raw
  mode tcp
  bind 127.0.0.1:{site.tcp_port} backlog 4096
  balance roundrobin
{servers}
""")
        return [tools.path_of("haproxy"), "-db", "-f", str(configuration)], {}


class Caddy:
    name = "caddy"
    protocols = ("http",)
    warmup_seconds = 5

    def version(self) -> list[str]:
        return [tools.path_of("caddy"), "version"]

    def command(self, site: Site) -> tuple[list[str], dict[str, str]]:
        configuration = site.directory / "Caddyfile"
        # Caddy sets X-Forwarded-For, -Proto and -Host by itself.
        configuration.write_text(f"""{{
  admin off
  auto_https off
  servers {{
    timeouts {{
      read_header 10s
      idle 60s
    }}
  }}
  log {{
    level ERROR
  }}
}}
http://{HOST}:{site.http_port} {{
  bind 127.0.0.1
  reverse_proxy {" ".join(site.endpoints)} {{
    lb_policy round_robin
    header_up X-Forwarded-Port {site.http_port}
    transport http {{
      dial_timeout 3s
      response_header_timeout 60s
      keepalive 60s
      keepalive_idle_conns_per_host {_KEPT}
      compression off
    }}
  }}
}}
""")
        home = str(site.directory)
        # It sees one CPU anyway; older Go versions are told so.
        environment = {"GOMAXPROCS": "1", "HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
        return [tools.path_of("caddy"), "run", "--config", str(configuration), "--adapter", "caddyfile"], environment


# The README's options for a small machine, with twice the heap.
JAVA_OPTIONS = (
    "-XX:+UseSerialGC -Xmx64m -Xss256k -XX:MaxDirectMemorySize=32m -XX:ReservedCodeCacheSize=24m "
    "-XX:MaxMetaspaceSize=64m"
)


class Scrimp:
    protocols = ("http", "tcp")

    def __init__(self, name: str, jar: Path, java: str, options: str, warmup_seconds: int) -> None:
        self.name = name
        self.jar = jar
        self.java = java
        self.options = options.split()
        self.warmup_seconds = warmup_seconds

    def version(self) -> list[str]:
        return [self.java, "-jar", str(self.jar), "--version"]

    def command(self, site: Site) -> tuple[list[str], dict[str, str]]:
        configuration = site.directory / "scrimp.json"
        configuration.write_text(json.dumps(self._configuration(site), indent=2))
        command = [self.java, *self.options, "-jar", str(self.jar), "lb", "-c", str(configuration)]
        return command, {}

    @staticmethod
    def _configuration(site: Site) -> dict:
        web = {"name": "web", "listen-port": site.http_port, "protocol": "http", "domains": [HOST]}
        raw = {"name": "raw", "listen-port": site.tcp_port, "protocol": "tcp"}
        return {
            "bind-address": "127.0.0.1",
            "port": 0,
            "provider": "dummy",
            "resolver": "dummy",
            "admin-address": "127.0.0.1:0",
            "load-balancer-config": {
                "balance": "round-robin",
                "static-backends": [{**backend, "addresses": list(site.endpoints)} for backend in (web, raw)],
                "limits": {"header-bytes": "32k", "header-count": 100, "connections": 20000},
                "timeouts": {
                    "client-header": "10s",
                    "client-idle": "60s",
                    "connect": "3s",
                    "first-byte": "60s",
                    "drain": "1s",
                },
                "access-log": {"format": "off"},
            },
        }


Peer = Nginx | HAProxy | Caddy | Scrimp
OTHERS = {peer.name: peer for peer in (Nginx(), HAProxy(), Caddy())}


def environment(additions: dict[str, str]) -> dict[str, str]:
    """The user's, but for what would configure the thing that is measured."""
    ours = ("SCRIMP_", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)} | additions

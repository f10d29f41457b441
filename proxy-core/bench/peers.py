"""The proxies that are compared. Each does the same work: one thread or worker, routing by host, round robin over two
endpoints, connections to the origin kept, X-Forwarded headers set, timeouts on, no access log."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import tools
from certificate import Certificate
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
    https_port: int
    tcp_port: int
    certificate: Certificate | None  # when there is something to do by TLS
    endpoints: tuple[str, str]


class Nginx:
    name = "nginx"
    protocols = ("http", "https", "tcp")
    warmup_seconds = 1

    def version(self) -> list[str]:
        return [tools.path_of("nginx"), "-v"]

    def command(self, site: Site) -> tuple[list[str], dict[str, str]]:
        module = tools.nginx_stream_module()
        encrypted, defaults = "", ""
        if site.certificate:
            encrypted = f"listen 127.0.0.1:{site.https_port} ssl http2 backlog=4096;"
            # No session is resumed by a client here.
            defaults = f"""
  ssl_certificate {site.certificate.chain}; ssl_certificate_key {site.certificate.key};
  ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:SSL:10m;"""
        servers = " ".join(f"server {endpoint};" for endpoint in site.endpoints)
        configuration = site.directory / "nginx.conf"
        # A response that does not fit the buffers would go through a file by default: slower, so not here.
        configuration.write_text(f"""{f"load_module {module};" if module else ""}
{nginx_main(site.directory)}
events {{ worker_connections 8192; }}
http {{
  access_log off; {temporary_paths(site.directory)}
  sendfile on; tcp_nodelay on;
  keepalive_timeout 60s; keepalive_requests 1000000000; client_header_timeout 10s;{defaults}
  upstream origin {{
    {servers}
    keepalive {_KEPT}; keepalive_requests 1000000000; keepalive_timeout 60s;
  }}
  server {{ listen 127.0.0.1:{site.http_port} default_server backlog=4096; return 404; }}
  server {{
    listen 127.0.0.1:{site.http_port}; {encrypted} server_name {HOST};
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
    protocols = ("http", "https", "tcp")
    warmup_seconds = 1

    def version(self) -> list[str]:
        return [tools.path_of("haproxy"), "-v"]

    def command(self, site: Site) -> tuple[list[str], dict[str, str]]:
        servers = "\n".join(f"  server s{i} {endpoint}" for i, endpoint in enumerate(site.endpoints))
        configuration = site.directory / "haproxy.cfg"
        encrypted = ""
        if site.certificate:
            file = site.certificate.both
            encrypted = f"bind 127.0.0.1:{site.https_port} ssl crt {file} alpn h2,http/1.1 backlog 4096"
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
  {encrypted}
  option forwardfor
  http-request set-header X-Forwarded-Proto http if !{{ ssl_fc }}
  http-request set-header X-Forwarded-Proto https if {{ ssl_fc }}
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
    protocols = ("http", "https")
    warmup_seconds = 5

    def version(self) -> list[str]:
        return [tools.path_of("caddy"), "version"]

    def command(self, site: Site) -> tuple[list[str], dict[str, str]]:
        configuration = site.directory / "Caddyfile"
        sites = [self._site(site, f"http://{HOST}", site.http_port, "")]
        if site.certificate:
            tls = f"tls {site.certificate.chain} {site.certificate.key}"
            sites.append(self._site(site, f"https://{HOST}", site.https_port, tls))
        configuration.write_text("""{
  admin off
  auto_https off
  servers {
    timeouts {
      read_header 10s
      idle 60s
    }
  }
  log {
    level ERROR
  }
}
""" + "".join(sites))
        home = str(site.directory)
        # It sees one CPU anyway; older Go versions are told so.
        environment = {"GOMAXPROCS": "1", "HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
        return [tools.path_of("caddy"), "run", "--config", str(configuration), "--adapter", "caddyfile"], environment

    @staticmethod
    def _site(site: Site, address: str, port: int, tls: str) -> str:
        # Caddy sets X-Forwarded-For, -Proto and -Host by itself.
        return f"""{address}:{port} {{
  bind 127.0.0.1
  {tls}
  reverse_proxy {" ".join(site.endpoints)} {{
    lb_policy round_robin
    header_up X-Forwarded-Port {port}
    transport http {{
      dial_timeout 3s
      response_header_timeout 60s
      keepalive 60s
      keepalive_idle_conns_per_host {_KEPT}
      compression off
    }}
  }}
}}
"""


# The README's options for a small machine, with twice the heap.
JAVA_OPTIONS = (
    "-XX:+UseSerialGC -Xmx64m -Xss256k -XX:MaxDirectMemorySize=32m -XX:ReservedCodeCacheSize=24m "
    "-XX:MaxMetaspaceSize=64m"
)


class Scrimp:
    protocols = ("http", "https", "tcp")

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
        backends, encryption = [web, raw], {}
        if site.certificate:
            backends.append({**web, "name": "web-by-tls", "listen-port": site.https_port})
            encryption = {
                "tls-chain-location": str(site.certificate.chain),
                "tls-key-location": str(site.certificate.key),
                "plain-ports": [site.http_port],
                "https-redirect-port": "off",
            }
        return {
            "bind-address": "127.0.0.1",
            "port": 0,
            "provider": "dummy",
            "resolver": "dummy",
            "admin-address": "127.0.0.1:0",
            "load-balancer-config": {
                "balance": "round-robin",
                "static-backends": [{**backend, "addresses": list(site.endpoints)} for backend in backends],
                **encryption,
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

"""Which programs are needed, and the Debian package of each."""

import glob
import os
import shutil
import subprocess

from failure import Missing

PACKAGES = {
    "nginx": "nginx",
    "haproxy": "haproxy",
    "caddy": "caddy",
    "wrk": "wrk",
    "h2load": "nghttp2-client",
    "openssl": "openssl",
    "cc": "gcc libc6-dev",
    "strace": "strace",
    "java": "openjdk-17-jre-headless",
}

# Debian's users have no sbin in their path, where nginx and haproxy are.
_PATH = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"


def path_of(tool: str) -> str:
    """The tool's path; refuses when it is missing, and says which package has it."""
    found = shutil.which(tool, path=_PATH)
    if not found:
        package = PACKAGES[tool]
        raise Missing(f"{tool} is missing: apt-get install --no-install-recommends {package}")
    return found


def java(chosen: str | None) -> str:
    """The chosen Java, else that of JAVA_HOME, else the one in the path."""
    home = os.environ.get("JAVA_HOME")
    candidate = chosen or (os.path.join(home, "bin", "java") if home else None)
    if not candidate:
        return path_of("java")
    found = shutil.which(candidate)
    if not found:
        raise Missing(f"{candidate} is no program; name a Java by --java or JAVA_HOME")
    return found


def nginx_stream_module() -> str | None:
    """The module's file, None when nginx has it built in; refuses when there is neither."""
    for directory in ("/usr/lib/nginx/modules", "/usr/share/nginx/modules", "/usr/lib64/nginx/modules"):
        for module in glob.glob(os.path.join(directory, "ngx_stream_module.so")):
            return module
    if "--with-stream " in _nginx_build() + " ":
        return None
    raise Missing("nginx has no stream module: apt-get install --no-install-recommends libnginx-mod-stream")


def _nginx_build() -> str:
    return subprocess.run([path_of("nginx"), "-V"], capture_output=True, text=True, timeout=10).stderr

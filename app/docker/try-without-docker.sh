#!/usr/bin/env bash
# Tries the image of this directory on a machine that has no container engine: builds its run stage with buildah on a
# Debian base that debootstrap makes, runs a load balancer and three backends from it with chroot isolation, each in a
# network namespace of its own, and looks at them as a user would.
#
#   mvn -q -DskipTests package && sudo app/docker/try-without-docker.sh [--base DIR] [JAR]
#
#   --base DIR   keep the Debian base in DIR and take it from there the next time (50 s and 350 MB else)
#   JAR          absent means app/target/scrimp-proxy.jar
#   MIRROR, SUITE in the environment: where Debian's packages come from, and which release (it must have OpenJDK 17)
#
# Exit codes: 0 all seen, 1 something was not as it should be, 2 something is missing here. Leaves nothing behind.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
mirror=${MIRROR:-}
suite=${SUITE:-bookworm}
image_user=10001
backends=(backend-1 backend-2 backend-3)
# Names of namespaces are the whole machine's; links' names have 15 characters at most.
prefix=scrimp-try-$$
network=10.83.0
url=http://$network.2:8080/

base=
jar=$top/app/target/scrimp-proxy.jar
while (($#)); do
  case $1 in
    --base) base=${2:?--base needs a directory}; shift 2 ;;
    -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;;
    -*) echo "unknown option $1; see --help" >&2; exit 2 ;;
    *) jar=$1; shift ;;
  esac
done

say() { printf '%6.1f s  %s\n' "$(elapsed)" "$*"; }
elapsed() { local now=${EPOCHREALTIME/[^0-9]/}; echo "$(((now - started) / 1000000)).$(((now - started) / 100000 % 10))"; }
started=${EPOCHREALTIME/[^0-9]/}

missing() { echo "cannot try it here: $*" >&2; exit 2; }
fail() {
  echo "FAILED: $*" >&2
  for log in "$work"/*.log; do
    [[ -s $log ]] && { echo "--- $(basename "$log")" >&2; tail -n 12 "$log" >&2; }
  done
  exit 1
}

check_tools() {
  ((EUID == 0)) || missing "it needs root, for chroot and network namespaces; start it with sudo"
  local tools=() tool
  for tool in buildah debootstrap curl ip javac; do
    command -v "$tool" >/dev/null || tools+=("$tool")
  done
  ((${#tools[@]} == 0)) || missing "no ${tools[*]}; on Debian: apt-get install" \
    "buildah debootstrap curl iproute2 openjdk-17-jdk-headless"
  [[ -r $jar ]] || missing "no $jar; build it with: mvn -q -DskipTests package"
  ip netns add "$prefix-hub" 2>/dev/null || missing "network namespaces are not permitted"
}

work=
clean_up() {
  trap - EXIT INT TERM
  local name pid
  for name in lb "${backends[@]}"; do
    for pid in $(ip netns pids "$prefix-$name" 2>/dev/null); do
      kill -KILL "$pid" 2>/dev/null || true
    done
  done
  { wait || true; } 2>/dev/null
  for name in lb "${backends[@]}" hub; do
    ip netns del "$prefix-$name" 2>/dev/null || true
  done
  if [[ -n $work ]]; then
    [[ ! -d $work/store ]] || images rm --all >/dev/null 2>&1 || true
    umount "$work/store/overlay" 2>/dev/null || true
    # debootstrap leaves its mounts when it is interrupted.
    umount "$work/base/proc" "$work/base/sys" 2>/dev/null || true
    rm -rf --one-file-system "$work"
  fi
}

# A store of its own: the machine's images are not touched.
images() { buildah --root "$work/store" --runroot "$work/run" --storage-driver "$driver" "$@"; }

make_base() {
  local tree=${base:-$work/base}
  if [[ -x $tree/usr/bin/java ]]; then
    say "Debian base taken from $tree"
  else
    mkdir -p "$tree"
    debootstrap --variant=minbase --include=openjdk-17-jre-headless "$suite" "$tree" ${mirror:+"$mirror"} >"$work/debootstrap.log" \
      || { rm -rf --one-file-system "$tree"; fail "debootstrap did not end well; is Debian's mirror reachable?"; }
    rm -rf "$work/debootstrap.log" "$tree"/var/cache/apt/archives/*.deb "$tree"/var/lib/apt/lists/*
    say "Debian base made"
  fi
  local container
  container=$(images from scratch)
  images add -q "$container" "$tree" / >/dev/null
  images commit -q --rm "$container" localhost/base >/dev/null
  say "base image made"
}

# What the build stage would hand over, made from the jar that is there; buildah takes it in that stage's place.
make_image() {
  local stage=$work/build
  mkdir -p "$stage/out/hello"
  cp "$jar" "$stage/out/scrimp-proxy.jar"
  javac --release 17 -d "$stage/out/hello" "$here/hello/Hello.java"
  images bud --isolation chroot --format docker --build-arg BASE_IMAGE=localhost/base --build-context "build=$stage" \
    --file "$here/Dockerfile" --target "$1" --tag "$2" "$top" >"$work/build-$1.log" 2>&1 \
    || fail "the stage $1 was not built"
  rm "$work/build-$1.log"
  say "image $2 built"
}

of_image() { images inspect --type image --format "$2" "$1"; }

make_network() {
  local name=$1 address=$2 link=v$2-$$
  ip netns add "$prefix-$name"
  ip -n "$prefix-hub" link add "$link" type veth peer name eth0 netns "$prefix-$name"
  ip -n "$prefix-hub" link set "$link" master bridge up
  ip -n "$prefix-$name" link set lo up
  ip -n "$prefix-$name" addr add "$network.$address/24" dev eth0
  ip -n "$prefix-$name" link set eth0 up
  ip -n "$prefix-$name" route add default via "$network.1"
}

declare -A jobs
in_network() { ip netns exec "$prefix-$1" buildah --root "$work/store" --runroot "$work/run" --storage-driver "$driver" "${@:2}"; }

# container NAME IMAGE: with the entries of /etc/hosts that an engine makes, the own name's among them: Java looks it up.
container() { images from --add-host "lb:$network.2" --add-host "$1:127.0.0.1" "$2"; }

# run NAME IMAGE CONFIG: what an engine does with the image: its entry point, its command, its user.
run() {
  local name=$1 image=$2 config=$3 command
  mapfile -t command < <(of_image "$image" '{{range .OCIv1.Config.Entrypoint}}{{println .}}{{end}}{{range .OCIv1.Config.Cmd}}{{println .}}{{end}}' | grep .)
  in_network "$name" run --isolation chroot --hostname "$name" --env "HOSTNAME=$name" --env SCRIMP_CLUSTER_NAME=hello \
    --volume "$config:/etc/scrimplb/scrimp.json:ro" "$(container "$name" "$image")" -- "${command[@]}" >"$work/$name.log" 2>&1 &
  jobs[$name]=$!
}

# healthy NAME IMAGE CONFIG: the image's health check, in NAME's network. In a container of its own: two runs in one get
# into each other's way in buildah 1.28.
healthy() {
  local test code=0 probe
  mapfile -t test < <(of_image "$2" '{{range .Docker.Config.Healthcheck.Test}}{{println .}}{{end}}' | grep .)
  probe=$(container "$1" "$2")
  in_network "$1" run --isolation chroot --volume "$3:/etc/scrimplb/scrimp.json:ro" "$probe" -- "${test[@]:1}" \
    >>"$work/health-$1.log" 2>&1 || code=$?
  images rm "$probe" >/dev/null
  return "$code"
}

await_process() {
  local tries
  for tries in {1..100}; do
    [[ -n $(pids "$1" java) ]] && return
    kill -0 "${jobs[$1]}" 2>/dev/null || fail "$1 has ended"
    sleep 0.1
  done
  fail "$1 does not start"
}

await_healthy() {
  local tries
  for tries in {1..30}; do
    healthy "$@" && { say "$1: the health check says ready (look $tries)"; return; }
    kill -0 "${jobs[$1]}" 2>/dev/null || fail "$1 has ended"
    sleep 0.5
  done
  fail "$1 does not become ready"
}

# pids NAME COMMAND: the processes of that name in a container.
pids() {
  local pid
  for pid in $(ip netns pids "$prefix-$1"); do
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "$2" ]] && echo "$pid"
  done || true
}

check_user() {
  local pid found=0
  for pid in $(pids "$1" java); do
    found=1
    [[ $(awk '/^Uid:/ { print $2, $3, $4, $5 }' "/proc/$pid/status") == "$image_user $image_user $image_user $image_user" ]] \
      || fail "$1 runs as $(awk '/^Uid:/ { print $2 }' "/proc/$pid/status"), not as $image_user"
  done
  ((found)) || fail "$1 has no process"
}

get() { ip netns exec "$prefix-hub" curl -sS --fail --max-time 5 "$url" 2>>"$work/curl.log"; }

# Prints who answered, one name a line.
answers() {
  local i
  for ((i = 0; i < $1; i++)); do
    get | sed -n 's/^Hello from //p'
  done
}

# stop NAME COMMAND: what 'docker stop' does to the container's first process.
stop() {
  local code=0 pid
  pid=$(pids "$1" "$2" | head -n 1)
  [[ -n $pid ]] || fail "$1 has no process $2"
  kill -TERM "$pid"
  wait "${jobs[$1]}" || code=$?
  ((code == 0)) || fail "$1 ended with exit code $code on TERM"
  say "$1: ended with exit code 0 on TERM"
}

check_tools
trap clean_up EXIT
trap 'exit 130' INT TERM
work=$(mktemp -d "${TMPDIR:-/tmp}/scrimp-try.XXXXXX")
# buildah's own temporary files too.
mkdir "$work/tmp"
export TMPDIR=$work/tmp
driver=overlay
images info >/dev/null 2>&1 || driver=vfs

make_base
make_image scrimp localhost/scrimp-lb
make_image hello localhost/scrimp-lb-hello
[[ $(of_image localhost/scrimp-lb '{{.OCIv1.Config.User}}') == "$image_user:$image_user" ]] || fail "the image's user is not $image_user"
[[ $(of_image localhost/scrimp-lb '{{.OCIv1.Config.StopSignal}}') == SIGTERM ]] || fail "the image's stop signal is not TERM"

ip -n "$prefix-hub" link add bridge type bridge
ip -n "$prefix-hub" addr add "$network.1/24" dev bridge
ip -n "$prefix-hub" link set lo up
ip -n "$prefix-hub" link set bridge up
make_network lb 2
for i in "${!backends[@]}"; do
  make_network "${backends[i]}" $((i + 3))
done

for name in "${backends[@]}"; do
  run "$name" localhost/scrimp-lb-hello "$here/backend.json"
done
for name in "${backends[@]}"; do
  await_process "$name"
done
healthy "${backends[0]}" localhost/scrimp-lb-hello "$here/backend.json" && fail "a backend without a load balancer says that it is ready"
run lb localhost/scrimp-lb "$here/lb.json"
await_process lb
say "started: backends first, then the load balancer"
await_healthy lb localhost/scrimp-lb "$here/lb.json"
for name in "${backends[@]}"; do
  await_healthy "$name" localhost/scrimp-lb-hello "$here/backend.json"
done
for name in lb "${backends[@]}"; do
  check_user "$name"
done
say "nothing runs as root"

for ((i = 0; i < 20; i++)); do
  [[ $(answers 6 | sort -u | wc -l) == 3 ]] && break
  sleep 0.5
done
seen=$(answers 9 | sort | uniq -c | awk '{ print $2 " " $1 "x" }' | paste -sd, -)
[[ $(tr ',' '\n' <<<"$seen" | wc -l) == 3 ]] || fail "not every backend answers: $seen"
say "nine requests to $url: $seen"

# Asks all the time, and fails at the first request that does.
until [[ -e $work/stopped ]]; do answers 5; done >"$work/while-stopping" &
asking=$!
stop backend-2 start.sh
touch "$work/stopped"
wait "$asking" || fail "a request failed while backend-2 was stopped: $(cat "$work/curl.log")"
answers 6 | grep -q backend-2 && fail "a stopped backend still answers"
say "backend-2 was stopped under $(wc -l <"$work/while-stopping") requests, none of which failed"
stop lb java
stop backend-1 start.sh
stop backend-3 start.sh
say "everything seen"
echo OK

#!/bin/sh
# An application and its agent in one container. The agent leaves the cluster first; only then the application ends, so
# that a stop loses no request.
set -u

java -XX:+UseSerialGC -XX:-UsePerfData -Xmx16m -Xss256k -cp /opt/hello Hello 9000 "$(hostname)" &
application=$!
java @/opt/scrimp/jvm.options -jar /opt/scrimp/scrimp-proxy.jar backend "$@" &
agent=$!
trap 'kill -TERM "$agent"' TERM INT

wait "$agent"
code=$?
# A signal ends a wait early.
while kill -0 "$agent" 2>/dev/null; do
  wait "$agent"
  code=$?
done
kill -TERM "$application" 2>/dev/null
wait "$application"
exit "$code"

#!/bin/sh
# Runs a command on one of two emulated machines that a cable joins. The other one has the kernel of another Debian
# release and runs agent.mjs, through which the command uses it, at 10.0.7.8; the first one is 10.0.3.4.
#
#     test/vm/pair.sh RELEASE OTHER-RELEASE COMMAND [WORD…]
#
# The exit status is the command's, or 125 as run.sh has it.
set -eu

here=$(dirname "$(readlink -f "$0")")
near=${1:?a Debian release}
far=${2:?another Debian release}
shift 2

port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
on() { # ADDRESS COMMAND…: a script that has the card up first
  printf 'ip link set eth0 up; ip addr add %s/16 dev eth0; shift; exec "$@"' "$1"
}
"$here/run.sh" --kernel "$far" --wire "listen=127.0.0.1:$port" \
  sh -c "$(on 10.0.7.8)" sh 10.0.7.8 node "$here/agent.mjs" 10.0.7.8 >&2 &
other=$!
trap 'kill "$other" 2>/dev/null; wait' EXIT
trap 'exit 125' INT TERM HUP

waited=0
until ss -Hltn "sport = :$port" | grep -q .; do
  # It has a kernel to fetch, perhaps.
  [ "$waited" -lt 600 ] && kill -0 "$other" 2>/dev/null || exit 125
  sleep 1
  waited=$((waited + 1))
done
"$here/run.sh" --kernel "$near" --wire "connect=127.0.0.1:$port" sh -c "$(on 10.0.3.4)" sh 10.0.3.4 "$@" && status=0 || status=$?
exit "$status"

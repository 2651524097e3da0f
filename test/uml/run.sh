#!/bin/sh
# Runs a command on another kernel: user-mode Linux, a kernel that is a program. It has this machine's files as its
# root, so the project, Node and all packages are there; /run, /tmp and the network are its own.
#
#     test/uml/run.sh COMMAND [WORD…]
#
# The exit status is 0 if the command's is, and 1 if not. Environment: UML_MEMORY (default 2G), UML_SECONDS (default 1500).
set -eu

here=$(cd "$(dirname "$0")/../.." && pwd)
kernel=$(command -v linux.uml) || {
  echo "the program linux.uml is not installed; install it: apt-get install user-mode-linux" >&2
  exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The kernel splits its command line at spaces, so words go through a file.
for word; do printf '%s\0' "$word"; done >"$work/command"
env | grep -E '^(FANCTL_|UML_|CI=)' >"$work/environment" || true
mkdir -p /lib/modules

# Its console is our standard output. It has no standard input: there is nobody to type.
timeout --kill-after=10 "${UML_SECONDS:-1500}" "$kernel" "mem=${UML_MEMORY:-2G}" rootfstype=hostfs rootflags=/ rw \
  "init=$here/test/uml/init.sh" "FANCTL_ROOT=$here" "FANCTL_WORK=$work" "umid=fanctl-$$" "uml_dir=$work" \
  con=null con0=fd:0,fd:1 quiet loglevel=1 </dev/null 2>"$work/log" &
running=$!
# `timeout` is out of reach of a terminal's Ctrl-C, since it has made a process group of its own.
trap 'kill "$running"; wait "$running"; exit 1' INT TERM HUP
wait "$running" || true

if [ ! -s "$work/status" ]; then
  echo "user-mode Linux ended without a result; its last words:" >&2
  tail -n 20 "$work/log" >&2
  exit 1
fi
exit "$(cat "$work/status")"

#!/bin/sh
# Runs the demo in an emulated machine of another architecture than this one's: its stock kernel, its programs, its
# Node. Needs mmdebstrap, npm's registry and a Debian mirror.
#
#     test/vm/foreign.sh ARCHITECTURE [WORD…]     amd64 or arm64; the words are for the demo
set -eu

here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")
architecture=${1:?amd64 or arm64}
shift
case "$architecture" in
  amd64) cpu=x64 ;;
  *) cpu=$architecture ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

packages=base-passwd,dash,coreutils,grep,sed,mount,util-linux,procps,kmod
packages=$packages,nodejs,iproute2,nftables,dnsmasq-base,busybox-static,iputils-ping
# Only unpacked: scripts of packages would need this architecture. What they would have made and we need, we make.
mirror=$("$here/../distros/mirror.sh")
mmdebstrap --quiet --variant=extract --architectures="$architecture" --include="$packages" bookworm "$work/root" "$mirror"
for folder in dev proc sys run mnt root tmp project/test/lab; do mkdir -p "$work/root/$folder"; done
for table in passwd group; do cp "$work/root/usr/share/base-passwd/$table.master" "$work/root/etc/$table"; done

cp "$project/package.json" "$project/package-lock.json" "$work/root/project/"
(cd "$work/root/project" &&
  npm ci --omit=dev --ignore-scripts --cpu="$cpu" --os=linux --libc=glibc --no-audit --no-fund --loglevel=error)
(cd "$project" && node scripts/build-tool.mjs test/demo/demo.ts && cp -r bin dist "$work/root/project/" &&
  cp test/lab/lease.sh test/lab/tcp.mjs "$work/root/project/test/lab/")
"$here/run.sh" --architecture "$architecture" --root "$work/root" --seconds 900 \
  sh -c 'cd /project && uname -srm && exec node dist/tools/demo.cjs "$@"' sh "$@"

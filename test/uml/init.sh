#!/bin/sh
# The first process of user-mode Linux: makes a system of it, runs the command, notes its status, powers off.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t bpf bpf /sys/fs/bpf
mount -t tmpfs tmpfs /run
# What the suite writes goes to memory: the machine's own folders are out there and slow.
mount -t tmpfs tmpfs /lib/modules
ln -s "/usr/lib/uml/modules/$(uname -r)" "/lib/modules/$(uname -r)"
mkdir -p /run/tmp
ip link set lo up

for module in ipip vxlan bridge veth dummy sch_ingress cls_bpf nf_tables nft_chain_nat nft_masq nft_ct; do
  modprobe "$module" 2>/dev/null || true
done

while IFS= read -r line; do export "${line?}"; done <"$FANCTL_WORK/environment"
export TMPDIR=/run/tmp
cd "$FANCTL_ROOT" || exit 1
# Through a pipe: on a terminal some programs would draw all the time, which is slow here. Power goes off within it, so
# that nothing that still holds the pipe can keep the kernel running.
{
  xargs -0 sh -c 'exec "$@"' sh <"$FANCTL_WORK/command"
  status=$?
  # xargs says 123 for any failure of its command.
  [ "$status" = 123 ] && status=1
  echo "$status" >"$FANCTL_WORK/status"
  sync
  sleep 1
  echo o >/proc/sysrq-trigger
} 2>&1 | cat
sleep 10

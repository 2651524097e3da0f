#!/bin/sh
# The first process of an emulated machine in its root: makes a system of it, runs the command, reports its status and
# turns the machine off.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C

mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
ln -s /proc/self/fd /dev/fd
for stream in stdin:0 stdout:1 stderr:2; do ln -s "fd/${stream#*:}" "/dev/${stream%:*}"; done
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 cgroup2 /sys/fs/cgroup
# Where the machine outside has no such folder, it has an empty one from now on.
mkdir -p /run/lock /lib/modules
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose modules /lib/modules
# What the tests write goes to memory: the machine's own folders are outside and slow.
mkdir /run/tmp
export TMPDIR=/run/tmp
ip link set lo up

while IFS= read -r line; do export "${line?}"; done </run/vm/environment
# What the ports of virtio are for, as their names tell.
for port in /sys/class/virtio-ports/*; do
  case "$(cat "$port/name")" in
    output) output=/dev/${port##*/} ;;
    complaint) complaint=/dev/${port##*/} ;;
    status) result=/dev/${port##*/} ;;
  esac
done
sh /run/vm/command </dev/null >"$output" 2>"$complaint"
status=$?
sync
echo "$status" >"$result"
# Ends the emulator, which does not start again (-no-reboot).
echo b >/proc/sysrq-trigger
sleep 60

#!/bin/busybox sh
# The first process of an emulated machine, in its initramfs: mounts the root that it was given and goes on there with
# system.sh.
busybox=/bin/busybox
$busybox mount -t proc proc /proc
while read -r module; do
  $busybox insmod "/modules/$module"
done </modules/order
$busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose root /mnt
$busybox mount -t tmpfs tmpfs /mnt/run
$busybox cp -r /vm /mnt/run/vm
$busybox umount /proc
exec $busybox switch_root /mnt /run/vm/system.sh

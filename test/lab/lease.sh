#!/bin/sh
# What udhcpc runs when it has an address: it takes it, and notes in the file $lease_file what it was told.
[ "$1" = bound ] || exit 0
ip addr add "$ip/$mask" dev "$interface"
ip link set "$interface" mtu "$mtu"
ip route add default via "$router"
env | grep -E '^(ip|mask|subnet|router|dns|domain|mtu|lease)=' >"$lease_file"

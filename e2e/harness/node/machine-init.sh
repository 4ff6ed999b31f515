#!/bin/sh
# The first process of a node: in mount, network, PID, UTS and IPC namespaces of its own, it makes the folders that a
# node's programs write into its own, says `ready`, and waits until it is killed, which ends all that runs in here.
#   machine-init.sh DIRECTORY HOSTNAME ADDRESS
set -eu
directory=$1 name=$2 address=$3

# Seen through from the machine below, written into memory.
for folder in etc var/lib var/log; do
  upper="$directory/overlays/$folder"
  mkdir -p "$upper/upper" "$upper/work"
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$upper/upper,workdir=$upper/work" "/$folder"
done
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /var/lib/kubelet /var/log/pods

# The same folder for whoever starts the node: a device plugin of a test reaches the kubelet's sockets there.
mount --bind "$directory/kubelet" /var/lib/kubelet
# Volumes that the kubelet mounts have to reach the containers.
mount --make-rshared /var/lib/kubelet

hostname "$name"
printf '127.0.0.1 localhost\n%s %s\n' "$address" "$name" >/etc/hosts
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward

echo ready
# A shell that waits reaps what the runtime leaves to the first process; `sleep` alone would not.
while :; do
  sleep 3600 &
  wait $!
done

package main

import (
	"fmt"
	"syscall"
)

// Device is a device to look at: by its path, or by its number alone through a node that is made and removed. Read and
// Write are the errnos of asking for access, which meets the device cgroup without opening the device.
type Device struct {
	Path   string `json:"path"`
	Type   string `json:"type"`
	Major  uint32 `json:"major"`
	Minor  uint32 `json:"minor"`
	Mode   uint32 `json:"mode"`
	UID    uint32 `json:"uid"`
	GID    uint32 `json:"gid"`
	Absent bool   `json:"absent"`
	Read   int    `json:"read"`
	Write  int    `json:"write"`
}

func devices(asked []Device, mounts []Mount) []Device {
	found := []Device{}
	for index, one := range asked {
		if one.Path != "" {
			found = append(found, atPath(one.Path))
		} else if ownDev(mounts) {
			found = append(found, byNumber(one, index))
		}
	}
	return found
}

// ownDev tells whether /dev is the container's: no node is ever made in a /dev of the host.
func ownDev(mounts []Mount) bool {
	own := false
	for _, mount := range mounts {
		if mount.Point == "/dev" {
			own = mount.Type == "tmpfs" && mount.Root == "/"
		}
	}
	return own
}

func atPath(path string) Device {
	var stat syscall.Stat_t
	if syscall.Stat(path, &stat) != nil {
		return Device{Path: path, Absent: true}
	}
	return Device{
		Path: path, Type: kind(stat.Mode), Major: major(uint64(stat.Rdev)), Minor: minor(uint64(stat.Rdev)),
		Mode: stat.Mode & 0o7777, UID: stat.Uid, GID: stat.Gid,
		Read: errnoOf(syscall.Faccessat(-100, path, 4, 0)), Write: errnoOf(syscall.Faccessat(-100, path, 2, 0)),
	}
}

func byNumber(one Device, index int) Device {
	path := fmt.Sprintf("/dev/.kernel-agrees-%d", index)
	format := uint32(syscall.S_IFCHR)
	if one.Type == "b" {
		format = syscall.S_IFBLK
	}
	number := uint64(one.Minor&0xff) | uint64(one.Major&0xfff)<<8 | uint64(one.Minor&^0xff)<<12
	if syscall.Mknod(path, format|0o600, int(number)) != nil {
		one.Absent = true
		return one
	}
	defer syscall.Unlink(path)
	found := atPath(path)
	found.Path = ""
	return found
}

// opens really opens what is harmless everywhere.
func opens() map[string]int {
	found := map[string]int{}
	for _, path := range []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"} {
		fd, err := syscall.Open(path, syscall.O_RDWR|syscall.O_NONBLOCK, 0)
		if err == nil {
			syscall.Close(fd)
		}
		found[path] = errnoOf(err)
	}
	return found
}

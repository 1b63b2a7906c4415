package main

import (
	"path/filepath"
	"slices"
	"strings"
)

// In v1 by the controller whose hierarchy has them; those of v2 are all in the one hierarchy.
var cgroupFiles = map[string][]string{
	"memory": {"memory.limit_in_bytes"},
	"cpu":    {"cpu.shares", "cpu.cfs_quota_us", "cpu.cfs_period_us"},
	"cpuset": {"cpuset.cpus"},
	"pids":   {"pids.max"},
	"":       {"memory.max", "cpu.max", "cpu.weight", "cpuset.cpus", "pids.max"},
}

// ownCgroup reads the limits of this process as a JVM and other runtimes look for them: where a hierarchy is mounted says
// mountinfo, which part of it is ours says /proc/self/cgroup.
func ownCgroup(mounts []Mount, own []Cgroup) map[string]string {
	found := map[string]string{}
	for _, mount := range mounts {
		for _, cgroup := range own {
			for _, controller := range strings.Split(cgroup.Controllers, ",") {
				if !shows(mount, controller) {
					continue
				}
				directory := filepath.Join(mount.Point, below(mount.Root, cgroup.Path))
				for _, name := range cgroupFiles[controller] {
					if text := strings.TrimSpace(read(filepath.Join(directory, name))); text != "" {
						found[name] = text
					}
				}
			}
		}
	}
	return found
}

func shows(mount Mount, controller string) bool {
	if controller == "" {
		return mount.Type == "cgroup2"
	}
	return mount.Type == "cgroup" && slices.Contains(mount.SuperOptions, controller)
}

// below is the way from what is mounted to a cgroup: none when that very cgroup is mounted.
func below(root, path string) string {
	rest, is := strings.CutPrefix(path, root)
	if !is {
		return ""
	}
	return rest
}

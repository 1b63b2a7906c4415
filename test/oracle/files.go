package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"github.com/containerd/containerd/v2/core/containers"
	"github.com/containerd/containerd/v2/pkg/cdi"
	"github.com/containerd/containerd/v2/pkg/oci"
	"github.com/docker/go-units"
	"github.com/opencontainers/runtime-spec/specs-go"
	registry "tags.cncf.io/container-device-interface/pkg/cdi"
)

const hostResolvConf = "/etc/resolv.conf"

// files are the mounts. A later one takes the place of an earlier one, and of containerd's own.
func files(task Task) ([]oci.SpecOpts, error) {
	var options []oci.SpecOpts
	if task.ShmSize != "" {
		bytes, err := units.RAMInBytes(task.ShmSize)
		if err != nil {
			return nil, err
		}
		options = append(options, oci.WithDevShmSize(bytes/units.KiB))
	}
	options = append(options, oci.WithoutMounts(task.NotMounted...))
	if task.ResolvConf == hostResolvConf {
		options = append(options, oci.WithHostResolvconf)
	} else if task.ResolvConf != "" {
		options = append(options, place(specs.Mount{Destination: hostResolvConf, Type: "bind", Source: task.ResolvConf, Options: []string{"rbind", "ro"}}))
	}
	for _, mount := range task.Mounts {
		options = append(options, place(mount))
	}
	if task.ReadonlyRootfs {
		options = append(options, oci.WithRootFSReadonly())
	}
	return append(options, with(func(spec *oci.Spec) { spec.Linux.RootfsPropagation = task.RootfsPropagation })), nil
}

func place(mount specs.Mount) oci.SpecOpts {
	return oci.Compose(oci.WithoutMounts(filepath.Clean(mount.Destination)), oci.WithMounts([]specs.Mount{mount}))
}

// devices are those that the user names, those of CDI, and all of the host's for a privileged container.
func devices(directory string, task Task) []oci.SpecOpts {
	var options []oci.SpecOpts
	for _, device := range task.Devices {
		options = append(options, oci.WithLinuxDevices([]specs.LinuxDevice{device.Node}), allowed(device))
	}
	if len(task.CDI.Devices) > 0 {
		options = append(options, described(directory, task.CDI), cdi.WithCDIDevices(task.CDI.Devices...))
	}
	if task.Privileged {
		options = append(options, oci.WithAllDevicesAllowed, oci.WithLinuxDevices(task.HostDevices))
	}
	return append(options, with(onePerPlace))
}

// allowed is the rule that WithLinuxDevice adds, which looks at a node of this machine.
func allowed(device Device) oci.SpecOpts {
	node := device.Node
	return with(func(spec *oci.Spec) {
		spec.Linux.Resources.Devices = append(spec.Linux.Resources.Devices, specs.LinuxDeviceCgroup{
			Allow: true, Type: node.Type, Major: &node.Major, Minor: &node.Minor, Access: device.Access,
		})
	})
}

func onePerPlace(spec *oci.Spec) {
	places := map[string]bool{}
	spec.Linux.Devices = slices.DeleteFunc(spec.Linux.Devices, func(device specs.LinuxDevice) bool {
		taken := places[device.Path]
		places[device.Path] = true
		return taken
	})
}

// described makes the task's documents those of this machine.
func described(directory string, devices CDI) oci.SpecOpts {
	return func(context.Context, oci.Client, *containers.Container, *oci.Spec) error {
		place := filepath.Join(directory, "cdi")
		if err := os.RemoveAll(place); err != nil {
			return err
		}
		if err := os.MkdirAll(place, 0o755); err != nil {
			return err
		}
		for name, text := range devices.Files {
			if err := os.WriteFile(filepath.Join(place, name), text, 0o644); err != nil {
				return err
			}
		}
		return registry.Configure(registry.WithSpecDirs(place), registry.WithAutoRefresh(false))
	}
}

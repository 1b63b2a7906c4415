package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/containerd/containerd/v2/core/containers"
	"github.com/containerd/containerd/v2/pkg/namespaces"
	"github.com/containerd/containerd/v2/pkg/oci"
	"github.com/opencontainers/runtime-spec/specs-go"
)

// specOf runs containerd's options in the order of `ctr run`: the image, the process, rights, namespaces, files, limits, and
// the filter last, which needs the final capabilities.
func specOf(directory string, task Task) (*oci.Spec, error) {
	root, err := rootfs(directory, task)
	if err != nil {
		return nil, err
	}
	options := []oci.SpecOpts{oci.WithRootFSPath(root)}
	for _, part := range []func(Task) ([]oci.SpecOpts, error){process, rights, spaces, files, limits} {
		made, err := part(task)
		if err != nil {
			return nil, err
		}
		options = append(options, made...)
	}
	options = append(options, devices(directory, task)...)
	options = append(options, filter(directory, task)...)
	// A container with a snapshot has its root file system there.
	options = append(options, oci.WithRootFSPath("rootfs"))
	context := namespaces.WithNamespace(context.Background(), task.Namespace)
	return oci.GenerateSpec(context, nil, &containers.Container{ID: task.ID}, options...)
}

// rootfs is a directory with the account files of the image, which containerd's options read.
func rootfs(directory string, task Task) (string, error) {
	root := filepath.Join(directory, "rootfs")
	if err := os.MkdirAll(filepath.Join(root, "etc"), 0o755); err != nil {
		return "", err
	}
	for name, text := range map[string]string{"passwd": task.Passwd, "group": task.Group} {
		path := filepath.Join(root, "etc", name)
		// An image without accounts has no such file.
		if text == "" {
			if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
				return "", err
			}
		} else if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	return root, nil
}

// with is an option for what containerd has none for.
func with(change func(*oci.Spec)) oci.SpecOpts {
	return func(_ context.Context, _ oci.Client, _ *containers.Container, spec *oci.Spec) error {
		change(spec)
		return nil
	}
}

// spaces are the namespaces.
func spaces(task Task) ([]oci.SpecOpts, error) {
	var options []oci.SpecOpts
	for _, kind := range []specs.LinuxNamespaceType{"pid", "ipc", "uts", "network", "cgroup"} {
		switch where := task.Namespaces[string(kind)]; where {
		case "":
		case "host":
			options = append(options, oci.WithHostNamespace(kind))
		case "private":
			options = append(options, oci.WithLinuxNamespace(specs.LinuxNamespace{Type: kind}))
		default:
			options = append(options, oci.WithLinuxNamespace(specs.LinuxNamespace{Type: kind, Path: where}))
		}
	}
	if len(task.IDMappings) > 0 {
		options = append(options, oci.WithUserNamespace(task.IDMappings, task.IDMappings))
	}
	return append(options, oci.WithAnnotations(task.Annotations), with(func(spec *oci.Spec) { spec.Linux.Sysctl = task.Sysctl })), nil
}

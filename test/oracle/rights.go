package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"github.com/containerd/containerd/v2/contrib/apparmor"
	"github.com/containerd/containerd/v2/contrib/seccomp"
	"github.com/containerd/containerd/v2/core/containers"
	"github.com/containerd/containerd/v2/pkg/cap"
	"github.com/containerd/containerd/v2/pkg/oci"
)

const all = "ALL"

// rights are privileged first, then what the user says by name.
func rights(task Task) ([]oci.SpecOpts, error) {
	var options []oci.SpecOpts
	if task.Privileged {
		// WithPrivileged gives what this process has, which is not what the task's host can grant.
		options = append(options, oci.WithPrivileged, oci.WithNewPrivileges, oci.WithCapabilities(task.Capabilities))
	}
	options = append(options, capabilities(task)...)
	if task.NoNewPrivileges != nil {
		options = append(options, map[bool]oci.SpecOpts{true: oci.WithNoNewPrivileges, false: oci.WithNewPrivileges}[*task.NoNewPrivileges])
	}
	if task.MaskedPaths != nil {
		options = append(options, oci.WithMaskedPaths(task.MaskedPaths))
	}
	if task.ReadonlyPaths != nil {
		options = append(options, oci.WithReadonlyPaths(task.ReadonlyPaths))
	}
	if task.AppArmor != "" {
		options = append(options, apparmor.WithProfile(task.AppArmor))
	}
	if task.SelinuxLabel != "" {
		options = append(options, oci.WithSelinuxLabel(task.SelinuxLabel), with(func(spec *oci.Spec) { spec.Linux.MountLabel = task.MountLabel }))
	}
	return options, nil
}

// capabilities are all or none first where a list says ALL, then the names, as in containerd's CRI plugin (internal/cri/opts,
// WithCapabilities): ALL without a name is possible. What is both dropped and added is added, as in Docker.
func capabilities(task Task) []oci.SpecOpts {
	var options []oci.SpecOpts
	if slices.Contains(task.CapDrop, all) {
		options = append(options, oci.WithCapabilities(nil))
	}
	if slices.Contains(task.CapAdd, all) {
		options = append(options, oci.WithCapabilities(task.Capabilities))
	}
	ambient := task.CapAmbient
	if slices.Contains(ambient, all) {
		ambient = append(without(task.Capabilities, names(task.CapDrop)), names(ambient)...)
	}
	options = append(options,
		oci.WithDroppedCapabilities(names(task.CapDrop)),
		oci.WithAddedCapabilities(names(task.CapAdd)),
		oci.WithAddedCapabilities(ambient),
		oci.WithDroppedCapabilities(without(cap.Known(), task.Capabilities)))
	if len(ambient) > 0 {
		options = append(options, oci.WithAmbientCapabilities(ambient))
	}
	return options
}

func names(list []string) []string { return without(list, []string{all}) }

func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(name string) bool { return slices.Contains(others, name) })
}

// filter is the seccomp profile.
func filter(directory string, task Task) []oci.SpecOpts {
	switch task.Seccomp {
	case "":
		return nil
	case "default":
		return []oci.SpecOpts{seccomp.WithDefaultProfile()}
	}
	path := filepath.Join(directory, "seccomp.json")
	write := func(context.Context, oci.Client, *containers.Container, *oci.Spec) error {
		return os.WriteFile(path, []byte(task.Seccomp), 0o644)
	}
	return []oci.SpecOpts{write, seccomp.WithProfile(path)}
}

// What bench/compile.ts compares with: containerd's own oci package, making the spec of one task from the options that Go clients
// of containerd use, and encoding/json. The task is read from a finished spec, so that both sides write the same one.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/containerd/containerd/v2/core/containers"
	"github.com/containerd/containerd/v2/pkg/namespaces"
	"github.com/containerd/containerd/v2/pkg/oci"
	"github.com/opencontainers/runtime-spec/specs-go"
)

var own = map[string]bool{"/proc": true, "/dev": true, "/dev/pts": true, "/dev/shm": true, "/dev/mqueue": true, "/sys": true, "/run": true}

// The mounts that GenerateSpec does not bring itself.
func extra(mounts []specs.Mount) (more []specs.Mount) {
	for _, mount := range mounts {
		if !own[mount.Destination] {
			more = append(more, mount)
		}
	}
	return more
}

func options(task *specs.Spec) []oci.SpecOpts {
	process, resources := task.Process, task.Linux.Resources
	opts := []oci.SpecOpts{
		oci.WithProcessArgs(process.Args...),
		oci.WithEnv(process.Env),
		oci.WithProcessCwd(process.Cwd),
		oci.WithUIDGID(process.User.UID, process.User.GID),
		oci.WithHostname(task.Hostname),
		oci.WithMounts(extra(task.Mounts)),
		oci.WithCapabilities(process.Capabilities.Bounding),
		oci.WithMemoryLimit(uint64(*resources.Memory.Limit)),
		oci.WithCPUShares(*resources.CPU.Shares),
		oci.WithPidsLimit(*resources.Pids.Limit),
		oci.WithCgroup(task.Linux.CgroupsPath),
	}
	for index := range process.Rlimits {
		opts = append(opts, oci.WithRlimit(&process.Rlimits[index]))
	}
	return opts
}

func generate(ctx context.Context, task *specs.Spec) []byte {
	spec, err := oci.GenerateSpec(ctx, nil, &containers.Container{ID: "task"}, options(task)...)
	if err != nil {
		panic(err)
	}
	text, err := json.Marshal(spec)
	if err != nil {
		panic(err)
	}
	return text
}

// Usage: bench SPEC.json. For every number on stdin makes so many specs, and answers with nanoseconds and bytes of one.
func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var task specs.Spec
	if err := json.Unmarshal(text, &task); err != nil {
		panic(err)
	}
	ctx := namespaces.WithNamespace(context.Background(), "nomad")
	if len(os.Args) > 2 {
		os.Stdout.Write(generate(ctx, &task))
		return
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		rounds, err := strconv.Atoi(lines.Text())
		if err != nil {
			panic(err)
		}
		size, before := 0, time.Now()
		for range rounds {
			size = len(generate(ctx, &task))
		}
		fmt.Printf("%d %d\n", time.Since(before).Nanoseconds()/int64(rounds), size)
	}
}

// What bench/lifecycle.ts compares StartTask, StopTask and DestroyTask with: containerd's own Go client, in a warm process.
// Usage: lifecycle SOCKET NAMESPACE IMAGE SCRIPT. Obeys a line on stdin, and answers with the microseconds that it took:
//
//	start        creates and starts a container
//	stop         ends it as it should, waits, deletes task, container and snapshot
//	burst N W    starts N containers, W at once; they are taken away before the next line is read
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	containerd "github.com/containerd/containerd/v2/client"
	"github.com/containerd/containerd/v2/contrib/seccomp"
	"github.com/containerd/containerd/v2/pkg/cio"
	"github.com/containerd/containerd/v2/pkg/namespaces"
	"github.com/containerd/containerd/v2/pkg/oci"
	"github.com/opencontainers/runtime-spec/specs-go"
)

func must[A any](value A, err error) A {
	if err != nil {
		panic(err)
	}
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

type client struct {
	*containerd.Client
	ctx    context.Context
	image  containerd.Image
	script string
	number int
}

// One container whose process runs, as a caller has it who wants its output and its end.
type running struct {
	container containerd.Container
	task      containerd.Task
	exited    <-chan containerd.ExitStatus
	ready     <-chan struct{}
}

// What a process writes, of which only matters that it began to: by then it knows what to do with a signal.
type firstWord struct {
	once sync.Once
	said chan struct{}
}

func (word *firstWord) Write(bytes []byte) (int, error) {
	word.once.Do(func() { close(word.said) })
	return len(bytes), nil
}

func (c *client) start(id string) running {
	spec := containerd.WithNewSpec(
		oci.WithImageConfig(c.image),
		oci.WithProcessArgs("sh", "-c", c.script),
		oci.WithHostNamespace(specs.NetworkNamespace),
		oci.WithMemoryLimit(64<<20),
		oci.WithCPUShares(100),
		seccomp.WithDefaultProfile(),
	)
	container := must(c.NewContainer(c.ctx, id, containerd.WithImage(c.image), containerd.WithNewSnapshot(id, c.image), spec))
	word := &firstWord{said: make(chan struct{})}
	task := must(container.NewTask(c.ctx, cio.NewCreator(cio.WithStreams(nil, word, io.Discard))))
	exited := must(task.Wait(c.ctx))
	check(task.Start(c.ctx))
	return running{container, task, exited, word.said}
}

func (c *client) stop(one running, signal syscall.Signal) {
	check(one.task.Kill(c.ctx, signal))
	<-one.exited
	must(one.task.Delete(c.ctx))
	check(one.container.Delete(c.ctx, containerd.WithSnapshotCleanup))
}

func (c *client) next() string {
	c.number++
	return fmt.Sprint("go-", c.number)
}

func (c *client) burst(count, workers int) []running {
	ids := make(chan string, count)
	for range count {
		ids <- c.next()
	}
	close(ids)
	started := make(chan running, count)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for id := range ids {
				started <- c.start(id)
			}
		})
	}
	group.Wait()
	close(started)
	var all []running
	for one := range started {
		all = append(all, one)
	}
	return all
}

func main() {
	c := client{Client: must(containerd.New(os.Args[1])), ctx: namespaces.WithNamespace(context.Background(), os.Args[2]), script: os.Args[4]}
	defer c.Close()
	c.image = must(c.GetImage(c.ctx, os.Args[3]))
	var last running
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var count, workers int
		var burst []running
		before := time.Now()
		switch line := lines.Text(); line {
		case "start":
			last = c.start(c.next())
		case "stop":
			c.stop(last, syscall.SIGTERM)
		default:
			must(fmt.Sscanf(line, "burst %d %d", &count, &workers))
			burst = c.burst(count, workers)
		}
		took := time.Since(before)
		<-last.ready
		for _, one := range burst {
			c.stop(one, syscall.SIGKILL)
		}
		fmt.Println(took.Microseconds())
	}
}

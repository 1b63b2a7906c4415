// What bench/exec.ts compares ExecTask with: containerd's own Go client, in a warm process, running a command beside a task's own and
// reading what it says. Usage: exec SOCKET NAMESPACE CONTAINER. For every number on stdin runs /bin/true so often, and answers with the
// microseconds of each.
package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	containerd "github.com/containerd/containerd/v2/client"
	"github.com/containerd/containerd/v2/pkg/cio"
	"github.com/containerd/containerd/v2/pkg/namespaces"
)

func must[A any](value A, err error) A {
	if err != nil {
		panic(err)
	}
	return value
}

// run does what a caller that wants exit code and output has to do: exec, wait, start, read to the end, delete.
func run(ctx context.Context, client *containerd.Client, name string, id string) {
	container := must(client.LoadContainer(ctx, name))
	spec := must(container.Spec(ctx))
	process := *spec.Process
	process.Args, process.Terminal = []string{"/bin/true"}, false
	task := must(container.Task(ctx, nil))
	var stdout, stderr bytes.Buffer
	execution := must(task.Exec(ctx, id, &process, cio.NewCreator(cio.WithStreams(nil, &stdout, &stderr))))
	exited := must(execution.Wait(ctx))
	if err := execution.Start(ctx); err != nil {
		panic(err)
	}
	if status := <-exited; status.ExitCode() != 0 {
		panic(fmt.Sprint("exit code ", status.ExitCode()))
	}
	execution.IO().Wait()
	must(execution.Delete(ctx))
}

func main() {
	client := must(containerd.New(os.Args[1]))
	defer client.Close()
	ctx := namespaces.WithNamespace(context.Background(), os.Args[2])
	number := 0
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		for range must(strconv.Atoi(lines.Text())) {
			number++
			before := time.Now()
			run(ctx, client, os.Args[3], fmt.Sprint("bench-", number))
			fmt.Println(time.Since(before).Microseconds())
		}
	}
}

// Command nomad is a real Nomad agent (server and client in one) for the tests of the driver.
package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/cli"
	"github.com/hashicorp/nomad/command"
	"github.com/hashicorp/nomad/version"

	// The agent runs itself again as each of these helpers; without logmon no task starts.
	_ "github.com/hashicorp/nomad/client/allocrunner/taskrunner/getter"
	_ "github.com/hashicorp/nomad/client/allocrunner/taskrunner/template/renderer"
	_ "github.com/hashicorp/nomad/client/logmon"
	_ "github.com/hashicorp/nomad/drivers/docker/docklog"
	_ "github.com/hashicorp/nomad/drivers/shared/executor"
)

func main() {
	os.Exit(run(os.Args[1:]))
}

// run carries out one Nomad command and returns its exit code.
func run(args []string) int {
	meta := command.Meta{Ui: &cli.BasicUi{Reader: os.Stdin, Writer: os.Stdout, ErrorWriter: os.Stderr}}
	nomad := &cli.CLI{
		Name:     "nomad",
		Version:  version.GetVersion().FullVersionNumber(true),
		Args:     args,
		Commands: command.Commands(&meta, meta.Ui),
		HelpFunc: cli.BasicHelpFunc("nomad"),
	}
	code, err := nomad.Run()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

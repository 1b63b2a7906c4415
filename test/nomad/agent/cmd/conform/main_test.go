// Nomad's own conformance cases of ExecTaskStreaming (plugins/drivers/testutils), run against a plugin as Nomad launches it. Built as
// a test program; the environment says which plugin, and how it and its task are configured:
// CONFORM_PLUGIN its path, CONFORM_CONFIG and CONFORM_TASK JSON documents, CONFORM_DIR where allocations go.
package conform

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	hclog "github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/nomad/helper/uuid"
	"github.com/hashicorp/nomad/nomad/structs"
	"github.com/hashicorp/nomad/plugins/base"
	"github.com/hashicorp/nomad/plugins/drivers"
	"github.com/hashicorp/nomad/plugins/drivers/testutils"
)

// document reads one of the JSON documents of the environment.
func document(t *testing.T, name string) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal([]byte(os.Getenv(name)), &value); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return value
}

// launch starts the plugin as the agent does, and configures it.
func launch(t *testing.T) drivers.DriverPlugin {
	t.Helper()
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  base.Handshake,
		Plugins:          map[string]plugin.Plugin{"base": &base.PluginBase{}, "driver": drivers.NewDriverPlugin(nil, hclog.NewNullLogger())},
		Cmd:              exec.Command(os.Getenv("CONFORM_PLUGIN")),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Logger:           hclog.NewNullLogger(),
	})
	t.Cleanup(client.Kill)
	connection, err := client.Client()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := connection.Dispense("driver")
	if err != nil {
		t.Fatal(err)
	}
	driver := raw.(drivers.DriverPlugin)
	var packed []byte
	if err := base.MsgPackEncode(&packed, document(t, "CONFORM_CONFIG")); err != nil {
		t.Fatal(err)
	}
	if err := driver.SetConfig(&base.Config{PluginConfig: packed, ApiVersion: "v0.1.0"}); err != nil {
		t.Fatal(err)
	}
	return driver
}

// task is what Nomad would send of it, with its directories and pipes.
func task(t *testing.T, harness *testutils.DriverHarness) *drivers.TaskConfig {
	t.Helper()
	config := &drivers.TaskConfig{
		ID: uuid.Generate(), AllocID: uuid.Generate(), Name: "conform", JobName: "conform", TaskGroupName: "conform", Namespace: "default",
		Env: map[string]string{},
		Resources: &drivers.Resources{
			NomadResources: &structs.AllocatedTaskResources{
				Cpu: structs.AllocatedCpuResources{CpuShares: 100}, Memory: structs.AllocatedMemoryResources{MemoryMB: 64},
			},
			LinuxResources: &drivers.LinuxResources{CPUShares: 100, MemoryLimitBytes: 64 << 20},
		},
	}
	t.Cleanup(harness.MkAllocDir(config, true))
	if err := config.EncodeConcreteDriverConfig(document(t, "CONFORM_TASK")); err != nil {
		t.Fatal(err)
	}
	return config
}

func TestExecTaskStreaming(t *testing.T) {
	if err := os.Setenv("TMPDIR", filepath.Clean(os.Getenv("CONFORM_DIR"))); err != nil {
		t.Fatal(err)
	}
	driver := launch(t)
	harness := testutils.NewDriverHarness(t, driver)
	defer harness.Kill()
	config := task(t, harness)
	if _, _, err := harness.StartTask(config); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := harness.DestroyTask(config.ID, true); err != nil {
			t.Error(err)
		}
	}()
	if err := harness.WaitUntilStarted(config.ID, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	testutils.ExecTaskStreamingConformanceTests(t, harness, config.ID)
}

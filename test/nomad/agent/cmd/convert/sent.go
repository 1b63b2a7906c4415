package main

import (
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/nomad/client/taskenv"
	"github.com/hashicorp/nomad/helper/pluginutils/hclspecutils"
	"github.com/hashicorp/nomad/helper/pluginutils/hclutils"
	"github.com/hashicorp/nomad/plugins/drivers"
	"github.com/hashicorp/nomad/plugins/shared/hclspec"
	"google.golang.org/protobuf/encoding/protojson"
)

// sent takes the steps of Nomad's client between a task's config and StartTask, then decodes as a Go driver does.
func sent(one testCase) (any, error) {
	spec, err := schema(one.Spec)
	if err != nil {
		return nil, err
	}
	vars, _, err := taskenv.NewTaskEnv(one.Env, one.Env, nil, one.Node, nil, "", "").AllValues()
	if err != nil {
		return nil, err
	}
	value, diags, problems := hclutils.ParseHclInterface(one.Config, spec, vars)
	if diags.HasErrors() {
		return nil, errors.Join(problems...)
	}
	task := &drivers.TaskConfig{}
	if err := task.EncodeDriverConfig(value); err != nil {
		return nil, fmt.Errorf("failed to encode driver config: %w", err)
	}
	var received any
	return received, task.DecodeDriverConfig(&received)
}

// schema reads a driver's schema and prepares it as the client does when a task starts.
func schema(text []byte) (hcldec.Spec, error) {
	spec := &hclspec.Spec{}
	if err := protojson.Unmarshal(text, spec); err != nil {
		return nil, fmt.Errorf("the spec is not a protobuf Spec: %w", err)
	}
	converted, diags := hclspecutils.Convert(spec)
	if diags.HasErrors() {
		return nil, fmt.Errorf("the spec cannot be converted: %w", diags)
	}
	return converted, nil
}

package main

import (
	"errors"
	"fmt"
	"maps"

	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/nomad/client/taskenv"
	"github.com/hashicorp/nomad/helper/pluginutils/hclspecutils"
	"github.com/hashicorp/nomad/helper/pluginutils/hclutils"
	"github.com/hashicorp/nomad/plugins/drivers"
	"github.com/hashicorp/nomad/plugins/shared/hclspec"
	"github.com/zclconf/go-cty/cty"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/protoadapt"
)

// received takes the client's steps between a task's config and StartTask, then decodes the bytes as a driver does.
func received(one question) (any, error) {
	spec, err := schema(one.Spec)
	if err != nil {
		return nil, err
	}
	vars, err := variables(one)
	if err != nil {
		return nil, err
	}
	value, diags, problems := hclutils.ParseHclInterface(one.Config, spec, vars)
	if diags.HasErrors() {
		return nil, fmt.Errorf("failed to parse config: %w", errors.Join(problems...))
	}
	task := &drivers.TaskConfig{}
	if err := task.EncodeDriverConfig(value); err != nil {
		return nil, fmt.Errorf("failed to encode driver config: %w", err)
	}
	var decoded any
	err = task.DecodeDriverConfig(&decoded)
	return decoded, err
}

// variables are those that Nomad's client lets a config refer to; it insists on an entry under "node".
func variables(one question) (map[string]cty.Value, error) {
	node := map[string]string{"node.unique.id": ""}
	env := map[string]string{"NOMAD": ""}
	maps.Copy(env, one.Vars)
	vars, _, err := taskenv.NewTaskEnv(env, env, nil, node, nil, "", "").AllValues()
	return vars, err
}

// schema reads a driver's schema and prepares it as the client does when a task starts.
func schema(text []byte) (hcldec.Spec, error) {
	spec := &hclspec.Spec{}
	if err := protojson.Unmarshal(text, protoadapt.MessageV2Of(spec)); err != nil {
		return nil, fmt.Errorf("the spec is no hclspec: %w", err)
	}
	converted, diags := hclspecutils.Convert(spec)
	if diags.HasErrors() {
		return nil, fmt.Errorf("the spec does not convert: %w", diags)
	}
	return converted, nil
}

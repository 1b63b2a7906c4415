package main

import (
	"errors"
	"fmt"

	"github.com/hashicorp/go-multierror"
	"github.com/hashicorp/nomad/helper/pluginutils/hclspecutils"
	"github.com/hashicorp/nomad/helper/pluginutils/hclutils"
	"github.com/hashicorp/nomad/plugins/shared/hclspec"
	plain "github.com/vmihailenco/msgpack/v5"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/msgpack"
	"google.golang.org/protobuf/encoding/protojson"
)

// encoded takes the steps of the client before StartTask: schema, interpolation and types, then cty's msgpack.
func encoded(one question) ([]byte, error) {
	schema := &hclspec.Spec{}
	if err := protojson.Unmarshal(one.Spec, schema); err != nil {
		return nil, fmt.Errorf("the spec is no hclspec: %w", err)
	}
	spec, diags := hclspecutils.Convert(schema)
	if diags.HasErrors() {
		return nil, fmt.Errorf("the spec does not convert: %w", diags)
	}
	vars := map[string]cty.Value{}
	for name, value := range one.Vars {
		vars[name] = cty.StringVal(value)
	}
	value, diags, errs := hclutils.ParseHclInterface(one.Config, spec, vars)
	if diags.HasErrors() {
		return nil, multierror.Append(errors.New("failed to parse config: "), errs...)
	}
	return msgpack.Marshal(value, value.Type())
}

// received decodes the bytes as a driver without knowledge of the schema would.
func received(sent []byte) (any, error) {
	var value any
	err := plain.Unmarshal(sent, &value)
	return value, err
}

package main

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"unsafe"

	"github.com/hashicorp/hcl"
	"github.com/hashicorp/hcl/hcl/parser"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/hashicorp/nomad/jobspec2"
)

// parseJob reads a job as `nomad job run` does, without the environment. What it sees of files, the host of this program
// decides; without a directory to start from it sees none.
func parseJob(one request) (any, error) {
	file, diagnostics := parseHCL(one.Name, one.Source)
	if diagnostics.HasErrors() {
		return nil, ofDiagnostics(one.Name, diagnostics)
	}
	values, err := parseVarFiles(one.VarFiles)
	if err != nil {
		return nil, err
	}
	if err := wellFormed(one.Vars); err != nil {
		return nil, err
	}
	if err := cyclicLocals(file.Body); err != nil {
		return nil, err
	}
	config := &jobspec2.ParseConfig{
		Path:    one.Name,
		Body:    []byte(one.Source),
		ArgVars: one.Vars,
		Envs:    one.Envs,
		BaseDir: one.BaseDir,
		AllowFS: one.BaseDir != "",
		Strict:  true,
	}
	give(config, values)
	job, err := jobspec2.ParseWithConfig(config)
	if err != nil {
		return nil, jobFaults(one, file, values, err)
	}
	return located{value: job, positions: jobPositions(file.Body, job)}, nil
}

// parseHCL parses HCL2, or its JSON form when the first letter is a brace, as Nomad does.
func parseHCL(name, source string) (*hcl2.File, hcl2.Diagnostics) {
	if strings.HasPrefix(strings.TrimLeft(source, " "), "{") {
		return json.Parse([]byte(source), name)
	}
	return hclsyntax.ParseConfig([]byte(source), name, hcl2.InitialPos)
}

func parseVarFiles(given []varFile) ([]*hcl2.File, error) {
	var files []*hcl2.File
	for _, one := range given {
		file, diagnostics := parseHCL(one.Name, one.Source)
		if diagnostics.HasErrors() {
			return nil, ofDiagnostics(one.Name, diagnostics)
		}
		files = append(files, file)
	}
	return files, nil
}

// wellFormed refuses a -var without "=", which Nomad would pass over in silence.
func wellFormed(vars []string) error {
	for _, given := range vars {
		if name, _, found := strings.Cut(given, "="); !found || name == "" {
			return faults{{Message: fmt.Sprintf("-var %q: must be NAME=VALUE", given)}}
		}
	}
	return nil
}

// give hands over var files that are parsed already. Nomad reads them from the file system only, or one of them from a
// text whose name it does not keep; the field it collects them in is not exported.
func give(config *jobspec2.ParseConfig, files []*hcl2.File) {
	field := reflect.ValueOf(config).Elem().FieldByName("parsedVarFiles")
	reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem().Set(reflect.ValueOf(files))
}

// jobFaults lists what Nomad found wrong. It joins most diagnostics to one text, and leaves out the place of a variable.
func jobFaults(one request, file *hcl2.File, values []*hcl2.File, err error) error {
	var listed hcl2.Diagnostics
	if errors.As(err, &listed) {
		return ofDiagnostics(one.Name, listed)
	}
	names := []string{one.Name}
	for _, given := range one.VarFiles {
		names = append(names, given.Name)
	}
	return ofText(names, err.Error(), func(message string) fault { return placeless(one.Name, file, values, message) })
}

var (
	inVarFile = regexp.MustCompile(`^Undefined variable; A "([^"]+)"`)
	declared  = regexp.MustCompile(`^(?:Unset variable "([^"]+)"|Duplicate variable; Duplicate (\S+) )`)
	argued    = regexp.MustCompile(`^(?:Undefined -var|Invalid argument value for -var|Invalid value for (?:cmd|env)|Invalid value for variable; The value)`)
)

// placeless finds the place of a mistake with a variable: where a var file sets it, or where the job declares it.
func placeless(name string, file *hcl2.File, values []*hcl2.File, message string) fault {
	if found := inVarFile.FindStringSubmatch(message); found != nil {
		for _, one := range values {
			attributes, _ := one.Body.JustAttributes()
			if attribute, set := attributes[found[1]]; set {
				return at(attribute.NameRange, message)
			}
		}
	}
	if found := declared.FindStringSubmatch(message); found != nil {
		if block := declaration(file.Body, found[1]+found[2]); block != nil {
			return at(block.DefRange(), message)
		}
	}
	if argued.MatchString(message) {
		return fault{Message: message}
	}
	return fault{File: name, Message: message}
}

// declaration is the last block that declares a variable; a repetition is the mistake.
func declaration(body hcl2.Body, name string) *hclsyntax.Block {
	var last *hclsyntax.Block
	native, _ := body.(*hclsyntax.Body)
	if native == nil {
		return nil
	}
	for _, block := range native.Blocks {
		if block.Type == "variable" && len(block.Labels) == 1 && block.Labels[0] == name {
			last = block
		}
	}
	return last
}

// parsePlugin reads an agent's file or a part of it; blocks become lists of maps.
// The last of two equal attributes counts, as it does for an agent.
func parsePlugin(one request) (any, error) {
	file, err := hcl.Parse(one.Source)
	if err != nil {
		return nil, pluginFault(one.Name, err)
	}
	document := map[string]any{}
	if err := hcl.DecodeObject(&document, file); err != nil {
		return nil, pluginFault(one.Name, err)
	}
	return located{value: document, positions: pluginPositions(file)}, nil
}

// pluginFault is an error of HCL version 1 with the position where there is one.
func pluginFault(name string, err error) error {
	var at *parser.PosError
	if errors.As(err, &at) {
		return faults{{File: name, Line: at.Pos.Line, Column: at.Pos.Column, Message: spoken(at.Err.Error())}}
	}
	return faults{{File: name, Message: spoken(err.Error())}}
}

package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl"
	"github.com/hashicorp/hcl/hcl/parser"
	"github.com/hashicorp/nomad/jobspec2"
)

// parseJob reads a job as `nomad job run` does, without access to files or the environment.
func parseJob(one request) (any, error) {
	job, err := jobspec2.ParseWithConfig(&jobspec2.ParseConfig{
		Path:    one.Name,
		Body:    []byte(one.Source),
		ArgVars: one.Vars,
		AllowFS: false,
		Strict:  true,
	})
	return job, everyLine(one.Name, err)
}

// everyLine spells out each diagnostic where Nomad would say "and 2 other diagnostic(s)",
// and names the file where a diagnostic has no position.
func everyLine(name string, err error) error {
	if err == nil {
		return nil
	}
	lines := []string{err.Error()}
	var several interface{ Errs() []error }
	if errors.As(err, &several) {
		lines = nil
		for _, each := range several.Errs() {
			lines = append(lines, each.Error())
		}
	}
	text := "\n" + strings.Join(lines, "\n")
	return errors.New(strings.ReplaceAll(text, "\n<nil>: ", "\n"+name+": ")[1:])
}

// parsePlugin reads an agent's file or a part of it; blocks become lists of maps.
// The last of two equal attributes counts, as it does for an agent.
func parsePlugin(one request) (any, error) {
	file, err := hcl.Parse(one.Source)
	if err != nil {
		return nil, located(one.Name, err)
	}
	document := map[string]any{}
	if err := hcl.DecodeObject(&document, file); err != nil {
		return nil, located(one.Name, err)
	}
	return document, nil
}

// located puts the file's name, and the position where there is one, before an error of HCL version 1.
func located(name string, err error) error {
	var at *parser.PosError
	if errors.As(err, &at) {
		return fmt.Errorf("%s:%d,%d: %w", name, at.Pos.Line, at.Pos.Column, at.Err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

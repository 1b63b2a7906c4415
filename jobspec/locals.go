package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// cyclicLocals names locals that need each other. Nomad tries each of them a hundred times, and tells of a random one.
func cyclicLocals(body hcl.Body) error {
	locals := localsOf(body)
	needs := make(map[string][]string, len(locals))
	neededBy := map[string][]string{}
	waits := map[string]int{}
	var ready []string
	for name, attribute := range locals {
		needs[name] = needed(attribute.Expr, locals)
		for _, other := range needs[name] {
			neededBy[other] = append(neededBy[other], name)
		}
		if waits[name] = len(needs[name]); waits[name] == 0 {
			ready = append(ready, name)
		}
	}
	for len(ready) > 0 {
		name := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		delete(needs, name)
		for _, other := range neededBy[name] {
			if waits[other]--; waits[other] == 0 {
				ready = append(ready, other)
			}
		}
	}
	if len(needs) == 0 {
		return nil
	}
	ring := ringIn(needs)
	return faults{at(locals[ring[0]].NameRange, "these locals need each other: "+strings.Join(append(ring, ring[0]), " -> "))}
}

// localsOf is every local by its name; of two with one name, Nomad tells.
func localsOf(body hcl.Body) map[string]*hclsyntax.Attribute {
	all := map[string]*hclsyntax.Attribute{}
	native, _ := body.(*hclsyntax.Body)
	if native == nil {
		return all
	}
	for _, block := range native.Blocks {
		if block.Type == "locals" {
			maps.Copy(all, block.Body.Attributes)
		}
	}
	return all
}

func needed(expression hclsyntax.Expression, locals map[string]*hclsyntax.Attribute) []string {
	var names []string
	for _, traversal := range expression.Variables() {
		if traversal.RootName() != "local" || len(traversal) < 2 {
			continue
		}
		step, _ := traversal[1].(hcl.TraverseAttr)
		if _, known := locals[step.Name]; known {
			names = append(names, step.Name)
		}
	}
	return names
}

// ringIn follows the first need of each that is left, from the first name on, until a name comes again.
func ringIn(needs map[string][]string) []string {
	path := []string{slices.Min(slices.Collect(maps.Keys(needs)))}
	for {
		last := path[len(path)-1]
		next := slices.IndexFunc(needs[last], func(other string) bool { _, left := needs[other]; return left })
		name := needs[last][next]
		if start := slices.Index(path, name); start >= 0 {
			return path[start:]
		}
		path = append(path, name)
	}
}

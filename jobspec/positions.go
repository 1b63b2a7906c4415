package main

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/nomad/api"
	"github.com/zclconf/go-cty/cty"
)

// places holds line and column (from 1) of each part of one task, by the path that the driver's issues use.
type places map[string][2]int

// positions holds the places of each task by "group/task".
type positions map[string]places

// walker collects places. All that a dynamic block makes is put where that block is.
type walker struct {
	found places
	fixed *hcl.Pos
}

func (w walker) put(path string, where hcl.Range) {
	place := where.Start
	if w.fixed != nil {
		place = *w.fixed
	}
	w.found[path] = [2]int{place.Line, place.Column}
}

// jobPositions walks the tasks of a job. What no block names itself was made by a dynamic block around it.
func jobPositions(body hcl.Body, job *api.Job) positions {
	all := positions{}
	native, _ := body.(*hclsyntax.Body)
	if native == nil {
		return all
	}
	block := first(native.Blocks, "job")
	if block == nil {
		return all
	}
	groups := map[string]*hclsyntax.Block{}
	for _, inner := range block.Body.Blocks {
		switch name := labelOf(inner); inner.Type {
		case "task":
			all[name+"/"+name] = taskPlaces(inner, nil)
		case "group":
			groups[name] = inner
			for _, task := range inner.Body.Blocks {
				if task.Type == "task" {
					all[name+"/"+labelOf(task)] = taskPlaces(task, inner)
				}
			}
		}
	}
	for _, group := range job.TaskGroups {
		for _, task := range group.Tasks {
			key := *group.Name + "/" + task.Name
			if _, known := all[key]; !known {
				all[key] = madePlaces(maker(block, groups[*group.Name]))
			}
		}
	}
	return all
}

// maker is the dynamic block that made a task: in its group, else the group's own, else the job's.
func maker(job, group *hclsyntax.Block) *hclsyntax.Block {
	if group != nil {
		if made := dynamic(group.Body.Blocks, "task"); made != nil {
			return made
		}
		return group
	}
	for _, kind := range []string{"group", "task"} {
		if made := dynamic(job.Body.Blocks, kind); made != nil {
			return made
		}
	}
	return job
}

func madePlaces(block *hclsyntax.Block) places {
	w := walker{found: places{}}
	w.put("task", block.TypeRange)
	return w.found
}

// taskPlaces are the places in one task block, and of the networks of its group.
func taskPlaces(task, group *hclsyntax.Block) places {
	w := walker{found: places{}}
	if group != nil {
		w.blocks(group.Body.Blocks, map[string]string{"network": "network"})
	}
	w.put("task", task.TypeRange)
	for name, attribute := range task.Body.Attributes {
		switch name {
		case "driver":
			w.put("driver", attribute.NameRange)
		case "user":
			w.put("allocation.user", attribute.NameRange)
		case "env":
			w.put("allocation.env", attribute.NameRange)
			w.expression("allocation.env", attribute.Expr)
		}
	}
	w.sections(task.Body.Blocks)
	return w.found
}

// sections are the blocks of a task that make its container.
func (w walker) sections(blocks hclsyntax.Blocks) {
	for _, block := range blocks {
		inner, kind, body := w, block.Type, block.Body
		if kind == "dynamic" {
			inner, kind, body = w.madeBy(block)
		}
		switch kind {
		case "config":
			inner.body("task", body)
		case "env":
			inner.put("allocation.env", block.TypeRange)
			inner.body("allocation.env", body)
		case "resources":
			inner.put("resources", block.TypeRange)
			inner.body("resources", body)
		}
	}
	w.blocks(blocks, map[string]string{"volume_mount": "volume_mount"})
}

// madeBy is a dynamic block seen as the block that it makes.
func (w walker) madeBy(block *hclsyntax.Block) (walker, string, *hclsyntax.Body) {
	content := first(block.Body.Blocks, "content")
	if content == nil {
		return w, "", block.Body
	}
	if w.fixed == nil {
		w.fixed = &block.TypeRange.Start
	}
	return w, labelOf(block), content.Body
}

// body puts every attribute and block of a body under a path.
func (w walker) body(path string, body *hclsyntax.Body) {
	for name, attribute := range body.Attributes {
		at := join(path, name)
		w.put(at, attribute.NameRange)
		w.expression(at, attribute.Expr)
	}
	names := map[string]string{}
	for _, block := range body.Blocks {
		names[block.Type] = join(path, block.Type)
	}
	w.blocks(body.Blocks, names)
}

// blocks counts the blocks of each kind that has a path: Nomad makes a list of them. Labels become maps around them.
func (w walker) blocks(blocks hclsyntax.Blocks, paths map[string]string) {
	counts := map[string]int{}
	for _, block := range blocks {
		path, wanted := paths[block.Type]
		if !wanted {
			continue
		}
		at := fmt.Sprintf("%s[%d]", path, counts[block.Type])
		counts[block.Type]++
		w.put(at, block.TypeRange)
		for index, label := range block.Labels {
			w.put(join(at, label), block.LabelRanges[index])
			at = join(at, label) + "[0]"
		}
		w.body(at, block.Body)
	}
}

// expression puts the items of objects and lists under a path; what another expression makes has no place of its own.
func (w walker) expression(path string, expression hclsyntax.Expression) {
	switch value := expression.(type) {
	case *hclsyntax.ParenthesesExpr:
		w.expression(path, value.Expression)
	case *hclsyntax.TupleConsExpr:
		for index, item := range value.Exprs {
			at := fmt.Sprintf("%s[%d]", path, index)
			w.put(at, item.Range())
			w.expression(at, item)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range value.Items {
			name, diagnostics := item.KeyExpr.Value(nil)
			if diagnostics.HasErrors() || !name.IsWhollyKnown() || name.IsNull() || name.Type() != cty.String {
				continue
			}
			at := join(path, name.AsString())
			w.put(at, item.KeyExpr.Range())
			w.expression(at, item.ValueExpr)
		}
	}
}

func join(path, name string) string { return path + "." + name }

func labelOf(block *hclsyntax.Block) string {
	if len(block.Labels) == 0 {
		return ""
	}
	return block.Labels[0]
}

func first(blocks hclsyntax.Blocks, kind string) *hclsyntax.Block {
	for _, block := range blocks {
		if block.Type == kind {
			return block
		}
	}
	return nil
}

func dynamic(blocks hclsyntax.Blocks, kind string) *hclsyntax.Block {
	for _, block := range blocks {
		if block.Type == "dynamic" && labelOf(block) == kind {
			return block
		}
	}
	return nil
}

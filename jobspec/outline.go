package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// sourceTask is a task as it stands in the source. Names are absent where an expression makes them.
type sourceTask struct {
	Group  *string         `json:"group"`
	Task   *string         `json:"task"`
	Driver json.RawMessage `json:"driver,omitempty"`
	Items  []*item         `json:"items"`

	driver hcl.Range
}

// item is one name of a config block. Value is there for literals; Inner holds the items of blocks and of literal objects,
// a list of them for every object.
type item struct {
	At    string          `json:"at"`
	Name  string          `json:"name"`
	Form  string          `json:"form"`
	Value json.RawMessage `json:"value,omitempty"`
	Inner [][]*item       `json:"inner,omitempty"`

	name  hcl.Range
	whole hcl.Range
}

// outlineJob lists the tasks of a job with what their config blocks say, in the order of the source.
func outlineJob(one request) (any, error) {
	tasks, _, err := outlineOf(one)
	return tasks, err
}

// outliner gives each item an address of places: of its task, of itself, of an object in it, and so on.
type outliner struct {
	items map[string]*item
	tasks []*sourceTask
}

func outlineOf(one request) ([]*sourceTask, map[string]*item, error) {
	file, diagnostics := hclsyntax.ParseConfig([]byte(one.Source), one.Name, hcl.InitialPos)
	if diagnostics.HasErrors() {
		return nil, nil, ofDiagnostics(one.Name, diagnostics)
	}
	body, native := file.Body.(*hclsyntax.Body)
	if !native {
		return nil, nil, errors.New(one.Name + ": is no HCL in native syntax")
	}
	out := &outliner{items: map[string]*item{}, tasks: []*sourceTask{}}
	for _, block := range body.Blocks {
		if block.Type == "job" {
			out.job(block.Body)
		}
	}
	return out.tasks, out.items, nil
}

// job goes through the groups of a job, and through tasks that stand outside any group.
func (o *outliner) job(body *hclsyntax.Body) {
	for _, block := range body.Blocks {
		kind, name, content := unfolded(block)
		switch kind {
		case "group":
			o.group(name, content)
		case "task":
			o.task(name, name, content)
		}
	}
}

func (o *outliner) group(name *string, body *hclsyntax.Body) {
	for _, block := range body.Blocks {
		if kind, task, content := unfolded(block); kind == "task" {
			o.task(name, task, content)
		}
	}
}

// unfolded gives the type, the name and the body of a block, also of one that a dynamic block makes.
func unfolded(block *hclsyntax.Block) (string, *string, *hclsyntax.Body) {
	if block.Type == "dynamic" && len(block.Labels) == 1 {
		for _, inner := range block.Body.Blocks {
			if inner.Type == "content" {
				return block.Labels[0], nil, inner.Body
			}
		}
	}
	if len(block.Labels) == 1 {
		return block.Type, &block.Labels[0], block.Body
	}
	return block.Type, nil, block.Body
}

func (o *outliner) task(group, name *string, body *hclsyntax.Body) {
	found := &sourceTask{Group: group, Task: name, Items: []*item{}}
	if driver, given := body.Attributes["driver"]; given {
		found.driver = driver.Expr.Range()
		found.Driver = literal(driver.Expr)
	}
	for _, block := range body.Blocks {
		if block.Type == "config" {
			found.Items = append(found.Items, o.body(strconv.Itoa(len(o.tasks)), block.Body)...)
		}
	}
	o.tasks = append(o.tasks, found)
}

// body lists attributes and blocks in the order of the source.
func (o *outliner) body(at string, body *hclsyntax.Body) []*item {
	items := []*item{}
	for _, attribute := range body.Attributes {
		items = append(items, &item{
			Name: attribute.Name, Form: "attribute", name: attribute.NameRange, whole: attribute.SrcRange,
		})
	}
	for _, block := range body.Blocks {
		items = append(items, &item{
			Name: block.Type, Form: "block", name: block.TypeRange, whole: hcl.RangeBetween(block.TypeRange, block.CloseBraceRange),
		})
	}
	sort.Slice(items, func(a, b int) bool { return items[a].whole.Start.Byte < items[b].whole.Start.Byte })
	blocks := 0
	for place, one := range items {
		o.locate(one, at, place)
		if one.Form == "attribute" {
			o.expression(one, body.Attributes[one.Name].Expr)
			continue
		}
		one.Inner = [][]*item{o.body(one.At+".0", body.Blocks[blocks].Body)}
		blocks++
	}
	return items
}

func (o *outliner) locate(one *item, at string, place int) {
	one.At = fmt.Sprintf("%s.%d", at, place)
	o.items[one.At] = one
}

// expression completes an item with its literal value, and with the items of the objects that it lists.
func (o *outliner) expression(one *item, expression hclsyntax.Expression) {
	one.Value = literal(expression)
	switch written := expression.(type) {
	case *hclsyntax.ObjectConsExpr:
		one.Inner = [][]*item{o.object(one.At+".0", written)}
	case *hclsyntax.TupleConsExpr:
		for _, each := range written.Exprs {
			if object, is := each.(*hclsyntax.ObjectConsExpr); is {
				one.Inner = append(one.Inner, o.object(fmt.Sprintf("%s.%d", one.At, len(one.Inner)), object))
			}
		}
	}
}

func (o *outliner) object(at string, object *hclsyntax.ObjectConsExpr) []*item {
	items := []*item{}
	for _, each := range object.Items {
		key, diagnostics := each.KeyExpr.Value(nil)
		if diagnostics.HasErrors() || key.IsNull() || key.Type() != cty.String {
			continue
		}
		one := &item{
			Name: key.AsString(), Form: "entry", name: each.KeyExpr.Range(),
			whole: hcl.RangeBetween(each.KeyExpr.Range(), each.ValueExpr.Range()),
		}
		o.locate(one, at, len(items))
		o.expression(one, each.ValueExpr)
		items = append(items, one)
	}
	return items
}

// literal is the value of an expression that refers to nothing and calls nothing, as JSON.
func literal(expression hclsyntax.Expression) json.RawMessage {
	calls := false
	_ = hclsyntax.VisitAll(expression, func(node hclsyntax.Node) hcl.Diagnostics {
		_, is := node.(*hclsyntax.FunctionCallExpr)
		calls = calls || is
		return nil
	})
	if calls || len(expression.Variables()) > 0 {
		return nil
	}
	value, diagnostics := expression.Value(&hcl.EvalContext{Functions: map[string]function.Function{}})
	if diagnostics.HasErrors() || !value.IsWhollyKnown() {
		return nil
	}
	text, err := ctyjson.Marshal(value, value.Type())
	if err != nil {
		panic(fmt.Sprintf("a literal is no JSON: %v", err))
	}
	return text
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// edit is one change of a job's source. Task counts the tasks of the outline, At names one of its items.
type edit struct {
	Op      string   `json:"op"`
	Task    int      `json:"task"`
	At      string   `json:"at"`
	To      string   `json:"to"`
	With    []option `json:"with"`
	Comment string   `json:"comment"`
}

// option is an attribute, or a block, to write.
type option struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
	Block bool            `json:"block"`
}

// patch replaces the bytes from start to end.
type patch struct {
	start, end int
	text       string
}

// rewriteJob applies edits to a job's source and leaves every other byte alone; what was formatted stays formatted.
func rewriteJob(one request) (any, error) {
	tasks, items, err := outlineOf(one)
	if err != nil {
		return nil, err
	}
	source := []byte(one.Source)
	patches := []patch{}
	for _, each := range one.Edits {
		made, err := patchesOf(source, tasks, items, each)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", one.Name, err)
		}
		patches = append(patches, made...)
	}
	text := applied(source, patches)
	if bytes.Equal(hclwrite.Format(source), source) {
		text = hclwrite.Format(text)
	}
	if _, diagnostics := hclsyntax.ParseConfig(text, one.Name, hcl.InitialPos); diagnostics.HasErrors() {
		return nil, fmt.Errorf("%s: the rewritten job cannot be read: %w", one.Name, diagnostics)
	}
	return withLineEnds(string(text), one.Source), nil
}

// withLineEnds gives a text the line ends of another, where that has those of Windows only.
func withLineEnds(text, like string) string {
	if windows := strings.Count(like, "\r\n"); windows == 0 || windows != strings.Count(like, "\n") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
}

func patchesOf(source []byte, tasks []*sourceTask, items map[string]*item, one edit) ([]patch, error) {
	if one.Op == "SetDriver" {
		if one.Task < 0 || one.Task >= len(tasks) {
			return nil, fmt.Errorf("there is no task %d", one.Task)
		}
		where := tasks[one.Task].driver
		return []patch{{where.Start.Byte, where.End.Byte, fmt.Sprintf("%q", one.To)}}, nil
	}
	at, known := items[one.At]
	if !known {
		return nil, fmt.Errorf("there is no option %q", one.At)
	}
	lines, err := written(one.With)
	if err != nil {
		return nil, err
	}
	switch one.Op {
	case "Rename":
		return []patch{{at.name.Start.Byte, at.name.End.Byte, one.To}}, nil
	case "Replace":
		return replaced(source, at, lines, one.Comment), nil
	case "Insert":
		return inserted(source, at, lines), nil
	}
	return nil, fmt.Errorf("there is no edit %q", one.Op)
}

// written renders options as HCL, a list of lines for each.
func written(options []option) ([]string, error) {
	lines := []string{}
	for _, one := range options {
		kind, err := ctyjson.ImpliedType(one.Value)
		if err != nil {
			return nil, err
		}
		value, err := ctyjson.Unmarshal(one.Value, kind)
		if err != nil {
			return nil, err
		}
		text := one.Name + " = " + string(hclwrite.TokensForValue(value).Bytes())
		if one.Block {
			body := hclwrite.NewEmptyFile()
			block := body.Body().AppendNewBlock(one.Name, nil)
			for inner := value.ElementIterator(); inner.Next(); {
				name, each := inner.Element()
				block.Body().SetAttributeValue(name.AsString(), each)
			}
			text = strings.TrimSuffix(string(hclwrite.Format(body.Bytes())), "\n")
		}
		lines = append(lines, strings.Split(text, "\n")...)
	}
	return lines, nil
}

// replaced takes an item out, leaves it as a comment when there is something to say, and puts other options in its place.
func replaced(source []byte, at *item, lines []string, comment string) []patch {
	start, end := at.whole.Start.Byte, at.whole.End.Byte
	first, last := lineStart(source, start), lineEnd(source, end)
	if isBlank(source[first:start]) && isTail(source[end:last]) {
		indent := string(source[first:start])
		said := append(commentOf(comment, string(source[first:last])), lines...)
		if comment == "" {
			said = append(commentsIn(source[start:end]), lines...)
		}
		switch {
		case len(said) == 0:
			return []patch{{first, min(last+1, len(source)), ""}}
		case comment == "":
			return []patch{{start, end, strings.Join(said, "\n"+indent)}}
		}
		return []patch{{first, last, indented(indent, said)}}
	}
	patches := []patch{}
	if said := commentOf(comment, string(source[start:end])); len(said) > 0 {
		patches = append(patches, patch{first, first, indented(indentOf(source[first:]), said) + "\n"})
	}
	if len(lines) > 0 {
		return append(patches, oneLine(source, start, end, lines)...)
	}
	from, to := withComma(source, start, end)
	return append(patches, patch{from, to, ""})
}

// inserted puts options behind an item.
func inserted(source []byte, at *item, lines []string) []patch {
	start, end := at.whole.Start.Byte, at.whole.End.Byte
	if at.Form == "entry" {
		return []patch{{end, end, ", " + strings.Join(lines, " ")}}
	}
	first, last := lineStart(source, start), lineEnd(source, end)
	if isBlank(source[first:start]) && isTail(source[end:last]) {
		return []patch{{last, last, "\n" + indented(string(source[first:start]), lines)}}
	}
	return oneLine(source, start, end, append([]string{string(source[start:end])}, lines...))
}

// oneLine breaks up a block of one line, whose only attribute lies between start and end.
func oneLine(source []byte, start, end int, lines []string) []patch {
	indent := indentOf(source[lineStart(source, start):])
	from, to := start, end
	for from > 0 && source[from-1] == ' ' {
		from--
	}
	for to < len(source) && source[to] == ' ' {
		to++
	}
	return []patch{{from, to, "\n" + indented(indent+"  ", lines) + "\n" + indent}}
}

// commentOf is a remark and the source that it is about, each line behind a `#`.
func commentOf(remark, source string) []string {
	if remark == "" {
		return nil
	}
	lines := strings.Split(source, "\n")
	indent := indentOf([]byte(lines[0]))
	said := []string{"# " + remark}
	for _, line := range lines {
		said = append(said, strings.TrimRight("# "+strings.TrimPrefix(line, indent), " \t\r"))
	}
	return said
}

// commentsIn are the remarks between the lines of an item that goes: they stay, each on a line of its own.
func commentsIn(item []byte) []string {
	said := []string{}
	tokens, _ := hclsyntax.LexConfig(item, "", hcl.InitialPos)
	for _, one := range tokens {
		if one.Type == hclsyntax.TokenComment {
			said = append(said, strings.TrimSpace(string(one.Bytes)))
		}
	}
	return said
}

func indented(indent string, lines []string) string {
	return indent + strings.Join(lines, "\n"+indent)
}

func indentOf(line []byte) string {
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

func lineStart(source []byte, at int) int { return bytes.LastIndexByte(source[:at], '\n') + 1 }

func lineEnd(source []byte, at int) int {
	if length := bytes.IndexByte(source[at:], '\n'); length >= 0 {
		return at + length
	}
	return len(source)
}

func isBlank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

// isTail says whether nothing but a comma and a comment stands behind an item on its last line.
func isTail(text []byte) bool {
	rest := bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(text), []byte(",")))
	return len(rest) == 0 || rest[0] == '#' || bytes.HasPrefix(rest, []byte("//"))
}

// withComma widens what is cut out of an object by the spaces before it and the comma behind it, or else by the comma before it on its line.
func withComma(source []byte, start, end int) (int, int) {
	before, behind := start, end
	for before > 0 && (source[before-1] == ' ' || source[before-1] == '\t') {
		before--
	}
	for behind < len(source) && source[behind] == ' ' {
		behind++
	}
	switch {
	case behind < len(source) && source[behind] == ',':
		return before, behind + 1
	case before > 0 && source[before-1] == ',':
		return before - 1, end
	}
	return start, end
}

// applied makes the patches from the end of the source to its start, so that none moves another. A comma that two neighbours cut goes once.
func applied(source []byte, patches []patch) []byte {
	sort.SliceStable(patches, func(a, b int) bool { return patches[a].start < patches[b].start })
	for place := 1; place < len(patches); place++ {
		patches[place].start = max(patches[place].start, patches[place-1].end)
	}
	text := string(source)
	for place := len(patches) - 1; place >= 0; place-- {
		one := patches[place]
		text = text[:one.start] + one.text + text[one.end:]
	}
	return []byte(text)
}

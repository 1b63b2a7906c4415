package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// fault is one mistake in a document. Line and column count from 1; 0 is "not known".
type fault struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
}

// faults is an error that lists each mistake.
type faults []fault

// mostFaults is how many mistakes of one document are told: nobody reads thousands.
const mostFaults = 20

// mostDiagnostics is how many are looked at: noise has hundreds of thousands.
const mostDiagnostics = 1000

// consequence is what is said of a value that another mistake, told too, left without a value.
var consequence = regexp.MustCompile(`(?i)^unsuitable value type; unsuitable value: value (?:is not|must be) known$`)

func (all faults) Error() string {
	texts := make([]string, 0, len(all))
	for _, one := range all {
		texts = append(texts, fmt.Sprintf("%s:%d,%d: %s", one.File, one.Line, one.Column, one.Message))
	}
	return strings.Join(texts, "\n")
}

// at is a mistake at the start of a range.
func at(where hcl.Range, message string) fault {
	return fault{File: where.Filename, Line: where.Start.Line, Column: where.Start.Column, Message: message}
}

// ofDiagnostics lists the errors of HCL; warnings are left out.
func ofDiagnostics(name string, diagnostics hcl.Diagnostics) faults {
	var all faults
	for _, one := range diagnostics[:min(len(diagnostics), mostDiagnostics)] {
		if one.Severity != hcl.DiagError {
			continue
		}
		message := spoken(one.Summary + "; " + one.Detail)
		switch where := cmp.Or(one.Subject, one.Context); where {
		case nil:
			all = append(all, fault{File: name, Message: message})
		default:
			all = append(all, at(*where, message))
		}
	}
	return all.tidied(name)
}

// tidied sorts by place, the document's own mistakes first, drops repetitions and cuts a long list: HCL keeps
// variables in maps, so that their mistakes come in a random order.
func (all faults) tidied(name string) faults {
	slices.SortStableFunc(all, func(a, b fault) int {
		return cmp.Or(order(a.File != name, b.File != name), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	all = slices.Compact(all)
	if causes := slices.DeleteFunc(slices.Clone(all), func(one fault) bool { return consequence.MatchString(one.Message) }); len(causes) > 0 {
		all = causes
	}
	if len(all) > mostFaults {
		all = append(all[:mostFaults:mostFaults], fault{File: name, Message: "and more mistakes after these"})
	}
	return all
}

func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// readerOf finds the diagnostics in a text in which Nomad joined them ("FILE:LINE,COLUMN-COLUMN: SUMMARY; DETAIL").
func readerOf(files []string) *regexp.Regexp {
	names := make([]string, 0, len(files))
	for _, name := range files {
		names = append(names, regexp.QuoteMeta(name))
	}
	return regexp.MustCompile(`(?m)^(?:<nil>|(` + strings.Join(names, "|") +
		`|<value for var\.[^>\n]+ from (?:env|arguments)>|):(\d+),(\d+)-\d+(?:,\d+)?): `)
}

// ofText lists the diagnostics in such a text; one without a place is looked up with `find`.
func ofText(files []string, text string, find func(message string) fault) faults {
	starts := readerOf(files).FindAllStringSubmatchIndex(text, -1)
	if len(starts) == 0 {
		return faults{find(spoken(text))}
	}
	var all faults
	for index, start := range starts {
		end := len(text)
		if index+1 < len(starts) {
			end = starts[index+1][0]
		}
		message := spoken(text[start[1]:end])
		if start[2] < 0 || start[2] == start[3] {
			all = append(all, find(message))
			continue
		}
		line, _ := strconv.Atoi(text[start[4]:start[5]])
		column, _ := strconv.Atoi(text[start[6]:start[7]])
		all = append(all, ofSource(text[start[2]:start[3]], line, column, message))
	}
	return all.tidied(files[0])
}

var argument = regexp.MustCompile(`^<value for var\.(.*) from (env|arguments)>$`)

// ofSource is a mistake in a file, or in the value of one variable: that has no file to show.
func ofSource(file string, line, column int, message string) fault {
	given := argument.FindStringSubmatch(file)
	if given == nil {
		return fault{File: file, Line: line, Column: column, Message: message}
	}
	prefix := map[string]string{"env": "NOMAD_VAR_", "arguments": "-var "}[given[2]]
	return fault{Message: fmt.Sprintf("%s%s: column %d of its value: %s", prefix, given[1], column, message)}
}

// panicked is a function that went wrong inside: its message holds the whole stack of Go.
var panicked = regexp.MustCompile(`panic in function implementation: (.*?)(?: goroutine \d+ \[.*)?$`)

var disabled = regexp.MustCompile(`filesystem functions? disabled`)

// spoken is a diagnostic on one line, with the way out where HCL does not know it.
func spoken(message string) string {
	message = panicked.ReplaceAllString(strings.Join(strings.Fields(message), " "), "it cannot do that with these values ($1)")
	if disabled.MatchString(message) {
		message = disabled.ReplaceAllString(message, "a job from standard input may read no file")
		return strings.TrimSuffix(message, ".") + "; name the job's file, or the directory that it may read from (--files-below DIR)"
	}
	return message
}

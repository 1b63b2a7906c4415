// Command jobspec turns HCL into JSON: jobs with Nomad's own parser, agent files with HCL version 1.
// It reads one JSON array of requests from standard input and prints one JSON array of results.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// request is one document to read.
type request struct {
	Kind   string   `json:"kind"`
	Name   string   `json:"name"`
	Source string   `json:"source"`
	Vars   []string `json:"vars"`
	Edits  []edit   `json:"edits"`
}

// result is what became of one request: a value, or the error as Nomad prints it.
type result struct {
	OK    bool            `json:"ok"`
	Value json.RawMessage `json:"value,omitempty"`
	Error string          `json:"error,omitempty"`
}

// parsers holds the reader of each kind of document.
var parsers = map[string]func(request) (any, error){"job": parseJob, "plugin": parsePlugin, "outline": outlineJob, "rewrite": rewriteJob}

func main() {
	var requests []request
	if err := json.NewDecoder(os.Stdin).Decode(&requests); err != nil {
		fmt.Fprintf(os.Stderr, "the requests are not JSON: %v\n", err)
		os.Exit(2)
	}
	results := make([]result, 0, len(requests))
	for _, one := range requests {
		results = append(results, answer(one))
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		fmt.Fprintf(os.Stderr, "the results cannot be written: %v\n", err)
		os.Exit(2)
	}
}

// answer reads one document; a panic of a parser becomes a failed result.
func answer(one request) (given result) {
	defer func() {
		if cause := recover(); cause != nil {
			given = result{Error: fmt.Sprintf("%s: the parser stopped: %v", one.Name, cause)}
		}
	}()
	parse, known := parsers[one.Kind]
	if !known {
		return result{Error: fmt.Sprintf("%s: no documents of kind %q", one.Name, one.Kind)}
	}
	value, err := parse(one)
	if err != nil {
		return result{Error: err.Error()}
	}
	text, err := json.Marshal(value)
	if err != nil {
		return result{Error: fmt.Sprintf("%s: %v", one.Name, err)}
	}
	return result{OK: true, Value: text}
}

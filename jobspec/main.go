// Command jobspec turns HCL into JSON: jobs with Nomad's own parser, agent files with HCL version 1.
// It reads one JSON array of requests from standard input and prints one JSON result a line, each as soon as it is known:
// when a request ends the program, the results before it are not lost.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
)

// request is one document to read.
type request struct {
	Kind     string    `json:"kind"`
	Name     string    `json:"name"`
	Source   string    `json:"source"`
	Vars     []string  `json:"vars"`
	VarFiles []varFile `json:"varFiles"`
	Envs     []string  `json:"envs"`
	Edits    []edit    `json:"edits"`
	// BaseDir is where paths of files that the job asks for start; without it none is answered.
	BaseDir string `json:"baseDir"`
}

// varFile is a file of values for variables, given with its content.
type varFile struct {
	Name   string `json:"name"`
	Source string `json:"source"`
}

// result is what became of one request: a value, or what is wrong with the document.
type result struct {
	OK        bool            `json:"ok"`
	Value     json.RawMessage `json:"value,omitempty"`
	Positions positions       `json:"positions,omitempty"`
	Faults    faults          `json:"faults,omitempty"`
}

// located is a value that knows where in the document its parts were written.
type located struct {
	value     any
	positions positions
}

// parsers holds the reader of each kind of document.
var parsers = map[string]func(request) (any, error){"job": parseJob, "plugin": parsePlugin, "outline": outlineJob, "rewrite": rewriteJob}

func main() {
	// Memory is given back by the end of the program: it is over before collecting pays.
	debug.SetGCPercent(400)
	var requests []request
	if err := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20)).Decode(&requests); err != nil {
		fmt.Fprintf(os.Stderr, "the requests are not JSON: %v\n", err)
		os.Exit(2)
	}
	for _, one := range requests {
		text, err := json.Marshal(answer(one))
		if err == nil {
			_, err = os.Stdout.Write(append(text, '\n'))
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "the results cannot be written: %v\n", err)
			os.Exit(2)
		}
	}
}

// answer reads one document; a panic of a parser becomes a failed result.
func answer(one request) (given result) {
	defer func() {
		if cause := recover(); cause != nil {
			given = failed(one.Name, errors.New("the parser does not know what to do with this file"))
		}
	}()
	parse, known := parsers[one.Kind]
	if !known {
		return failed(one.Name, fmt.Errorf("no documents of kind %q", one.Kind))
	}
	if err := textual(one); err != nil {
		return failed(one.Name, err)
	}
	value, err := parse(one)
	if err != nil {
		return failed(one.Name, err)
	}
	with, has := value.(located)
	if !has {
		with = located{value: value}
	}
	text, err := json.Marshal(with.value)
	if err != nil {
		return failed(one.Name, err)
	}
	return result{OK: true, Value: text, Positions: with.positions}
}

// failed is the result of a request whose document could not be read.
func failed(name string, err error) result {
	var several faults
	if errors.As(err, &several) {
		return result{Faults: several}
	}
	return result{Faults: faults{{File: name, Message: err.Error()}}}
}

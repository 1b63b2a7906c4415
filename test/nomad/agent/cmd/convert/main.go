// Command convert prints what Nomad's client would send to a driver for a task's config block.
// It reads a JSON array of {"spec", "config", "vars"} and prints a JSON array of results in the same order.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// question is one config block, in the form that the job API's JSON gives it, the driver's schema in protobuf JSON,
// and the task's variables by their dotted names.
type question struct {
	Spec   json.RawMessage   `json:"spec"`
	Config any               `json:"config"`
	Vars   map[string]string `json:"vars"`
}

// result is the object the driver would receive, or Nomad's complaint.
type result struct {
	OK    bool   `json:"ok"`
	Value any    `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		fail(err)
	}
	results := make([]result, 0, len(questions))
	for _, one := range questions {
		results = append(results, answer(one))
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "convert:", err)
	os.Exit(2)
}

// answer converts one config block; a panic becomes a failed result.
func answer(one question) (given result) {
	defer func() {
		if cause := recover(); cause != nil {
			given = result{Error: fmt.Sprintf("panic: %v", cause)}
		}
	}()
	value, err := received(one)
	if err != nil {
		return result{Error: err.Error()}
	}
	return result{OK: true, Value: value}
}

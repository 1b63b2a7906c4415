// The oracle says what containerd's own oci package makes of a task. It reads one request a line on stdin and
// answers with one line on stdout:
//
//	{"task": {…}, "spec": {…}}  →  {"theirs": {…}, "ours": {…}}  or  {"error": "…"}
//
// "theirs" is the spec of containerd's options for the task. "ours" is the spec that came with the request, as containerd
// and runc read it: decoded into their types, where a field that they do not know is an error and an empty one is none.
// Integers above 2^53 are answered as texts: JSON's readers round them.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/opencontainers/runtime-spec/specs-go"
)

type request struct {
	Task Task            `json:"task"`
	Spec json.RawMessage `json:"spec"`
}

type answer struct {
	Theirs any    `json:"theirs,omitempty"`
	Ours   any    `json:"ours,omitempty"`
	Error  string `json:"error,omitempty"`
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	directory, err := os.MkdirTemp("", "oracle-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	buffered := bufio.NewWriter(out)
	questions, answers := json.NewDecoder(in), json.NewEncoder(buffered)
	questions.DisallowUnknownFields()
	answers.SetEscapeHTML(false)
	for {
		var asked request
		if err := questions.Decode(&asked); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := answers.Encode(answerTo(directory, asked)); err != nil {
			return err
		}
		if err := buffered.Flush(); err != nil {
			return err
		}
	}
}

func answerTo(directory string, asked request) answer {
	spec, err := specOf(directory, asked.Task)
	if err != nil {
		return answer{Error: err.Error()}
	}
	theirs, err := plain(spec)
	if err != nil {
		return answer{Error: err.Error()}
	}
	var read specs.Spec
	if err := strictly(asked.Spec, &read); err != nil {
		return answer{Error: "the spec of the request: " + err.Error()}
	}
	ours, err := plain(read)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Theirs: theirs, Ours: ours}
}

func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// plain is a value as its JSON has it, with integers that are too large for a double as texts.
func plain(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var read any
	if err := decoder.Decode(&read); err != nil {
		return nil, err
	}
	return exact(read), nil
}

const exactDigits = 15

func exact(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, item := range value {
			value[name] = exact(item)
		}
	case []any:
		for index, item := range value {
			value[index] = exact(item)
		}
	case json.Number:
		if len(value) > exactDigits {
			return value.String()
		}
	}
	return value
}

package main

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// deepest is how far brackets may be nested. The parsers call themselves for each, and WebAssembly's stack is small.
const deepest = 250

// textual refuses what no parser should see: a file that is no text, and brackets nested too deep.
func textual(one request) error {
	for _, file := range append([]varFile{{Name: one.Name, Source: one.Source}}, one.VarFiles...) {
		if before, _, found := strings.Cut(file.Source, "\x00"); found {
			line, column := placeAfter(before)
			return faults{{File: file.Name, Line: line, Column: column, Message: "is no text: it has a NUL byte here"}}
		}
		if where := tooDeep(file.Name, file.Source); where != nil {
			return faults{at(*where, deepMessage)}
		}
	}
	for _, given := range append(append([]string{}, one.Vars...), one.Envs...) {
		if name, value, _ := strings.Cut(given, "="); tooDeep("", value) != nil {
			return faults{{Message: fmt.Sprintf("the variable %s: %s", name, deepMessage)}}
		}
	}
	return nil
}

var deepMessage = fmt.Sprintf("brackets are nested more than %d deep here; no job needs that", deepest)

// placeAfter is the line and column (in characters) that follow a text.
func placeAfter(text string) (line, column int) {
	last := text[strings.LastIndexByte(text, '\n')+1:]
	return strings.Count(text, "\n") + 1, len([]rune(last)) + 1
}

// tooDeep is the first bracket that is nested too deep; those in strings, comments and heredocs do not count.
func tooDeep(name, source string) *hcl.Range {
	if strings.Count(source, "{")+strings.Count(source, "[")+strings.Count(source, "(") <= deepest {
		return nil
	}
	tokens, _ := hclsyntax.LexConfig([]byte(source), name, hcl.InitialPos)
	depth := 0
	for _, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
			depth--
		}
		if depth > deepest {
			return &token.Range
		}
	}
	return nil
}

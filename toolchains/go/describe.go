package main

import (
	"context"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"sort"
	"strings"
	"sync"
)

const (
	sourceBytesMax = 1 << 20
	faultsMax      = 20
	sourceName     = "function.go"
	catalogPackage = "openpoly"
	harnessPackage = "openpoly/internal/worker"
)

// An answer to `describe`. What is wrong with a source is an answer, too.
type answer struct {
	OK          bool        `json:"ok"`
	Errors      []fault     `json:"errors,omitempty"`
	Code        []byte      `json:"code,omitempty"`
	Arguments   []argument  `json:"arguments"`
	ReturnType  object      `json:"returnType"`
	Synchronous bool        `json:"synchronous"`
	Description string      `json:"description"`
	Imports     []string    `json:"imports"`
	References  *references `json:"references,omitempty"`
	Warnings    []fault     `json:"warnings"`
}

type fault struct {
	Message string `json:"message"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
}

type refusal struct {
	OK     bool    `json:"ok"`
	Errors []fault `json:"errors"`
}

// checked is a source that the compiler has nothing against.
type checked struct {
	text     string
	files    *token.FileSet
	file     *ast.File
	pkg      *types.Package
	info     *types.Info
	function *ast.FuncDecl
}

// A describer keeps what it has read of the standard library.
type describer struct {
	packages packages

	checking sync.Mutex // an importer is for one at a time
	importer types.Importer
}

func newDescriber(packages packages) *describer {
	return &describer{packages: packages, importer: importer.ForCompiler(token.NewFileSet(), "gc", packages.open)}
}

func (d *describer) describe(ctx context.Context, asked request) (any, error) {
	if len(asked.Source) > sourceBytesMax {
		return refuse(fault{fmt.Sprintf("the source is larger than %d bytes", sourceBytesMax), 1, 1}), nil
	}
	if asked.IsClient {
		return refuse(fault{"client functions are shipped as source inside SDKs, and none is in Go: deploy it as a server function", 1, 1}), nil
	}
	source, faults := d.check(asked)
	if len(faults) > 0 {
		return refuse(faults...), nil
	}
	signature, faults := readSignature(source)
	if len(faults) > 0 {
		return refuse(faults...), nil
	}
	code, faults, err := d.packages.build(ctx, prepare(source, signature))
	if err != nil {
		return nil, err
	}
	if len(faults) > 0 {
		return refuse(faults...), nil
	}
	return answer{
		OK:          true,
		Code:        code,
		Arguments:   signature.arguments,
		ReturnType:  signature.returnType,
		Synchronous: true,
		Description: firstParagraph(source.function.Doc.Text()),
		Imports:     []string{},
		References:  findReferences(source),
		Warnings:    []fault{},
	}, nil
}

// check parses the source, finds the function in it and checks all types.
func (d *describer) check(asked request) (*checked, []fault) {
	source := &checked{text: asked.Source, files: token.NewFileSet()}
	var err error
	source.file, err = parser.ParseFile(source.files, sourceName, asked.Source, parser.ParseComments)
	if err != nil {
		return nil, syntaxFaults(err)
	}
	names := []string{}
	for _, declaration := range source.file.Decls {
		function, isFunction := declaration.(*ast.FuncDecl)
		if !isFunction || function.Recv != nil {
			continue
		}
		switch name := function.Name.Name; {
		case name == "main":
			return nil, []fault{source.fault(function.Name, "a function has no 'main': its program is made when it is deployed")}
		case name == "init" || name == "_":
		default:
			names = append(names, name)
			if name == asked.Name {
				source.function = function
			}
		}
	}
	if source.function == nil {
		return nil, []fault{{notFound(asked.Name, names), 1, 1}}
	}
	return source, d.checkTypes(source)
}

func (d *describer) checkTypes(source *checked) []fault {
	var faults []fault
	source.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}
	config := types.Config{
		Importer: d.importer,
		Error: func(err error) {
			if problem, ok := err.(types.Error); ok && len(faults) < faultsMax {
				position := source.files.PositionFor(problem.Pos, false)
				faults = append(faults, fault{problem.Msg, position.Line, position.Column})
			}
		},
	}
	d.checking.Lock()
	defer d.checking.Unlock()
	// Its error is the first of those that were told already.
	source.pkg, _ = config.Check("main", source.files, []*ast.File{source.file}, source.info)
	return faults
}

func (s *checked) fault(node ast.Node, format string, values ...any) fault {
	position := s.files.PositionFor(node.Pos(), false)
	return fault{fmt.Sprintf(format, values...), position.Line, position.Column}
}

func syntaxFaults(err error) []fault {
	list, ok := err.(scanner.ErrorList)
	if !ok {
		return []fault{{err.Error(), 1, 1}}
	}
	var faults []fault
	for _, problem := range list {
		if len(faults) < faultsMax {
			faults = append(faults, fault{problem.Msg, max(problem.Pos.Line, 1), max(problem.Pos.Column, 1)})
		}
	}
	return faults
}

func notFound(name string, names []string) string {
	if len(names) == 0 {
		return fmt.Sprintf("the source has no function '%s'; it declares no function", name)
	}
	sort.Strings(names)
	return fmt.Sprintf("the source has no function '%s'; its functions are: %s", name, strings.Join(names, ", "))
}

func refuse(faults ...fault) refusal {
	return refusal{false, faults}
}

func firstParagraph(text string) string {
	paragraph, _, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	return strings.Join(strings.Fields(paragraph), " ")
}

func max(a, b int) int {
	if a > b {
		return a
	}
	return b
}

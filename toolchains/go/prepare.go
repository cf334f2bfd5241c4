package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"sort"
	"strconv"
	"strings"
)

// What a function of a catalog should not do as it is written: a function of the same type takes its place, in the
// harness or (without a dot) beside it. Other calls are in flight when one exits, and what one prints is its own.
var replaced = map[string]string{
	"fmt.Print":             "worker.Print",
	"fmt.Printf":            "worker.Printf",
	"fmt.Println":           "worker.Println",
	"os.Exit":               "worker.Exit",
	"syscall.Exit":          "worker.SystemExit",
	"log.Fatal":             "Panic",
	"log.Fatalf":            "Panicf",
	"log.Fatalln":           "Panicln",
	"(*log.Logger).Fatal":   "Panic",
	"(*log.Logger).Fatalf":  "Panicf",
	"(*log.Logger).Fatalln": "Panicln",
}

type edit struct {
	start, end int
	text       string
}

// prepare makes the source of a whole program: package main, with the harness. Lines stay where they are.
func prepare(source *checked, signature signature) string {
	harness := source.unusedName("openpoly_worker")
	edits := []edit{source.edit(source.file.Name, fmt.Sprintf("main; import %s %q", harness, harnessPackage))}
	var uses []string // that keep an import needed
	replace := func(node ast.Node, name *ast.Ident) {
		function, isFunction := source.info.Uses[name].(*types.Func)
		if !isFunction {
			return
		}
		instead, isReplaced := replaced[function.FullName()]
		if !isReplaced {
			return
		}
		inHarness := strings.TrimPrefix(instead, "worker.")
		if inHarness == instead {
			edits = append(edits, source.edit(name, instead))
			return
		}
		original := source.textOf(node)
		edits = append(edits, source.edit(node, harness+"."+strings.Repeat("\n", strings.Count(original, "\n"))+inHarness))
		uses = append(uses, original)
	}
	selected := map[*ast.Ident]bool{}
	ast.Inspect(source.file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.SelectorExpr:
			selected[node.Sel] = true
			replace(node, node.Sel)
		case *ast.Ident: // of a package that is imported by a dot
			if !selected[node] {
				replace(node, node)
			}
		}
		return true
	})
	text := apply(source.text, edits)
	parameters := ""
	for _, argument := range signature.arguments {
		parameters += ", " + strconv.Quote(argument.Name)
	}
	var program strings.Builder
	program.WriteString(text)
	for _, use := range uses {
		fmt.Fprintf(&program, "\nvar _ = %s", use)
	}
	name := source.function.Name.Name
	fmt.Fprintf(&program, "\nfunc main() { %s.Main(%q, %s%s) }\n", harness, name, name, parameters)
	return program.String()
}

func (s *checked) unusedName(wanted string) string {
	isUsed := map[string]bool{}
	ast.Inspect(s.file, func(node ast.Node) bool {
		if name, isName := node.(*ast.Ident); isName {
			isUsed[name.Name] = true
		}
		return true
	})
	name := wanted
	for number := 2; isUsed[name]; number++ {
		name = fmt.Sprint(wanted, number)
	}
	return name
}

func (s *checked) edit(node ast.Node, text string) edit {
	return edit{s.offset(node, true), s.offset(node, false), text}
}

func (s *checked) offset(node ast.Node, isStart bool) int {
	if isStart {
		return s.files.PositionFor(node.Pos(), false).Offset
	}
	return s.files.PositionFor(node.End(), false).Offset
}

func (s *checked) textOf(node ast.Node) string {
	return s.text[s.offset(node, true):s.offset(node, false)]
}

func apply(text string, edits []edit) string {
	sort.Slice(edits, func(a, b int) bool { return edits[a].start < edits[b].start })
	var result strings.Builder
	end := 0
	for _, edit := range edits {
		result.WriteString(text[end:edit.start])
		result.WriteString(edit.text)
		end = edit.end
	}
	result.WriteString(text[end:])
	return result.String()
}

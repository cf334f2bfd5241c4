package main

import (
	"go/ast"
	"go/constant"
	"go/types"
	"sort"
)

// references are what the source uses of the catalog, by dotted path.
type references struct {
	Poly    []string `json:"poly"`
	Vari    []string `json:"vari"`
	Dynamic bool     `json:"dynamic,omitempty"` // a path is only known when it runs
}

// pathArgument tells which argument of a function of package openpoly is a path.
var pathArgument = map[string]int{"Call": 1, "CallAs": 1, "Variable": 0}

func findReferences(source *checked) *references {
	functions, variables := map[string]bool{}, map[string]bool{}
	found := &references{}
	called := map[*ast.Ident]bool{}
	ast.Inspect(source.file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.CallExpr:
			name := calledName(node.Fun)
			index, isOurs := pathIndex(source, name)
			if !isOurs {
				return true
			}
			called[name] = true
			path := constantText(source, node, index)
			switch {
			case path == "":
				found.Dynamic = true
			case name.Name == "Variable":
				variables[path] = true
			default:
				functions[path] = true
			}
		case *ast.Ident: // a function that is handed on is called elsewhere
			if _, isOurs := pathIndex(source, node); isOurs && !called[node] {
				found.Dynamic = true
			}
		}
		return true
	})
	found.Poly, found.Vari = sorted(functions), sorted(variables)
	return found
}

// calledName is the name in openpoly.Call(…), openpoly.CallAs[T](…) and, imported by a dot, Call(…).
func calledName(function ast.Expr) *ast.Ident {
	switch function := function.(type) {
	case *ast.ParenExpr:
		return calledName(function.X)
	case *ast.IndexExpr:
		return calledName(function.X)
	case *ast.SelectorExpr:
		return function.Sel
	case *ast.Ident:
		return function
	}
	return nil
}

func pathIndex(source *checked, name *ast.Ident) (int, bool) {
	if name == nil {
		return 0, false
	}
	function, isFunction := source.info.Uses[name].(*types.Func)
	if !isFunction || function.Pkg() == nil || function.Pkg().Path() != catalogPackage {
		return 0, false
	}
	index, isOurs := pathArgument[function.Name()]
	return index, isOurs && function.Type().(*types.Signature).Recv() == nil
}

func constantText(source *checked, call *ast.CallExpr, index int) string {
	if index >= len(call.Args) {
		return ""
	}
	value := source.info.Types[call.Args[index]].Value
	if value == nil || value.Kind() != constant.String {
		return ""
	}
	return constant.StringVal(value)
}

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for each := range set {
		list = append(list, each)
	}
	sort.Strings(list)
	return list
}

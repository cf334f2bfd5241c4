package main

import (
	"go/ast"
	"go/types"
)

// A signature is what callers of the function see of it, in the catalog's type language.
type signature struct {
	arguments  []argument
	returnType object
}

type argument struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Nullable bool   `json:"nullable,omitempty"`
	Type     object `json:"type"`
}

var (
	anything = object{{"kind", "plain"}, {"value", "any"}}
	nothing  = object{{"kind", "void"}}
)

func readSignature(source *checked) (signature, []fault) {
	declared := source.function.Type
	if declared.TypeParams != nil {
		return signature{}, []fault{source.fault(declared.TypeParams, "a function that callers name by its path has no type parameters")}
	}
	read := signature{arguments: []argument{}, returnType: nothing}
	kind := source.info.Defs[source.function.Name].Type().(*types.Signature)
	if problem := read.readParameters(source, kind); problem != nil {
		return signature{}, []fault{*problem}
	}
	results := kind.Results()
	count := results.Len()
	if count > 0 && isError(results.At(count-1).Type()) {
		count--
	}
	if count > 1 {
		return signature{}, []fault{source.fault(declared.Results, "a function returns at most one value and an error")}
	}
	if count == 1 {
		result := results.At(0).Type()
		switch {
		case streams(result):
			read.returnType = anything
		case unsendable(result):
			return signature{}, []fault{source.fault(declared.Results, "JSON cannot carry a %s", result)}
		default:
			read.returnType = propertyType(source, result)
		}
	}
	return read, nil
}

func (s *signature) readParameters(source *checked, kind *types.Signature) *fault {
	parameters := kind.Params()
	for i := 0; i < parameters.Len(); i++ {
		parameter := parameters.At(i)
		if i == 0 && isContext(parameter.Type()) {
			continue
		}
		where := parameterNode(source.function.Type, i)
		if parameter.Name() == "" || parameter.Name() == "_" {
			problem := source.fault(where, "a parameter needs a name, which callers give its value by")
			return &problem
		}
		if unsendable(parameter.Type()) {
			problem := source.fault(where, "the parameter %s: JSON cannot carry a %s", parameter.Name(), parameter.Type())
			return &problem
		}
		isVariadic := kind.Variadic() && i == parameters.Len()-1
		inner, isPointer := parameter.Type().(*types.Pointer)
		described := argument{Name: parameter.Name(), Required: !isPointer && !isVariadic, Nullable: isPointer}
		if isPointer {
			described.Type = propertyType(source, inner.Elem())
		} else {
			described.Type = propertyType(source, parameter.Type())
		}
		s.arguments = append(s.arguments, described)
	}
	return nil
}

// parameterNode is where the parameter of that number is declared; several may share a type.
func parameterNode(function *ast.FuncType, number int) ast.Node {
	for _, field := range function.Params.List {
		count := len(field.Names)
		if count == 0 {
			count = 1
		}
		if number < count {
			if len(field.Names) > 0 {
				return field.Names[number]
			}
			return field
		}
		number -= count
	}
	return function
}

// propertyType names simple types, and gives everything else a schema.
func propertyType(source *checked, kind types.Type) object {
	if primitive := primitiveOf(kind); primitive != "" {
		return object{{"kind", "primitive"}, {"type", primitive}}
	}
	if list, isSlice := kind.(*types.Slice); isSlice && !isBytes(list) {
		if primitive := primitiveOf(list.Elem()); primitive != "" {
			return object{{"kind", "array"}, {"items", object{{"kind", "primitive"}, {"type", primitive}}}}
		}
	}
	document := newSchemas(source).document(kind)
	if document == nil {
		return anything
	}
	return object{{"kind", "object"}, {"schema", document}}
}

func primitiveOf(kind types.Type) string {
	basic, isBasic := kind.(*types.Basic)
	switch {
	case !isBasic:
		return ""
	case basic.Info()&types.IsString != 0:
		return "string"
	case basic.Info()&types.IsBoolean != 0:
		return "boolean"
	case basic.Info()&(types.IsInteger|types.IsFloat) != 0:
		return "number"
	}
	return ""
}

func isError(kind types.Type) bool {
	return types.Identical(kind, types.Universe.Lookup("error").Type())
}

func isContext(kind types.Type) bool {
	return qualifiedName(kind) == "context.Context"
}

// unsendable is what encoding/json refuses, whatever the value.
func unsendable(kind types.Type) bool {
	switch kind := kind.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return true
	case *types.Basic:
		return kind.Info()&types.IsComplex != 0 || kind.Kind() == types.UnsafePointer
	case *types.Pointer:
		return unsendable(kind.Elem())
	case *types.Slice:
		return unsendable(kind.Elem())
	}
	return false
}

func qualifiedName(kind types.Type) string {
	named, isNamed := kind.(*types.Named)
	if !isNamed || named.Obj().Pkg() == nil {
		return ""
	}
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
}

package main

import (
	"fmt"
	"go/constant"
	"go/types"
	"sort"
)

const (
	draft    = "http://json-schema.org/draft-07/schema#"
	depthMax = 24
)

// schemas makes one JSON Schema document, valid as draft-07 and as 2020-12, of what encoding/json reads and writes for a
// type. What no schema can tell is anything: nil.
type schemas struct {
	source      *checked
	comments    comments
	definitions object
	names       map[string]string // of definitions, by type
	open        map[string]bool
	referenced  map[string]bool
}

func newSchemas(source *checked) *schemas {
	return &schemas{source: source, comments: readComments(source.file), names: map[string]string{},
		open: map[string]bool{}, referenced: map[string]bool{}}
}

func (s *schemas) document(kind types.Type) object {
	root := s.root(kind)
	if root == nil {
		return nil
	}
	document := append(object{{"$schema", draft}}, root...)
	if len(s.definitions) > 0 {
		document = append(document, member{"definitions", s.definitions})
	}
	return document
}

func (s *schemas) root(kind types.Type) object {
	named, isDefined := s.defines(kind)
	if !isDefined {
		return s.schema(kind)
	}
	name := s.definitionName(named)
	schema := s.shape(named, name)
	if s.referenced[name] {
		s.definitions = append(s.definitions, member{name, schema})
		return reference(name)
	}
	return append(object{{"title", name}}, schema...)
}

// Types of the standard library whose JSON is not what their fields say.
var known = map[string]object{
	"time.Time":                {{"type", "string"}, {"format", "date-time"}},
	"encoding/json.Number":     {{"type", "number"}},
	"encoding/json.RawMessage": nil,
	"math/big.Int":             {{"type", "integer"}},
}

func (s *schemas) schema(kind types.Type) object {
	if schema, isKnown := known[qualifiedName(kind)]; isKnown {
		return schema
	}
	if named, isDefined := s.defines(kind); isDefined {
		return s.defined(named)
	}
	if has(kind, "MarshalJSON") || has(kind, "UnmarshalJSON") {
		return nil
	}
	if has(kind, "MarshalText") || has(kind, "UnmarshalText") {
		return object{{"type", "string"}}
	}
	switch kind := kind.Underlying().(type) {
	case *types.Basic:
		return basic(kind)
	case *types.Pointer:
		return nullable(s.schema(kind.Elem()))
	case *types.Slice:
		if isBytes(kind) {
			return object{{"type", "string"}, {"contentEncoding", "base64"}}
		}
		return s.list(kind.Elem())
	case *types.Array:
		return append(s.list(kind.Elem()), member{"minItems", kind.Len()}, member{"maxItems", kind.Len()})
	case *types.Map:
		return withInner(object{{"type", "object"}}, "additionalProperties", s.schema(kind.Elem()))
	case *types.Struct:
		return s.fields(kind)
	}
	return nil
}

func (s *schemas) list(element types.Type) object {
	return withInner(object{{"type", "array"}}, "items", s.schema(element))
}

func withInner(outer object, name string, inner object) object {
	if inner == nil {
		return outer
	}
	return append(outer, member{name, inner})
}

func basic(kind *types.Basic) object {
	switch {
	case kind.Info()&types.IsString != 0:
		return object{{"type", "string"}}
	case kind.Info()&types.IsBoolean != 0:
		return object{{"type", "boolean"}}
	case kind.Info()&types.IsInteger != 0:
		return object{{"type", "integer"}}
	case kind.Info()&types.IsFloat != 0:
		return object{{"type", "number"}}
	}
	return nil
}

func nullable(schema object) object {
	if schema == nil {
		return nil
	}
	if kind, isText := schema[0].value.(string); isText && len(schema) == 1 && schema[0].name == "type" {
		return object{{"type", []string{kind, "null"}}}
	}
	return object{{"anyOf", []object{schema, {{"type", "null"}}}}}
}

// defines tells types that have a name and a shape: structs, and types with constants.
func (s *schemas) defines(kind types.Type) (*types.Named, bool) {
	named, isNamed := kind.(*types.Named)
	if !isNamed || named.Obj().Pkg() == nil || has(kind, "MarshalJSON") || has(kind, "UnmarshalJSON") {
		return nil, false
	}
	if _, isKnown := known[qualifiedName(kind)]; isKnown {
		return nil, false
	}
	if has(kind, "MarshalText") || has(kind, "UnmarshalText") {
		return nil, false
	}
	if _, isStruct := named.Underlying().(*types.Struct); isStruct {
		return named, true
	}
	return named, len(s.constants(named)) > 0
}

// constants are the values that the source has names for, in its order.
func (s *schemas) constants(named *types.Named) []any {
	if named.Obj().Pkg() != s.source.pkg {
		return nil
	}
	scope := s.source.pkg.Scope()
	var found []*types.Const
	for _, name := range scope.Names() {
		if each, isConstant := scope.Lookup(name).(*types.Const); isConstant && types.Identical(each.Type(), named) {
			found = append(found, each)
		}
	}
	sort.Slice(found, func(a, b int) bool { return found[a].Pos() < found[b].Pos() })
	var values []any
	isListed := map[any]bool{}
	for _, each := range found {
		value := constant.Val(each.Val())
		if !isListed[value] {
			isListed[value] = true
			values = append(values, value)
		}
	}
	return values
}

func (s *schemas) defined(named *types.Named) object {
	name := s.definitionName(named)
	if s.open[name] {
		s.referenced[name] = true
		return reference(name)
	}
	for _, definition := range s.definitions {
		if definition.name == name {
			return reference(name)
		}
	}
	if len(s.open) >= depthMax {
		return nil
	}
	s.definitions = append(s.definitions, member{name, s.shape(named, name)})
	return reference(name)
}

func reference(name string) object {
	return object{{"$ref", "#/definitions/" + name}}
}

// definitionName is the type's own name, with a number when another type has it: Page and Page2 for two kinds of pages.
func (s *schemas) definitionName(named *types.Named) string {
	whole := named.String()
	if name, isNamed := s.names[whole]; isNamed {
		return name
	}
	isTaken := map[string]bool{}
	for _, name := range s.names {
		isTaken[name] = true
	}
	name := named.Obj().Name()
	for number := 2; isTaken[name]; number++ {
		name = fmt.Sprintf("%s%d", named.Obj().Name(), number)
	}
	s.names[whole] = name
	return name
}

func (s *schemas) shape(named *types.Named, name string) object {
	var schema object
	if text := s.comments[named.Obj().Pos()]; text != "" {
		schema = append(schema, member{"description", text})
	}
	if shape, isStruct := named.Underlying().(*types.Struct); isStruct {
		s.open[name] = true
		defer delete(s.open, name)
		return append(schema, s.fields(shape)...)
	}
	schema = append(schema, basic(named.Underlying().(*types.Basic))...)
	return append(schema, member{"enum", s.constants(named)})
}

func (s *schemas) fields(shape *types.Struct) object {
	var properties object
	required := []string{}
	for _, field := range fieldsOf(shape) {
		schema := s.schema(field.variable.Type())
		if field.isText {
			schema = object{{"type", "string"}}
		}
		if text := s.comments[field.variable.Pos()]; text != "" && !isReference(schema) {
			schema = append(schema[:len(schema):len(schema)], member{"description", text})
		}
		if schema == nil {
			schema = object{}
		}
		properties = append(properties, member{field.name, schema})
		if _, isPointer := field.variable.Type().Underlying().(*types.Pointer); !isPointer && !field.isOptional {
			required = append(required, field.name)
		}
	}
	schema := object{{"type", "object"}}
	if len(properties) > 0 {
		schema = append(schema, member{"properties", properties})
	}
	if len(required) > 0 {
		schema = append(schema, member{"required", required})
	}
	return schema
}

func isReference(schema object) bool {
	return len(schema) == 1 && schema[0].name == "$ref"
}

func isBytes(list *types.Slice) bool {
	element, isBasic := list.Elem().Underlying().(*types.Basic)
	return isBasic && element.Kind() == types.Byte
}

// has tells whether the type, or a pointer to it, has a method.
func has(kind types.Type, method string) bool {
	if _, isNamed := kind.(*types.Named); !isNamed {
		return false
	}
	if _, isInterface := kind.Underlying().(*types.Interface); isInterface {
		return false
	}
	return types.NewMethodSet(types.NewPointer(kind)).Lookup(nil, method) != nil
}

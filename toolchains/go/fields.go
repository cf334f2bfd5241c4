package main

import (
	"go/types"
	"reflect"
	"strings"
)

// A field as encoding/json knows it.
type field struct {
	name       string
	variable   *types.Var
	isOptional bool // omitempty
	isText     bool // a number or boolean inside a string
}

// fieldsOf lists the fields of a struct in JSON, those of embedded structs among them. Of two with one name the less
// embedded one counts.
func fieldsOf(shape *types.Struct) []field {
	var found []field
	depths := map[string]int{}
	collect(shape, 0, map[*types.Struct]bool{}, func(depth int, each field) {
		known, isThere := depths[each.name]
		if isThere && known <= depth {
			return
		}
		depths[each.name] = depth
		for i := range found {
			if found[i].name == each.name {
				found[i] = each
				return
			}
		}
		found = append(found, each)
	})
	return found
}

func collect(shape *types.Struct, depth int, above map[*types.Struct]bool, add func(int, field)) {
	if above[shape] {
		return
	}
	above[shape] = true
	defer delete(above, shape)
	for i := 0; i < shape.NumFields(); i++ {
		variable := shape.Field(i)
		tag, hasTag := reflect.StructTag(shape.Tag(i)).Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		if tag == "-" {
			continue
		}
		if embedded := embeddedStruct(variable); embedded != nil && name == "" {
			collect(embedded, depth+1, above, add)
			continue
		}
		if !variable.Exported() {
			continue
		}
		each := field{name: name, variable: variable}
		if !hasTag || name == "" {
			each.name = variable.Name()
		}
		for _, option := range strings.Split(options, ",") {
			each.isOptional = each.isOptional || option == "omitempty"
			each.isText = each.isText || option == "string"
		}
		add(depth, each)
	}
}

func embeddedStruct(variable *types.Var) *types.Struct {
	if !variable.Embedded() {
		return nil
	}
	kind := variable.Type()
	if pointer, isPointer := kind.(*types.Pointer); isPointer {
		kind = pointer.Elem()
	}
	shape, _ := kind.Underlying().(*types.Struct)
	return shape
}

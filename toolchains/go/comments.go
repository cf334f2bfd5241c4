package main

import (
	"go/ast"
	"go/token"
)

// comments are the texts that stand above types and fields or, of fields, behind them; by where the name is.
type comments map[token.Pos]string

func readComments(file *ast.File) comments {
	found := comments{}
	add := func(name *ast.Ident, groups ...*ast.CommentGroup) {
		for _, group := range groups {
			if text := firstParagraph(group.Text()); text != "" && found[name.Pos()] == "" {
				found[name.Pos()] = text
			}
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.GenDecl:
			for _, spec := range node.Specs {
				if declared, isType := spec.(*ast.TypeSpec); isType {
					add(declared.Name, declared.Doc, node.Doc)
				}
			}
		case *ast.StructType:
			for _, field := range node.Fields.List {
				for _, name := range field.Names {
					add(name, field.Doc, field.Comment)
				}
			}
		}
		return true
	})
	return found
}

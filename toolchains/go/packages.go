package main

import (
	"bufio"
	"fmt"
	"go/build"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// packages are compiled packages, and the tools that make a program of a source with them.
type packages struct {
	importable map[string]string // where each package lies that a source may import
	linkable   string            // a file for compiler and linker: where all lie
	tools      string
}

// installedPackages reads what scripts/build-go.py has put into folder.
func installedPackages(folder string) (packages, error) {
	found := packages{
		importable: map[string]string{},
		linkable:   filepath.Join(folder, "packages.cfg"),
		tools:      build.ToolDir,
	}
	list, err := os.Open(found.linkable)
	if err != nil {
		return found, err
	}
	defer list.Close()
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		path, archive, isFile := strings.Cut(strings.TrimPrefix(lines.Text(), "packagefile "), "=")
		if isFile && isForFunctions(path) {
			found.importable[path] = archive
		}
	}
	return found, lines.Err()
}

func isForFunctions(path string) bool {
	for _, part := range strings.Split(path, "/") {
		if part == "internal" || part == "vendor" {
			return false
		}
	}
	return true
}

func (p packages) open(path string) (io.ReadCloser, error) {
	archive, isThere := p.importable[path]
	if !isThere {
		return nil, fmt.Errorf("no package %q: functions in Go have the standard library and openpoly", path)
	}
	return os.Open(archive)
}

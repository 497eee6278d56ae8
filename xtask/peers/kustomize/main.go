// Answers builds with Kustomize's own `build` command, many in one process.
//
// Each line of standard input is a question: {"args": [...], "fresh": bool}. Each line of standard output is its answer:
// {"ok": bool, "panic": string, "out": base64, "err": string}. `fresh` forgets the schema that builds have set,
// which Kustomize keeps for the life of its process.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"

	"sigs.k8s.io/kustomize/kustomize/v5/commands/build"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/openapi"
)

type question struct {
	Args  []string `json:"args"`
	Fresh bool     `json:"fresh"`
}

type answer struct {
	OK    bool   `json:"ok"`
	Panic string `json:"panic"`
	Out   []byte `json:"out"`
	Err   string `json:"err"`
}

// What is told on the side goes to a file, which is emptied before each build.
var side *os.File

func run(asked question) (given answer) {
	var out, told bytes.Buffer
	if _, err := side.Seek(0, io.SeekStart); err != nil {
		panic(err)
	}
	if err := side.Truncate(0); err != nil {
		panic(err)
	}
	// What builds before have read of the schema would count beside one that is named.
	if asked.Fresh {
		openapi.ResetOpenAPI()
	}
	defer func() {
		if cause := recover(); cause != nil {
			given = answer{Panic: fmt.Sprint(cause)}
		}
		if asked.Fresh {
			openapi.ResetOpenAPI()
		}
	}()
	command := build.NewCmdBuild(filesys.MakeFsOnDisk(), build.MakeHelp("kustomize", "build"), &out)
	command.SetArgs(asked.Args)
	command.SetOut(&told)
	command.SetErr(&told)
	err := command.Execute()
	if _, err := side.Seek(0, io.SeekStart); err != nil {
		panic(err)
	}
	before, _ := io.ReadAll(side)
	given = answer{OK: err == nil, Err: string(before) + told.String()}
	if err == nil {
		given.Out = out.Bytes()
	}
	return given
}

func main() {
	file, err := os.CreateTemp("", "kustomize-side")
	if err != nil {
		log.Fatal(err)
	}
	defer os.Remove(file.Name())
	side, os.Stderr = file, file
	log.SetOutput(file)
	log.SetFlags(0)
	// Much is made and little kept: a third of the time went into looking for what can be freed.
	debug.SetGCPercent(800)
	answers := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			log.Fatal(err)
		}
		if err := answers.Encode(run(asked)); err != nil {
			log.Fatal(err)
		}
	}
}

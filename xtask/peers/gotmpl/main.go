// Command gotmpl answers for Go's text/template inside of Helm: it renders templates given as JSON lines with the engines of
// Helm 3 and Helm 4, and measures what parsing and rendering a chart takes.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"text/template/parse"
	"time"

	chart3 "helm.sh/helm/v3/pkg/chart"
	chartutil3 "helm.sh/helm/v3/pkg/chartutil"
	engine3 "helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v4/pkg/chart/common"
	commonutil "helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader"
	chart4 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/engine"
)

func main() {
	var err error
	switch {
	case len(os.Args) == 3 && os.Args[1] == "render":
		err = render(os.Args[2])
	case len(os.Args) == 5 && os.Args[1] == "bench":
		err = bench(os.Args[2], os.Args[3], os.Args[4])
	case len(os.Args) == 4 && os.Args[1] == "parse":
		err = parseAll(os.Args[2], os.Args[3])
	default:
		err = fmt.Errorf("usage: gotmpl render CONTEXT | bench CHART DUMP ROUNDS | parse LIST ROUNDS")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type question struct {
	ID        string            `json:"id"`
	Profile   string            `json:"profile"`
	Template  string            `json:"template"`
	Templates map[string]string `json:"templates"`
	Values    any               `json:"values"`
	Strict    bool              `json:"strict"`
}

type context struct {
	Chart        json.RawMessage `json:"chart"`
	Release      map[string]any  `json:"release"`
	Files        map[string]any  `json:"files"`
	Capabilities struct {
		APIVersions []string
		KubeVersion string
		HelmVersion map[string]string
	} `json:"capabilities"`
}

// Values are written as the unit suites write them: a number without point or exponent is an int64.
func typed(v any) any {
	switch v := v.(type) {
	case json.Number:
		s := v.String()
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return i
		}
		f, _ := strconv.ParseFloat(s, 64)
		return f
	case []any:
		for i := range v {
			v[i] = typed(v[i])
		}
		return v
	case map[string]any:
		if f, ok := v["!float"]; ok && len(v) == 1 {
			switch f {
			case ".nan":
				return math.NaN()
			case ".inf":
				return math.Inf(1)
			default:
				return math.Inf(-1)
			}
		}
		for k := range v {
			v[k] = typed(v[k])
		}
		return v
	}
	return v
}

func render(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var cx context
	if err := json.Unmarshal(data, &cx); err != nil {
		return err
	}
	release := func() map[string]any {
		m := map[string]any{}
		for k, v := range cx.Release {
			if f, ok := v.(float64); ok {
				v = int(f)
			}
			m[k] = v
		}
		return m
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			var q question
			dec := json.NewDecoder(bytesReader(line))
			dec.UseNumber()
			if err := dec.Decode(&q); err != nil {
				return err
			}
			answer(&cx, &q, release(), out)
			// A template can kill the process; what was answered before it stays answered.
			if err := out.Flush(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

type reader struct{ b []byte }

func (r *reader) Read(p []byte) (int, error) {
	if len(r.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.b)
	r.b = r.b[n:]
	return n, nil
}

func bytesReader(b []byte) io.Reader { return &reader{b} }

func answer(cx *context, q *question, release map[string]any, out io.Writer) {
	values, _ := typed(q.Values).(map[string]any)
	if values == nil {
		values = map[string]any{}
	}
	const main = "templates/t.yaml"
	files := map[string][]byte{}
	for name, content := range cx.Files {
		switch c := content.(type) {
		case string:
			files[name] = []byte(c)
		case map[string]any:
			files[name], _ = base64.StdEncoding.DecodeString(fmt.Sprint(c["!bytes"]))
		}
	}
	var rendered map[string]string
	var err error
	name := ""
	func() {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("PANIC: %v", r)
			}
		}()
		if q.Profile == "helm3" {
			var meta chart3.Metadata
			_ = json.Unmarshal(cx.Chart, &meta)
			c := &chart3.Chart{Metadata: &meta}
			name = meta.Name
			c.Templates = append(c.Templates, &chart3.File{Name: main, Data: []byte(q.Template)})
			for path, text := range q.Templates {
				c.Templates = append(c.Templates, &chart3.File{Name: path, Data: []byte(text)})
			}
			for path, data := range files {
				c.Files = append(c.Files, &chart3.File{Name: path, Data: data})
			}
			kube, _ := chartutil3.ParseKubeVersion(cx.Capabilities.KubeVersion)
			caps := chartutil3.DefaultCapabilities.Copy()
			caps.KubeVersion = *kube
			caps.APIVersions = cx.Capabilities.APIVersions
			caps.HelmVersion.Version = cx.Capabilities.HelmVersion["helm3"]
			top := chartutil3.Values{"Chart": c.Metadata, "Capabilities": caps, "Release": release, "Values": chartutil3.Values(values)}
			rendered, err = engine3.Engine{Strict: q.Strict}.Render(c, top)
			return
		}
		var meta chart4.Metadata
		_ = json.Unmarshal(cx.Chart, &meta)
		c := &chart4.Chart{Metadata: &meta}
		name = meta.Name
		c.Templates = append(c.Templates, &common.File{Name: main, Data: []byte(q.Template)})
		for path, text := range q.Templates {
			c.Templates = append(c.Templates, &common.File{Name: path, Data: []byte(text)})
		}
		for path, data := range files {
			c.Files = append(c.Files, &common.File{Name: path, Data: data})
		}
		kube, _ := common.ParseKubeVersion(cx.Capabilities.KubeVersion)
		caps := common.DefaultCapabilities.Copy()
		caps.KubeVersion = *kube
		caps.APIVersions = cx.Capabilities.APIVersions
		caps.HelmVersion.Version = cx.Capabilities.HelmVersion["helm4"]
		top := common.Values{"Chart": c.Metadata, "Capabilities": caps, "Release": release, "Values": common.Values(values)}
		rendered, err = engine.Engine{Strict: q.Strict}.Render(c, top)
	}()
	fields := map[string]any{"id": q.ID}
	if err != nil {
		fields["error"] = err.Error()
	} else {
		fields["output_b64"] = base64.StdEncoding.EncodeToString([]byte(rendered[name+"/"+main]))
	}
	line, _ := json.Marshal(fields)
	out.Write(append(line, '\n'))
}

// What the other program needs to render the same: the tree of charts with their files, and the values.
type dumped struct {
	Name      string          `json:"name"`
	Meta      json.RawMessage `json:"meta"`
	Library   bool            `json:"library"`
	Templates [][2]string     `json:"templates"`
	Files     [][2]string     `json:"files"`
	Charts    []dumped        `json:"charts"`
}

func dump(c *chart4.Chart) dumped {
	meta, _ := json.Marshal(c.Metadata)
	d := dumped{Name: c.Name(), Meta: meta, Library: c.Metadata.Type == "library", Templates: [][2]string{}, Files: [][2]string{}, Charts: []dumped{}}
	for _, t := range c.Templates {
		d.Templates = append(d.Templates, [2]string{t.Name, base64.StdEncoding.EncodeToString(t.Data)})
	}
	for _, f := range c.Files {
		d.Files = append(d.Files, [2]string{f.Name, base64.StdEncoding.EncodeToString(f.Data)})
	}
	for _, s := range c.Dependencies() {
		d.Charts = append(d.Charts, dump(s))
	}
	return d
}

// bench renders a chart with its default values and prints the median time of parsing and rendering in nanoseconds.
func bench(path, dumpPath, rounds string) error {
	loaded, err := loader.Load(path)
	if err != nil {
		return err
	}
	c := loaded.(*chart4.Chart)
	options := common.ReleaseOptions{Name: "release-name", Namespace: "default", Revision: 1, IsInstall: true}
	values := func() (common.Values, error) {
		return commonutil.ToRenderValuesWithSchemaValidation(c, map[string]any{}, options, nil, true)
	}
	n, err := strconv.Atoi(rounds)
	if err != nil {
		return err
	}
	vals, err := values()
	if err != nil {
		return err
	}
	valuesJSON, err := json.Marshal(vals["Values"])
	if err != nil {
		return err
	}
	var times []int64
	var rendered map[string]string
	for i := 0; i < n; i++ {
		vals, err := values()
		if err != nil {
			return err
		}
		start := time.Now()
		rendered, err = engine.Engine{}.Render(c, vals)
		if err != nil {
			return err
		}
		times = append(times, time.Since(start).Nanoseconds())
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	all := map[string]any{"chart": dump(c), "values": json.RawMessage(valuesJSON), "rendered": rendered, "kube": common.DefaultCapabilities.KubeVersion.Version, "apis": common.DefaultCapabilities.APIVersions, "nanos": times[len(times)/2]}
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return os.WriteFile(dumpPath, data, 0o644)
}

// parseAll parses all files of a list and prints the median time of a round in nanoseconds.
func parseAll(list, rounds string) error {
	data, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	var paths []string
	if err := json.Unmarshal(data, &paths); err != nil {
		return err
	}
	var texts []string
	for _, path := range paths {
		text, err := os.ReadFile(filepath.Clean(path))
		if err != nil {
			return err
		}
		texts = append(texts, string(text))
	}
	n, err := strconv.Atoi(rounds)
	if err != nil {
		return err
	}
	var times []int64
	for i := 0; i < n; i++ {
		start := time.Now()
		for _, text := range texts {
			tree := parse.New("t")
			tree.Mode = parse.SkipFuncCheck
			_, _ = tree.Parse(text, "", "", map[string]*parse.Tree{})
		}
		times = append(times, time.Since(start).Nanoseconds())
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	fmt.Println(times[len(times)/2])
	return nil
}

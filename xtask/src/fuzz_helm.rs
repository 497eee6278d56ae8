//! `fuzz-helm`: small random charts, rendered by Helm and by this program; every difference is a defect.
//!
//! A chart has subcharts, globals, aliases, conditions, tags, imports, nulls, hooks, a schema at times; its templates
//! print the values that they see, so that whatever happened to them shows.

use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::fuzz::{Random, number, say};
use crate::process::{peer, root, under_test};

/// Which charts: the numbers, for how long, and from which seed on.
struct Plan {
    cases: Range<u64>,
    limit: Option<Duration>,
    seed: u64,
}

impl Plan {
    /// `[COUNT | --seconds N | --case N] [SEED]`
    fn of(args: &[&str]) -> Result<Plan, String> {
        let (cases, limit, rest) = match args {
            ["--seconds", seconds, rest @ ..] => {
                (0..u64::MAX, Some(Duration::from_secs(number(seconds)?)), rest)
            }
            ["--case", case, rest @ ..] => (number(case)?..number(case)?.saturating_add(1), None, rest),
            [count, rest @ ..] => (0..number(count)?, None, rest),
            [] => (0..500, None, args),
        };
        let seed = rest.first().map_or(Ok(1), |text| number(text))?;
        Ok(Plan { cases, limit, seed })
    }
}

/// How often Helm is asked again where it answered otherwise: it walks Go's maps, so some of its answers are one of
/// several. A difference is what Helm never says.
const ASKED_AGAIN: usize = 100;

/// `fuzz-helm [COUNT | --seconds N | --case N] [SEED]`: the peers are `helm4` and `helm3`, or what HELM4 and HELM3 name;
/// the time is shared by both.
pub fn run(args: &[&str]) -> Result<(), String> {
    let Plan { cases, limit, seed } = Plan::of(args)?;
    let ours = under_test()?;
    let home = tempfile::tempdir().map_err(|e| e.to_string())?;
    for profile in ["helm4", "helm3"] {
        let Some(peer) = peer(profile) else {
            say(&format!("{profile}: missing (set {} to its path)", profile.to_uppercase()));
            continue;
        };
        let (mut charts, mut rendered, mut several, mut differences) = (0, 0, 0, 0);
        let start = Instant::now();
        for case in cases.clone() {
            if limit.is_some_and(|limit| start.elapsed() > limit / 2) {
                break;
            }
            charts += 1;
            let mut random = Random::new(seed.wrapping_mul(1_000_003).wrapping_add(case));
            let dir = home.path().join("chart");
            let _ = fs::remove_dir_all(&dir);
            let arguments = Maker { random: &mut random }.chart(&dir).map_err(|e| e.to_string())?;
            let call = |program: &Path, extra: &[&str]| -> Result<Output, String> {
                Command::new(program)
                    .arg("template")
                    .args(extra)
                    .args(["r", "chart", "--kube-version", "1.36.0"])
                    .args(&arguments)
                    .current_dir(home.path())
                    .env_clear()
                    .env("HOME", home.path())
                    .stdin(Stdio::null())
                    .output()
                    .map_err(|e| format!("{}: {e}", program.display()))
            };
            let theirs = call(&peer, &[])?;
            let own = call(&ours, &["--profile", profile, "--error-style", "upstream"])?;
            rendered += u64::from(theirs.status.success());
            if same(&theirs, &own) {
                continue;
            }
            if (0..ASKED_AGAIN).any(|_| call(&peer, &[]).is_ok_and(|again| same(&again, &own))) {
                several += 1;
                continue;
            }
            differences += 1;
            if differences <= 3 {
                let kept = root().join("target/fuzz-helm").join(format!("{profile}-{seed}-{case}"));
                let _ = fs::remove_dir_all(&kept);
                fs::create_dir_all(kept.parent().unwrap_or(&kept)).map_err(|e| e.to_string())?;
                fs::rename(&dir, &kept).or_else(|_| copy(&dir, &kept)).map_err(|e| e.to_string())?;
                say(&format!("{profile} case {case}: {} {}", kept.display(), arguments.join(" ")));
                say(&format!("  theirs: {}\n  ours:   {}", told(&theirs), told(&own)));
            }
        }
        say(&format!(
            "{profile}: {charts} charts, {rendered} rendered, {several} with several answers of Helm's, \
             {differences} differences (seed {seed})"
        ));
        if differences > 0 {
            return Err(format!("{differences} differences"));
        }
    }
    Ok(())
}

/// Whether both failed, or both rendered the same bytes.
fn same(a: &Output, b: &Output) -> bool {
    a.status.success() == b.status.success() && (!a.status.success() || a.stdout == b.stdout)
}

/// How a program ended, and what it said, in short.
pub fn told(output: &Output) -> String {
    let text = if output.status.success() { &output.stdout } else { &output.stderr };
    let text = String::from_utf8_lossy(text);
    format!("{} {}", output.status, text.chars().take(1500).collect::<String>().replace('\n', "\n    "))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let into = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &into)?;
        } else {
            fs::copy(entry.path(), into)?;
        }
    }
    Ok(())
}

struct Maker<'r> {
    random: &'r mut Random,
}

const KEYS: &[&str] = &["a", "b", "c", "global", "s", "t", "exports", "tags"];
const NAMES: &[&str] = &["s", "t", "u"];

impl Maker<'_> {
    /// Writes a chart and gives the arguments to render it with.
    fn chart(&mut self, dir: &Path) -> std::io::Result<Vec<String>> {
        self.write(dir, "root", 0)?;
        let mut arguments = Vec::new();
        for i in 0..self.random.below(3) {
            let path = dir.join(format!("v{i}.yaml"));
            fs::write(&path, self.table(3, 0))?;
            arguments.extend(["-f".to_owned(), format!("chart/v{i}.yaml")]);
        }
        for _ in 0..self.random.below(3) {
            let mut path: Vec<&str> =
                (0..1 + self.random.below(3)).map(|_| *self.random.pick(KEYS)).collect();
            // A table's own name seldom gets a single value, which would stop the rendering.
            if path.len() == 1 && self.random.percent(90) {
                path = vec![*self.random.pick(&["a", "b", "c"])];
            }
            let value = *self.random.pick(&["1", "null", "true", "false", "x", "{p,q}", "", "1.5"]);
            arguments.extend(["--set".to_owned(), format!("{}={value}", path.join("."))]);
        }
        if self.random.percent(10) {
            arguments.push("--no-hooks".to_owned());
        }
        if self.random.percent(10) {
            arguments.push("--include-crds".to_owned());
        }
        Ok(arguments)
    }

    fn write(&mut self, dir: &Path, name: &str, depth: usize) -> std::io::Result<()> {
        fs::create_dir_all(dir.join("templates"))?;
        let mut meta = format!("apiVersion: v2\nname: {name}\nversion: 1.{}.0\n", self.random.below(3));
        let mut dependencies = String::new();
        if depth < 2 {
            for sub in NAMES.iter().take(self.random.below(3)) {
                self.write(&dir.join("charts").join(sub), sub, depth + 1)?;
                for copy in 0..self.random.below(3) {
                    let version = *self.random.pick(&["*", "1.x.x", ">=1.0.0", "9.9.9"]);
                    let _ = write!(dependencies, "- name: {sub}\n  version: \"{version}\"\n");
                    if copy > 0 || self.random.percent(40) {
                        let _ = writeln!(dependencies, "  alias: {sub}{copy}");
                    }
                    if self.random.percent(40) {
                        let at = *self.random.pick(&["a", "b", "s.a", "s0.a", "global.a", "t.b"]);
                        let _ = writeln!(dependencies, "  condition: {at}");
                    }
                    if self.random.percent(20) {
                        dependencies += "  tags: [a, b]\n";
                    }
                    if self.random.percent(30) {
                        let import = *self.random.pick(&[
                            "[a]",
                            "[{child: a, parent: b}]",
                            "[{child: b, parent: .}]",
                            "[nope]",
                        ]);
                        let _ = writeln!(dependencies, "  import-values: {import}");
                    }
                }
            }
        }
        if !dependencies.is_empty() {
            meta += &format!("dependencies:\n{dependencies}");
        }
        fs::write(dir.join("Chart.yaml"), meta)?;
        if self.random.percent(90) {
            fs::write(dir.join("values.yaml"), self.table(4, 0))?;
        }
        if self.random.percent(8) {
            let ty = *self.random.pick(&["string", "object", "integer", "null"]);
            let schema = format!("{{\"properties\": {{\"a\": {{\"type\": [\"{ty}\", \"object\"]}}}}}}");
            fs::write(dir.join("values.schema.json"), schema)?;
        }
        if self.random.percent(20) {
            fs::create_dir_all(dir.join("crds"))?;
            fs::write(dir.join("crds/c.yaml"), "kind: CustomResourceDefinition\n\n")?;
        }
        let kinds = ["ConfigMap", "Service", "Zebra", "ValidatingWebhookConfiguration", "Secret"];
        for file in 0..1 + self.random.below(3) {
            let mut text = String::new();
            for _ in 0..1 + self.random.below(3) {
                let kind = *self.random.pick(&kinds);
                let separator =
                    *self.random.pick(&["---\n", "---\n\n", "--- \n---\n", "\n\n---\n", "--- # c\n"]);
                let _ = write!(text, "{separator}kind: {kind}\nmetadata:\n  name: {{{{ .Chart.Name }}}}\n");
                if self.random.percent(25) {
                    let hook = *self.random.pick(&["pre-install", "test", "post-delete,PRE-upgrade", "typo"]);
                    let _ = write!(text, "  annotations:\n    helm.sh/hook: {hook}\n");
                }
                text += *self.random.pick(&[
                    "data:\n{{ .Values | toYaml | indent 2 }}\n",
                    "data: {{ .Values | toJson }}\n\n\n",
                    "data: {{ .Values.global | toJson }}{{ $_ := set .Values.global \"a\" 5 }}\n",
                    "{{ range $k, $v := .Values }}{{ $k }}: {{ kindOf $v }}\n{{ end }}",
                    "x: |+\n  y\n\n\n",
                    "d: {{ range .Chart.Dependencies }}{{ .Name }}={{ .Enabled }} {{ end }}\n",
                    "n: {{ (.Values.a | default dict | kindOf) }} {{ .Values.b }}\n",
                    "t: {{ .Template.Name }} {{ keys .Subcharts | sortAlpha }}\n",
                ]);
            }
            let name = *self.random.pick(&["z", "a", "sub/b", "_p", "NOTES.txt"]);
            let extension = if name.ends_with("txt") { "" } else { ".yaml" };
            let path = dir.join("templates").join(format!("{name}{extension}"));
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, format!("{text}# {file}\n"))?;
        }
        Ok(())
    }

    /// A table of values as YAML, at that indentation.
    fn table(&mut self, entries: usize, indent: usize) -> String {
        let mut text = String::new();
        let mut used = Vec::new();
        for _ in 0..1 + self.random.below(entries) {
            let key = *self.random.pick(KEYS);
            if used.contains(&key) {
                continue;
            }
            used.push(key);
            let _ = write!(text, "{}{key}:", " ".repeat(indent));
            let wants_table =
                matches!(key, "global" | "s" | "t" | "exports" | "tags") && self.random.percent(98);
            if indent < 8 && (wants_table || self.random.percent(35)) {
                text.push('\n');
                text += &self.table(3, indent + 2);
            } else {
                let value = *self.random.pick(&[
                    "null",
                    "1",
                    "true",
                    "false",
                    "x",
                    "[1, {a: null}]",
                    "1.5",
                    "{}",
                    "\"\"",
                ]);
                let _ = writeln!(text, " {value}");
            }
        }
        text
    }
}

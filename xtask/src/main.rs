//! What developers run: conformance, answers, benchmarks, generators.
//!
//! `cargo xtask` lists the tasks. Each is a file of this folder.

mod answer;
mod bench;
mod compare_charts;
mod compare_policy;
mod conformance;
mod docs;
mod files;
mod fuzz;
mod fuzz_gotmpl;
mod fuzz_helm;
mod fuzz_kustomize;
mod go_peer;
mod process;
mod prove_origins;
mod schemas;

use std::process::ExitCode;

const TASKS: &str = "\
cargo xtask TASK

  conformance [DIR] [--only NAME] [--raise]   judge this tree's release build by the recorded answers of the real programs
  answer SUITE                                answer the questions of one unit suite: JSON lines in, JSON lines out
  bench [NAME ...]                            measure against the real peers in one run and write benches/RESULTS.md
  fuzz-gotmpl [COUNT] [SEED]                  random templates against Helm's engines in Go
  fuzz-helm [COUNT | --seconds N | --case N] [SEED]
                                              random charts against helm4 and helm3
  fuzz-kustomize [--texts] [COUNT | --case N] [SEED]
                                              random overlays against kustomize
  compare-charts DIR... [--changes N] [--seed N] [--profile NAME] [-v]   real charts against helm4 and helm3
  prove-origins helm|kustomize [DIR] [--only NAME] [--leaves N] [--misses N]   change leaves of the input one by one and hold what changes against the origins
  make-yaml BYTES FILE                        write the manifests that `bench yaml` reads
  read-yaml READER FILE                       seconds and kilobytes of reading a file with plimsoll, granit or yaml_serde
  compare-policy [DIR]                        findings of kube-score and checkov beside ours, into docs/differences.md
  docs                                        write docs/rules.md and schemas/plimsoll.schema.json
  schemas                                     write schemas/ from the Go modules of Kubernetes and Kustomize";

#[expect(clippy::print_stderr, reason = "a developer's tool talks to its developer")]
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let result = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["answer", suite] => answer::run(suite),
        ["conformance", rest @ ..] => conformance::run(rest),
        ["read-yaml", reader, file] => bench::yaml::print_once(reader, file),
        ["make-yaml", bytes, file] => bench::yaml::write_mixed(bytes, file),
        ["schemas"] => schemas::run(),
        ["docs"] => docs::run(),
        ["compare-policy", rest @ ..] => compare_policy::run(rest),
        ["fuzz-gotmpl", rest @ ..] => fuzz_gotmpl::run(rest),
        ["fuzz-helm", rest @ ..] => fuzz_helm::run(rest),
        ["fuzz-kustomize", rest @ ..] => fuzz_kustomize::run(rest),
        ["compare-charts", rest @ ..] => compare_charts::run(rest),
        ["prove-origins", rest @ ..] => prove_origins::run(rest),
        ["bench", rest @ ..] => bench::run(rest),
        _ => Err(TASKS.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

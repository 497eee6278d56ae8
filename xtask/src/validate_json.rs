//! `validate` in the form of the validate suite, straight from the stage: files in, JSON out.

use std::sync::Arc;

use plimsoll::kube::{Bundle, Resource};
use plimsoll::schema::{Schema, Version};
use plimsoll::validate;
use serde_json::{Value, json};
use source::{Class, Diagnostics, Severity, SourceId};
use yaml::{Options, Profile};

/// Judges files as `plimsoll validate --output json` does.
pub fn run(args: &[&str]) -> Result<(), String> {
    let mut schema = Schema::newest();
    let (mut cluster, mut files) = (None, Vec::new());
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "--output" => drop(args.next()),
            "--kubernetes-version" => {
                let version = args.next().and_then(|v| Version::parse(v)).ok_or("which version?")?;
                schema = Schema::of(version);
            }
            "--cluster-state" => cluster = Some(bundle(args.next().ok_or("which file?")?)?.0),
            file => files.push(file),
        }
    }
    let crds = Bundle::default();
    let cx = validate::Cx { schema, crds: &crds, cluster: cluster.as_ref() };
    let mut out = Vec::new();
    for file in files {
        let (bundle, mut found) = bundle(file)?;
        let empty = bundle.resources.is_empty();
        validate::stage(&bundle, &cx, &mut found);
        let errors: Vec<Value> = found
            .iter()
            .filter(|d| d.severity == Severity::Error)
            .map(|d| match &d.class {
                Class::Server { reason, field } => {
                    json!({"reason": reason, "field": field, "message": d.message})
                }
                _ => json!({"reason": "Decode", "field": "", "message": d.message}),
            })
            .collect();
        let is_first = |e: &Value| e["reason"].as_str().is_some_and(validate::is_of_decoder);
        let errors: Vec<Value> =
            if errors.iter().any(is_first) { errors.into_iter().filter(is_first).collect() } else { errors };
        out.push(json!({"file": file, "accepted": errors.is_empty() && !empty, "errors": errors}));
    }
    #[expect(clippy::print_stdout, reason = "this is the answer")]
    {
        println!("{}", json!({ "files": out }));
    }
    Ok(())
}

fn bundle(file: &str) -> Result<(Bundle, Diagnostics), String> {
    let text: Arc<str> = std::fs::read_to_string(file).map_err(|e| format!("{file}: {e}"))?.into();
    let mut out = Diagnostics::new();
    let mut bundle = Bundle::default();
    for doc in yaml::read(SourceId(0), &text, &Options::new(Profile::Kubernetes), &mut out) {
        let first = bundle.origins.add_document(SourceId(0), doc.clone());
        if let Some(root) = doc.root().filter(|r| !r.is_null()) {
            let id = Resource::identify(root);
            bundle.resources.push(Resource::new(id, doc.clone(), root.id(), first));
        }
    }
    Ok((bundle, out))
}

//! The same input gives the same bytes, on any number of threads.

use std::fs;
use std::process::Command;

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..200 {
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-{n}\nspec:\n  selector:\n    matchLabels: {{app: a{n}}}\n  \
             template:\n    metadata:\n      labels: {{app: {}{n}}}\n    spec:\n      containers:\n      - name: web\n        \
             image: nginx\n        securityContext:\n          privileged: {}\n{}",
            if n % 3 == 0 { "b" } else { "a" },
            n % 2 == 0,
            if n % 7 == 0 { "\tbroken: true\n" } else { "" },
        );
        fs::write(dir.path().join(format!("{n:03}.yaml")), text).unwrap();
    }
    let run = |threads: &str, arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(arguments)
            .current_dir(dir.path())
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        (output.status.code(), output.stdout)
    };
    for arguments in [
        &["check", "."][..],
        &["check", "-o", "json", "."],
        &["check", "-o", "sarif", "."],
        &["render", "--no-verify", "--order", "install", "."],
        &["validate", "-o", "json", "."],
    ] {
        let one = run("1", arguments);
        assert!(!one.1.is_empty() || arguments[0] == "render", "{arguments:?}");
        for threads in ["2", "7"] {
            assert!(run(threads, arguments) == one, "{arguments:?} with {threads} threads");
        }
    }
}

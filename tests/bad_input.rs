//! Inputs that no repository should hold, made on the spot: each gets a clear answer in bounded time and memory.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

fn plimsoll(dir: &Path, arguments: &[&str]) -> Output {
    let start = Instant::now();
    let output =
        Command::new(env!("CARGO_BIN_EXE_plimsoll")).args(arguments).current_dir(dir).output().unwrap();
    assert!(start.elapsed() < Duration::from_secs(60), "{arguments:?} took {:?}", start.elapsed());
    output
}

/// Checks one path: the exit code, and words of what is said on standard output.
fn check(dir: &Path, path: &str, exit: i32, says: &str) {
    let output = plimsoll(dir, &["check", "--output", "concise", path]);
    let text = String::from_utf8(output.stdout).unwrap();
    let talk = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(exit), "{path}: {text}{talk}");
    assert!(format!("{text}{talk}").contains(says), "{path}: `{says}` is not in: {text}{talk}");
}

#[test]
fn a_file_of_a_gibibyte_is_refused_unread() {
    let dir = tempfile::tempdir().unwrap();
    fs::File::create(dir.path().join("big.yaml")).unwrap().set_len(1 << 30).unwrap();
    check(dir.path(), "big.yaml", 3, "larger than 256 MiB");
    check(dir.path(), ".", 3, "larger than 256 MiB");
}

#[cfg(unix)]
#[test]
fn links_in_circles_end() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("loop.yaml", dir.path().join("loop.yaml")).unwrap();
    fs::create_dir(dir.path().join("sub")).unwrap();
    std::os::unix::fs::symlink("..", dir.path().join("sub/up")).unwrap();
    fs::write(dir.path().join("sub/a.yaml"), "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n")
        .unwrap();
    check(dir.path(), "loop.yaml", 3, "circle");
    check(dir.path(), "sub", 0, "1 object");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for_and_a_device_is_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let made = Command::new("mkfifo").arg(dir.path().join("pipe.yaml")).status();
    if made.is_ok_and(|status| status.success()) {
        check(dir.path(), ".", 0, "Nothing to check");
    }
    check(dir.path(), "/dev/zero", 3, "larger than");
    check(dir.path(), "/dev/null", 0, "Nothing to check");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("shut.yaml");
    fs::write(&file, "kind: X").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o0)).unwrap();
    // To the superuser nothing is shut.
    if fs::read(&file).is_err() {
        check(dir.path(), "shut.yaml", 3, "permission denied");
    }
}

#[test]
fn what_is_no_text_is_said() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("binary.yaml"), b"kind: \xff\x00\x01").unwrap();
    fs::write(dir.path().join("latin.yaml"), b"kind: X\nname: caf\xe9\n").unwrap();
    fs::write(dir.path().join("utf16.yaml"), utf16("kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n"))
        .unwrap();
    check(dir.path(), "binary.yaml", 1, "binary");
    check(dir.path(), "latin.yaml", 1, "latin.yaml:2:10: error[yaml-encoding]");
    check(dir.path(), "utf16.yaml", 0, "1 object");
}

fn utf16(text: &str) -> Vec<u8> {
    "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_missing_path_and_an_empty_one_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("empty")).unwrap();
    check(dir.path(), "none", 3, "no such file or directory");
    check(dir.path(), "empty", 0, "Nothing to check");
}

#[test]
fn an_alias_bomb_does_not_go_off() {
    let dir = tempfile::tempdir().unwrap();
    let mut text =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 10].join(",");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    fs::write(dir.path().join("bomb.yaml"), text).unwrap();
    let output = plimsoll(dir.path(), &["check", "--output", "concise", "bomb.yaml"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(matches!(output.status.code(), Some(1 | 3)), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("alias"), "{text}");
}

#[test]
fn twenty_thousand_levels_are_one_error() {
    let dir = tempfile::tempdir().unwrap();
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deep}\n";
    let flow = format!("{head}data: {}{}\n", "[".repeat(20_000), "]".repeat(20_000));
    fs::write(dir.path().join("flow.yaml"), flow).unwrap();
    fs::write(dir.path().join("block.yaml"), format!("{head}data:\n  {}\n", "- ".repeat(20_000))).unwrap();
    for file in ["flow.yaml", "block.yaml"] {
        let output = plimsoll(dir.path(), &["check", "--output", "concise", file]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(matches!(output.status.code(), Some(1 | 3)), "{file}: {:?} {text}", output.status);
        assert_eq!(text.lines().filter(|l| l.contains("error[")).count(), 1, "{file}: {text}");
    }
}

#[test]
fn ten_thousand_findings_in_a_large_file_do_not_rescan_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for n in 0..10_000 {
        text.push_str(&format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: pod-{n}\n  annotations:\n    note: {}\nspec:\n  \
             containers:\n  - name: app\n    image: registry.example.com/app:1.0.0\n    securityContext:\n      \
             privileged: true\n",
            "x".repeat(300)
        ));
    }
    assert!(text.len() > 5_000_000);
    fs::write(dir.path().join("pods.yaml"), text).unwrap();
    for format in ["human", "json"] {
        let start = Instant::now();
        let output =
            plimsoll(dir.path(), &["check", "--select", "privileged-container", "-o", format, "pods.yaml"]);
        let found = String::from_utf8(output.stdout).unwrap().matches("runs privileged").count();
        assert!(found >= 10_000, "{format}: {found}");
        // Unoptimised and on a busy machine; a scan of the file a finding would take minutes.
        assert!(start.elapsed() < Duration::from_secs(40), "{format}: {:?}", start.elapsed());
    }
}

#[test]
fn a_line_of_five_megabytes_is_cut_to_a_window() {
    let dir = tempfile::tempdir().unwrap();
    let container = r#"{"name":"c","image":"a:1","securityContext":{"privileged":true}}"#;
    let list = vec![container; 500].join(",");
    let filler = "x".repeat(5_000_000);
    let text = format!(
        r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p","annotations":{{"a":"{filler}"}}}},"spec":{{"containers":[{list}]}}}}"#
    );
    fs::write(dir.path().join("pod.json"), text).unwrap();
    let output = plimsoll(dir.path(), &["check", "--select", "privileged-container", "pod.json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("runs privileged").count(), 500);
    assert!(text.lines().all(|line| line.chars().count() < 250));
}

/// Folders of which each names the next, the last one a manifest.
fn chain(dir: &Path, levels: usize, last: &str) {
    for n in 0..levels {
        let folder = dir.join(format!("b{n}"));
        fs::create_dir(&folder).unwrap();
        let next = if n + 1 == levels { last.to_owned() } else { format!("../b{}", n + 1) };
        fs::write(folder.join("kustomization.yaml"), format!("resources: [{next}]\n")).unwrap();
    }
}

#[test]
fn long_chains_of_bases_build_and_endless_ones_are_told() {
    let dir = tempfile::tempdir().unwrap();
    chain(dir.path(), 1_500, "m.yaml");
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\n";
    fs::write(dir.path().join("b1499/m.yaml"), manifest).unwrap();
    let output = plimsoll(dir.path(), &["build", "b0"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), manifest);
    assert_eq!(output.status.code(), Some(0));

    let dir = tempfile::tempdir().unwrap();
    chain(dir.path(), 1_500, "../b0");
    let output = plimsoll(dir.path(), &["build", "b0"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(told.contains("b1499/kustomization.yaml:1:13"), "{told}");

    let dir = tempfile::tempdir().unwrap();
    chain(dir.path(), 10_000, "m.yaml");
    fs::write(dir.path().join("b9999/m.yaml"), manifest).unwrap();
    let output = plimsoll(dir.path(), &["build", "b0"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(
        told.contains("b5000/kustomization.yaml:1:13") && told.contains("more than 5000 levels"),
        "{told}"
    );
}

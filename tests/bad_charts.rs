//! Charts that nobody should be given, made on the spot: each ends in an error that says where, with nothing on standard
//! output, in bounded time.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

fn template(dir: &Path, arguments: &[&str]) -> Output {
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .arg("template")
        .args(arguments)
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(start.elapsed() < Duration::from_secs(60), "{arguments:?} took {:?}", start.elapsed());
    output
}

/// Both profiles fail, print nothing, and say these words.
fn refused(dir: &Path, arguments: &[&str], says: &[&str]) {
    for profile in ["helm4", "helm3"] {
        let output = template(dir, &[arguments, &["--profile", profile]].concat());
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{profile} {arguments:?}: {text}");
        assert!(output.stdout.is_empty(), "{profile} {arguments:?} printed something");
        for words in says {
            assert!(text.contains(words), "{profile} {arguments:?}: `{words}` is not in: {text}");
        }
    }
}

/// One entry of an archive: its path, its type and its bytes.
type Entry<'a> = (&'a str, tar::EntryType, &'a [u8]);

const FILE: tar::EntryType = tar::EntryType::Regular;
const METADATA: &[u8] = b"apiVersion: v2\nname: x\nversion: 1.0.0\n";

fn archive(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, kind, data) in entries {
        let mut header = tar::Header::new_ustar();
        // Written directly: the crate itself refuses to write what is to be refused here.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        if *kind == tar::EntryType::Symlink {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_size(data.len() as u64);
        header.set_cksum();
        tar.append(&header, *data).unwrap();
    }
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(&tar.into_inner().unwrap()).unwrap();
    gz.finish().unwrap()
}

#[test]
fn hostile_archives_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let whole = archive(&[("x/Chart.yaml", FILE, METADATA), ("x/values.yaml", FILE, &[b'#'; 9000])]);
    let zeros = vec![0; 6 << 20];
    let large = vec![b'#'; 5 << 20];
    let many: Vec<Entry<'_>> = std::iter::repeat_n(("x/files/a", FILE, large.as_slice()), 21).collect();
    for (name, bytes) in [
        ("truncated", whole[..whole.len() / 2].to_vec()),
        ("empty", Vec::new()),
        ("parent", archive(&[("x/Chart.yaml", FILE, METADATA), ("x/../../../etc/cron.d/x", FILE, b"x")])),
        ("absolute", archive(&[("x/Chart.yaml", FILE, METADATA), ("x//etc/cron.d/x", FILE, b"x")])),
        ("file-of-zeros", archive(&[("x/Chart.yaml", FILE, METADATA), ("x/zeros", FILE, &zeros)])),
        ("many-large-files", archive(&many)),
        ("zip", b"PK\x03\x04 is another kind of archive".to_vec()),
    ] {
        let file = format!("{name}.tgz");
        fs::write(dir.path().join(&file), bytes).unwrap();
        refused(dir.path(), &[&file], &[&file, "error[chart-unreadable]"]);
    }
}

#[test]
fn a_link_in_an_archive_leads_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let link = tar::EntryType::Symlink;
    let template_of = b"a: {{ .Files.Get \"secret\" | quote }}\n";
    let entries = [
        ("x/Chart.yaml", FILE, METADATA),
        ("x/secret", link, b"".as_slice()),
        ("x/templates/a.yaml", FILE, template_of),
    ];
    fs::write(dir.path().join("x.tgz"), archive(&entries)).unwrap();
    let output = template(dir.path(), &["x.tgz"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("a: \"\""), "{text}");
}

#[test]
fn a_tab_in_a_values_file_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("x")).unwrap();
    fs::write(dir.path().join("x/Chart.yaml"), METADATA).unwrap();
    fs::write(dir.path().join("tabs.yaml"), "image:\n\ttag: 1\n").unwrap();
    refused(dir.path(), &["x", "-f", "tabs.yaml"], &["tabs.yaml:2:1", "tab"]);
    fs::write(dir.path().join("x/values.yaml"), "image:\n\ttag: 1\n").unwrap();
    refused(dir.path(), &["x"], &["x/values.yaml:2:1", "tab"]);
}

#[test]
fn a_folder_without_metadata_is_no_chart() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("x/templates")).unwrap();
    fs::write(dir.path().join("x/templates/a.yaml"), "a: b\n").unwrap();
    refused(dir.path(), &["x"], &["Chart.yaml"]);
    refused(dir.path(), &["gone"], &["there is no chart at gone"]);
}

#[test]
fn fifty_thousand_files_are_read_in_time() {
    let dir = tempfile::tempdir().unwrap();
    let files = dir.path().join("x/files");
    fs::create_dir_all(&files).unwrap();
    fs::create_dir(dir.path().join("x/templates")).unwrap();
    fs::write(dir.path().join("x/Chart.yaml"), METADATA).unwrap();
    fs::write(dir.path().join("x/templates/a.yaml"), "a: {{ len (.Files.Glob \"files/*\") }}\n").unwrap();
    for i in 0..50_000 {
        fs::write(files.join(i.to_string()), "x").unwrap();
    }
    let output = template(dir.path(), &["x"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("a: 50000"), "{text}");
}

#[test]
fn a_value_that_is_put_back_again_and_again_has_a_place() {
    const POD: &str = r#"{{- $d := dict "image" .Values.image }}
{{- range until 200000 }}{{ $_ := set $d "image" (get $d "image") }}{{ end }}
apiVersion: v1
kind: Pod
metadata: {name: x}
spec: {containers: [{name: x, image: {{ get $d "image" }}}]}
"#;
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("x/templates")).unwrap();
    fs::write(dir.path().join("x/Chart.yaml"), METADATA).unwrap();
    fs::write(dir.path().join("x/values.yaml"), "image: nginx:latest\n").unwrap();
    fs::write(dir.path().join("x/templates/pod.yaml"), POD).unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    let output = check.args(["check", "x", "--output", "concise"]).current_dir(dir.path()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.code().is_some(), "ended by a signal: {output:?}");
    assert!(text.contains("x/templates/pod.yaml:") && text.contains("nginx:latest"), "{text}");
}

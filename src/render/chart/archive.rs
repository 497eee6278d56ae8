//! Packaged charts: `.tgz` files unpacked in memory, within limits, never to disk.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

use super::files::{BufferedFile, Content, MAX_FILE, MAX_FILES, without_bom};

/// The sum of all files of an archive, unpacked: Helm's limit.
pub(crate) const MAX_ARCHIVE: u64 = 100 << 20;

/// Why an archive cannot be read.
#[derive(Debug)]
pub(crate) struct ArchiveError {
    /// In Helm's words, of version 3; version 4 has one sentence for all of them.
    pub text: String,
    /// Whether it does not begin as a gzip file does.
    pub is_header: bool,
}

impl ArchiveError {
    fn new(text: impl Into<String>) -> Self {
        ArchiveError { text: text.into(), is_header: false }
    }
}

impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => ArchiveError::new("unexpected EOF"),
            _ => ArchiveError::new(error.to_string()),
        }
    }
}

/// All regular files of an archive, their first path element dropped.
///
/// Nothing is written to disk, so a link is but an empty file. A path that would lead outside refuses the archive,
/// as do sizes past Helm's limits, counted while unpacking and not believed from the headers.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<BufferedFile>, ArchiveError> {
    if bytes.len() < 10 {
        return Err(ArchiveError::new("unexpected EOF"));
    }
    if !bytes.starts_with(&[0x1f, 0x8b, 8]) {
        return Err(ArchiveError { text: "gzip: invalid header".to_owned(), is_header: true });
    }
    // Headers and padding count too: an archive of empty files must end as well.
    let unzipped = MultiGzDecoder::new(bytes).take(2 * MAX_ARCHIVE);
    let mut archive = tar::Archive::new(unzipped);
    let mut files = Vec::new();
    let mut left = MAX_ARCHIVE;
    for entry in archive.entries()? {
        let mut entry = entry.map_err(invalid_header)?;
        let kind = entry.header().entry_type();
        let raw_name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if kind.is_dir() || raw_name.ends_with('/') || kind.is_pax_global_extensions() {
            continue;
        }
        let name = inner_name(&raw_name)?;
        let size = entry.size();
        if size > left {
            return Err(too_large());
        }
        if size > MAX_FILE {
            let quoted = gotmpl::strconv::quote(raw_name.as_bytes());
            return Err(ArchiveError::new(format!(
                "decompressed chart file {quoted} is larger than the maximum file size {MAX_FILE}"
            )));
        }
        let mut data = Vec::with_capacity(size as usize);
        entry.read_to_end(&mut data)?;
        if (data.len() as u64) < size {
            return Err(ArchiveError::new("unexpected EOF"));
        }
        left -= data.len() as u64;
        if left == 0 || files.len() >= MAX_FILES {
            return Err(too_large());
        }
        files.push(BufferedFile { name: name.into(), data: Content::of(without_bom(&data)) });
    }
    if files.is_empty() {
        return Err(ArchiveError::new("no files in chart archive"));
    }
    Ok(files)
}

fn too_large() -> ArchiveError {
    ArchiveError::new(format!("decompressed chart is larger than the maximum size {MAX_ARCHIVE}"))
}

fn invalid_header(error: io::Error) -> ArchiveError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => error.into(),
        _ => ArchiveError::new("archive/tar: invalid tar header"),
    }
}

/// The path below the archive's root folder, checked as Helm checks it.
fn inner_name(raw: &str) -> Result<String, ArchiveError> {
    // Archives made on Windows may have backslashes throughout.
    let delimiter = if raw.contains('\\') { '\\' } else { '/' };
    let (root, inner) = raw.split_once(delimiter).unwrap_or((raw, ""));
    let inner = inner.replace(delimiter, "/");
    if inner.starts_with('/') {
        return Err(ArchiveError::new("chart illegally contains absolute paths"));
    }
    let clean = clean_path(&inner);
    if clean == "." {
        let quoted = gotmpl::strconv::quote(raw.as_bytes());
        return Err(ArchiveError::new(format!(
            "chart illegally contains content outside the base directory: {quoted}"
        )));
    }
    if clean.starts_with("..") {
        return Err(ArchiveError::new("chart illegally references parent directory"));
    }
    let bytes = clean.as_bytes();
    if bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && &bytes[1..3] == b":/" {
        return Err(ArchiveError::new("chart contains illegally named files"));
    }
    if root == "Chart.yaml" {
        return Err(ArchiveError::new("chart yaml not in base directory"));
    }
    Ok(clean)
}

/// A relative path without `.`, without doubled slashes, and with `..` resolved where something stands before it.
fn clean_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// What Go's content sniffing calls a file, for the sentence that refuses it: Helm pads what it read to 512 bytes
/// with zeros, so that a short text counts as binary.
pub(crate) fn content_type(bytes: &[u8]) -> &'static str {
    let head = &bytes[..bytes.len().min(512)];
    for (magic, name) in [
        (&b"%PDF-"[..], "application/pdf"),
        (b"%!PS-Adobe-", "application/postscript"),
        (b"\xFE\xFF", "text/plain; charset=utf-16be"),
        (b"\xFF\xFE", "text/plain; charset=utf-16le"),
        (b"\xEF\xBB\xBF", "text/plain; charset=utf-8"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"\x89PNG\x0D\x0A\x1A\x0A", "image/png"),
        (b"\xFF\xD8\xFF", "image/jpeg"),
        (b"PK\x03\x04", "application/zip"),
        (b"Rar!\x1A\x07\x00", "application/x-rar-compressed"),
        (b"\0asm", "application/wasm"),
    ] {
        if head.starts_with(magic) {
            return name;
        }
    }
    if head.trim_ascii_start().starts_with(b"<?xml") {
        return "text/xml; charset=utf-8";
    }
    let is_binary = |b: &u8| matches!(b, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f);
    if bytes.len() < 512 || head.iter().any(is_binary) {
        "application/octet-stream"
    } else {
        "text/plain; charset=utf-8"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (name, data) in files {
            let mut header = tar::Header::new_ustar();
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(data.len() as u64);
            header.set_cksum();
            tar.append(&header, *data).expect("append");
        }
        let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
        gz.write_all(&tar.into_inner().expect("tar")).expect("gzip");
        gz.finish().expect("gzip")
    }

    #[test]
    fn the_first_path_element_is_dropped() {
        let files =
            unpack(&packed(&[("x/Chart.yaml", b"\xEF\xBB\xBFname: x"), ("y\\templates\\a.yaml", b"a")]))
                .expect("files");
        let seen: Vec<_> = files.iter().map(|f| (&*f.name, f.data.bytes())).collect();
        assert_eq!(seen, [("Chart.yaml", &b"name: x"[..]), ("templates/a.yaml", b"a")]);
    }

    #[test]
    fn paths_that_lead_out_refuse_the_archive() {
        for (name, says) in [
            ("x/../../etc/passwd", "chart illegally references parent directory"),
            ("x//etc/passwd", "chart illegally contains absolute paths"),
            ("x/c:/windows", "chart contains illegally named files"),
            ("Chart.yaml", "chart illegally contains content outside the base directory: \"Chart.yaml\""),
        ] {
            assert_eq!(unpack(&packed(&[(name, b"")])).expect_err(name).text, says);
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        let zeros = vec![0; 6 << 20];
        let error = unpack(&packed(&[("x/big", &zeros)])).expect_err("bomb");
        assert!(error.text.contains("larger than the maximum file size"), "{}", error.text);
    }

    #[test]
    fn a_truncated_archive_is_an_error() {
        let bytes = packed(&[("x/Chart.yaml", b"name: x"), ("x/a", &[7; 4000])]);
        assert!(unpack(&bytes[..bytes.len() / 2]).is_err());
        assert!(unpack(b"").is_err());
        assert!(unpack(b"PK\x03\x04 is a zip file").expect_err("zip").is_header);
    }
}

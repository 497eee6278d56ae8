//! Paths with slashes: `base`, `dir`, `clean`, `ext`, `isAbs`, and their twins for the paths of the system that Helm
//! runs on, which are the same here.

use crate::{Func, Text, TextBuilder, func};

/// The functions of this family.
pub static ALL: &[&Func] =
    &[&BASE, &DIR, &CLEAN, &EXT, &IS_ABS, &OS_BASE, &OS_DIR, &OS_CLEAN, &OS_EXT, &OS_IS_ABS];

func! {
    /// The last element of a path.
    ///
    /// ```text
    /// {{ base "a/b/c.txt" }}  =>  c.txt
    /// {{ base "" }}           =>  .
    /// ```
    pub static BASE = "base"(_cx, path: Text) -> Text { base(&path) }

    /// All but the last element of a path.
    ///
    /// ```text
    /// {{ dir "a/b/c.txt" }}  =>  a/b
    /// ```
    pub static DIR = "dir"(_cx, path: Text) -> Text { dir(&path) }

    /// The shortest path that means the same.
    ///
    /// ```text
    /// {{ clean "a//b/../c/." }}  =>  a/c
    /// ```
    pub static CLEAN = "clean"(_cx, path: Text) -> Text { clean(&path) }

    /// The ending from the last dot on.
    ///
    /// ```text
    /// {{ ext "a/b.tar.gz" }}  =>  .gz
    /// ```
    pub static EXT = "ext"(_cx, path: Text) -> Text { ext(&path) }

    /// Whether a path begins at the root.
    ///
    /// ```text
    /// {{ isAbs "/a" }}  =>  true
    /// ```
    pub static IS_ABS = "isAbs"(_cx, path: Text) -> bool { path.starts_with(b"/") }

    /// As `base`.
    ///
    /// ```text
    /// {{ osBase "/a/b/" }}  =>  b
    /// ```
    pub static OS_BASE = "osBase"(_cx, path: Text) -> Text { base(&path) }

    /// As `dir`.
    ///
    /// ```text
    /// {{ osDir "/a" }}  =>  /
    /// ```
    pub static OS_DIR = "osDir"(_cx, path: Text) -> Text { dir(&path) }

    /// As `clean`.
    ///
    /// ```text
    /// {{ osClean "/../a" }}  =>  /a
    /// ```
    pub static OS_CLEAN = "osClean"(_cx, path: Text) -> Text { clean(&path) }

    /// As `ext`.
    ///
    /// ```text
    /// {{ osExt "a.b/c" | quote }}  =>  "\"\""
    /// ```
    pub static OS_EXT = "osExt"(_cx, path: Text) -> Text { ext(&path) }

    /// As `isAbs`.
    ///
    /// ```text
    /// {{ osIsAbs "a" }}  =>  false
    /// ```
    pub static OS_IS_ABS = "osIsAbs"(_cx, path: Text) -> bool { path.starts_with(b"/") }
}

fn base(path: &Text) -> Text {
    if path.is_empty() {
        return Text::from(".");
    }
    let end = path.iter().rposition(|b| *b != b'/').map_or(0, |i| i + 1);
    if end == 0 {
        return path.slice(0..1);
    }
    path.slice(after_last_slash(&path[..end])..end)
}

fn dir(path: &Text) -> Text {
    clean(&path.slice(0..after_last_slash(path)))
}

fn ext(path: &Text) -> Text {
    let start = after_last_slash(path);
    match memchr::memrchr(b'.', &path[start..]) {
        Some(dot) => path.slice(start + dot..path.len()),
        None => Text::default(),
    }
}

fn after_last_slash(path: &[u8]) -> usize {
    memchr::memrchr(b'/', path).map_or(0, |i| i + 1)
}

fn clean(path: &Text) -> Text {
    let rooted = path.starts_with(b"/");
    let mut kept: Vec<std::ops::Range<usize>> = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'/', path).chain([path.len()]) {
        let part = start..end;
        start = end + 1;
        match &path[part.clone()] {
            b"" | b"." => {}
            b".." => match kept.last() {
                Some(last) if &path[last.clone()] != b".." => drop(kept.pop()),
                _ if rooted => {}
                _ => kept.push(part),
            },
            _ => kept.push(part),
        }
    }
    let mut out = TextBuilder::with_capacity(path.len());
    if rooted {
        out.push_range(path, 0..1);
    }
    for (i, part) in kept.into_iter().enumerate() {
        if i > 0 {
            // The slash before the part is as good as any.
            out.push_range(path, part.start - 1..part.start);
        }
        out.push_range(path, part);
    }
    if out.is_empty() { Text::from(".") } else { out.finish() }
}

//! What an edit writes: values in the form of their surroundings.

use source::Edit;

use super::{EditError, Edits};
use crate::doc::Style;
use crate::emit::{self, Form, V3, View, Visit};

impl Edits<'_> {
    pub(super) fn block<V: Visit>(
        &self,
        value: &Wrap<'_, V>,
        quotes: Option<Style>,
        key_quotes: Option<Style>,
    ) -> Result<String, EditError> {
        self.write(value, Form { quotes, key_quotes, ..self.form() })
    }

    /// In brackets, on one line.
    pub(super) fn flow<V: Visit>(
        &self,
        value: &Wrap<'_, V>,
        quotes: Option<Style>,
        key_quotes: Option<Style>,
    ) -> Result<String, EditError> {
        self.write(value, Form { flow: true, quotes, key_quotes, ..self.form() })
    }

    pub(super) fn form(&self) -> Form {
        Form { sorted: false, indent: self.step.max(2), lists: self.lists, ..V3 }
    }

    pub(super) fn write<V: Visit>(&self, value: &Wrap<'_, V>, form: Form) -> Result<String, EditError> {
        let mut out = Vec::new();
        emit::walk::<_, (), false>(value, form, &mut out, &mut ())?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    /// Moves all lines but the first to the right, and gives them the source's line breaks.
    pub(super) fn shift(&self, text: &mut String, columns: u32) {
        let blanks = " ".repeat(columns as usize);
        let mut shifted = String::with_capacity(text.len() + 16);
        for (n, line) in text.split_inclusive('\n').enumerate() {
            let content = line.trim_end_matches('\n');
            if n > 0 && !content.is_empty() {
                shifted.push_str(&blanks);
            }
            shifted.push_str(content);
            if content.len() < line.len() {
                shifted.push_str(self.line_break);
            }
        }
        *text = shifted;
    }

    /// Without the line break at the end, which stands in the source already; unless that ends there.
    pub(super) fn up_to<'t>(&self, text: &'t str, end: u32) -> &'t str {
        if end as usize >= self.text.len() && text.lines().count() > 1 {
            return text;
        }
        text.strip_suffix(self.line_break).unwrap_or(text)
    }

    /// New text for a node. A comment behind the node stays on the first line.
    pub(super) fn replace(&self, before: &str, start: u32, end: u32, text: &str) -> Edit {
        let line_end = self.line_end(end);
        let comment = self.text[end as usize..line_end as usize].trim();
        match text.split_once(self.line_break) {
            Some((first, rest)) if comment.starts_with('#') => {
                let text = format!("{first} {comment}{}{rest}", self.line_break);
                self.edit(before, start, line_end, &text)
            }
            Some(_) if comment.is_empty() => self.edit(before, start, line_end, text),
            _ => self.edit(before, start, end, text),
        }
    }
}

/// The text between a pair of brackets.
pub(super) fn inner(text: &str) -> &str {
    let text = text.trim_end_matches('\n');
    text.get(1..text.len().saturating_sub(1)).unwrap_or("")
}

/// What is written: a map of one entry, a list of one item, a value by itself.
pub(super) enum Wrap<'v, V> {
    Entry(&'v str, &'v V),
    Item(&'v V),
    Bare(&'v V),
    Key(&'v str),
    Inner(V),
}

impl<V: Visit> Clone for Wrap<'_, V> {
    fn clone(&self) -> Self {
        match self {
            Wrap::Entry(key, value) => Wrap::Entry(key, value),
            Wrap::Item(value) => Wrap::Item(value),
            Wrap::Bare(value) => Wrap::Bare(value),
            Wrap::Key(key) => Wrap::Key(key),
            Wrap::Inner(value) => Wrap::Inner(value.clone()),
        }
    }
}

impl<V: Visit> Visit for Wrap<'_, V> {
    fn view(&self) -> View<'_> {
        match self {
            Wrap::Entry(..) => View::Map,
            Wrap::Item(_) => View::Seq,
            Wrap::Key(key) => View::Text(key),
            Wrap::Bare(value) => value.view(),
            Wrap::Inner(value) => value.view(),
        }
    }

    fn key(&self) -> View<'_> {
        match self {
            Wrap::Inner(value) => value.key(),
            other => other.view(),
        }
    }

    fn items(&self, out: &mut Vec<Self>) {
        let mut items = Vec::new();
        match self {
            Wrap::Item(value) => items.push((*value).clone()),
            Wrap::Bare(value) => value.items(&mut items),
            Wrap::Inner(value) => value.items(&mut items),
            Wrap::Entry(..) | Wrap::Key(_) => {}
        }
        out.extend(items.into_iter().map(Wrap::Inner));
    }

    fn entries(&self, out: &mut Vec<(Self, Self)>) {
        let mut entries = Vec::new();
        match self {
            Wrap::Entry(key, value) => out.push((Wrap::Key(key), Wrap::Inner((*value).clone()))),
            Wrap::Bare(value) => value.entries(&mut entries),
            Wrap::Inner(value) => value.entries(&mut entries),
            Wrap::Item(_) | Wrap::Key(_) => {}
        }
        out.extend(entries.into_iter().map(|(k, v)| (Wrap::Inner(k), Wrap::Inner(v))));
    }
}

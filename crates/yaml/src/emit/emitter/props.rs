//! Anchors and tags in front of a node.

use super::{Emitter, Props};

impl Emitter<'_, '_> {
    #[inline]
    pub(super) fn props(&mut self, props: Props<'_>) {
        if let Some(name) = props.anchor {
            self.name(b"&", name);
        }
        if let Some(tag) = props.tag {
            self.tag(tag);
        }
    }

    pub(super) fn name(&mut self, mark: &[u8], name: &str) {
        self.indicator(mark, true, false, false);
        self.text(name.as_bytes());
        self.whitespace = false;
        self.indention = false;
    }

    pub(super) fn tag(&mut self, tag: &str) {
        let (handle, suffix) = split_tag(tag);
        if handle.is_empty() {
            self.indicator(b"!<", true, false, false);
            self.tag_content(suffix);
            self.indicator(b">", false, false, false);
            return;
        }
        if !self.whitespace {
            self.put(b' ');
        }
        self.text(handle.as_bytes());
        self.whitespace = false;
        self.indention = false;
        if !suffix.is_empty() {
            self.tag_content(suffix);
        }
    }

    pub(super) fn tag_content(&mut self, text: &str) {
        const PLAIN: &[u8] = b"-;/?:@&=+$,_.~*'()[]";
        for b in text.bytes() {
            if b.is_ascii_alphanumeric() || PLAIN.contains(&b) {
                self.put(b);
            } else {
                let digit = |d: u8| if d < 10 { b'0' + d } else { b'A' + d - 10 };
                [b'%', digit(b >> 4), digit(b & 15)].into_iter().for_each(|b| self.put(b));
            }
        }
        self.whitespace = false;
        self.indention = false;
    }
}

pub(super) fn split_tag(tag: &str) -> (&str, &str) {
    if let Some(rest) = tag.strip_prefix("!!") {
        ("!!", rest)
    } else if let Some(rest) = tag.strip_prefix('!') {
        ("!", rest)
    } else if let Some(rest) = tag.strip_prefix("tag:yaml.org,2002:") {
        ("!!", rest)
    } else {
        ("", tag)
    }
}

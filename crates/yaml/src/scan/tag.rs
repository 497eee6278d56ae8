//! Tags and directives.

use super::token::{Token, TokenKind};
use super::{Mark, Scan, Scanner, is_name_byte};

const TAG: &str = "while parsing a tag";
const TAG_DIRECTIVE: &str = "while parsing a %TAG directive";
const VERSION: &str = "while scanning a %YAML directive";
const DIRECTIVE: &str = "while scanning a directive";

impl Scanner<'_> {
    /// `%YAML 1.1` or `%TAG handle prefix`.
    pub(super) fn scan_directive(&mut self) -> Scan<()> {
        let start = self.cursor.mark;
        self.cursor.skip_ascii(1);
        let from = self.cursor.mark.at as usize;
        while is_name_byte(self.cursor.peek()) {
            self.cursor.skip_ascii(1);
        }
        let name = &self.cursor.bytes[from..self.cursor.mark.at as usize];
        if name.is_empty() {
            return self.fault(DIRECTIVE, start, "could not find expected directive name");
        }
        if !self.cursor.is_blankz(0) {
            return self.fault(DIRECTIVE, start, "found unexpected non-alphabetical character");
        }
        let kind = match name {
            b"YAML" => {
                self.skip_blanks();
                let major = self.scan_version_number(start)?;
                if self.cursor.peek() != b'.' {
                    return self.fault(VERSION, start, "did not find expected digit or '.' character");
                }
                self.cursor.skip_ascii(1);
                TokenKind::Version(major, self.scan_version_number(start)?)
            }
            b"TAG" => self.scan_tag_directive(start)?,
            _ => return self.fault(DIRECTIVE, start, "found unknown directive name"),
        };
        let end = self.cursor.mark;
        self.skip_blanks();
        if self.cursor.peek() == b'#' {
            self.skip_comment();
        }
        if !self.cursor.is_breakz(0) {
            return self.fault(DIRECTIVE, start, "did not find expected comment or line break");
        }
        self.cursor.skip_line();
        self.tokens.push_back(Token::new(kind, start, end));
        Ok(())
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.cursor.is_blank(0) {
            self.cursor.skip_ascii(1);
        }
    }

    fn scan_version_number(&mut self, start: Mark) -> Scan<u8> {
        let (mut value, mut digits) = (0, 0);
        while self.cursor.peek().is_ascii_digit() {
            digits += 1;
            if digits > 2 {
                return self.fault(VERSION, start, "found extremely long version number");
            }
            value = value * 10 + (self.cursor.peek() - b'0');
            self.cursor.skip_ascii(1);
        }
        if digits == 0 {
            return self.fault(VERSION, start, "did not find expected version number");
        }
        Ok(value)
    }

    fn scan_tag_directive(&mut self, start: Mark) -> Scan<TokenKind> {
        let context = "while scanning a %TAG directive";
        self.skip_blanks();
        let handle = self.scan_tag_handle(true, start)?;
        if !self.cursor.is_blank(0) {
            return self.fault(context, start, "did not find expected whitespace");
        }
        self.skip_blanks();
        let prefix = self.scan_tag_uri(true, "", start)?;
        if !self.cursor.is_blankz(0) {
            return self.fault(context, start, "did not find expected whitespace or line break");
        }
        self.tags.push((handle, prefix));
        Ok(TokenKind::TagDirective(self.tags.len() as u32 - 1))
    }

    /// `!<uri>`, `!suffix`, `!!suffix`, `!handle!suffix` or `!`.
    pub(super) fn scan_tag(&mut self) -> Scan<()> {
        let start = self.cursor.mark;
        let (handle, suffix);
        if self.cursor.byte(1) == b'<' {
            self.cursor.skip_ascii(2);
            handle = String::new();
            suffix = self.scan_tag_uri(false, "", start)?;
            if self.cursor.peek() != b'>' {
                return self.fault("while scanning a tag", start, "did not find the expected '>'");
            }
            self.cursor.skip_ascii(1);
        } else {
            let head = self.scan_tag_handle(false, start)?;
            if head.len() > 1 && head.ends_with('!') {
                suffix = self.scan_tag_uri(false, "", start)?;
                handle = head;
            } else {
                let uri = self.scan_tag_uri(false, &head, start)?;
                // A lone `!` is the tag itself, with no handle.
                (handle, suffix) =
                    if uri.is_empty() { (String::new(), "!".to_owned()) } else { ("!".to_owned(), uri) };
            }
        }
        if !self.cursor.is_blankz(0) {
            return self.fault(
                "while scanning a tag",
                start,
                "did not find expected whitespace or line break",
            );
        }
        self.tags.push((handle, suffix));
        self.push(TokenKind::Tag(self.tags.len() as u32 - 1), start);
        Ok(())
    }

    fn scan_tag_handle(&mut self, directive: bool, start: Mark) -> Scan<String> {
        let context = if directive { TAG_DIRECTIVE } else { TAG };
        if self.cursor.peek() != b'!' {
            return self.fault(context, start, "did not find expected '!'");
        }
        let mut handle = String::from("!");
        self.cursor.skip_ascii(1);
        while is_name_byte(self.cursor.peek()) {
            handle.push(char::from(self.cursor.peek()));
            self.cursor.skip_ascii(1);
        }
        if self.cursor.peek() == b'!' {
            handle.push('!');
            self.cursor.skip_ascii(1);
        } else if directive && handle != "!" {
            return self.fault(context, start, "did not find expected '!'");
        }
        Ok(handle)
    }

    fn scan_tag_uri(&mut self, directive: bool, head: &str, start: Mark) -> Scan<String> {
        let context = if directive { TAG_DIRECTIVE } else { TAG };
        let mut uri: Vec<u8> = head.as_bytes().get(1..).unwrap_or_default().to_vec();
        let mut any = !head.is_empty();
        loop {
            match self.cursor.peek() {
                b'%' => self.scan_uri_escape(context, start, &mut uri)?,
                b if is_name_byte(b) || b";/?:@&=+$,.!~*'()[]".contains(&b) => {
                    uri.push(b);
                    self.cursor.skip_ascii(1);
                }
                _ => break,
            }
            any = true;
        }
        if !any {
            return self.fault(context, start, "did not find expected tag URI");
        }
        // The escapes were checked byte by byte, but not for surrogates and the like.
        Ok(String::from_utf8(uri).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
    }

    fn scan_uri_escape(&mut self, context: &'static str, start: Mark, uri: &mut Vec<u8>) -> Scan<()> {
        let mut left = None;
        while left != Some(0) {
            let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
            let (b'%', Some(high), Some(low)) =
                (self.cursor.peek(), digit(self.cursor.byte(1)), digit(self.cursor.byte(2)))
            else {
                return self.fault(context, start, "did not find URI escaped octet");
            };
            let octet = high << 4 | low;
            left = Some(match left {
                None => match octet {
                    0..0x80 => 0,
                    0xC0..0xE0 => 1,
                    0xE0..0xF0 => 2,
                    0xF0..0xF8 => 3,
                    _ => return self.fault(context, start, "found an incorrect leading UTF-8 octet"),
                },
                Some(_) if octet & 0xC0 != 0x80 => {
                    return self.fault(context, start, "found an incorrect trailing UTF-8 octet");
                }
                Some(n) => n - 1,
            });
            uri.push(octet);
            self.cursor.skip_ascii(3);
        }
        Ok(())
    }
}

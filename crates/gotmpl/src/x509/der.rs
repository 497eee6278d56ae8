//! DER: tag, length, content.

pub const INTEGER: u8 = 2;
pub const BIT_STRING: u8 = 3;
pub const OCTET_STRING: u8 = 4;
pub const OID: u8 = 6;
pub const SEQUENCE: u8 = 0x30;
pub const SET: u8 = 0x31;

/// One element.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        len @ 0..0x80 => out.push(len as u8),
        len => {
            let bytes = len.to_be_bytes();
            let bytes = &bytes[bytes.iter().take_while(|b| **b == 0).count()..];
            out.push(0x80 | bytes.len() as u8);
            out.extend_from_slice(bytes);
        }
    }
    out.extend_from_slice(content);
    out
}

/// A sequence of elements.
pub fn seq(parts: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, &parts.concat())
}

/// An integer that is not negative, from its big-endian bytes.
pub fn uint(bytes: &[u8]) -> Vec<u8> {
    let bytes = &bytes[bytes.iter().take_while(|b| **b == 0).count()..];
    match bytes.first() {
        None => tlv(INTEGER, &[0]),
        Some(first) if *first >= 0x80 => tlv(INTEGER, &[&[0], bytes].concat()),
        Some(_) => tlv(INTEGER, bytes),
    }
}

/// An object identifier from its encoded content.
pub fn oid(content: &[u8]) -> Vec<u8> {
    tlv(OID, content)
}

/// Whole bytes as a bit string.
pub fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(BIT_STRING, &[&[0], bytes].concat())
}

/// Reads elements one after the other.
pub struct Reader<'a>(pub &'a [u8]);

/// An element that was read.
pub struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    /// With tag and length.
    pub whole: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn next(&mut self) -> Option<Element<'a>> {
        let all = self.0;
        let (tag, first) = (*all.first()?, *all.get(1)?);
        let (len, start) = match first {
            0..0x80 => (usize::from(first), 2),
            _ => {
                let count = usize::from(first & 0x7f);
                let bytes = all.get(2..2 + count).filter(|_| (1..=4).contains(&count))?;
                (bytes.iter().fold(0, |len, b| len << 8 | usize::from(*b)), 2 + count)
            }
        };
        let whole = all.get(..start.checked_add(len)?)?;
        self.0 = &all[whole.len()..];
        Some(Element { tag, content: &whole[start..], whole })
    }

    /// The content of the next element, if it is of that tag.
    pub fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|element| element.tag == tag).map(|element| element.content)
    }

    /// The next integer, which must not be negative, without leading zeros.
    pub fn uint(&mut self) -> Option<&'a [u8]> {
        let content = self.expect(INTEGER)?;
        match content.first() {
            Some(first) if *first < 0x80 => Some(&content[content.iter().take_while(|b| **b == 0).count()..]),
            _ => None,
        }
    }
}

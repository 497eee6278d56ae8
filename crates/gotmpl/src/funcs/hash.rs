//! Checksums: `sha1sum`, `sha256sum`, `sha512sum`, `adler32sum`.

use sha1::Digest;

use crate::{Func, Text, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&SHA1SUM, &SHA256SUM, &SHA512SUM, &ADLER32SUM];

func! {
    /// SHA-1 in hexadecimal digits.
    ///
    /// ```text
    /// {{ sha1sum "abc" }}  =>  a9993e364706816aba3e25717850c26c9cd0d89d
    /// ```
    pub static SHA1SUM = "sha1sum"(_cx, text: Text) -> String {
        hex(&sha1::Sha1::digest(text.bytes()))
    }

    /// SHA-256 in hexadecimal digits.
    ///
    /// ```text
    /// {{ sha256sum "abc" | trunc 16 }}  =>  ba7816bf8f01cfea
    /// ```
    pub static SHA256SUM = "sha256sum"(_cx, text: Text) -> String {
        hex(&sha2::Sha256::digest(text.bytes()))
    }

    /// SHA-512 in hexadecimal digits.
    ///
    /// ```text
    /// {{ sha512sum "abc" | trunc 16 }}  =>  ddaf35a193617aba
    /// ```
    pub static SHA512SUM = "sha512sum"(_cx, text: Text) -> String {
        hex(&sha2::Sha512::digest(text.bytes()))
    }

    /// Adler-32 as a decimal number.
    ///
    /// ```text
    /// {{ adler32sum "abc" }}  =>  38600999
    /// ```
    pub static ADLER32SUM = "adler32sum"(_cx, text: Text) -> String {
        let (mut a, mut b) = (1u32, 0u32);
        // So many bytes cannot overflow the sums, and the divisions are what costs.
        for chunk in text.chunks(5552) {
            for byte in chunk {
                a += u32::from(*byte);
                b += a;
            }
            a %= 65_521;
            b %= 65_521;
        }
        (b << 16 | a).to_string()
    }
}

/// Hexadecimal digits, small letters.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

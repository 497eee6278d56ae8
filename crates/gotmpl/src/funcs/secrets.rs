//! Passwords and encryption: `derivePassword`, `bcrypt`, `htpasswd`, `encryptAES`, `decryptAES`.

use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hmac::{KeyInit, Mac};

use super::base64::{decode_base64, encode};
use crate::{Cx, Error, Func, Text, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&DERIVE_PASSWORD, &BCRYPT, &HTPASSWD, &ENCRYPT_AES, &DECRYPT_AES];

func! {
    /// A password made of a master password, a user, a site and a counter, by the Master Password algorithm. Types:
    /// `maximum`, `long`, `medium`, `short`, `basic`, `pin`.
    ///
    /// ```text
    /// {{ derivePassword 1 "long" "password" "user" "example.com" }}  =>  ZedaFaxcZaso9*
    /// {{ derivePassword 1 "huge" "p" "u" "s" }}                      =>  cannot find password template huge
    /// ```
    pub static DERIVE_PASSWORD = "derivePassword"(_cx, counter: u32, kind: Text, password: Text, user: Text, site: Text) -> Result<String, Error> {
        derive(counter, &kind, &password, &user, &site)
    }

    /// The bcrypt hash of a password, with a random salt.
    ///
    /// ```text
    /// {{ bcrypt "secret" | trunc 7 }}  =>  $2a$10$
    /// ```
    pub static BCRYPT = "bcrypt"(cx, password: Text) -> String {
        bcrypt(cx, &password)
    }

    /// A line of a password file: the user and the bcrypt hash of the password.
    ///
    /// ```text
    /// {{ htpasswd "me" "secret" | trunc 10 }}  =>  me:$2a$10$
    /// {{ htpasswd "a:b" "p" }}                 =>  invalid username: a:b
    /// ```
    pub static HTPASSWD = "htpasswd"(cx, user: Text, password: Text) -> String {
        match user.contains(&b':') {
            true => format!("invalid username: {}", user.lossy()),
            false => format!("{}:{}", user.lossy(), bcrypt(cx, &password)),
        }
    }

    /// A text encrypted with AES-256 in CBC mode, in base 64. The key is the password, filled up with zeros.
    ///
    /// ```text
    /// {{ encryptAES "key" "text" | decryptAES "key" }}  =>  text
    /// ```
    pub static ENCRYPT_AES = "encryptAES"(cx, password: Text, text: Text) -> Result<String, Error> {
        if text.is_empty() {
            return Ok(String::new());
        }
        cx.reserve(text.len().saturating_mul(2))?;
        let mut iv = [0; BLOCK];
        cx.host.random(&mut iv);
        let mut cipher = cbc::Encryptor::<aes::Aes256>::new(&key(&password).into(), &iv.into());
        let padding = BLOCK - text.len() % BLOCK;
        let mut out = iv.to_vec();
        out.extend_from_slice(&text);
        out.extend(std::iter::repeat_n(padding as u8, padding));
        for block in out[BLOCK..].chunks_exact_mut(BLOCK) {
            if let Ok(block) = block.try_into() {
                cipher.encrypt_block(block);
            }
        }
        Ok(encode(&out))
    }

    /// The text that was encrypted with `encryptAES` and that password.
    ///
    /// ```text
    /// {{ decryptAES "secretkey" "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ=" }}  =>  plaintext
    /// {{ decryptAES "k" "!!!" }}                                                   =>  error: illegal base64 data at input byte 0
    /// ```
    pub static DECRYPT_AES = "decryptAES"(_cx, password: Text, text: Text) -> Result<Text, Error> {
        decrypt(&password, &text)
    }
}

const BLOCK: usize = 16;

/// The first 32 bytes, filled up with zeros.
fn key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let len = password.len().min(key.len());
    key[..len].copy_from_slice(&password[..len]);
    key
}

fn decrypt(password: &[u8], text: &[u8]) -> Result<Text, Error> {
    if text.is_empty() {
        return Ok(Text::default());
    }
    let data =
        decode_base64(text).map_err(|at| Error::new(format!("illegal base64 data at input byte {at}")))?;
    let bounds = |what: String| Error::new(format!("runtime error: slice bounds out of range {what}"));
    if data.len() < BLOCK {
        return Err(bounds(format!("[:{BLOCK}] with capacity {}", text.len() / 4 * 3)));
    }
    let (iv, rest) = data.split_at(BLOCK);
    if rest.len() % BLOCK != 0 {
        return Err(Error::new("crypto/cipher: input not full blocks"));
    }
    let iv: [u8; BLOCK] = iv.try_into().unwrap_or([0; BLOCK]);
    let mut cipher = cbc::Decryptor::<aes::Aes256>::new(&key(password).into(), &iv.into());
    let mut out = rest.to_vec();
    for block in out.chunks_exact_mut(BLOCK) {
        if let Ok(block) = block.try_into() {
            cipher.decrypt_block(block);
        }
    }
    // Sprig trusts the padding, so that a wrong key is told by Go's panic, if at all.
    let Some(padding) = out.last().copied() else {
        return Err(Error::new("runtime error: index out of range [-1]"));
    };
    match out.len().checked_sub(usize::from(padding)) {
        Some(len) => {
            out.truncate(len);
            Ok(out.into())
        }
        None => Err(bounds(format!("[:{}]", out.len() as isize - isize::from(padding)))),
    }
}

fn bcrypt(cx: &mut Cx<'_>, password: &[u8]) -> String {
    const COST: u32 = 10;
    if password.len() > 72 {
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".to_owned();
    }
    let mut salt = [0; 16];
    cx.host.random(&mut salt);
    match bcrypt::hash_with_salt(password, COST, salt) {
        Ok(parts) => parts.format_for_version(bcrypt::Version::TwoA),
        Err(e) => format!("failed to encrypt string with bcrypt: {e}"),
    }
}

/// The patterns of the passwords of a type; each letter stands for a class of characters.
fn patterns(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

fn class(letter: u8) -> &'static [u8] {
    match letter {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

fn derive(counter: u32, kind: &Text, password: &[u8], user: &[u8], site: &[u8]) -> Result<String, Error> {
    const SEED: &[u8] = b"com.lyndir.masterpassword";
    let Some(patterns) = patterns(kind) else {
        return Ok(format!("cannot find password template {}", kind.lossy()));
    };
    let sized = |text: &[u8]| [&(text.len() as u32).to_be_bytes()[..], text].concat();
    let salt = [SEED, &sized(user)].concat();
    let failed = |e: &dyn std::fmt::Display| Error::new(format!("failed to derive password: {e}"));
    let mut master = [0; 64];
    let params = scrypt::Params::new(15, 8, 2).map_err(|e| failed(&e))?;
    scrypt::scrypt(password, &salt, &params, &mut master).map_err(|e| failed(&e))?;
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(&master).map_err(|e| failed(&e))?;
    mac.update(&[SEED, &sized(site), &counter.to_be_bytes()].concat());
    let seed = mac.finalize().into_bytes();
    let pattern = patterns[usize::from(seed[0]) % patterns.len()];
    let chars = pattern.bytes().zip(seed.iter().skip(1));
    Ok(chars
        .map(|(letter, byte)| char::from(class(letter)[usize::from(*byte) % class(letter).len()]))
        .collect())
}

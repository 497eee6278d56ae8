//! Certificates: written as `x509.CreateCertificate` writes what Sprig asks for, and read as far as signing needs.

use std::net::IpAddr;

use sha2::Digest;

use super::der::{self, OCTET_STRING, Reader, SEQUENCE, SET};
use super::key::{KeyError, PrivateKey};
use crate::strconv::quote;
use crate::time::{Location, Time};

/// What a certificate is to say.
pub struct Template {
    /// The common name.
    pub name: String,
    /// Addresses that it is for.
    pub addresses: Vec<IpAddr>,
    /// Host names that it is for.
    pub hosts: Vec<Vec<u8>>,
    /// From when it is valid.
    pub from: Time,
    /// Until when it is valid.
    pub until: Time,
    /// Whether it signs others.
    pub is_ca: bool,
    /// 16 random bytes.
    pub serial: [u8; 16],
}

/// What a certificate that was read says, as far as another is signed with it.
pub struct Parsed {
    subject: Vec<u8>,
    public: Vec<u8>,
    key_id: Vec<u8>,
}

impl Parsed {
    /// Reads a certificate.
    ///
    /// # Errors
    /// Go's text for bytes that are none.
    pub fn read(bytes: &[u8]) -> Result<Parsed, KeyError> {
        parse(bytes).ok_or_else(|| KeyError("x509: malformed certificate".to_owned()))
    }
}

fn parse(bytes: &[u8]) -> Option<Parsed> {
    let mut outer = Reader(bytes);
    let mut whole = Reader(outer.expect(SEQUENCE)?);
    if !outer.0.is_empty() {
        return None;
    }
    let mut inner = Reader(whole.expect(SEQUENCE)?);
    whole.expect(SEQUENCE)?;
    whole.expect(der::BIT_STRING)?;
    let mut serial = inner.next()?;
    if serial.tag == 0xA0 {
        serial = inner.next()?;
    }
    if serial.tag != der::INTEGER {
        return None;
    }
    inner.expect(SEQUENCE)?;
    inner.expect(SEQUENCE)?;
    inner.expect(SEQUENCE)?;
    let subject = inner.next().filter(|e| e.tag == SEQUENCE)?.whole.to_vec();
    let public = inner.next().filter(|e| e.tag == SEQUENCE)?.whole.to_vec();
    let mut key_id = Vec::new();
    while let Some(part) = inner.next() {
        if part.tag != 0xA3 {
            continue;
        }
        let mut extensions = Reader(Reader(part.content).expect(SEQUENCE)?);
        while let Some(extension) = extensions.next() {
            let mut fields = Reader(extension.content);
            if fields.expect(der::OID)? == SUBJECT_KEY_ID {
                let value = std::iter::from_fn(|| fields.next()).last()?.content;
                key_id = Reader(value).expect(OCTET_STRING)?.to_vec();
            }
        }
    }
    Some(Parsed { subject, public, key_id })
}

const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1D, 14];
const KEY_USAGE: &[u8] = &[0x55, 0x1D, 15];
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1D, 17];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 19];
const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1D, 35];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 37];
const SERVER_AUTH: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 1];
const CLIENT_AUTH: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 2];

/// A certificate for `key`, signed by `signer` in the name of `parent`; without a parent it signs itself.
///
/// # Errors
/// The key signs nothing, it is not the parent's, or a host name is not ASCII: Go's texts.
pub fn create(
    template: &Template,
    key: &PrivateKey,
    parent: Option<&Parsed>,
    signer: &PrivateKey,
) -> Result<Vec<u8>, KeyError> {
    let algorithm = signer.algorithm()?;
    let unsupported = || KeyError("x509: unsupported public key type: *dsa.PublicKey".to_owned());
    let (public, public_key) = key.public().ok_or_else(unsupported)?;
    if let (Some(parent), Some((signing, _))) = (parent, signer.public())
        && parent.public != signing
    {
        return Err(KeyError("x509: provided PrivateKey doesn't match parent's PublicKey".to_owned()));
    }
    let subject = name(&template.name);
    let issuer = parent.map_or(&subject, |parent| &parent.subject);
    let validity = der::seq(&[&time(&template.from), &time(&template.until)]);
    let mut extensions = vec![
        extension(KEY_USAGE, true, &key_usage(template.is_ca)),
        extension(EXTENDED_KEY_USAGE, false, &der::seq(&[&der::oid(SERVER_AUTH), &der::oid(CLIENT_AUTH)])),
        extension(
            BASIC_CONSTRAINTS,
            true,
            &der::seq(&[if template.is_ca { &[1, 1, 0xFF][..] } else { &[] }]),
        ),
    ];
    if template.is_ca {
        let id = &sha2::Sha256::digest(&public_key)[..20];
        extensions.push(extension(SUBJECT_KEY_ID, false, &der::tlv(OCTET_STRING, id)));
    }
    if let Some(parent) = parent.filter(|parent| parent.subject != subject && !parent.key_id.is_empty()) {
        extensions.push(extension(AUTHORITY_KEY_ID, false, &der::seq(&[&der::tlv(0x80, &parent.key_id)])));
    }
    if !template.hosts.is_empty() || !template.addresses.is_empty() {
        // Without a subject the names are all there is.
        extensions.push(extension(ALTERNATIVE_NAMES, template.name.is_empty(), &names(template)?));
    }
    let inner = der::seq(&[
        &der::tlv(0xA0, &der::uint(&[2])),
        &der::uint(&template.serial),
        &algorithm,
        issuer,
        &validity,
        &subject,
        &public,
        &der::tlv(0xA3, &der::tlv(SEQUENCE, &extensions.concat())),
    ]);
    let signature = signer.sign(&inner)?;
    Ok(der::seq(&[&inner, &algorithm, &der::bits(&signature)]))
}

fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &[1, 1, 0xFF] } else { &[] };
    der::seq(&[&der::oid(oid), critical, &der::tlv(OCTET_STRING, value)])
}

/// Signing and encrypting keys; for an authority, signing certificates too. The first byte says how many bits at
/// the end are unused.
fn key_usage(is_ca: bool) -> Vec<u8> {
    der::tlv(der::BIT_STRING, if is_ca { &[2, 0xA4] } else { &[5, 0xA0] })
}

/// A name of one part; an empty one has none.
fn name(common: &str) -> Vec<u8> {
    if common.is_empty() {
        return der::seq(&[]);
    }
    let printable = |b: u8| b.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&b);
    let tag = if common.bytes().all(printable) { 0x13 } else { 0x0C };
    let part = der::seq(&[&der::oid(COMMON_NAME), &der::tlv(tag, common.as_bytes())]);
    der::seq(&[&der::tlv(SET, &part)])
}

fn time(time: &Time) -> Vec<u8> {
    let time = time.within(Location::Utc);
    match time.civil().year {
        1950..2050 => der::tlv(0x17, &time.format(b"060102150405Z")),
        _ => der::tlv(0x18, &time.format(b"20060102150405Z")),
    }
}

fn names(template: &Template) -> Result<Vec<u8>, KeyError> {
    let mut parts = Vec::new();
    for host in &template.hosts {
        if !host.is_ascii() {
            return Err(KeyError(format!("x509: {} cannot be encoded as an IA5String", quote(host))));
        }
        parts.extend(der::tlv(0x82, host));
    }
    for address in &template.addresses {
        let address = match address {
            // An address of the old kind in the new form is written in the old one.
            IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(*address, IpAddr::V4),
            IpAddr::V4(_) => *address,
        };
        parts.extend(match address {
            IpAddr::V4(v4) => der::tlv(0x87, &v4.octets()),
            IpAddr::V6(v6) => der::tlv(0x87, &v6.octets()),
        });
    }
    Ok(der::tlv(SEQUENCE, &parts))
}

//! Private keys: made, read from PEM, written, and used to sign.

use std::fmt;

use p256::elliptic_curve::sec1::ToEncodedPoint;
use rsa::rand_core::{CryptoRng, RngCore};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey};
use sha2::Digest;

use super::der::{self, OCTET_STRING, Reader, SEQUENCE};
use super::pem;
use super::prime::{EXPONENT, prime};
use crate::Host;

/// The host's randomness for the crates that want a generator: 32 bytes of it, drawn out by SHA-256.
///
/// Searching a prime asks for bytes until they fit. A host that gives the same bytes again and again, as one in a test
/// may, would keep it searching for ever.
pub struct HostRng {
    seed: [u8; 32],
    blocks: u64,
    /// What is left of the last block.
    ready: Vec<u8>,
}

impl HostRng {
    /// A generator that begins with what the host gives now.
    pub fn new(host: &mut dyn Host) -> Self {
        let mut seed = [0; 32];
        host.random(&mut seed);
        HostRng { seed, blocks: 0, ready: Vec::new() }
    }

    fn byte(&mut self) -> u8 {
        loop {
            if let Some(byte) = self.ready.pop() {
                return byte;
            }
            let input = [&self.seed[..], &self.blocks.to_le_bytes()].concat();
            self.blocks += 1;
            self.ready = sha2::Sha256::digest(&input).to_vec();
        }
    }
}

impl RngCore for HostRng {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }

    fn fill_bytes(&mut self, buffer: &mut [u8]) {
        buffer.fill_with(|| self.byte());
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(buffer);
        Ok(())
    }
}

impl CryptoRng for HostRng {}

/// Why a key cannot be made, read or used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyError(pub String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn error(text: impl Into<String>) -> KeyError {
    KeyError(text.into())
}

/// A private key of one of the kinds that Go writes.
pub enum PrivateKey {
    /// RSA.
    Rsa(Box<RsaPrivateKey>),
    /// ECDSA on P-256.
    P256(p256::SecretKey),
    /// Ed25519.
    Ed25519(ed25519_dalek::SigningKey),
    /// DSA, as the DER that it is kept in: it can sign no certificate.
    Dsa(Vec<u8>),
}

const RSA_OID: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];
const EC_OID: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
const P256_OID: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
const ED25519_OID: &[u8] = &[0x2B, 0x65, 0x70];
const SHA256_RSA_OID: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];
const SHA256_ECDSA_OID: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];
const NULL: &[u8] = &[5, 0];
/// What PKCS #1 puts before a SHA-256 digest that is signed.
const SHA256_PREFIX: &[u8] =
    &[0x30, 0x31, 0x30, 0x0D, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];

impl PrivateKey {
    /// A new RSA key of 2,048 bits.
    ///
    /// # Errors
    /// The crate's.
    pub fn new_rsa_2048(host: &mut dyn Host) -> Result<PrivateKey, KeyError> {
        new_rsa::<16>(&mut HostRng::new(host))
    }

    /// A new RSA key of 4,096 bits.
    ///
    /// # Errors
    /// The crate's.
    pub fn new_rsa_4096(host: &mut dyn Host) -> Result<PrivateKey, KeyError> {
        new_rsa::<32>(&mut HostRng::new(host))
    }

    /// A new ECDSA key on P-256.
    pub fn new_p256(host: &mut dyn Host) -> PrivateKey {
        PrivateKey::P256(p256::SecretKey::random(&mut HostRng::new(host)))
    }

    /// A new Ed25519 key.
    pub fn new_ed25519(host: &mut dyn Host) -> PrivateKey {
        let mut seed = [0; 32];
        host.random(&mut seed);
        PrivateKey::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed))
    }

    /// A new DSA key of 2048 and 256 bits.
    pub fn new_dsa(host: &mut dyn Host) -> PrivateKey {
        let mut rng = HostRng::new(host);
        let components = dsa::Components::generate(&mut rng, dsa::KeySize::DSA_2048_256);
        let key = dsa::SigningKey::generate(&mut rng, components);
        let public = key.verifying_key();
        let components = public.components();
        let numbers = [components.p(), components.q(), components.g(), public.y(), key.x()];
        let mut parts = vec![der::uint(&[])];
        parts.extend(numbers.into_iter().map(|n| der::uint(&n.to_bytes_be())));
        PrivateKey::Dsa(der::tlv(SEQUENCE, &parts.concat()))
    }

    /// Reads a key from PEM: PKCS #8, or the older forms of RSA, EC and DSA.
    ///
    /// # Errors
    /// Sprig's text, with Go's words for the commonest cause.
    pub fn from_pem(text: &[u8]) -> Result<PrivateKey, KeyError> {
        let block = pem::decode(text).ok_or_else(|| error("no PEM data in input"))?;
        let malformed = "x509: malformed private key";
        if block.label == "PRIVATE KEY" {
            return from_pkcs8(&block.bytes)
                .ok_or_else(|| error(format!("decoding PEM as PKCS#8: {malformed}")));
        }
        let Some(kind) = block.label.strip_suffix(" PRIVATE KEY") else {
            return Err(error(format!("no private key data in PEM block of type {}", block.label)));
        };
        let read = match kind {
            "RSA" => from_pkcs1(&block.bytes),
            "EC" => from_sec1(&block.bytes, None),
            "DSA" => from_dsa(&block.bytes),
            _ => return Err(error(format!("invalid private key type {kind}"))),
        };
        read.ok_or_else(|| error(format!("parsing {kind} private key from PEM: {malformed}")))
    }

    /// The key in PEM, in the form that Sprig writes for its kind.
    pub fn to_pem(&self) -> String {
        match self {
            PrivateKey::Rsa(key) => pem::encode("RSA PRIVATE KEY", &pkcs1(key)),
            PrivateKey::P256(key) => pem::encode("EC PRIVATE KEY", &sec1(key)),
            PrivateKey::Dsa(der) => pem::encode("DSA PRIVATE KEY", der),
            PrivateKey::Ed25519(key) => {
                let seed = der::tlv(OCTET_STRING, &key.to_bytes());
                let algorithm = der::seq(&[&der::oid(ED25519_OID)]);
                let whole = der::seq(&[&der::uint(&[]), &algorithm, &der::tlv(OCTET_STRING, &seed)]);
                pem::encode("PRIVATE KEY", &whole)
            }
        }
    }

    /// The public key with its algorithm (SubjectPublicKeyInfo), and the public key alone.
    pub fn public(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let (algorithm, key) = match self {
            PrivateKey::Rsa(key) => {
                let public =
                    der::seq(&[&der::uint(&key.n().to_bytes_be()), &der::uint(&key.e().to_bytes_be())]);
                (der::seq(&[&der::oid(RSA_OID), NULL]), public)
            }
            PrivateKey::P256(key) => {
                let point = key.public_key().to_encoded_point(false);
                (der::seq(&[&der::oid(EC_OID), &der::oid(P256_OID)]), point.as_bytes().to_vec())
            }
            PrivateKey::Ed25519(key) => {
                (der::seq(&[&der::oid(ED25519_OID)]), key.verifying_key().to_bytes().to_vec())
            }
            PrivateKey::Dsa(_) => return None,
        };
        Some((der::seq(&[&algorithm, &der::bits(&key)]), key))
    }

    /// The algorithm's identifier and the signature.
    ///
    /// # Errors
    /// A DSA key, which Go does not sign with either; or the crate's.
    pub fn algorithm(&self) -> Result<Vec<u8>, KeyError> {
        Ok(match self {
            PrivateKey::Rsa(_) => der::seq(&[&der::oid(SHA256_RSA_OID), NULL]),
            PrivateKey::P256(_) => der::seq(&[&der::oid(SHA256_ECDSA_OID)]),
            PrivateKey::Ed25519(_) => der::seq(&[&der::oid(ED25519_OID)]),
            PrivateKey::Dsa(_) => {
                return Err(error("x509: certificate private key does not implement crypto.Signer"));
            }
        })
    }

    /// The signature over the bytes, with SHA-256 where the kind has a choice.
    ///
    /// # Errors
    /// As [`PrivateKey::algorithm`].
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, KeyError> {
        match self {
            PrivateKey::Rsa(key) => {
                let digest = [SHA256_PREFIX, &sha2::Sha256::digest(bytes)].concat();
                key.sign(Pkcs1v15Sign::new_unprefixed(), &digest).map_err(|e| error(e.to_string()))
            }
            PrivateKey::P256(key) => {
                use p256::ecdsa::signature::Signer;
                let signature: p256::ecdsa::Signature = p256::ecdsa::SigningKey::from(key).sign(bytes);
                Ok(signature.to_der().as_bytes().to_vec())
            }
            PrivateKey::Ed25519(key) => {
                use ed25519_dalek::Signer;
                Ok(key.sign(bytes).to_bytes().to_vec())
            }
            PrivateKey::Dsa(_) => self.algorithm(),
        }
    }
}

/// An RSA key of two primes of `N` words.
fn new_rsa<const N: usize>(rng: &mut HostRng) -> Result<PrivateKey, KeyError> {
    let mut number = || {
        let bytes = prime::<N>(rng).into_iter().flat_map(u64::to_le_bytes).collect::<Vec<_>>();
        BigUint::from_bytes_le(&bytes)
    };
    let (p, q) = (number(), number());
    // Equal primes are an error here, and as likely as a fault of the machine.
    let key = RsaPrivateKey::from_p_q(p, q, BigUint::from(EXPONENT)).map_err(|e| error(e.to_string()))?;
    Ok(PrivateKey::Rsa(Box::new(key)))
}

fn pkcs1(key: &RsaPrivateKey) -> Vec<u8> {
    let number = |n: &BigUint| der::uint(&n.to_bytes_be());
    let mut parts = vec![der::uint(&[]), number(key.n()), number(key.e()), number(key.d())];
    parts.extend(key.primes().iter().map(number));
    parts.extend(key.dp().map(number));
    parts.extend(key.dq().map(number));
    // The inverse is kept with a sign, and is never negative.
    parts.extend(key.qinv().map(|n| der::uint(&n.to_bytes_be().1)));
    der::tlv(SEQUENCE, &parts.concat())
}

fn sec1(key: &p256::SecretKey) -> Vec<u8> {
    let point = key.public_key().to_encoded_point(false);
    der::seq(&[
        &der::uint(&[1]),
        &der::tlv(OCTET_STRING, &key.to_bytes()),
        &der::tlv(0xA0, &der::oid(P256_OID)),
        &der::tlv(0xA1, &der::bits(point.as_bytes())),
    ])
}

fn from_pkcs1(bytes: &[u8]) -> Option<PrivateKey> {
    let mut reader = Reader(Reader(bytes).expect(SEQUENCE)?);
    let version = reader.uint()?;
    if !version.is_empty() {
        return None;
    }
    let mut number = || reader.uint().map(BigUint::from_bytes_be);
    let (n, e, d, p, q) = (number()?, number()?, number()?, number()?, number()?);
    let mut key = RsaPrivateKey::from_components(n, e, d, vec![p, q]).ok()?;
    key.validate().ok()?;
    key.precompute().ok()?;
    Some(PrivateKey::Rsa(Box::new(key)))
}

fn from_sec1(bytes: &[u8], curve: Option<&[u8]>) -> Option<PrivateKey> {
    let mut reader = Reader(Reader(bytes).expect(SEQUENCE)?);
    if reader.uint()? != [1] {
        return None;
    }
    let secret = reader.expect(OCTET_STRING)?;
    let named = reader.next().filter(|e| e.tag == 0xA0).and_then(|e| Reader(e.content).expect(der::OID));
    if named.or(curve)? != P256_OID {
        return None;
    }
    let mut padded = [0; 32];
    let secret = &secret[secret.iter().take_while(|b| **b == 0).count()..];
    padded.get_mut(32usize.checked_sub(secret.len())?..)?.copy_from_slice(secret);
    p256::SecretKey::from_slice(&padded).ok().map(PrivateKey::P256)
}

fn from_dsa(bytes: &[u8]) -> Option<PrivateKey> {
    let mut reader = Reader(Reader(bytes).expect(SEQUENCE)?);
    for _ in 0..6 {
        reader.uint()?;
    }
    Some(PrivateKey::Dsa(bytes.to_vec()))
}

fn from_pkcs8(bytes: &[u8]) -> Option<PrivateKey> {
    let mut reader = Reader(Reader(bytes).expect(SEQUENCE)?);
    reader.uint()?;
    let mut algorithm = Reader(reader.expect(SEQUENCE)?);
    let kind = algorithm.expect(der::OID)?;
    let key = reader.expect(OCTET_STRING)?;
    match kind {
        RSA_OID => from_pkcs1(key),
        EC_OID => from_sec1(key, algorithm.expect(der::OID)),
        ED25519_OID => {
            let seed: [u8; 32] = Reader(key).expect(OCTET_STRING)?.try_into().ok()?;
            Some(PrivateKey::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::pkcs8::EncodePrivateKey as _;

    #[test]
    fn keys_survive_pem() {
        let secret = p256::SecretKey::from_slice(&[7; 32]).unwrap();
        let pkcs8 = secret.to_pkcs8_der().unwrap();
        let pem = PrivateKey::P256(secret).to_pem();
        let again = PrivateKey::from_pem(pem.as_bytes()).unwrap();
        assert_eq!(again.to_pem(), pem);
        let from_pkcs8 =
            PrivateKey::from_pem(pem::encode("PRIVATE KEY", pkcs8.as_bytes()).as_bytes()).unwrap();
        assert_eq!(from_pkcs8.to_pem(), pem);
        let ed25519 = PrivateKey::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[9; 32])).to_pem();
        assert_eq!(PrivateKey::from_pem(ed25519.as_bytes()).unwrap().to_pem(), ed25519);
    }
}

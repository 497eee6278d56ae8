//! Keys and certificates as Go's `crypto/x509` writes them: what `genCA`, `genSignedCert` and their kind need.
//!
//! DER and PEM are written here, since it is little; the arithmetic of the keys is that of the RustCrypto crates, but
//! for the search of primes, where theirs takes ten times as long. All randomness is handed in.

mod certificate;
mod der;
mod key;
mod pem;
mod prime;

pub use certificate::{Parsed, Template, create};
pub use key::{HostRng, KeyError, PrivateKey};
pub use pem::{Block, decode, encode};

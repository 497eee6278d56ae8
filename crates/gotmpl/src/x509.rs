//! Keys and certificates as Go's `crypto/x509` writes them: what `genCA`, `genSignedCert` and their kind need.
//!
//! DER and PEM are written here, since it is little; the arithmetic of the keys is that of the RustCrypto crates. All
//! randomness is handed in.

mod certificate;
mod der;
mod key;
mod pem;

pub use certificate::{Parsed, Template, create};
pub use key::{HostRng, KeyError, PrivateKey};
pub use pem::{Block, decode, encode};

//! Keys and certificates: `genPrivateKey`, `genCA`, `genSignedCert`, `genSelfSignedCert`, `buildCustomCert`.
//!
//! A certificate has the fields `Cert` and `Key`, both in PEM. Keys are RSA of 2048 bits unless one is given.

use std::any::Any;
use std::net::IpAddr;

use super::base64::decode_base64;
use crate::time::Time;
use crate::x509::{Parsed, PrivateKey, Template, create, decode, encode};
use crate::{Arg, Args, Cx, Error, Func, ListRef, Object, Ret, Text, Type, Value, fmt, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[
    &GEN_PRIVATE_KEY,
    &GEN_CA,
    &GEN_CA_WITH_KEY,
    &GEN_SELF_SIGNED_CERT,
    &GEN_SELF_SIGNED_CERT_WITH_KEY,
    &GEN_SIGNED_CERT,
    &GEN_SIGNED_CERT_WITH_KEY,
    &BUILD_CUSTOM_CERT,
];

func! {
    /// A private key in PEM: `rsa` (4096 bits), `dsa`, `ecdsa` (P-256) or `ed25519`.
    ///
    /// ```text
    /// {{ genPrivateKey "ecdsa" | splitList "\n" | first }}    =>  -----BEGIN EC PRIVATE KEY-----
    /// {{ genPrivateKey "ed25519" | splitList "\n" | first }}  =>  -----BEGIN PRIVATE KEY-----
    /// {{ genPrivateKey "xyz" }}                               =>  Unknown type xyz
    /// ```
    pub static GEN_PRIVATE_KEY = "genPrivateKey"(cx, kind: Text) -> String {
        let key = match kind.bytes() {
            b"" | b"rsa" => PrivateKey::new_rsa_4096(cx.host),
            b"dsa" => Ok(PrivateKey::new_dsa(cx.host)),
            b"ecdsa" => Ok(PrivateKey::new_p256(cx.host)),
            b"ed25519" => Ok(PrivateKey::new_ed25519(cx.host)),
            _ => return format!("Unknown type {}", kind.lossy()),
        };
        key.map_or_else(|e| format!("failed to generate private key: {e}"), |key| key.to_pem())
    }

    /// A certificate authority with that name, valid for so many days.
    ///
    /// ```text
    /// {{ (genCAWithKey "ca" 365 (genPrivateKey "ecdsa")).Cert | splitList "\n" | first }}  =>  -----BEGIN CERTIFICATE-----
    /// ```
    pub static GEN_CA = "genCA"(cx, name: Text, days: isize) -> Result<Certificate, Error> {
        let key = new_key(cx)?;
        certificate(cx, &name, None, days, key, Role::Authority)
    }

    /// A certificate authority of a given private key.
    ///
    /// ```text
    /// {{ genCAWithKey "ca" 1 "bad" }}  =>  error: parsing private key: no PEM data in input
    /// ```
    pub static GEN_CA_WITH_KEY = "genCAWithKey"(cx, name: Text, days: isize, key: Text) -> Result<Certificate, Error> {
        let key = given_key(&key)?;
        certificate(cx, &name, None, days, key, Role::Authority)
    }

    /// A certificate that signs itself: name, IP addresses, host names, days.
    ///
    /// ```text
    /// {{ genSelfSignedCert "cn" (list "1.2.3.x") nil 1 }}  =>  error: error parsing ip: 1.2.3.x
    /// ```
    pub static GEN_SELF_SIGNED_CERT = "genSelfSignedCert"(cx, name: Text, ips: ListRef, hosts: ListRef, days: isize) -> Result<Certificate, Error> {
        let names = Names::of(&ips, &hosts)?;
        let key = new_key(cx)?;
        certificate(cx, &name, Some(names), days, key, Role::Itself)
    }

    /// A certificate of a given private key that signs itself.
    ///
    /// ```text
    /// {{ (genSelfSignedCertWithKey "cn" nil (list "a.example") 1 (genPrivateKey "ed25519")) | typeOf }}  =>  sprig.certificate
    /// ```
    pub static GEN_SELF_SIGNED_CERT_WITH_KEY = "genSelfSignedCertWithKey"(cx, name: Text, ips: ListRef, hosts: ListRef, days: isize, key: Text) -> Result<Certificate, Error> {
        let key = given_key(&key)?;
        let names = Names::of(&ips, &hosts)?;
        certificate(cx, &name, Some(names), days, key, Role::Itself)
    }

    /// A certificate that an authority signs: name, IP addresses, host names, days, authority.
    ///
    /// ```text
    /// {{ $ca := genCAWithKey "ca" 1 (genPrivateKey "ecdsa") }}{{ (genSignedCertWithKey "cn" nil nil 1 $ca (genPrivateKey "ecdsa")).Key | trunc 13 }}  =>  -----BEGIN EC
    /// ```
    pub static GEN_SIGNED_CERT = "genSignedCert"(cx, name: Text, ips: ListRef, hosts: ListRef, days: isize, ca: Certificate) -> Result<Certificate, Error> {
        let authority = Role::of(&ca)?;
        let names = Names::of(&ips, &hosts)?;
        let key = new_key(cx)?;
        certificate(cx, &name, Some(names), days, key, authority)
    }

    /// A certificate of a given private key that an authority signs.
    ///
    /// ```text
    /// {{ genSignedCertWithKey "cn" nil nil 1 (genCAWithKey "ca" 1 (genPrivateKey "ecdsa")) "x" }}  =>  error: parsing private key: no PEM data in input
    /// ```
    pub static GEN_SIGNED_CERT_WITH_KEY = "genSignedCertWithKey"(cx, name: Text, ips: ListRef, hosts: ListRef, days: isize, ca: Certificate, key: Text) -> Result<Certificate, Error> {
        let key = given_key(&key)?;
        let authority = Role::of(&ca)?;
        let names = Names::of(&ips, &hosts)?;
        certificate(cx, &name, Some(names), days, key, authority)
    }

    /// A certificate of what is there already: certificate and key in PEM, in base 64. Both are checked.
    ///
    /// ```text
    /// {{ buildCustomCert "!!" "YQ==" }}    =>  error: unable to decode base64 certificate
    /// {{ buildCustomCert "YQ==" "YQ==" }}  =>  error: unable to decode certificate
    /// ```
    pub static BUILD_CUSTOM_CERT = "buildCustomCert"(_cx, cert: Text, key: Text) -> Result<Certificate, Error> {
        let from_base64 = |text: &Text, what: &str| {
            decode_base64(text).map_err(|_| Error::new(format!("unable to decode base64 {what}")))
        };
        let cert = from_base64(&cert, "certificate")?;
        let key = from_base64(&key, "private key")?;
        let block = decode(&cert).ok_or_else(|| Error::new("unable to decode certificate"))?;
        Parsed::read(&block.bytes)
            .map_err(|e| Error::new(format!("error parsing certificate: decodedCert.Bytes: {e}")))?;
        PrivateKey::from_pem(&key).map_err(|e| Error::new(format!("error parsing private key: {e}")))?;
        Ok(Certificate { cert: cert.into(), key: key.into() })
    }
}

/// A `sprig.certificate`.
#[derive(Clone)]
pub struct Certificate {
    cert: Text,
    key: Text,
}

impl Ret for Certificate {
    const TYPE: Type = Type::Object("sprig.certificate");
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::object(self))
    }
}

impl Arg for Certificate {
    const TYPE: Type = Type::Object("sprig.certificate");
    fn take(args: &mut Args<'_>) -> Option<Self> {
        args.next()?.as_object::<Certificate>().cloned()
    }
}

impl Object for Certificate {
    fn type_name(&self) -> &'static str {
        "sprig.certificate"
    }

    fn string(&self) -> Option<String> {
        None
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![("Cert", Value::str(self.cert.clone())), ("Key", Value::str(self.key.clone()))]
    }

    fn to_json(&self) -> Value {
        Value::map(self.fields().into_iter().map(|(name, value)| (Text::from(name), value)))
    }

    fn equal(&self, other: &dyn Object) -> bool {
        let other = other.as_any().downcast_ref::<Certificate>();
        other.is_some_and(|other| self.cert == other.cert && self.key == other.key)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Who signs.
enum Role {
    /// The certificate itself, for others.
    Authority,
    /// The certificate itself.
    Itself,
    /// Another one.
    Signed(Box<(Parsed, PrivateKey)>),
}

impl Role {
    fn of(ca: &Certificate) -> Result<Role, Error> {
        let block = decode(&ca.cert).ok_or_else(|| Error::new("unable to decode certificate"))?;
        let parsed = Parsed::read(&block.bytes)
            .map_err(|e| Error::new(format!("error parsing certificate: decodedSignerCert.Bytes: {e}")))?;
        let key = PrivateKey::from_pem(&ca.key)
            .map_err(|e| Error::new(format!("error parsing private key: {e}")))?;
        Ok(Role::Signed(Box::new((parsed, key))))
    }
}

/// What a certificate is for.
#[derive(Default)]
struct Names {
    addresses: Vec<IpAddr>,
    hosts: Vec<Vec<u8>>,
}

impl Names {
    fn of(ips: &ListRef, hosts: &ListRef) -> Result<Names, Error> {
        let mut names = Names::default();
        for ip in ips.iter() {
            let text = ip.text().ok_or_else(|| {
                Error::new(format!("error parsing ip: {} is not a string", fmt::sprint(ip).lossy()))
            })?;
            let address = text.lossy().parse();
            names
                .addresses
                .push(address.map_err(|_| Error::new(format!("error parsing ip: {}", text.lossy())))?);
        }
        for host in hosts.iter() {
            let text = host.text().ok_or_else(|| {
                let shown = fmt::sprint(host);
                Error::new(format!("error processing alternate dns name: {} is not a string", shown.lossy()))
            })?;
            names.hosts.push(text.to_vec());
        }
        Ok(names)
    }
}

fn new_key(cx: &mut Cx<'_>) -> Result<PrivateKey, Error> {
    PrivateKey::new_rsa_2048(cx.host).map_err(|e| Error::new(format!("error generating rsa key: {e}")))
}

fn given_key(pem: &Text) -> Result<PrivateKey, Error> {
    PrivateKey::from_pem(pem).map_err(|e| Error::new(format!("parsing private key: {e}")))
}

fn certificate(
    cx: &mut Cx<'_>,
    name: &Text,
    names: Option<Names>,
    days: isize,
    key: PrivateKey,
    role: Role,
) -> Result<Certificate, Error> {
    let names = names.unwrap_or_default();
    let (seconds, nanos) = cx.host.now();
    let from = Time::unix(seconds, i64::from(nanos));
    let mut serial = [0; 16];
    cx.host.random(&mut serial);
    let template = Template {
        name: name.lossy().into_owned(),
        addresses: names.addresses,
        hosts: names.hosts,
        until: from.add((days as i64).wrapping_mul(86_400_000_000_000)),
        from,
        is_ca: matches!(role, Role::Authority),
        serial,
    };
    let (parent, signer) = match &role {
        Role::Signed(other) => (Some(&other.0), &other.1),
        Role::Authority | Role::Itself => (None, &key),
    };
    let bytes = create(&template, &key, parent, signer)
        .map_err(|e| Error::new(format!("error creating certificate: {e}")))?;
    Ok(Certificate { cert: encode("CERTIFICATE", &bytes).into(), key: key.to_pem().into() })
}

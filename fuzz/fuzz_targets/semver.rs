//! Parsing and checking any version against any constraint: no panic.
#![no_main]

use gotmpl::semver::{Constraints, Version};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (&[u8], &[u8])| {
    let (constraint, version) = data;
    let version = Version::parse(version);
    if let (Ok(constraints), Ok(version)) = (Constraints::parse(constraint), version) {
        let _ = (constraints.check(&version), constraints.to_string(), version.to_string());
    }
});

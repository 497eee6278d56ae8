//! The one integration-test binary: a second one would link everything a second time.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, helper functions included")]

mod architecture;
mod bad_charts;
mod bad_input;
mod ci;
mod determinism;
mod kubeconform;
mod live_schemas;
mod policy;
mod transcripts;

fn root() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
}

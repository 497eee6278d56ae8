//! The one integration-test binary: a second one would link everything a second time.

mod architecture;
mod bad_input;
mod determinism;
mod live_schemas;
mod transcripts;

fn root() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
}

//! The one integration-test binary: a second one would link everything a second time.

mod architecture;
mod live_schemas;

fn root() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
}

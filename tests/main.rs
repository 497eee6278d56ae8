//! The one integration-test binary.

mod live_schemas;

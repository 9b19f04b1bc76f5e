//! What end-to-end tests need: a machine of their own, and an editor that speaks LSP to the server.

// Each test binary uses its own part of this, and all of it is its own.
#![allow(dead_code, unreachable_pub)]
// A test fails by panicking. (Clippy knows that of test functions only, not of what they call.)
#![allow(clippy::expect_used)]

pub mod editor;
pub mod listener;
pub mod machine;
pub mod marks;
pub mod wire;

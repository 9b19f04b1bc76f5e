//! What several languages and formats are read with: the numbers and names that a reader has found, and ways of writing
//! that they share.

pub(super) mod comments;
pub(super) mod component;
pub(super) mod continued;
pub(super) mod emptiness;
pub(super) mod entry;
pub(super) mod found;
pub(super) mod host_beside;
pub(super) mod interpolation;
pub(super) mod manifest;
pub(super) mod named_number;
pub(super) mod placeholder;
pub(super) mod siblings;

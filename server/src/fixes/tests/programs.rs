//! Programs: what is put in place of a number, in each language and each place.

mod compiled;
mod scripts;

use super::*;

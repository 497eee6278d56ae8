//! The two kinds of steps that a build is made of.

use super::context::Cx;
use super::error::BuildError;
use super::res_map::ResMap;
use super::resource::Resource;

/// Makes objects.
pub trait Generator {
    /// Runs it.
    ///
    /// # Errors
    /// What stops the build.
    fn generate(&mut self, cx: &mut Cx<'_>) -> Result<Vec<Resource>, BuildError>;
}

/// Changes objects; a validator is one that changes none.
pub trait Transformer {
    /// Runs it over all objects that were gathered so far.
    ///
    /// # Errors
    /// What stops the build.
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError>;
}

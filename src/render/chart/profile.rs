//! Which Helm is followed: its version, what it says of itself, and where the two majors differ.

use std::fmt;

/// A pinned version of Helm whose bytes are reproduced.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Profile {
    /// Helm 3.21.4.
    Helm3,
    /// Helm 4.2.4.
    #[default]
    Helm4,
}

impl Profile {
    /// By its name on the command line.
    ///
    /// ```
    /// use plimsoll::render::chart::Profile;
    /// assert_eq!(Profile::of_name("helm3"), Some(Profile::Helm3));
    /// assert_eq!(Profile::of_name("helm5"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Profile> {
        match name {
            "helm3" => Some(Profile::Helm3),
            "helm4" => Some(Profile::Helm4),
            _ => None,
        }
    }

    /// `.Capabilities.HelmVersion.Version`, as the released binaries print it.
    pub fn version(self) -> &'static str {
        match self {
            Profile::Helm3 => "v3.21.4",
            Profile::Helm4 => "v4.2.4",
        }
    }

    /// The Go compiler of the released binaries, `.Capabilities.HelmVersion.GoVersion`.
    pub fn go_version(self) -> &'static str {
        "go1.26.8"
    }

    /// The same for the template engine.
    pub fn engine(self) -> gotmpl::Profile {
        match self {
            Profile::Helm3 => gotmpl::Profile::Helm3,
            Profile::Helm4 => gotmpl::Profile::Helm4,
        }
    }

    /// Whether it is Helm 3.
    pub fn is_helm3(self) -> bool {
        self == Profile::Helm3
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Profile::Helm3 => "helm3",
            Profile::Helm4 => "helm4",
        })
    }
}

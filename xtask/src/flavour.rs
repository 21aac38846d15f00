//! How much the compiler is asked to optimise.

/// One way to build everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// For daily work, the demonstration and the tests: quick to build from nothing and after an
    /// edit, with what handles readings optimised.
    Debug,
    /// For production: small page, fast server, precompressed files.
    Release,
}

impl Flavour {
    /// Cargo's profile for the server.
    pub(crate) const fn server_profile(self) -> &'static str {
        match self {
            Self::Debug => "dev",
            Self::Release => "release",
        }
    }

    /// Cargo's profile for the page's WebAssembly. In daily work it is the server's, so that macros
    /// and build scripts are compiled once for both.
    pub(crate) const fn front_profile(self) -> &'static str {
        match self {
            Self::Debug => "dev",
            Self::Release => "front",
        }
    }
}

/// The folder in which cargo puts what it builds with a profile.
pub(crate) fn profile_folder(profile: &str) -> &str {
    if profile == "dev" { "debug" } else { profile }
}

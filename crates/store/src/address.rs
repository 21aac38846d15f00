//! The address of a store.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use super::{MaxConnections, Store, StoreError, Tables};

/// A future address.
pub type NextAddress<'a> = Pin<Box<dyn Future<Output = Option<SecretString>> + Send + 'a>>;

/// An address whose credentials change while it is in use. Implemented by whoever obtains them.
pub trait RotatingAddress: fmt::Debug + Send + Sync {
    /// The current address.
    fn current(&self) -> SecretString;

    /// Waits for an address other than this one; `None` if there will be no other.
    fn next_after<'a>(&'a self, known: &'a SecretString) -> NextAddress<'a>;

    /// Reports that this address was refused, and waits some seconds for another; `None` if none
    /// comes.
    fn after_refusal_of<'a>(&'a self, refused: &'a SecretString) -> NextAddress<'a>;
}

/// The address of a store: `sqlite://FILE` or `postgres://…`.
#[derive(Debug, Clone)]
pub enum StoreAddress {
    /// An address that never changes.
    Fixed(SecretString),
    /// An address whose credentials rotate; PostgreSQL only.
    Rotating(Arc<dyn RotatingAddress>),
}

impl StoreAddress {
    /// The current address.
    pub fn current(&self) -> SecretString {
        match self {
            Self::Fixed(address) => address.clone(),
            Self::Rotating(address) => address.current(),
        }
    }
}

impl Store {
    /// Opens the store at this address like [`Store::open_with`], and follows its credentials if
    /// they rotate.
    ///
    /// # Errors
    /// As [`Store::open_with`].
    pub async fn open_at(address: &StoreAddress, wanted: MaxConnections) -> Result<Self, StoreError> {
        match address {
            StoreAddress::Fixed(address) => Self::open_with(address.expose_secret(), wanted).await,
            StoreAddress::Rotating(address) => Self::open_rotating(Arc::clone(address), wanted).await,
        }
    }

    /// The store at this address if its tables exist and are up to date; creates and changes
    /// nothing.
    ///
    /// # Errors
    /// As [`Store::open_with`].
    pub async fn open_if_there(
        address: &StoreAddress,
        wanted: MaxConnections,
    ) -> Result<Option<Self>, StoreError> {
        match Self::probe(address.current().expose_secret()).await?.tables {
            Tables::Fitting => Self::open_at(address, wanted).await.map(Some),
            Tables::Absent | Tables::Behind(_) | Tables::Newer => Ok(None),
        }
    }
}

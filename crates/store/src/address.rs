//! How a store is reached.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use super::{Store, StoreError, Tables};

/// An address that may come, once it is known.
pub type NextAddress<'a> = Pin<Box<dyn Future<Output = Option<SecretString>> + Send + 'a>>;

/// The address of a database whose user and password change while it is in use. Implemented by whoever obtains them.
pub trait RotatingAddress: fmt::Debug + Send + Sync {
    /// The address as it is now.
    fn current(&self) -> SecretString;

    /// Waits for an address other than this one; none where there will be none any more.
    fn next_after<'a>(&'a self, known: &'a SecretString) -> NextAddress<'a>;

    /// Reports that this address was refused, and waits some seconds for another; none where none comes.
    fn after_refusal_of<'a>(&'a self, refused: &'a SecretString) -> NextAddress<'a>;
}

/// How a store is reached: `sqlite://FILE` or `postgres://…`.
#[derive(Debug, Clone)]
pub enum StoreAddress {
    /// An address that stays as it is.
    Fixed(SecretString),
    /// One whose credentials rotate; in PostgreSQL only.
    Rotating(Arc<dyn RotatingAddress>),
}

impl StoreAddress {
    /// The address as it is now.
    pub fn current(&self) -> SecretString {
        match self {
            Self::Fixed(address) => address.clone(),
            Self::Rotating(address) => address.current(),
        }
    }
}

impl Store {
    /// Opens the store at this address, as [`Store::open`] does, and follows its credentials where they rotate.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_at(address: &StoreAddress) -> Result<Self, StoreError> {
        match address {
            StoreAddress::Fixed(address) => Self::open(address.expose_secret()).await,
            StoreAddress::Rotating(address) => Self::open_rotating(Arc::clone(address)).await,
        }
    }

    /// The store at this address, where its tables are there and fit; none is made and nothing is changed.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_if_there(address: &StoreAddress) -> Result<Option<Self>, StoreError> {
        match Self::probe(address.current().expose_secret()).await?.tables {
            Tables::Fitting => Self::open_at(address).await.map(Some),
            Tables::Absent | Tables::Behind(_) | Tables::Newer => Ok(None),
        }
    }
}

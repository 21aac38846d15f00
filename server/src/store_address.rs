//! How the store is reached, with the credentials that are leased for it where they are.

use std::sync::Arc;

use secrecy::SecretString;
use store::{AddressToCome, RotatingAddress, StoreAddress};

use crate::credentials::DatabaseAddress;
use crate::leased_address::LeasedAddress;
use crate::secret::Secret;

/// The address as the store takes it.
pub fn store_address(address: &DatabaseAddress) -> StoreAddress {
    match address {
        DatabaseAddress::Fixed(address) => StoreAddress::Fixed(address.clone().into()),
        DatabaseAddress::Leased(address) => StoreAddress::Rotating(Arc::new(address.clone())),
    }
}

impl RotatingAddress for LeasedAddress {
    fn current(&self) -> SecretString {
        self.current().into()
    }

    fn other_than<'a>(&'a self, known: &'a SecretString) -> AddressToCome<'a> {
        Box::pin(async move { Some(self.other_than(&Secret::from(known.clone())).await?.into()) })
    }

    fn instead_of<'a>(&'a self, refused: &'a SecretString) -> AddressToCome<'a> {
        Box::pin(async move { Some(self.instead_of(&Secret::from(refused.clone())).await?.into()) })
    }
}

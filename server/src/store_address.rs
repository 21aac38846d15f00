//! How the store is reached: where the configuration says, with the credentials that are leased for it.

use secrecy::SecretString;
use store::{AddressToCome, RotatingAddress, StoreAddress};

use crate::configuration::Configuration;
use crate::leased_address::LeasedAddress;
use crate::secret::Secret;

/// The store's address, with the credentials that are leased now where they are.
pub fn store_address(configuration: &Configuration) -> StoreAddress {
    match &configuration.database_lease {
        Some(lease) => StoreAddress::Rotating(std::sync::Arc::new(lease.clone())),
        None => StoreAddress::Fixed(configuration.database.clone().into()),
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

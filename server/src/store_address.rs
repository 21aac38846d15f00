//! The store's address, with leased credentials if configured.

use std::sync::Arc;

use secrecy::SecretString;
use store::{NextAddress, RotatingAddress, StoreAddress};

use crate::credentials::DatabaseAddress;
use crate::leased_address::LeasedAddress;
use crate::secret::Secret;

/// The address in the store's terms.
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

    fn next_after<'a>(&'a self, known: &'a SecretString) -> NextAddress<'a> {
        Box::pin(async move { Some(self.next_after(&Secret::from(known.clone())).await?.into()) })
    }

    fn after_refusal_of<'a>(&'a self, refused: &'a SecretString) -> NextAddress<'a> {
        Box::pin(async move { Some(self.after_refusal_of(&Secret::from(refused.clone())).await?.into()) })
    }
}

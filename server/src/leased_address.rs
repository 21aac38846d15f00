//! The address of a database whose credentials are leased: users see each change, and report when
//! they are refused.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::secret::Secret;

/// How long a refused user waits for other credentials.
const REFUSED_WAIT: Duration = Duration::from_secs(20);

/// The end that changes the address.
#[derive(Debug)]
pub struct AddressIssuer {
    current: watch::Sender<Secret>,
    refused: Arc<watch::Sender<Option<Secret>>>,
}

/// The current address. Clones see the same changes.
#[derive(Clone)]
pub struct LeasedAddress {
    current: watch::Receiver<Secret>,
    /// The last address that was refused.
    refused: Arc<watch::Sender<Option<Secret>>>,
}

/// Both ends of an address.
pub fn leased_address(first: Secret) -> (AddressIssuer, LeasedAddress) {
    let (sender, current) = watch::channel(first);
    let refused = Arc::new(watch::Sender::new(None));
    (AddressIssuer { current: sender, refused: Arc::clone(&refused) }, LeasedAddress { current, refused })
}

impl AddressIssuer {
    /// Changes the address.
    pub fn issue(&self, address: Secret) {
        self.current.send_replace(address);
    }

    /// Waits until somebody is refused with the current address.
    pub async fn refused(&self) {
        let mut refused = self.refused.subscribe();
        let is_current = |refused: &Option<Secret>| refused.as_ref() == Some(&*self.current.borrow());
        if refused.wait_for(is_current).await.is_err() {
            // We hold the sender, so it can't close.
            std::future::pending::<()>().await;
        }
    }
}

impl LeasedAddress {
    /// The current address.
    pub fn current(&self) -> Secret {
        self.current.borrow().clone()
    }

    /// Waits for an address other than this one; `None` if there will be no other.
    pub async fn next_after(&self, known: &Secret) -> Option<Secret> {
        let mut current = self.current.clone();
        current.wait_for(|address| address != known).await.ok().map(|address| address.clone())
    }

    /// Reports that this address was refused, and waits some seconds for another; `None` if none
    /// comes.
    pub async fn after_refusal_of(&self, refused: &Secret) -> Option<Secret> {
        self.refused.send_replace(Some(refused.clone()));
        tokio::time::timeout(REFUSED_WAIT, self.next_after(refused)).await.ok()?
    }
}

impl PartialEq for LeasedAddress {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.refused, &other.refused)
    }
}

impl fmt::Debug for LeasedAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[leased]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_is_refused_gets_other_credentials_and_the_issuer_hears_of_it_once() {
        let secret = |text: &str| Secret::new(text.to_owned());
        let (first, second) = (secret("a"), secret("b"));
        let (issuer, address) = leased_address(first.clone());
        let issuing = async {
            issuer.refused().await;
            issuer.issue(second.clone());
        };
        let (another, ()) = tokio::join!(address.after_refusal_of(&first), issuing);
        assert!(another == Some(secret("b")) && address.current() == secret("b"));
        // A late report of the old address doesn't trouble the issuer again.
        assert!(address.after_refusal_of(&first).await == Some(secret("b")));
        assert!(tokio::time::timeout(Duration::from_millis(50), issuer.refused()).await.is_err());
        drop(issuer);
        assert!(address.after_refusal_of(&second).await.is_none());
    }
}

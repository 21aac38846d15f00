//! Renews a login and its leases while the program runs.

use std::time::Duration;

use tokio::time::Instant;

use super::SecretsError;
use super::database::{self, Credentials};
use super::vault::{Renewal, Session};
use crate::configuration::DatabaseEngine;
use crate::leased_address::{AddressIssuer, LeasedAddress, leased_address};
use crate::retry::Backoff;
use crate::secret::Secret;

/// The shortest time between two renewals.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// A login and its leases.
pub(super) struct LeaseRenewer {
    session: Session,
    login_due: Option<Instant>,
    login_backoff: Backoff,
    leases: Vec<RoleLease>,
}

/// The leased credentials of a role, and their users.
struct RoleLease {
    engine: DatabaseEngine,
    role: String,
    /// The database's address without credentials.
    address: String,
    credentials: Credentials,
    due: Instant,
    /// The database rejects them, whatever their lease says.
    refused: bool,
    backoff: Backoff,
    issuer: AddressIssuer,
}

/// The next thing to do.
enum Next {
    Login,
    RoleLease(usize),
    /// Somebody was refused with this lease: it was revoked.
    Refused(usize),
}

impl LeaseRenewer {
    /// Renews a session.
    pub(super) fn of(session: Session) -> Self {
        let login_due = half_of(session.seconds());
        Self { session, login_due, login_backoff: Backoff::default(), leases: Vec::new() }
    }

    /// Leases credentials of a role for the database at an address.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub(super) async fn lease(
        &mut self,
        engine: &DatabaseEngine,
        role: &str,
        address: &str,
    ) -> Result<LeasedAddress, SecretsError> {
        let credentials = database::fetch(self.session.client(), engine, role).await?;
        let (issuer, leased) = leased_address(credentials.address(address)?);
        let due = due(credentials.seconds);
        let (role, address) = (role.to_owned(), address.to_owned());
        self.leases.push(RoleLease {
            engine: engine.clone(),
            role,
            address,
            credentials,
            due,
            refused: false,
            backoff: Backoff::default(),
            issuer,
        });
        Ok(leased)
    }

    /// Renews login and leases at half their time, for ever. Each has a backoff of its own: one
    /// that fails must not delay the others.
    pub(super) async fn run(mut self) {
        loop {
            let next = self.next().await;
            let attended = self.handle_next(&next).await;
            let backoff = match next {
                Next::Login => &mut self.login_backoff,
                Next::RoleLease(place) | Next::Refused(place) => &mut self.leases[place].backoff,
            };
            match attended {
                Ok(()) => *backoff = Backoff::default(),
                Err(error) => {
                    let pause = backoff.pause();
                    tracing::warn!("{error}; trying again in {pause:.1?}");
                    match next {
                        Next::Login => self.login_due = Some(Instant::now() + pause),
                        Next::RoleLease(place) | Next::Refused(place) => {
                            self.leases[place].due = Instant::now() + pause;
                        }
                    }
                }
            }
        }
    }

    /// Waits until something is due, or somebody was refused.
    async fn next(&self) -> Next {
        let leases = self.leases.iter().enumerate().map(|(place, lease)| (lease.due, Next::RoleLease(place)));
        let login = self.login_due.map(|due| (due, Next::Login));
        let earliest = leases.chain(login).min_by_key(|(due, _)| *due);
        let waits = async {
            match earliest {
                Some((due, next)) => {
                    tokio::time::sleep_until(due).await;
                    next
                }
                None => std::future::pending().await,
            }
        };
        // A lease known to be refused is due after its backoff, not over and over.
        let in_use = self.leases.iter().enumerate().filter(|(_, lease)| !lease.refused);
        let refused: Vec<_> = in_use
            .map(|(place, lease)| {
                Box::pin(async move {
                    lease.issuer.refused().await;
                    Next::Refused(place)
                })
            })
            .collect();
        let refused = async {
            if refused.is_empty() {
                std::future::pending::<()>().await;
            }
            futures_util::future::select_all(refused).await.0
        };
        tokio::select! {
            next = waits => next,
            next = refused => next,
        }
    }

    async fn handle_next(&mut self, next: &Next) -> Result<(), SecretsError> {
        match *next {
            Next::Login => {
                let renewal = self.session.renew().await?;
                self.login_due = half_of(self.session.seconds());
                if renewal == Renewal::Anew {
                    self.replace_all().await;
                }
            }
            Next::RoleLease(place) => {
                let lease = &mut self.leases[place];
                let renewed = if lease.refused {
                    None
                } else {
                    database::renew(self.session.client(), &lease.credentials).await.ok()
                };
                match renewed {
                    Some(seconds) if seconds >= lease.credentials.seconds => lease.due = due(seconds),
                    // Close to its maximum age a lease is renewed for less time; a revoked one
                    // isn't renewed.
                    _ => self.replace_with_login(place).await?,
                }
            }
            Next::Refused(place) => {
                tracing::warn!("the credentials of {} were taken back", self.leases[place].role);
                self.leases[place].refused = true;
                self.replace_with_login(place).await?;
            }
        }
        Ok(())
    }

    /// Replaces a lease; if the login is gone, logs in anew and replaces all its leases.
    async fn replace_with_login(&mut self, place: usize) -> Result<(), SecretsError> {
        let Err(error) = self.replace(place).await else { return Ok(()) };
        if self.session.is_alive().await {
            return Err(error);
        }
        self.session.log_in_anew().await?;
        self.login_due = half_of(self.session.seconds());
        self.replace_all().await;
        Ok(())
    }

    /// After a new login: the leases of the old one end with it. What can't be replaced now is due
    /// at once.
    async fn replace_all(&mut self) {
        for place in 0..self.leases.len() {
            if let Err(error) = self.replace(place).await {
                tracing::warn!("{error}");
                self.leases[place].due = Instant::now() + MIN_INTERVAL;
            }
        }
    }

    /// Replaces a lease by a new one.
    async fn replace(&mut self, place: usize) -> Result<(), SecretsError> {
        let lease = &mut self.leases[place];
        lease.credentials = database::fetch(self.session.client(), &lease.engine, &lease.role).await?;
        lease.due = due(lease.credentials.seconds);
        let address: Secret = lease.credentials.address(&lease.address)?;
        lease.refused = false;
        lease.issuer.issue(address);
        tracing::info!("new credentials of {}", lease.role);
        Ok(())
    }
}

/// Half of a lease's time; `None` if it never expires.
fn half_of(seconds: u64) -> Option<Instant> {
    (seconds > 0).then(|| due(seconds))
}

fn due(seconds: u64) -> Instant {
    Instant::now() + (Duration::from_secs(seconds) / 2).max(MIN_INTERVAL)
}

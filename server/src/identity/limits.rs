//! How often somebody may ask.

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::Refusal;
use crate::configuration::identity::IdentitySettings;

/// How many times as many requests as a person an address may make: a company has one.
const PEOPLE_PER_ADDRESS: u32 = 5;
/// How many refusals of a person or an address are recorded in a minute.
const RECORDED_PER_MINUTE: u32 = 10;
/// How many refusals of all who have no name are recorded in a minute: addresses are many.
const NAMELESS_RECORDED_PER_MINUTE: u32 = 60;
/// After so many requests those who have not asked for a while are forgotten.
const REQUESTS_BETWEEN_CLEANINGS: u32 = 4_096;

/// The limits, with what was asked lately.
#[derive(Debug)]
pub(super) struct Limits {
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    people: DefaultKeyedRateLimiter<String>,
    sign_ins: DefaultKeyedRateLimiter<IpAddr>,
    recorded: DefaultKeyedRateLimiter<String>,
    nameless: DefaultDirectRateLimiter,
    clock: DefaultClock,
    requests: AtomicU32,
}

fn per_minute(number: u32) -> Quota {
    Quota::per_minute(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN))
}

impl Limits {
    pub(super) fn new(settings: &IdentitySettings) -> Self {
        let requests = settings.requests_per_minute;
        Self {
            addresses: RateLimiter::keyed(per_minute(requests.saturating_mul(PEOPLE_PER_ADDRESS))),
            people: RateLimiter::keyed(per_minute(requests)),
            sign_ins: RateLimiter::keyed(per_minute(settings.sign_in_attempts_per_minute)),
            recorded: RateLimiter::keyed(per_minute(RECORDED_PER_MINUTE)),
            nameless: RateLimiter::direct(per_minute(NAMELESS_RECORDED_PER_MINUTE)),
            clock: DefaultClock::default(),
            requests: AtomicU32::new(0),
        }
    }

    /// A request from an address, as expensive as `cost` ordinary ones.
    pub(super) fn address(&self, address: Option<IpAddr>, cost: u32) -> Result<(), Refusal> {
        if self.requests.fetch_add(1, Ordering::Relaxed).is_multiple_of(REQUESTS_BETWEEN_CLEANINGS) {
            self.addresses.retain_recent();
            self.people.retain_recent();
            self.sign_ins.retain_recent();
            self.recorded.retain_recent();
        }
        self.take(&self.addresses, &network(address), cost)
    }

    /// A request of a person, or of whoever has a key or token.
    pub(super) fn person(&self, counted_as: &str, cost: u32) -> Result<(), Refusal> {
        self.take(&self.people, &counted_as.to_owned(), cost)
    }

    /// Whether one more refusal of this name, or of an address without any, is recorded.
    pub(super) fn may_record(&self, name: &str, address: Option<IpAddr>) -> bool {
        if name.is_empty() {
            self.recorded.check_key(&network(address).to_string()).is_ok() && self.nameless.check().is_ok()
        } else {
            self.recorded.check_key(&name.to_owned()).is_ok()
        }
    }

    /// An attempt to sign in, or a wrong key.
    pub(super) fn sign_in(&self, address: Option<IpAddr>) -> Result<(), Refusal> {
        self.take(&self.sign_ins, &network(address), 1)
    }

    fn take<Key: Clone + Eq + std::hash::Hash>(
        &self,
        limiter: &DefaultKeyedRateLimiter<Key>,
        key: &Key,
        cost: u32,
    ) -> Result<(), Refusal> {
        let cost = NonZeroU32::new(cost).unwrap_or(NonZeroU32::MIN);
        match limiter.check_key_n(key, cost) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(not_yet)) => {
                let wait = not_yet.wait_time_from(self.clock.now());
                Err(Refusal::TooOften { seconds: wait.as_secs() + 1 })
            }
            Err(_) => Err(Refusal::TooOften { seconds: 60 }),
        }
    }
}

/// What counts as one address: of IPv6 the network that one subscriber has.
pub(crate) fn network(address: Option<IpAddr>) -> IpAddr {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        Some(address) => address,
        None => Ipv4Addr::UNSPECIFIED.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_too_often_waits_and_nobody_else_does() {
        let settings = IdentitySettings { requests_per_minute: 10, ..IdentitySettings::default() };
        let limits = Limits::new(&settings);
        for _ in 0..10 {
            limits.person("ada", 1).unwrap();
        }
        let Err(Refusal::TooOften { seconds }) = limits.person("ada", 1) else { panic!("no limit") };
        assert!((1..=7).contains(&seconds), "{seconds}");
        limits.person("bob", 10).unwrap();
        assert!(limits.person("bob", 1).is_err() && limits.person("eve", 11).is_err());
        let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        limits.address(address("2001:db8::1"), 50).unwrap();
        assert!(limits.address(address("2001:db8::2"), 1).is_err(), "the same subscriber");
        limits.address(address("2001:db8:0:1::1"), 50).unwrap();
    }

    #[test]
    fn nobody_fills_the_audit_with_refusals() {
        let limits = Limits::new(&IdentitySettings::default());
        let recorded = |name: &str, address: &str| {
            (0..1_000).filter(|_| limits.may_record(name, address.parse().ok())).count()
        };
        assert_eq!((recorded("ada", "192.0.2.1"), recorded("bob", "192.0.2.1")), (10, 10));
        let all: usize = (0..50).map(|n| recorded("", &format!("192.0.2.{n}"))).sum();
        assert!((60..=62).contains(&all), "{all}");
    }
}

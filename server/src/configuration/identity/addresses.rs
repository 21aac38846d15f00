//! Addresses and networks.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::Deserialize;

/// One address, or a network in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Addresses(IpNet);

impl Addresses {
    /// The own host's.
    pub fn loopback() -> Vec<Self> {
        let networks = ["127.0.0.0/8", "::1"].into_iter();
        networks.filter_map(|network| Self::try_from(network.to_owned()).ok()).collect()
    }

    /// Whether an address is among them; one of IPv4 that comes as IPv6 counts as IPv4.
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl TryFrom<String> for Addresses {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network
            .map(Self)
            .map_err(|_| format!("{text} is no address such as 10.0.0.7 and no network such as 10.0.0.0/8"))
    }
}

impl fmt::Display for Addresses {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

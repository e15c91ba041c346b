//! Networks of addresses.

use std::fmt;
use std::net::IpAddr;
use std::net::Ipv6Addr;
use std::str::FromStr;

/// A network, that is, all addresses with the same beginning, written like `10.0.0.0/8` or
/// `2001:db8::/32`; or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    /// The number of bits that addresses share.
    bits: u32,
}

impl Network {
    /// Whether an address belongs to the network.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let (first, width) = bits_of(self.first);
        let (other, other_width) = bits_of(address);
        width == other_width && above(first, width - self.bits) == above(other, width - self.bits)
    }
}

/// An address as a number, and of how many bits. An IPv4 address in IPv6's form is one of IPv4.
fn bits_of(address: IpAddr) -> (u128, u32) {
    match address.to_canonical() {
        IpAddr::V4(four) => (u128::from(u32::from(four)), u32::BITS),
        IpAddr::V6(six) => (u128::from(six), u128::BITS),
    }
}

/// The bits above the last `count` bits.
fn above(number: u128, count: u32) -> u128 {
    number.checked_shr(count).unwrap_or_default()
}

/// The network that one subscriber has: for IPv4 the address itself, for IPv6 the first 64 bits.
#[must_use]
pub fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => Ipv6Addr::from(u128::from(six) & (u128::MAX << 64)).into(),
        four @ IpAddr::V4(_) => four,
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let malformed = || {
            format!(
                "`{text}` is neither an address nor a network such as 10.0.0.0/8 or 2001:db8::/32"
            )
        };
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(it, bits)| (it, Some(bits)));
        let first = address.parse::<IpAddr>().map_err(|_not_one| malformed())?.to_canonical();
        let (number, width) = bits_of(first);
        let bits = bits.map_or(Ok(width), str::parse).map_err(|_not_one| malformed())?;
        if bits > width {
            return Err(malformed());
        }
        if above(number, width - bits).checked_shl(width - bits).unwrap_or_default() != number {
            return Err(format!("`{text}` has bits after its first {bits}, which must be zero"));
        }
        Ok(Self { first, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        network.parse::<Network>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_holds_what_begins_like_it() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.168.1.128/25", "192.168.1.128", "192.168.1.127"),
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("::/0", "2001:db8::1", "203.0.113.9"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "::10.1.2.3"),
        ] {
            assert!(contains(network, inside), "{network} {inside}");
            assert!(!contains(network, outside), "{network} {outside}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in
            ["", "proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.1/8", "::1/129", "10.0.0.0/8/8"]
        {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_network_is_written_as_it_is_read() {
        for text in ["10.0.0.0/8", "2001:db8::/32", "127.0.0.1/32"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_subscriber_of_ipv6_has_many_addresses() {
        let of = |text: &str| subscriber(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("203.0.113.9"), "203.0.113.9");
        assert_eq!(of("::ffff:203.0.113.9"), "203.0.113.9");
    }
}

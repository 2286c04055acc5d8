//! Grants for the network, as they are written: an address, a range of them or
//! a host name, each with or without a port. Looking names up is left to `gate`.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// A grant's text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct GrantSyntax(String);

/// Where a program may connect to, over TCP or UDP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetGrant {
    host: NetHost,
    /// All ports, if there is none.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum NetHost {
    /// The addresses that begin with the same bits.
    Range { address: IpAddr, bits: u8 },
    /// The addresses that the name has when it is asked for; always lower case.
    Name(String),
}

/// The servers that a program may send HTTP requests to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpGrant {
    host: HttpHost,
    /// All ports, if there is none.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum HttpHost {
    /// Every server.
    Any,
    /// The names that end in this, which begins with a dot.
    Below(String),
    /// One name or address; always lower case.
    Exact(String),
}

impl NetGrant {
    /// Whether the address is granted without looking up a name.
    pub(crate) fn allows(&self, to: SocketAddr) -> bool {
        let NetHost::Range { address, bits } = self.host else { return false };
        self.allows_port(to.port()) && same_bits(address, to.ip().to_canonical(), bits)
    }

    /// The name whose addresses are granted at this port.
    pub(crate) fn name_for(&self, port: u16) -> Option<&str> {
        match &self.host {
            NetHost::Name(name) if self.allows_port(port) => Some(name),
            NetHost::Name(_) | NetHost::Range { .. } => None,
        }
    }

    /// Whether the grant is for this host name, at whatever port.
    pub(crate) fn names(&self, asked: &str) -> bool {
        match &self.host {
            NetHost::Name(name) => name.eq_ignore_ascii_case(asked.trim_end_matches('.')),
            NetHost::Range { .. } => false,
        }
    }

    fn allows_port(&self, port: u16) -> bool {
        self.port.is_none_or(|granted| granted == port)
    }
}

impl HttpGrant {
    /// Whether requests to this host and port are granted.
    pub(crate) fn allows(&self, host: &str, port: u16) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let named = match &self.host {
            HttpHost::Any => true,
            HttpHost::Below(end) => host.len() > end.len() && host.ends_with(end.as_str()),
            HttpHost::Exact(granted) => *granted == host,
        };
        named && self.port.is_none_or(|granted| granted == port)
    }
}

fn same_bits(granted: IpAddr, asked: IpAddr, bits: u8) -> bool {
    let unlike = match (granted, asked) {
        (IpAddr::V4(granted), IpAddr::V4(asked)) => {
            (granted.to_bits() ^ asked.to_bits()).checked_shr(32 - u32::from(bits)).unwrap_or(0)
                != 0
        }
        (IpAddr::V6(granted), IpAddr::V6(asked)) => {
            (granted.to_bits() ^ asked.to_bits()).checked_shr(128 - u32::from(bits)).unwrap_or(0)
                != 0
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => true,
    };
    !unlike
}

/// Parts `host:port`, where the host may be an address of version 6, in
/// brackets if there is a port.
fn host_and_port(text: &str) -> Result<(&str, Option<u16>), GrantSyntax> {
    if text.parse::<IpAddr>().is_ok() {
        return Ok((text, None));
    }
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, rest)) => (host, Some(rest.strip_prefix(':').ok_or_else(|| wrong(text))?)),
        None => match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let port = match port {
        None | Some("*") => None,
        Some(port) => {
            let number = port.parse().ok().filter(|number| *number != 0);
            Some(number.ok_or_else(|| GrantSyntax(format!("`{port}` is not a port: 1 to 65535")))?)
        }
    };
    if host.is_empty() {
        return Err(wrong(text));
    }
    Ok((host, port))
}

fn wrong(text: &str) -> GrantSyntax {
    GrantSyntax(format!(
        "`{text}` is no address: write 127.0.0.1:8080, [::1]:8080, 10.0.0.0/8 or example.com:443"
    ))
}

fn host_name(text: &str) -> Option<String> {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let name = text.strip_suffix('.').unwrap_or(text);
    let labels = || name.split('.');
    // A name whose last part is a number would be an address, and a broken one at that.
    let number = labels().next_back().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    let fine = labels().all(|label| !label.is_empty() && label.chars().all(letters));
    (fine && !number).then(|| name.to_ascii_lowercase())
}

impl FromStr for NetGrant {
    type Err = GrantSyntax;

    fn from_str(text: &str) -> Result<NetGrant, GrantSyntax> {
        if let Some((range, rest)) = text.split_once('/') {
            let (bits, port) = match rest.split_once(':') {
                Some((bits, _)) => {
                    (bits, host_and_port(&format!("x:{}", &rest[bits.len() + 1..]))?.1)
                }
                None => (rest, None),
            };
            let range = range.trim_start_matches('[').trim_end_matches(']');
            let address: IpAddr = range.parse().map_err(|_| wrong(text))?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.parse().ok().filter(|bits| *bits <= most);
            let bits = bits.ok_or_else(|| {
                GrantSyntax(format!("`{text}` is no range: after the slash stand 0 to {most} bits"))
            })?;
            // Addresses are compared in their shortest form, so a range of version 4 that is
            // written in version 6 is one of version 4.
            let (address, bits) = match address.to_canonical() {
                short if bits >= 96 && short != address => (short, bits - 96),
                _ => (address, bits),
            };
            return Ok(NetGrant { host: NetHost::Range { address, bits }, port });
        }
        let (host, port) = host_and_port(text)?;
        let host = match host.parse::<IpAddr>() {
            Ok(address) => {
                let address = address.to_canonical();
                NetHost::Range { address, bits: if address.is_ipv4() { 32 } else { 128 } }
            }
            Err(_) => NetHost::Name(host_name(host).ok_or_else(|| wrong(text))?),
        };
        Ok(NetGrant { host, port })
    }
}

impl FromStr for HttpGrant {
    type Err = GrantSyntax;

    fn from_str(text: &str) -> Result<HttpGrant, GrantSyntax> {
        if text.contains('/') {
            return Err(GrantSyntax(format!(
                "`{text}` is no server: write the host alone, without `http://` and without a path"
            )));
        }
        let (host, port) = host_and_port(text)?;
        let host = match host {
            "*" => HttpHost::Any,
            _ => match (host.strip_prefix("*."), host.parse::<IpAddr>()) {
                (Some(parent), _) => {
                    HttpHost::Below(format!(".{}", host_name(parent).ok_or_else(|| wrong(text))?))
                }
                (None, Ok(IpAddr::V6(address))) => HttpHost::Exact(format!("[{address}]")),
                (None, Ok(IpAddr::V4(address))) => HttpHost::Exact(address.to_string()),
                (None, Err(_)) => HttpHost::Exact(host_name(host).ok_or_else(|| wrong(text))?),
            },
        };
        Ok(HttpGrant { host, port })
    }
}

impl fmt::Display for NetGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            NetHost::Name(name) => write!(f, "{name}")?,
            NetHost::Range { address, bits: 32 } if address.is_ipv4() => write!(f, "{address}")?,
            NetHost::Range { address, bits: 128 } => match self.port {
                Some(_) => write!(f, "[{address}]")?,
                None => write!(f, "{address}")?,
            },
            NetHost::Range { address, bits } => write!(f, "{address}/{bits}")?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl fmt::Display for HttpGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            HttpHost::Any => write!(f, "*")?,
            HttpHost::Below(end) => write!(f, "*{end}")?,
            HttpHost::Exact(host) => write!(f, "{host}")?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(grant: &str, to: &str) -> bool {
        let grant: NetGrant = grant.parse().expect("the grant is well-formed");
        grant.allows(to.parse().expect("the address is well-formed"))
    }

    #[test]
    fn addresses_are_granted_with_their_ports() {
        assert!(net("127.0.0.1:80", "127.0.0.1:80"));
        assert!(!net("127.0.0.1:80", "127.0.0.1:81"));
        assert!(!net("127.0.0.1:80", "127.0.0.2:80"));
        assert!(net("127.0.0.1", "127.0.0.1:81"));
        assert!(net("[::1]:80", "[::1]:80"));
        assert!(net("::1", "[::1]:80"));
        assert!(!net("::1", "127.0.0.1:80"));
        assert!(net("127.0.0.1:80", "[::ffff:127.0.0.1]:80"));
    }

    #[test]
    fn ranges_count_their_bits() {
        assert!(net("10.0.0.0/8", "10.200.1.1:1"));
        assert!(!net("10.0.0.0/8", "11.0.0.0:1"));
        assert!(net("10.1.2.0/23", "10.1.3.9:1"));
        assert!(!net("10.1.2.0/23", "10.1.4.0:1"));
        assert!(net("0.0.0.0/0:443", "8.8.8.8:443"));
        assert!(!net("0.0.0.0/0:443", "8.8.8.8:80"));
        assert!(!net("0.0.0.0/0", "[::1]:80"));
        assert!(net("fe80::/10", "[febf::1]:1"));
        assert!(!net("fe80::/10", "[fec0::1]:1"));
        assert!(net("::/0", "[2001:db8::1]:1"));
        // A range of version 4 in version 6.
        assert!(net("::ffff:10.0.0.0/104", "10.200.1.1:1"));
        assert!(!net("::ffff:10.0.0.0/104", "11.0.0.0:1"));
    }

    #[test]
    fn names_are_known_by_port() {
        let grant: NetGrant = "Example.com:443".parse().expect("well-formed");
        assert_eq!(grant.name_for(443), Some("example.com"));
        assert_eq!(grant.name_for(80), None);
        assert!(grant.names("EXAMPLE.com."));
        assert!(!grant.names("www.example.com"));
        assert!(!grant.allows("93.184.216.34:443".parse().expect("an address")));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            ":80",
            "a:0",
            "a:99999",
            "1.2.3.4/33",
            "1.2.3/8",
            "a b",
            "300.1.1.1",
            "a/8",
            "[::1]x",
        ] {
            assert!(text.parse::<NetGrant>().is_err(), "{text}");
        }
    }

    fn http(grant: &str, host: &str, port: u16) -> bool {
        grant.parse::<HttpGrant>().expect("the grant is well-formed").allows(host, port)
    }

    #[test]
    fn servers_are_granted_by_name() {
        assert!(http("example.com", "example.com", 443));
        assert!(http("example.com", "Example.COM", 80));
        assert!(!http("example.com", "www.example.com", 80));
        assert!(http("example.com:443", "example.com", 443));
        assert!(!http("example.com:443", "example.com", 80));
        assert!(http("*.example.com", "a.b.example.com", 80));
        assert!(!http("*.example.com", "example.com", 80));
        assert!(!http("*.example.com", "evilexample.com", 80));
        assert!(http("*", "anything", 1));
        assert!(http("*:80", "anything", 80));
        assert!(!http("*:80", "anything", 81));
        assert!(http("[::1]:80", "[::1]", 80));
        assert!("http://example.com".parse::<HttpGrant>().is_err());
        assert!("*example.com".parse::<HttpGrant>().is_err());
    }

    #[test]
    fn grants_print_as_they_are_written() {
        for text in
            ["127.0.0.1:80", "[::1]:80", "::1", "10.0.0.0/8", "10.0.0.0/8:53", "example.com"]
        {
            assert_eq!(text.parse::<NetGrant>().expect("well-formed").to_string(), text);
        }
        for text in ["*", "*.example.com:443", "example.com", "[::1]:80"] {
            assert_eq!(text.parse::<HttpGrant>().expect("well-formed").to_string(), text);
        }
    }
}

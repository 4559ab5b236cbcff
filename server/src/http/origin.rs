//! Under which names the console may be reached, and from where a page may change something.

use std::net::IpAddr;

use http::{HeaderMap, Method, header};

/// Who may ask.
#[derive(Clone, Debug)]
pub(crate) struct OriginRules {
    hosts: Vec<String>,
    trusted_proxies: Vec<IpAddr>,
}

/// Why a request is not answered.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("the console is not reached under the host name `{0}`: add it to server.hosts")]
    Host(String),
    #[error("a page of `{0}` may not change anything here")]
    Origin(String),
    #[error("another site's page may not change anything here")]
    Site,
}

impl OriginRules {
    pub(crate) fn new(hosts: Vec<String>, trusted_proxies: Vec<IpAddr>) -> Self {
        Self { hosts: hosts.into_iter().map(|host| host.to_ascii_lowercase()).collect(), trusted_proxies }
    }

    /// Checks a request from `peer`. The host is checked on every request (a name that resolves to loopback is no
    /// permission), origin and fetch site on those that change something.
    pub(crate) fn check(&self, peer: IpAddr, method: &Method, headers: &HeaderMap) -> Result<(), Refused> {
        let host = self.host(peer, headers);
        if !self.knows(host_name(&host)) {
            return Err(Refused::Host(host.chars().take(80).collect()));
        }
        if matches!(*method, Method::GET | Method::HEAD) {
            return Ok(());
        }
        // Without the header the client is no browser of these years, and Origin decides.
        if let Some(site) = text(headers, "sec-fetch-site")
            && !matches!(site, "same-origin" | "none")
        {
            return Err(Refused::Site);
        }
        match text(headers, header::ORIGIN.as_str()) {
            None => Ok(()),
            Some(origin) => {
                let name = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
                if name.is_some_and(|name| name.eq_ignore_ascii_case(&host)) {
                    Ok(())
                } else {
                    Err(Refused::Origin(origin.chars().take(80).collect()))
                }
            }
        }
    }

    /// `host[:port]` as the browser used it.
    fn host(&self, peer: IpAddr, headers: &HeaderMap) -> String {
        let forwarded = self.trusted_proxies.contains(&peer).then(|| text(headers, "x-forwarded-host")).flatten();
        let forwarded = forwarded.and_then(|list| list.split(',').next()).map(str::trim);
        forwarded.or_else(|| text(headers, header::HOST.as_str())).unwrap_or_default().to_ascii_lowercase()
    }

    fn knows(&self, name: &str) -> bool {
        let loopback = name == "localhost" || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        loopback || self.hosts.iter().any(|host| host == name)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn host_name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &Method, pairs: &[(&str, &str)]) -> Result<(), Refused> {
        let rules = OriginRules::new(vec!["Console.example".into()], vec![IpAddr::from([127, 0, 0, 9])]);
        let headers = pairs.iter().map(|(name, value)| (name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap())).collect();
        rules.check(IpAddr::from([127, 0, 0, 1]), method, &headers)
    }

    #[test]
    fn only_known_names_are_answered() {
        for good in ["127.0.0.1:7070", "localhost", "LOCALHOST:1", "[::1]:7070", "console.example", "127.8.8.8"] {
            assert_eq!(check(&Method::GET, &[("host", good)]), Ok(()), "{good}");
        }
        for bad in ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1", "console.example.evil"] {
            assert!(matches!(check(&Method::GET, &[("host", bad)]), Err(Refused::Host(_))), "{bad}");
        }
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let host = ("host", "127.0.0.1:7070");
        assert_eq!(check(&Method::POST, &[host]), Ok(()), "a program without a browser");
        assert_eq!(check(&Method::POST, &[host, ("origin", "http://127.0.0.1:7070"), ("sec-fetch-site", "same-origin")]), Ok(()));
        for origin in ["http://evil.example", "null", "http://127.0.0.1:8080", "http://localhost:7070"] {
            assert!(matches!(check(&Method::POST, &[host, ("origin", origin)]), Err(Refused::Origin(_))), "{origin}");
        }
        for site in ["cross-site", "same-site", "nonsense"] {
            assert_eq!(check(&Method::PUT, &[host, ("sec-fetch-site", site)]), Err(Refused::Site));
        }
        assert_eq!(check(&Method::GET, &[host, ("origin", "http://evil.example")]), Ok(()));
    }

    #[test]
    fn forwarded_hosts_are_believed_from_trusted_proxies_alone() {
        let pairs = [("host", "127.0.0.1:7070"), ("x-forwarded-host", "evil.example")];
        assert_eq!(check(&Method::GET, &pairs), Ok(()), "not trusted: the header is passed over");
        let rules = OriginRules::new(vec!["console.example".into()], vec![IpAddr::from([10, 0, 0, 9])]);
        let headers: HeaderMap =
            [(http::HeaderName::from_static("x-forwarded-host"), "console.example".parse().unwrap())].into_iter().collect();
        assert_eq!(rules.check(IpAddr::from([10, 0, 0, 9]), &Method::GET, &headers), Ok(()));
    }
}

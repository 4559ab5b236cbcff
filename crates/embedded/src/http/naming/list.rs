//! The list a client gets, and its subscription to changes of it.

use std::net::{IpAddr, SocketAddr};

use super::names::{key, service};
use crate::http::App;
use crate::http::answer::data;
use crate::http::call::Call;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};
use crate::naming::ServiceKey;
use crate::push::{HostList, Subscriber};

/// Clients that are pushed to, by the name in their `User-Agent` or `Client-Version`, and since which version.
const PUSHED_TO: [(&str, [u32; 3]); 4] =
    [("Nacos-Java-Client", [0, 1, 0]), ("Nacos-Go-Client", [0, 1, 0]), ("Nacos-CSharp-Client", [0, 9, 0]), ("Nacos-C-Client", [1, 0, 12])];

pub(super) async fn list(app: App, call: Call, plane: Plane) -> Outcome {
    let asked = if plane == Plane::NamingV2 { Asked::Framework } else { Asked::Own };
    let key = service(&call, asked)?;
    let clusters = call.text(if plane == Plane::NamingV2 { "clusterName" } else { "clusters" });
    let now = app.core.now();
    if plane == Plane::NamingV1 {
        subscribe(&app, &call, &key, clusters, now)?;
    }
    let list = HostList::new(&app.core.naming.read(), &key, clusters, call.flag("healthyOnly", false), now);
    Ok(data(plane, &list))
}

pub(super) async fn statuses(app: App, call: Call, plane: Plane) -> Outcome {
    let name = call.filled("key").ok_or(Refusal::Missing { name: "key", java: "String", asked: Asked::Own })?;
    let key = key(&call, name)?;
    let naming = app.core.naming.read();
    let entries = naming.service(&key).into_iter().flat_map(crate::naming::Service::instances);
    let ips: Vec<String> = entries.map(|entry| format!("{}_{}", entry.view.address, entry.view.healthy)).collect();
    Ok(data(plane, &serde_json::json!({ "ips": ips })))
}

fn subscribe(app: &App, call: &Call, key: &ServiceKey, clusters: &str, now: i64) -> Result<(), Refusal> {
    let Some(port) = call.filled("udpPort") else { return Ok(()) };
    let port: i64 = port.parse().map_err(|_| Refusal::NotA { java: "double", value: port.to_owned() })?;
    let Some(port) = u16::try_from(port).ok().filter(|port| *port > 0) else { return Ok(()) };
    let agent = call.header("client-version").or_else(|| call.header("user-agent")).unwrap_or_default();
    let ip = call.filled("clientIP").unwrap_or(&call.client_ip);
    // A name instead of an address would have to be resolved: such a client polls.
    let Ok(ip) = ip.parse::<IpAddr>() else { return Ok(()) };
    if can_be_pushed_to(agent) {
        let subscriber = Subscriber {
            address: SocketAddr::new(ip, port),
            agent: agent.to_owned(),
            app: call.text("app").to_owned(),
            clusters: clusters.to_owned(),
        };
        app.core.pushes.subscribe(key, subscriber, now);
    }
    Ok(())
}

fn can_be_pushed_to(agent: &str) -> bool {
    let Some((name, version)) = agent.split_once(':') else { return false };
    let version = version.trim_start_matches('v');
    let numbers = version.split(['.', '-']).map_while(|number| number.parse::<u32>().ok());
    let mut read = [0; 3];
    for (into, number) in read.iter_mut().zip(numbers) {
        *into = number;
    }
    PUSHED_TO.iter().any(|(known, since)| *known == name && read >= *since)
}

#[cfg(test)]
mod tests {
    use super::can_be_pushed_to;

    #[test]
    fn who_is_pushed_to() {
        for (agent, expected) in [
            ("Nacos-Java-Client:v1.4.6", true),
            ("Nacos-Java-Client:v2.1.0-BETA", true),
            ("Nacos-Java-Client:v0.0.9", false),
            ("Nacos-Go-Client:v1.1.0", true),
            ("Nacos-CSharp-Client:v1.0.0", true),
            ("Nacos-C-Client:v1.1.0", true),
            ("nacos-cpp-client:v1.1.0", false),
            ("Nacos-Python-Client:v1.0.0", false),
            ("curl/8", false),
            ("", false),
        ] {
            assert_eq!(can_be_pushed_to(agent), expected, "{agent}");
        }
    }
}

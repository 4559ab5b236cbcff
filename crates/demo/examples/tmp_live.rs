#![allow(missing_docs, clippy::all, clippy::print_stdout, clippy::uninlined_format_args)]
use std::sync::Arc; use std::time::{Duration, Instant};
use pilothouse_demo::*; use pilothouse_embedded::*; use tokio::net::TcpListener; use tokio_util::sync::CancellationToken;
#[tokio::main]
async fn main() {
    let big = std::env::args().nth(1).is_some();
    let stop = CancellationToken::new(); let mut urls = vec![];
    for _ in 0..2 { let d = tempfile::tempdir().unwrap(); let e = Embedded::open(EmbeddedConfig{data_dir:d.path().into(),clock:Arc::new(SystemClock)}).unwrap();
        let l = TcpListener::bind("127.0.0.1:0").await.unwrap(); urls.push(format!("http://{}/nacos", l.local_addr().unwrap())); let s=stop.clone(); tokio::spawn(async move { e.serve(l,s).await.unwrap(); drop(d)}); }
    let size = if big { FleetSize{services:500,instances:10_000} } else { FleetSize::default() };
    let t0=Instant::now();
    tokio::spawn(run(DemoSettings{registries:urls.clone(),seed:7,quiet:big,size,control:None}, stop.clone()));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let c = reqwest::Client::new();
    for tick in 0..(if big {6} else {32}) {
        tokio::time::sleep(Duration::from_secs(5)).await;
        let mut line=String::new();
        for u in &urls { for ns in ["","prod"] {
            let v: serde_json::Value = c.get(format!("{u}/v1/ns/catalog/services?pageNo=1&pageSize=1000&hasIpCount=true&namespaceId={ns}")).send().await.unwrap().json().await.unwrap();
            let (mut ip, mut h)=(0,0); for s in v["serviceList"].as_array().unwrap(){ ip+=s["ipCount"].as_u64().unwrap(); h+=s["healthyInstanceCount"].as_u64().unwrap(); }
            line += &format!(" {}svc {}/{}", v["count"], h, ip);
        }}
        println!("{:>5.1}s {}", t0.elapsed().as_secs_f32(), line);
        if big { let mut l=vec![]; for i in 0..300 { let t=Instant::now(); c.post(format!("{}/v1/ns/instance",urls[0])).form(&[("serviceName","probe"),("ip","10.9.9.9"),("port",&(1000+i%50).to_string())]).send().await.unwrap(); l.push(t.elapsed()); } l.sort(); println!("  register p50 {:?} p99 {:?}", l[150], l[297]);
          let mut l=vec![]; for _ in 0..50 { let t=Instant::now(); c.get(format!("{}/v1/ns/catalog/services?pageNo=1&pageSize=500&hasIpCount=true&withInstances=false",urls[0])).send().await.unwrap().bytes().await.unwrap(); l.push(t.elapsed()); } l.sort(); println!("  catalog/services(500) p50 {:?} p98 {:?}", l[25], l[49]); let _ = tick; }
    }
    let s = std::fs::read_to_string("/proc/self/stat").unwrap(); let f: Vec<_> = s.split(' ').collect(); println!("cpu ticks u {} s {} over {:?}", f[13], f[14], t0.elapsed());
    stop.cancel(); tokio::time::sleep(Duration::from_millis(900)).await;
}

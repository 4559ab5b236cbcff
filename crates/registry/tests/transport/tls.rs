//! Whom the transport trusts, and what it says when it does not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pilothouse_model::Millis;
use pilothouse_registry::transport::{Answer, Ask, Endpoints, EndpointsConfig, TlsConfig};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A private authority, and a folder for its PEM files.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let authority = Self { issuer, folder: tempfile::tempdir().unwrap() };
        authority.file("ca.pem", &authority.issuer.pem());
        authority
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn issue(&self, names: &[&str], expired: bool) -> (rcgen::Certificate, KeyPair) {
        let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
        if expired {
            (params.not_before, params.not_after) = (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1));
        }
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    fn trusted(&self) -> TlsConfig {
        TlsConfig { ca: Some(self.folder.path().join("ca.pem")), ..TlsConfig::default() }
    }
}

/// Serves `[]` over TLS to whoever the handshake lets in; returns its URL.
async fn serve(authority: &Authority, names: &[&str], expired: bool, wants_client: bool) -> String {
    let (certificate, key) = authority.issue(names, expired);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
    let builder = if wants_client {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(authority.issuer.der().clone()).unwrap();
        builder.with_client_cert_verifier(WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap())
    } else {
        builder.with_no_client_auth()
    };
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(builder.with_single_cert(vec![certificate.der().clone()], key).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://127.0.0.1:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(tcp).await else { continue };
            let mut buffer = [0; 4096];
            if stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]").await;
                let _ = stream.shutdown().await;
            }
        }
    });
    url
}

async fn ask(url: &str, tls: TlsConfig) -> Result<(), String> {
    let mut config = EndpointsConfig::new(vec![url.to_owned()], "Nacos");
    config.tls = tls;
    let endpoints = Endpoints::new(config, Arc::new(|| Millis(0))).map_err(|error| error.to_string())?;
    let asked = endpoints.ask(Ask::get("/", "the services")).await;
    asked.and_then(Answer::ok).map(|_| ()).map_err(|error| error.to_string().replace(url, "E"))
}

#[tokio::test]
async fn a_private_authority_is_trusted() {
    let authority = Authority::new();
    let url = serve(&authority, &["127.0.0.1"], false, false).await;
    assert_eq!(ask(&url, authority.trusted()).await, Ok(()));
}

#[tokio::test]
async fn distrust_says_why() {
    let (authority, other) = (Authority::new(), Authority::new());
    let cases = [
        (serve(&authority, &["127.0.0.1"], true, false).await, authority.trusted(), "E is not trusted: its certificate has expired"),
        (
            serve(&authority, &["127.0.0.1"], false, false).await,
            other.trusted(),
            "E is not trusted: its certificate comes from an authority that is not trusted here (tls.ca)",
        ),
        (
            serve(&authority, &["nacos.example"], false, false).await,
            authority.trusted(),
            "E is not trusted: its certificate is for another name",
        ),
        (crate::server::nobody().await.replace("http", "https"), authority.trusted(), "E cannot be reached"),
    ];
    for (url, tls, expected) in cases {
        let words = ask(&url, tls).await.unwrap_err();
        assert!(words.starts_with(expected), "{words}");
    }
}

#[tokio::test]
async fn a_port_without_tls_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut tcp, _) = listener.accept().await.unwrap();
        let _ = tcp.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = tcp.read(&mut [0; 1024]).await;
    });
    assert_eq!(ask(&url, Authority::new().trusted()).await, Err("E is not trusted: the port does not speak TLS".into()));
}

#[tokio::test]
async fn a_client_certificate_is_shown_where_it_is_wanted() {
    let authority = Authority::new();
    let url = serve(&authority, &["127.0.0.1"], false, true).await;
    let words = ask(&url, authority.trusted()).await.unwrap_err();
    assert!(words.contains("client certificate"), "{words}");
    let (certificate, key) = authority.issue(&["console"], false);
    let tls = TlsConfig {
        certificate: Some(authority.file("console.pem", &certificate.pem())),
        key: Some(authority.file("console.key", &key.serialize_pem())),
        ..authority.trusted()
    };
    assert_eq!(ask(&url, tls).await, Ok(()));
}

#[tokio::test]
async fn wrong_files_are_named_with_their_field() {
    let authority = Authority::new();
    let (certificate, _) = authority.issue(&["a"], false);
    let (_, other_key) = authority.issue(&["b"], false);
    let empty = authority.file("empty.pem", "nothing here");
    let certificate = authority.file("a.pem", &certificate.pem());
    let other_key = authority.file("b.key", &other_key.serialize_pem());
    let missing = Path::new("/nowhere/ca.pem").to_owned();
    let tls = |ca: Option<&PathBuf>, certificate: Option<&PathBuf>, key: Option<&PathBuf>| TlsConfig {
        ca: ca.cloned(),
        certificate: certificate.cloned(),
        key: key.cloned(),
    };
    let cases = [
        (tls(Some(&missing), None, None), "tls.ca: cannot read /nowhere/ca.pem".to_owned()),
        (tls(Some(&empty), None, None), format!("tls.ca: {} holds no certificate in PEM", empty.display())),
        (tls(None, Some(&certificate), None), "tls.key is missing".to_owned()),
        (tls(None, None, Some(&other_key)), "tls.certificate is missing".to_owned()),
        (tls(None, Some(&certificate), Some(&empty)), format!("tls.key: {} holds no private key in PEM", empty.display())),
        (
            tls(Some(&certificate), Some(&certificate), Some(&other_key)),
            format!("tls.certificate: {} is not usable", certificate.display()),
        ),
    ];
    for (tls, expected) in cases {
        let words = ask("https://127.0.0.1:1", tls).await.unwrap_err();
        assert!(words.starts_with(&expected), "{words}");
    }
}

//! Whom an endpoint is believed to be, and who we say we are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls_platform_verifier::BuilderVerifierExt;

/// Where trust and identity come from. With nothing set, the system's certificate authorities are trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsConfig {
    /// PEM file with the private authorities to trust, and no others.
    pub ca: Option<PathBuf>,
    /// PEM file with the certificate we show, its chain behind it.
    pub certificate: Option<PathBuf>,
    /// PEM file with that certificate's private key.
    pub key: Option<PathBuf>,
}

/// Why a [`TlsConfig`] cannot be used. Names the field and the file, never what a file holds.
#[derive(Debug, thiserror::Error)]
pub enum TlsConfigError {
    /// A file cannot be read.
    #[error("tls.{field}: cannot read {}", file.display())]
    Unreadable {
        /// `ca`, `certificate` or `key`.
        field: &'static str,
        /// Which file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file holds no PEM section of the kind that is needed, or a broken one.
    #[error("tls.{field}: {} holds no {wanted}", file.display())]
    NotPem {
        /// `ca`, `certificate` or `key`.
        field: &'static str,
        /// Which file.
        file: PathBuf,
        /// What it should hold.
        wanted: &'static str,
    },
    /// A certificate or key that TLS cannot use, or a key of another certificate.
    #[error("tls.{field}: {} is not usable: {source}", file.display())]
    Unusable {
        /// `ca`, `certificate` or `key`.
        field: &'static str,
        /// Which file.
        file: PathBuf,
        /// Why.
        source: rustls::Error,
    },
    /// A certificate without its key, or the other way round.
    #[error("tls.{missing} is missing: a client certificate needs both tls.certificate and tls.key")]
    Half {
        /// Which one is not set.
        missing: &'static str,
    },
    /// The system's authorities cannot be used.
    #[error("the system's certificate authorities cannot be used (tls.ca may name a file instead): {0}")]
    System(#[source] rustls::Error),
}

impl TlsConfig {
    /// Reads the files and makes a client of TLS 1.2 and 1.3. Blocks on the file system: for the start of the program.
    pub(super) fn load(&self) -> Result<Arc<ClientConfig>, TlsConfigError> {
        let identity = match (&self.certificate, &self.key) {
            (None, None) => None,
            (Some(_), None) => return Err(TlsConfigError::Half { missing: "key" }),
            (None, Some(_)) => return Err(TlsConfigError::Half { missing: "certificate" }),
            (Some(certificate), Some(key)) => Some((certificate, certificates("certificate", certificate)?, private_key(key)?)),
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(TlsConfigError::System)?;
        let builder = match &self.ca {
            Some(file) => builder.with_root_certificates(authorities(file)?),
            None => builder.with_platform_verifier().map_err(TlsConfigError::System)?,
        };
        let config = match identity {
            None => builder.with_no_client_auth(),
            Some((file, chain, key)) => builder.with_client_auth_cert(chain, key).map_err(|source| TlsConfigError::Unusable {
                field: "certificate",
                file: file.clone(),
                source,
            })?,
        };
        Ok(Arc::new(config))
    }
}

fn authorities(file: &Path) -> Result<rustls::RootCertStore, TlsConfigError> {
    let mut roots = rustls::RootCertStore::empty();
    for certificate in certificates("ca", file)? {
        roots.add(certificate).map_err(|source| TlsConfigError::Unusable { field: "ca", file: file.to_owned(), source })?;
    }
    Ok(roots)
}

fn certificates(field: &'static str, file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsConfigError> {
    let not_pem = || TlsConfigError::NotPem { field, file: file.to_owned(), wanted: "certificate in PEM" };
    let found = CertificateDer::pem_slice_iter(&read(field, file)?).collect::<Result<Vec<_>, _>>().map_err(|_| not_pem())?;
    if found.is_empty() { Err(not_pem()) } else { Ok(found) }
}

fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, TlsConfigError> {
    PrivateKeyDer::from_pem_slice(&read("key", file)?).map_err(|_| TlsConfigError::NotPem {
        field: "key",
        file: file.to_owned(),
        wanted: "private key in PEM (without a passphrase)",
    })
}

fn read(field: &'static str, file: &Path) -> Result<Vec<u8>, TlsConfigError> {
    std::fs::read(file).map_err(|source| TlsConfigError::Unreadable { field, file: file.to_owned(), source })
}

/// The TLS error inside an input or output error, if that is what it is.
pub(super) fn inside<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let io = error.downcast_ref::<std::io::Error>()?;
    io.get_ref()?.downcast_ref()
}

/// What went wrong in a handshake, in the words of whoever has to repair it.
pub(super) fn words(error: &rustls::Error) -> String {
    use rustls::{AlertDescription, CertificateError, Error};
    match error {
        Error::InvalidCertificate(problem) => match problem {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired".into(),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "its certificate is not valid yet".into(),
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                "its certificate comes from an authority that is not trusted here (tls.ca)".into()
            }
            CertificateError::NotValidForName => "its certificate is for another name".into(),
            CertificateError::NotValidForNameContext { expected, presented } => {
                format!("its certificate is for another name: {} instead of {}", presented.join(", "), expected.to_str())
            }
            CertificateError::Revoked => "its certificate was revoked".into(),
            other => format!("its certificate is not valid: {other}"),
        },
        Error::AlertReceived(AlertDescription::CertificateRequired) => "it wants a client certificate (tls.certificate, tls.key)".into(),
        Error::AlertReceived(
            AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateRevoked
            | AlertDescription::AccessDenied,
        ) => format!("it refuses our client certificate: {error}"),
        Error::InvalidMessage(_) => "the port does not speak TLS".into(),
        other => other.to_string(),
    }
}

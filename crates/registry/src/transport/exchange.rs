//! One request and its answer over one connection.

use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper_util::client::legacy::Client;

use super::Ask;
use super::connector::{ConnectError, Connector};
use super::failure::Failure;

const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("pilothouse/", env!("CARGO_PKG_VERSION")));

pub(super) async fn run(
    client: &Client<Connector, Full<Bytes>>,
    base: &str,
    ask: &Ask,
    max_body: usize,
) -> Result<(http::response::Parts, Bytes), Failure> {
    let request =
        request(base, ask).map_err(|error| Failure::Unsent(ConnectError::Tcp(format!("the request cannot be written: {error}"))))?;
    let (head, body) = client.request(request).await.map_err(|error| Failure::of_request(&error))?.into_parts();
    Ok((head, read(body, max_body).await?))
}

fn request(base: &str, ask: &Ask) -> Result<Request<Full<Bytes>>, http::Error> {
    let mut request =
        Request::builder().method(ask.method.clone()).uri(format!("{base}{}", ask.target())).header(header::USER_AGENT, USER_AGENT);
    for (name, value) in &ask.headers {
        let (name, value) = (HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        if let Some(headers) = request.headers_mut() {
            headers.insert(name, value);
        }
    }
    let body = match &ask.body {
        None => Bytes::new(),
        Some((content_type, body)) => {
            request = request.header(header::CONTENT_TYPE, content_type);
            body.clone()
        }
    };
    request.body(Full::new(body))
}

/// Reads a body and stops where it grows too large, whatever its length said.
async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, Failure> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(Failure::TooLarge(limit));
    }
    let mut whole = BytesMut::with_capacity(announced);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Failure::of_hyper(&error))?;
        if let Some(data) = frame.data_ref() {
            if whole.len() + data.len() > limit {
                return Err(Failure::TooLarge(limit));
            }
            whole.extend_from_slice(data);
        }
    }
    Ok(whole.freeze())
}

//! Why an attempt got no response.

use serde::{Deserialize, Serialize};

/// Defines the enum from one row per reason, so that [`NoResponse::ALL`] is complete.
macro_rules! no_response {
    ($($(#[$doc:meta])+ $reason:ident = $name:literal: $sentence:literal;)+) => {
        /// Why an attempt got no response. The name is stored; the text tells the webhook's owner what
        /// to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
        pub enum NoResponse {
            $($(#[$doc])+ #[serde(rename = $name)] #[error($sentence)] $reason,)+
        }

        impl NoResponse {
            /// All reasons.
            pub const ALL: &[Self] = &[$(Self::$reason),+];

            /// The name that is stored and logged.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$reason => $name),+
                }
            }
        }
    };
}

no_response! {
    /// The resolver failed or found no address of the host.
    Dns = "dns":
        "the host name of the webhook's URL could not be resolved: check its spelling and its DNS records";
    /// Nothing listens at the port.
    Refused = "refused":
        "the receiver refused the connection: check that the server runs and that the URL has its port";
    /// The network has no route to the host.
    Unreachable = "unreachable":
        "the receiver cannot be reached over the network: check its address in the DNS, its routes and \
         its firewall";
    /// Name look-up, TCP and TLS took longer than 5 s or than the attempt's timeout.
    TimeoutConnect = "timeout_connect":
        "no connection was made in time: check that the server runs and that its firewall lets requests \
         from the internet in";
    /// The certificate is self-signed.
    TlsSelfSigned = "tls_self_signed":
        "the receiver's certificate is self-signed: install one of a public certificate authority";
    /// The issuer of the certificate is unknown.
    TlsUnknownIssuer = "tls_unknown_issuer":
        "the issuer of the receiver's certificate is unknown: have the server send the intermediate \
         certificates as well, and use a public certificate authority";
    /// The certificate has expired or is not valid yet.
    TlsExpired = "tls_expired":
        "the receiver's certificate has expired or is not valid yet: renew it and check the server's clock";
    /// The certificate is for other names.
    TlsWrongName = "tls_wrong_name":
        "the receiver's certificate is for another host name: install one for the host of the webhook's \
         URL, or use the name that the certificate has";
    /// The server does not speak TLS at this port.
    TlsNotTls = "tls_not_tls":
        "the receiver does not speak TLS at this port: correct the port of the webhook's URL, or have \
         the server serve HTTPS there";
    /// Both sides have no version or cipher of TLS in common.
    TlsIncompatible = "tls_incompatible":
        "the receiver and Callhook have no version or cipher of TLS in common: enable TLS 1.2 or 1.3 on \
         the server";
    /// The connection ended within the handshake.
    TlsInterrupted = "tls_interrupted":
        "the receiver ended the connection during the TLS handshake: check the server's TLS settings \
         for the host name of the webhook's URL";
    /// TLS failed otherwise.
    TlsOther = "tls_other":
        "no TLS connection could be made: check the server's certificate and TLS settings";
    /// The connection was made, but no response came within the attempt's timeout.
    TimeoutResponse = "timeout_response":
        "the receiver did not answer within the webhook's timeout: have it answer before it works on \
         the report, or raise timeout_seconds";
    /// The connection was reset before the head of a response was received.
    Reset = "reset":
        "the receiver reset the connection before it answered: look for a crash there, or for a proxy \
         or firewall that ends connections";
    /// The connection was closed before the head of a response was received.
    Closed = "closed":
        "the receiver closed the connection before it answered: look for a crash or a time limit of \
         its server";
    /// The response is not valid HTTP/1.1, or exceeds the limits.
    Protocol = "protocol":
        "the receiver's answer is not valid HTTP/1.1: check that the URL leads to a web server, and \
         which status line and headers it sends";
    /// No request was sent: the webhook's templates could not be rendered for the report.
    NotSent = "not_sent":
        "the webhook's templates could not be rendered for this report";
    /// No request was sent: the webhook's URL is not allowed.
    RefusedUrl = "refused_url":
        "no request may go to the webhook's URL; a preview of the webhook says why";
    /// No request was sent: the host of the webhook's URL has an address that is not public.
    RefusedAddress = "refused_address":
        "the host of the webhook's URL has an address that is not on the public internet";
    /// No connection was made for a reason on Callhook's side. Earlier versions stored all failed
    /// connections as this.
    Connect = "connect":
        "no connection could be made";
    /// Stored by earlier versions: no response within the attempt's timeout.
    Timeout = "timeout":
        "no response within the timeout";
    /// Stored by earlier versions: the connection ended, or the response was not HTTP.
    Broken = "broken":
        "the connection broke or the answer was not HTTP";
}

impl NoResponse {
    const TLS: &str = "tls";

    /// The `type` in the API: one for all TLS errors.
    pub fn kind(self) -> &'static str {
        if self.tls_reason().is_some() { Self::TLS } else { self.name() }
    }

    /// The API's code for why TLS failed; `None` for other reasons.
    pub fn tls_reason(self) -> Option<&'static str> {
        self.name().strip_prefix(Self::TLS)?.strip_prefix('_')
    }

    /// Whether the address rules refused the request: a retry would not help.
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::RefusedUrl | Self::RefusedAddress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_reason_is_parsed_from_its_stored_name() {
        for reason in NoResponse::ALL {
            assert_eq!(json!(reason), reason.name());
            assert_eq!(
                serde_json::from_value::<NoResponse>(json!(reason.name())).unwrap(),
                *reason
            );
        }
        assert_eq!(NoResponse::ALL.len(), 22);
    }

    #[test]
    fn names_stored_by_earlier_versions_are_read() {
        for name in ["timeout", "connect", "broken", "not_sent", "refused_url", "refused_address"] {
            let read: NoResponse = serde_json::from_value(json!(name)).unwrap();
            assert_eq!((read.name(), read.kind()), (name, name));
        }
    }

    #[test]
    fn tls_errors_share_one_kind_and_have_a_reason() {
        let seen = |reason: NoResponse| (reason.kind(), reason.tls_reason());
        assert_eq!(seen(NoResponse::TlsSelfSigned), ("tls", Some("self_signed")));
        assert_eq!(seen(NoResponse::TlsNotTls), ("tls", Some("not_tls")));
        assert_eq!(seen(NoResponse::TimeoutConnect), ("timeout_connect", None));
    }

    #[test]
    fn every_text_is_short_and_fits_after_a_colon() {
        for reason in NoResponse::ALL {
            let sentence = reason.to_string();
            assert!(sentence.len() < 200 && !sentence.ends_with('.'), "{sentence}");
            assert!(!sentence.contains("  "), "{sentence}");
            assert!(sentence.starts_with(char::is_lowercase), "{sentence}");
        }
    }
}

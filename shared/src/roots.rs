//! The certificate authorities that are believed where nothing else is said.

use std::sync::{Arc, LazyLock};

use rustls::RootCertStore;

/// Compiled in, parsed: reading the system's takes longer than all else before the first event.
/// There is one copy, whoever asks: each would be eight pages to fill.
pub(crate) fn public() -> Arc<RootCertStore> {
    static PUBLIC: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| {
        Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    });
    Arc::clone(&PUBLIC)
}

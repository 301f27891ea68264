//! Root certificates of the public certificate authorities.

use std::sync::{Arc, LazyLock};

use rustls::RootCertStore;

/// Compiled in and parsed: reading the system's would take longer than everything else before the
/// first event. All clients share one copy, of eight pages of memory.
pub(crate) fn public() -> Arc<RootCertStore> {
    static PUBLIC: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| {
        Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    });
    Arc::clone(&PUBLIC)
}

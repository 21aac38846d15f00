//! The shutdown signal.

/// Waits for Ctrl-C or for the signal that service managers send.
pub(super) async fn shutdown_signal() {
    let interrupted = tokio::signal::ctrl_c();
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! { _ = interrupted => {}, () = terminated => {} }
    tracing::info!("stopping");
}

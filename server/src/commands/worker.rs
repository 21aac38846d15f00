//! `gridspark worker`: fits what others have planned, beside any number of its kind.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;

use super::stop::told_to_stop;
use super::{CommandError, configured_store};
use crate::Ending;
use crate::command_line::{Shared, Worker};
use crate::notification::Notifier;
use crate::observation::Metrics;
use crate::patience::Backoff;
use crate::progress::Meter;
use crate::store::Store;
use crate::worker::{FitSettings, help_along};

/// Between two looks for a run to work on.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

pub(super) async fn run(options: Worker, shared: Shared) -> Result<Ending, CommandError> {
    let (configuration, store) = configured_store(&shared).await?;
    let notifier = Notifier::new(Some(store.clone()), &configuration, &Metrics::default())?;
    let deliveries = tokio::spawn(notifier.clone().keep());
    let settings = FitSettings::new(configuration);
    tracing::info!("ready to fit what is planned in {}", store.kind());
    // What has been claimed when the signal comes goes back to the queue when its lease runs out.
    let worked = tokio::select! {
        worked = work(&store, &settings, options.once) => worked,
        () = told_to_stop() => Ok(()),
    };
    deliveries.abort();
    if options.once {
        // What its last run has brought about.
        notifier.look(Utc::now()).await?;
    }
    store.close().await;
    worked.map(|()| Ending::Complete)
}

async fn work(store: &Store, settings: &FitSettings, once: bool) -> Result<(), CommandError> {
    let mut backoff = Backoff::default();
    loop {
        match help_along(store, settings, Arc::new(Meter::new("boxes"))).await {
            Ok(Some(summary)) => {
                tracing::info!("run {}: {} boxes assessed", summary.run, summary.boxes);
                backoff = Backoff::default();
            }
            Ok(None) if once => return Ok(()),
            Ok(None) => tokio::time::sleep(BETWEEN_LOOKS).await,
            Err(error) if error.is_passing() => {
                let pause = backoff.pause();
                tracing::warn!("{error}; trying again in {pause:.1?}");
                tokio::time::sleep(pause).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

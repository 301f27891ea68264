//! Cold starts: the time until a function requests its first event, and the time of that event.

use std::path::Path;

use callhook::domain::ids::WebhookId;

use super::{Figures, as_f64, median};
use crate::Failure;
use crate::cloud::Cloud;
use crate::events::{FUNCTIONS, bootstrap, first_event};
use crate::lambda::Instance;
use crate::receiver::Receiver;
use crate::tls;
use crate::world::World;

const STARTS: usize = 50;

/// Adds the figures of all functions. Calls of AWS use TLS.
pub(crate) async fn measure(
    root: &Path,
    hello: &Path,
    figures: &mut Figures,
) -> Result<(), Failure> {
    let receiver = Receiver::start(std::time::Duration::ZERO, None).await?;
    let cloud = Cloud::start(Some(tls::acceptor(root)?)).await?;
    let world = World::with(root, receiver, cloud).await?;
    let webhook = world.webhooks(1).await?.first().copied().ok_or("no webhook")?;
    let authority = tls::authority(root)?;
    let environment = world.cloud.environment_with_tls(&authority).ok_or("the cloud has no TLS")?;

    let mut all_hellos = Vec::with_capacity(STARTS * FUNCTIONS.len());
    let mut ratios = Vec::new();
    for function in FUNCTIONS {
        // Alternately, so that both run under the same conditions.
        let mut hellos = Vec::with_capacity(STARTS);
        let init =
            self::function(root, function, webhook, &environment, hello, &mut hellos, figures)
                .await?;
        if ["ingest", "deliver"].contains(&function) {
            ratios.push((function, init / median(&mut hellos)));
        }
        all_hellos.append(&mut hellos);
    }
    figures.add("coldstart.hello.init_ms", median(&mut all_hellos))?;
    for (function, ratio) in ratios {
        figures.add(format!("coldstart.ratio_to_hello.{function}"), ratio)?;
    }
    Ok(())
}

/// Adds the figures of a function; returns its median time to the first request for an event.
async fn function(
    root: &Path,
    function: &str,
    webhook: WebhookId,
    environment: &[(&str, String)],
    hello: &Path,
    hellos: &mut Vec<f64>,
    figures: &mut Figures,
) -> Result<f64, Failure> {
    let bootstrap = bootstrap(root, function);
    let (mut inits, mut firsts, mut memory) = (Vec::new(), Vec::new(), 0.0);
    for _ in 0..STARTS {
        let instance = Instance::start(hello, environment).await?;
        hellos.push(instance.init.as_secs_f64() * 1e3);
        instance.stop().await?;
        let instance = Instance::start(&bootstrap, environment).await?;
        inits.push(instance.init.as_secs_f64() * 1e3);
        let first = instance.invoke(first_event(function, webhook)?).await?;
        firsts.push(first.took.as_secs_f64() * 1e3);
        memory = f64::max(memory, instance.peak_memory_mib()?);
        instance.stop().await?;
    }
    let init = median(&mut inits);
    figures.add(format!("coldstart.{function}.init_ms"), init)?;
    figures.add(format!("coldstart.{function}.first_ms"), median(&mut firsts))?;
    // The memory of ingest and deliver is measured under load.
    if !["ingest", "deliver"].contains(&function) {
        figures.add(format!("memory.{function}.mb"), memory)?;
    }
    let bytes = std::fs::metadata(&bootstrap)?.len();
    figures.add(format!("size.{function}.mb"), as_f64(bytes) / 1e6)?;
    Ok(init)
}

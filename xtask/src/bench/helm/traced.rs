//! What following origins costs: all charts of the suite with their default values, rendered with and without.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use plimsoll::render::chart::{LoadCx, Profile, RenderOptions, Rendering, Seeded, template};
use plimsoll::world::Disk;
use source::{Diagnostics, Origins, Sources};

use super::suite::cases;

/// Each chart is rendered so often in each way, in turn; the fastest counts.
const ROUNDS: usize = 5;

/// Charts that take longer make keys, whose time is chance.
const LONGEST: Duration = Duration::from_millis(150);

/// One line with the sums and their ratio, and the charts whose texts differ.
pub(super) fn report(folder: &Path, body: &mut String) -> Result<(), String> {
    let (mut plain, mut traced, mut count) = (Duration::ZERO, Duration::ZERO, 0);
    let mut differ = Vec::new();
    for case in cases(folder)?.iter().filter(|case| case.renders && case.args.is_empty()) {
        let chart = folder.join(&case.chart);
        let mut best = [Duration::MAX; 2];
        let mut texts = [None, None];
        for _ in 0..ROUNDS {
            for trace in [false, true] {
                let start = Instant::now();
                let rendering = render(&chart, trace);
                let took = start.elapsed();
                best[usize::from(trace)] = took.min(best[usize::from(trace)]);
                texts[usize::from(trace)] = rendering.map(|r| text(&r));
            }
        }
        if texts[0] != texts[1] {
            differ.push(case.id.clone());
        }
        if best[0] < LONGEST {
            plain += best[0];
            traced += best[1];
            count += 1;
        }
    }
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let _ = writeln!(
        body,
        "{count} charts in one process: {:.0} ms, traced {:.0} ms, {:.2} times as long. Texts differ: {}{}\n",
        ms(plain),
        ms(traced),
        ms(traced) / ms(plain),
        differ.len(),
        if differ.is_empty() { String::new() } else { format!(" ({})", differ.join(", ")) },
    );
    Ok(())
}

fn render(chart: &Path, trace: bool) -> Option<Rendering> {
    let options = RenderOptions { trace, ..RenderOptions::default() };
    // The same random bytes for both.
    let world = Seeded::new(&Disk, &["release-name"]);
    let (mut sources, mut out, mut origins) = (Sources::new(), Diagnostics::new(), Origins::new());
    let mut cx = LoadCx { world: &world, sources: &mut sources, profile: Profile::default(), out: &mut out };
    template(chart, &options, &mut origins, &mut cx).ok()
}

fn text(rendering: &Rendering) -> String {
    rendering.manifests.iter().chain(&rendering.hooks).map(|m| &*m.text).collect()
}

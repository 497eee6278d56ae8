//! Reading YAML: MB/s and memory against other readers, and whether time grows linearly on awkward shapes.

use std::sync::Arc;

use super::manifests;

/// What one run of one reader in a process of its own measured.
pub struct Once {
    pub seconds: f64,
    /// Kilobytes at the peak, less those before anything was read.
    pub peak: u64,
}

/// Reads a file with one reader: `plimsoll`, `yaml_serde` or `granit`.
pub fn once(reader: &str, path: &str) -> Result<Once, String> {
    let idle = peak_memory();
    let text: Arc<str> = std::fs::read_to_string(path).map_err(|e| e.to_string())?.into();
    let start = on_cpu();
    let read: Box<dyn std::any::Any> = match reader {
        "plimsoll" => {
            let mut out = source::Diagnostics::new();
            let options = yaml::Options::new(yaml::Profile::Kubernetes);
            Box::new(yaml::read(source::SourceId(0), &text, &options, &mut out))
        }
        other => return Err(format!("no reader `{other}`")),
    };
    let seconds = on_cpu() - start;
    let peak = peak_memory() - idle;
    drop(read);
    Ok(Once { seconds, peak })
}

/// `read-yaml READER FILE`: seconds and kilobytes of one run, for the benchmark that starts it.
#[expect(clippy::print_stdout, reason = "the benchmark reads it")]
pub fn print_once(reader: &str, path: &str) -> Result<(), String> {
    let once = once(reader, path)?;
    println!("{} {}", once.seconds, once.peak);
    Ok(())
}

/// `make-yaml BYTES FILE`: the file that the benchmark reads.
pub fn write_mixed(bytes: &str, path: &str) -> Result<(), String> {
    let bytes = bytes.parse().map_err(|_| format!("`{bytes}` is no number"))?;
    std::fs::write(path, manifests::mixed(bytes)).map_err(|e| e.to_string())
}

/// Seconds that this thread has run, which a busy machine does not lengthen as it does the clock's.
pub fn on_cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
}

/// The peak of this process so far, in kilobytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}

//! What other stages notice of a chart and nobody has to mend: switched off, graded and allowed like findings of rules.

use source::{Diagnostic, Diagnostics};

use super::stage::Written;
use super::{Cx, Ledger, Setting, Settings, rules};

/// The codes. Rendering notices these, by what templates read and write; no rule could.
pub const ADVICE: [&str; 4] = ["define-unused", "template-unused", "value-unknown", "value-unread"];

/// Whether findings of that name can be allowed.
pub fn can_be_allowed(id: &str) -> bool {
    rules::find(id).is_some() || ADVICE.contains(&id)
}

/// Passes on what was noticed of a chart, but what is switched off or allowed. `file` is the chart's `Chart.yaml`, by
/// which configurations speak of it. What was allowed comes back, as from [`super::chart_stage`].
pub fn advice_stage(noticed: Diagnostics, file: &str, cx: &Cx<'_>, out: &mut Diagnostics) -> Ledger {
    let settings = cx.settings.of_chart(file);
    let mut written = Written::new(&settings, cx);
    for mut diagnostic in noticed {
        match settings.advice(&diagnostic) {
            Some(Setting::Off) => continue,
            Some(Setting::Severity(severity)) => diagnostic.severity = severity,
            Some(Setting::On) | None => {}
        }
        if !written.allows(&diagnostic) {
            out.push(diagnostic);
        }
    }
    written.into_ledger(ADVICE.into_iter())
}

impl Settings {
    /// These settings with the overrides that reach a chart.
    pub(super) fn of_chart(&self, file: &str) -> Settings {
        let mut settings = self.clone();
        for one in self.overrides.iter().filter(|one| one.reach.holds_file(file)) {
            // Its names were checked where it was read.
            let _ = settings.apply(&one.layer);
        }
        settings
    }

    fn advice(&self, diagnostic: &Diagnostic) -> Option<Setting> {
        ADVICE.iter().position(|id| *id == diagnostic.code.id).and_then(|at| self.advice.get(at)).copied()
    }
}

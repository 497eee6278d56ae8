//! One layer of settings: what a configuration, or an override in it, says of rules and parameters.

use source::Severity;

use super::{Demand, Preset, ResourceRange, Settings, UnknownRule};

/// What one file or one override asks for; laid over what was there before.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Which rules run before `rules` speaks; none keeps those of the layer below.
    pub preset: Option<Preset>,
    /// A rule, group, level or preset, and what becomes of it. Narrower names win over wider ones, whatever the order.
    pub rules: Vec<(String, Setting)>,
    /// Parameters that are set here.
    pub parameters: Vec<Parameter>,
}

/// What becomes of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Setting {
    /// It runs.
    On,
    /// It does not.
    Off,
    /// It runs, and its findings have that severity.
    Severity(Severity),
}

impl Setting {
    /// All, by the word that configurations use.
    pub const ALL: [(&'static str, Setting); 5] = [
        ("on", Setting::On),
        ("off", Setting::Off),
        ("error", Setting::Severity(Severity::Error)),
        ("warning", Setting::Severity(Severity::Warning)),
        ("note", Setting::Severity(Severity::Note)),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Setting::ALL.iter().find(|(_, known)| *known == self).map_or("on", |(word, _)| word)
    }
}

/// One parameter with its value; see [`super::Parameters`].
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is the field of `Parameters` of that name")]
pub enum Parameter {
    MinReplicas(i64),
    AllowedRegistries(Vec<String>),
    DeniedRegistries(Vec<String>),
    RecommendedLabels(Vec<String>),
    RequiredLabels(Vec<Demand>),
    RequiredAnnotations(Vec<Demand>),
    ForbiddenAnnotations(Vec<String>),
    ResourceRanges(Vec<ResourceRange>),
}

impl Settings {
    /// Lays a layer over these settings; the error is the first name that is no rule, group, level or preset.
    pub fn apply(&mut self, layer: &Layer) -> Result<(), UnknownRule> {
        if let Some(preset) = layer.preset {
            self.use_preset(preset);
        }
        let mut rules: Vec<&(String, Setting)> = layer.rules.iter().collect();
        rules.sort_by_key(|(name, _)| width(name));
        for (name, setting) in rules {
            self.set(name, *setting != Setting::Off)?;
            if let Setting::Severity(severity) = setting {
                self.set_severity_of(name, *severity);
            }
        }
        let told = &mut self.parameters;
        for parameter in layer.parameters.iter().cloned() {
            match parameter {
                Parameter::MinReplicas(count) => told.min_replicas = count,
                Parameter::AllowedRegistries(list) => told.allowed_registries = list,
                Parameter::DeniedRegistries(list) => told.denied_registries = list,
                Parameter::RecommendedLabels(list) => told.recommended_labels = list,
                Parameter::RequiredLabels(list) => told.required_labels = list,
                Parameter::RequiredAnnotations(list) => told.required_annotations = list,
                Parameter::ForbiddenAnnotations(list) => told.forbidden_annotations = list,
                Parameter::ResourceRanges(list) => told.resource_ranges = list,
            }
        }
        Ok(())
    }
}

/// How much a name means: presets most, then levels and groups, a single rule least.
fn width(name: &str) -> u8 {
    match super::can_be_allowed(name) {
        true => 2,
        false if Preset::ALL.iter().any(|(word, _)| *word == name) => 0,
        false => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(settings: &Settings, id: &str) -> bool {
        settings.selected().any(|rule| rule.id() == id)
    }

    #[test]
    fn narrow_names_win_over_wide_ones_and_later_layers_over_earlier_ones() {
        let mut settings = Settings::default();
        let layer = |rules: &[(&str, Setting)]| Layer {
            rules: rules.iter().map(|(name, setting)| ((*name).to_owned(), *setting)).collect(),
            ..Layer::default()
        };
        let first = layer(&[
            ("rbac-wildcard", Setting::Severity(Severity::Error)),
            ("rbac", Setting::Off),
            ("strict", Setting::On),
        ]);
        settings.apply(&first).unwrap();
        assert!(runs(&settings, "rbac-wildcard") && !runs(&settings, "rbac-bind"));
        assert!(runs(&settings, "sorted-keys"));
        settings.apply(&layer(&[("info", Setting::Off)])).unwrap();
        assert!(!runs(&settings, "sorted-keys") && runs(&settings, "rbac-wildcard"));
        assert!(settings.apply(&layer(&[("privileged-contaner", Setting::Off)])).is_err());
    }
}

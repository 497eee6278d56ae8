//! Which fields the transformers of a layer touch: the built-in tables, and what `configurations` and `crds` add.

use std::sync::{Arc, OnceLock};

use super::field_spec::name_references::NAME_REFERENCES;
use super::field_spec::transformers::{
    COMMON_ANNOTATIONS, COMMON_LABEL_SELECTORS, IMAGES, NAMESPACE, REPLICAS, TEMPLATE_LABELS,
};
use super::field_spec::var_references::VAR_REFERENCES;
use super::field_spec::{FieldSpec, Referrers};
use crate::kube::Gvk;

/// Fields by transformer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransformerConfig {
    /// Where prefixes go.
    pub name_prefix: Vec<FieldSpec>,
    /// Where suffixes go.
    pub name_suffix: Vec<FieldSpec>,
    /// Where the namespace goes.
    pub namespace: Vec<FieldSpec>,
    /// Where `commonLabels` go.
    pub common_labels: Vec<FieldSpec>,
    /// Where `labels` go besides.
    pub labels: Vec<FieldSpec>,
    /// Where `labels` with `includeTemplates` go.
    pub template_labels: Vec<FieldSpec>,
    /// Where `commonAnnotations` go.
    pub common_annotations: Vec<FieldSpec>,
    /// Which fields name other objects.
    pub name_references: Vec<Referrers>,
    /// Where variables are looked for.
    pub var_references: Vec<FieldSpec>,
    /// Where images stand.
    pub images: Vec<FieldSpec>,
    /// Where numbers of replicas stand.
    pub replicas: Vec<FieldSpec>,
}

impl TransformerConfig {
    /// The built-in tables.
    pub fn builtin() -> Arc<TransformerConfig> {
        static BUILTIN: OnceLock<Arc<TransformerConfig>> = OnceLock::new();
        BUILTIN.get_or_init(|| Arc::new(TransformerConfig::of_tables())).clone()
    }

    fn of_tables() -> TransformerConfig {
        let names = NAME_REFERENCES.iter().map(|named| Referrers {
            gvk: Gvk { group: named.group.into(), version: named.version.into(), kind: named.kind.into() },
            fields: named.fields.to_vec(),
        });
        let name = FieldSpec::fixed("", "", "", "metadata/name", false);
        let mut config = TransformerConfig {
            name_prefix: vec![name.clone()],
            name_suffix: vec![name],
            namespace: NAMESPACE.to_vec(),
            common_labels: TEMPLATE_LABELS.iter().chain(COMMON_LABEL_SELECTORS).cloned().collect(),
            labels: Vec::new(),
            template_labels: TEMPLATE_LABELS.to_vec(),
            common_annotations: COMMON_ANNOTATIONS.to_vec(),
            name_references: names.collect(),
            var_references: VAR_REFERENCES.to_vec(),
            images: IMAGES.to_vec(),
            replicas: REPLICAS.to_vec(),
        };
        config.sort();
        config
    }

    /// Adds another's fields.
    ///
    /// # Errors
    /// Two specs of one field that disagree on whether it is made; in upstream's words.
    pub fn merge(&mut self, other: &TransformerConfig) -> Result<(), String> {
        let lists = [
            (&mut self.name_prefix, &other.name_prefix, "NamePrefix"),
            (&mut self.name_suffix, &other.name_suffix, "NameSuffix"),
            (&mut self.namespace, &other.namespace, "NameSpace"),
            (&mut self.common_annotations, &other.common_annotations, "CommonAnnotations"),
            (&mut self.common_labels, &other.common_labels, "CommonLabels"),
            (&mut self.labels, &other.labels, "Labels"),
            (&mut self.template_labels, &other.template_labels, "TemplateLabels"),
            (&mut self.var_references, &other.var_references, "VarReference"),
        ];
        let told = |name: &str, text: String| format!("failed to merge {name} fieldSpec: {text}");
        for (into, from, name) in lists {
            merge_fields(into, from).map_err(|text| told(name, text))?;
        }
        for referrers in &other.name_references {
            self.add_referrers(referrers).map_err(|text| told("NameReference", text))?;
        }
        merge_fields(&mut self.images, &other.images).map_err(|text| told("Images", text))?;
        merge_fields(&mut self.replicas, &other.replicas).map_err(|text| told("Replicas", text))?;
        self.sort();
        Ok(())
    }

    /// Adds fields that name one kind.
    ///
    /// # Errors
    /// As [`TransformerConfig::merge`].
    pub fn add_referrers(&mut self, referrers: &Referrers) -> Result<(), String> {
        let mut is_known = false;
        for known in self.name_references.iter_mut().filter(|known| known.gvk == referrers.gvk) {
            merge_fields(&mut known.fields, &referrers.fields)?;
            is_known = true;
        }
        if !is_known {
            self.name_references.push(referrers.clone());
        }
        Ok(())
    }

    /// Orders the fields by type, as upstream does after every change: several fields of one type keep their order.
    pub fn sort(&mut self) {
        let lists = [
            &mut self.name_prefix,
            &mut self.name_suffix,
            &mut self.namespace,
            &mut self.common_labels,
            &mut self.labels,
            &mut self.template_labels,
            &mut self.common_annotations,
            &mut self.var_references,
            &mut self.images,
            &mut self.replicas,
        ];
        for list in lists {
            list.sort_by_cached_key(|spec| rank(&spec.group, &spec.version, &spec.kind));
        }
        self.name_references
            .sort_by_cached_key(|named| rank(&named.gvk.group, &named.gvk.version, &named.gvk.kind));
    }
}

/// Adds fields to a list, each unless it is there.
///
/// # Errors
/// In upstream's words, where two disagree.
pub fn merge_fields(into: &mut Vec<FieldSpec>, from: &[FieldSpec]) -> Result<(), String> {
    for spec in from {
        spec.clone().merge_into(into).map_err(|_| "conflicting fieldspecs".to_owned())?;
    }
    Ok(())
}

/// Kinds that come first, in order; see [`rank`].
pub const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
/// Kinds that come last.
pub const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// A type's place in upstream's order (kyaml 0.21.1, `resid.Gvk.IsLessThan`).
fn rank(group: &str, version: &str, kind: &str) -> (i32, String) {
    let first = FIRST.iter().position(|known| *known == kind).map(|at| at as i32 - FIRST.len() as i32);
    let last = || LAST.iter().position(|known| *known == kind).map(|at| 1 + at as i32);
    let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    let text = format!("{}_{}_{}", or(group, "~G"), or(version, "~V"), or(kind, "~K"));
    (first.or_else(last).unwrap_or(0), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_merge_into_themselves() {
        let mut config = TransformerConfig::builtin().as_ref().clone();
        config.merge(&TransformerConfig::builtin()).unwrap();
        assert_eq!(config, *TransformerConfig::builtin());
    }

    #[test]
    fn what_disagrees_is_told() {
        let mut config = TransformerConfig::builtin().as_ref().clone();
        let spec = FieldSpec::fixed("", "", "Deployment", "spec/replicas", false);
        let other = TransformerConfig { replicas: vec![spec], ..TransformerConfig::default() };
        let told = config.merge(&other).unwrap_err();
        assert_eq!(told, "failed to merge Replicas fieldSpec: conflicting fieldspecs");
    }
}

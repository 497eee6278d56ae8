//! Files of `configurations`: more fields for the transformers.

use std::rc::Rc;
use std::sync::Arc;

use source::{Diagnostics, Place, SourceId};

use super::codes::KUSTOMIZATION_INVALID;
use super::config::TransformerConfig;
use super::context::Cx;
use super::decode::{Decode, Decoder, Text, record};
use super::error::{BuildError, ErrorKind};
use super::field_spec::{FieldSpec, Referrers};
use super::kustomization::FieldSpecArgs;
use super::loader::Root;
use super::read::misfit;
use crate::kube::Gvk;

record! {
    /// Fields by transformer, as a file has them.
    pub struct Configuration {
        /// Where prefixes go.
        name_prefix: Vec<FieldSpecArgs> = "namePrefix",
        /// Where suffixes go.
        name_suffix: Vec<FieldSpecArgs> = "nameSuffix",
        /// Where the namespace goes.
        namespace: Vec<FieldSpecArgs> = "namespace",
        /// Where common labels go.
        common_labels: Vec<FieldSpecArgs> = "commonLabels",
        /// Where labels go besides.
        labels: Vec<FieldSpecArgs> = "labels",
        /// Where labels of templates go.
        template_labels: Vec<FieldSpecArgs> = "templateLabels",
        /// Where common annotations go.
        common_annotations: Vec<FieldSpecArgs> = "commonAnnotations",
        /// Which fields name other objects.
        name_reference: Vec<NameReference> = "nameReference",
        /// Where variables are looked for.
        var_reference: Vec<FieldSpecArgs> = "varReference",
        /// Where images stand.
        images: Vec<FieldSpecArgs> = "images",
        /// Where numbers of replicas stand.
        replicas: Vec<FieldSpecArgs> = "replicas",
    }
}

record! {
    /// The fields that name one kind.
    pub struct NameReference {
        /// Group of the kind.
        group: Text = "group",
        /// Version of the kind.
        version: Text = "version",
        /// The kind.
        kind: Text = "kind",
        /// The fields.
        field_specs: Vec<FieldSpecArgs> = "fieldSpecs",
    }
}

impl Configuration {
    fn to_config(&self) -> TransformerConfig {
        let specs =
            |list: &[FieldSpecArgs]| -> Vec<FieldSpec> { list.iter().map(FieldSpecArgs::to_spec).collect() };
        let names = self.name_reference.iter().map(|named| Referrers {
            gvk: Gvk {
                group: named.group.value.as_str().into(),
                version: named.version.value.as_str().into(),
                kind: named.kind.value.as_str().into(),
            },
            fields: specs(&named.field_specs),
        });
        let mut config = TransformerConfig {
            name_prefix: specs(&self.name_prefix),
            name_suffix: specs(&self.name_suffix),
            namespace: specs(&self.namespace),
            common_labels: specs(&self.common_labels),
            labels: specs(&self.labels),
            template_labels: specs(&self.template_labels),
            common_annotations: specs(&self.common_annotations),
            name_references: names.collect(),
            var_references: specs(&self.var_reference),
            images: specs(&self.images),
            replicas: specs(&self.replicas),
        };
        config.sort();
        config
    }
}

/// The fields of a layer: the built-in tables with what its files add.
///
/// # Errors
/// A file cannot be read, says what it cannot say, or disagrees with the tables.
pub fn load(files: &[Text], root: &Rc<Root>, cx: &mut Cx<'_>) -> Result<Arc<TransformerConfig>, BuildError> {
    let builtin = TransformerConfig::builtin();
    if files.is_empty() {
        return Ok(builtin);
    }
    let mut all = TransformerConfig::default();
    for file in files {
        let at = file.at.map_or(Place::Origin(source::OriginId::UNKNOWN), Place::from);
        let (source, text) = root.load_text(file, at, cx)?;
        let config = decode(source, &text)?.to_config();
        all.merge(&config).map_err(|text| disagrees(at, text))?;
    }
    let mut merged = builtin.as_ref().clone();
    let at =
        files.iter().find_map(|file| file.at).map_or(Place::Origin(source::OriginId::UNKNOWN), Place::from);
    merged.merge(&all).map_err(|text| disagrees(at, text))?;
    Ok(Arc::new(merged))
}

fn disagrees(at: Place, upstream: String) -> BuildError {
    let message = "two specs of one field disagree on whether it is made";
    BuildError::new(&KUSTOMIZATION_INVALID, at, message, upstream)
}

fn decode(source: SourceId, text: &Arc<str>) -> Result<Configuration, BuildError> {
    let mut found = Diagnostics::new();
    let doc = yaml::read_first(source, text, &yaml::Options::new(yaml::Profile::Kubernetes), &mut found);
    if let Some(first) = found.into_iter().find(|d| d.severity == source::Severity::Error) {
        return Err(BuildError { diagnostic: Box::new(first), kind: ErrorKind::Plain });
    }
    let Some(node) = doc.as_ref().and_then(|doc| doc.root()) else { return Ok(Configuration::default()) };
    let mut decoder = Decoder::new(source, "TransformerConfig");
    let configuration = Configuration::decode(node, &mut decoder);
    match decoder.misfits.into_iter().next() {
        Some(first) => Err(misfit(first, "error unmarshaling JSON: while decoding JSON: ")),
        None => Ok(configuration),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_adds_fields_and_says_nothing_else() {
        let read = |text: &str| decode(SourceId(0), &text.into()).map_err(|e| e.upstream().to_owned());
        let text =
            "nameReference:\n- kind: A\n  fieldSpecs: [{path: spec/a, kind: B}]\nimages: [{path: spec/i}]\n";
        let config = read(text).unwrap().to_config();
        assert_eq!(config.name_references[0].fields[0].path, "spec/a");
        assert_eq!(config.images[0].path, "spec/i");
        assert_eq!(
            read("foo: []\n").unwrap_err(),
            "error unmarshaling JSON: while decoding JSON: json: unknown field \"foo\""
        );
    }
}

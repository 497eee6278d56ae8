//! What a kustomization.yaml may say, all fields of kustomize 5.8.1, the deprecated ones included.

use super::decode::Inline;
use super::decode::{Pairs, Spanned, Text, record};
use super::field_spec::FieldSpec;

record! {
    /// A kustomization, or a component.
    pub struct Kustomization {
        /// Missing means `kustomize.config.k8s.io/v1beta1`, or `v1alpha1` of a component.
        api_version: Text = "apiVersion",
        /// `Kustomization` (also when missing) or `Component`.
        kind: Text = "kind",
        /// Allowed, and without effect.
        metadata: Option<Metadata> = "metadata",
        /// Files and directories.
        resources: Vec<Text> = "resources",
        /// Deprecated: directories, after `resources`.
        bases: Vec<Text> = "bases",
        /// Directories of kind Component.
        components: Vec<Text> = "components",
        /// ConfigMaps to make.
        config_map_generator: Vec<Spanned<GeneratorArgs>> = "configMapGenerator",
        /// Secrets to make.
        secret_generator: Vec<Spanned<GeneratorArgs>> = "secretGenerator",
        /// Options of all generators of this file.
        generator_options: Option<GeneratorOptions> = "generatorOptions",
        /// Charts to render.
        helm_charts: Vec<Spanned<HelmChart>> = "helmCharts",
        /// Where charts are.
        helm_globals: Option<HelmGlobals> = "helmGlobals",
        /// Deprecated: charts in an older form.
        helm_chart_inflation_generator: Vec<Spanned<HelmChartArgs>> = "helmChartInflationGenerator",
        /// Put before every name.
        name_prefix: Text = "namePrefix",
        /// Put after every name.
        name_suffix: Text = "nameSuffix",
        /// Set on every namespaced object.
        namespace: Text = "namespace",
        /// Deprecated: set on objects, templates and selectors.
        common_labels: Pairs = "commonLabels",
        /// Labels with where they go.
        labels: Vec<Spanned<Label>> = "labels",
        /// Set on objects and templates.
        common_annotations: Pairs = "commonAnnotations",
        /// Strategic merge patches and JSON patches.
        patches: Vec<Spanned<Patch>> = "patches",
        /// Deprecated: files or texts.
        patches_strategic_merge: Vec<Text> = "patchesStrategicMerge",
        /// Deprecated: JSON patches with a target.
        patches_json6902: Vec<Spanned<Patch>> = "patchesJson6902",
        /// New names, tags and digests of images.
        images: Vec<Spanned<Image>> = "images",
        /// Deprecated: the same, after `images`.
        image_tags: Vec<Spanned<Image>> = "imageTags",
        /// Numbers of replicas by name.
        replicas: Vec<Spanned<Replica>> = "replicas",
        /// Copies from field to field.
        replacements: Vec<Spanned<Replacement>> = "replacements",
        /// Deprecated: variables.
        vars: Vec<Spanned<Var>> = "vars",
        /// Files with more field specs.
        configurations: Vec<Text> = "configurations",
        /// Files of OpenAPI definitions.
        crds: Vec<Text> = "crds",
        /// Which schema merges go by.
        openapi: Pairs = "openapi",
        /// Order of the output.
        sort_options: Option<SortOptions> = "sortOptions",
        /// What is noted in annotations and labels.
        build_metadata: Vec<Text> = "buildMetadata",
        /// Generator objects: files, directories or texts.
        generators: Vec<Text> = "generators",
        /// Transformer objects, likewise.
        transformers: Vec<Text> = "transformers",
        /// Validator objects, likewise.
        validators: Vec<Text> = "validators",
    }
}

record! {
    /// Metadata of a kustomization.
    pub struct Metadata {
        /// A name.
        name: Text = "name",
        /// A namespace.
        namespace: Text = "namespace",
        /// Labels.
        labels: Pairs = "labels",
        /// Annotations.
        annotations: Pairs = "annotations",
    }
}

record! {
    /// A ConfigMap or Secret to make.
    pub struct GeneratorArgs {
        /// Its namespace.
        namespace: Text = "namespace",
        /// Its name, before prefix and hash.
        name: Text = "name",
        /// `create`, `replace` or `merge`; anything else is taken for `create`.
        behavior: Text = "behavior",
        /// `key=value`
        literals: Vec<Text> = "literals",
        /// `path` or `key=path`
        files: Vec<Text> = "files",
        /// Files of `key=value` lines.
        envs: Vec<Text> = "envs",
        /// Deprecated: one such file.
        env: Text = "env",
        /// Labels, annotations, and whether a hash is appended.
        options: Option<GeneratorOptions> = "options",
        /// Of a Secret; `Opaque` when missing.
        secret_type: Text = "type",
    }
}

record! {
    /// Options of generators.
    pub struct GeneratorOptions {
        /// Set on what is generated.
        labels: Pairs = "labels",
        /// Set on what is generated.
        annotations: Pairs = "annotations",
        /// No hash after the name.
        disable_name_suffix_hash: Spanned<bool> = "disableNameSuffixHash",
        /// Sets `immutable: true`.
        immutable: Spanned<bool> = "immutable",
    }
}

record! {
    /// Where charts are.
    pub struct HelmGlobals {
        /// Directory of the charts; `charts` when missing.
        chart_home: Text = "chartHome",
        /// Of no effect without a helm process.
        config_home: Text = "configHome",
    }
}

record! {
    /// A chart to render.
    pub struct HelmChart {
        /// Name of the chart, which is its directory's.
        name: Text = "name",
        /// Version; part of the directory's name where a repository is given too.
        version: Text = "version",
        /// Repository; never asked.
        repo: Text = "repo",
        /// Name of the release.
        release_name: Text = "releaseName",
        /// Namespace of the release.
        namespace: Text = "namespace",
        /// More values files.
        additional_values_files: Vec<Text> = "additionalValuesFiles",
        /// The values file in place of the chart's.
        values_file: Text = "valuesFile",
        /// Values written here.
        values_inline: Option<Inline> = "valuesInline",
        /// `override`, `merge` or `replace`.
        values_merge: Text = "valuesMerge",
        /// Render crds/ too.
        include_crds: bool = "includeCRDs",
        /// Leave hooks out.
        skip_hooks: bool = "skipHooks",
        /// More API versions.
        api_versions: Vec<Text> = "apiVersions",
        /// The Kubernetes version that the chart is told.
        kube_version: Text = "kubeVersion",
        /// Template of the release's name.
        name_template: Text = "nameTemplate",
        /// Leave test hooks out.
        skip_tests: bool = "skipTests",
        /// Helm's flag.
        debug: bool = "debug",
        /// Helm's flag.
        devel: bool = "devel",
    }
}

record! {
    /// A chart in the older form.
    pub struct HelmChartArgs {
        /// Name of the chart.
        chart_name: Text = "chartName",
        /// Version of the chart.
        chart_version: Text = "chartVersion",
        /// Repository.
        chart_repo_url: Text = "chartRepoUrl",
        /// Directory of the charts.
        chart_home: Text = "chartHome",
        /// Without effect.
        chart_repo_name: Text = "chartRepoName",
        /// Without effect.
        helm_bin: Text = "helmBin",
        /// Without effect.
        helm_home: Text = "helmHome",
        /// The values file.
        values: Text = "values",
        /// Values written here.
        values_local: Option<Inline> = "valuesLocal",
        /// `override`, `merge` or `replace`.
        values_merge: Text = "valuesMerge",
        /// Name of the release.
        release_name: Text = "releaseName",
        /// Namespace of the release.
        release_namespace: Text = "releaseNamespace",
        /// Without effect.
        extra_args: Vec<Text> = "extraArgs",
    }
}

record! {
    /// Labels, and where they go besides `metadata.labels`.
    pub struct Label {
        /// The labels.
        pairs: Pairs = "pairs",
        /// Into selectors and templates.
        include_selectors: Spanned<bool> = "includeSelectors",
        /// Into Pod templates.
        include_templates: Spanned<bool> = "includeTemplates",
        /// Into these fields.
        fields: Vec<FieldSpecArgs> = "fields",
    }
}

record! {
    /// A field spec as written.
    pub struct FieldSpecArgs {
        /// Empty for any.
        group: Text = "group",
        /// Empty for any.
        version: Text = "version",
        /// Empty for any.
        kind: Text = "kind",
        /// Keys with slashes between them.
        path: Text = "path",
        /// Whether the field is made where it is missing.
        create: bool = "create",
    }
}

record! {
    /// A patch, written here or in a file.
    pub struct Patch {
        /// The file.
        path: Text = "path",
        /// The text.
        patch: Text = "patch",
        /// What is patched; a strategic merge patch without it names its own object.
        target: Option<Spanned<Selector>> = "target",
        /// What a patch may change.
        options: Option<PatchOptions> = "options",
    }
}

record! {
    /// What a strategic merge patch may change.
    pub struct PatchOptions {
        /// Keep the patch's name.
        allow_name_change: Spanned<bool> = "allowNameChange",
        /// Keep the patch's kind.
        allow_kind_change: Spanned<bool> = "allowKindChange",
    }
}

record! {
    /// Which objects; each field of a patch's target is an anchored regular expression, of a replacement's the
    /// text itself.
    pub struct Selector {
        /// API group.
        group: Text = "group",
        /// API version.
        version: Text = "version",
        /// Kind.
        kind: Text = "kind",
        /// Name.
        name: Text = "name",
        /// Namespace.
        namespace: Text = "namespace",
        /// A label selector in kubectl's form, over annotations.
        annotation_selector: Text = "annotationSelector",
        /// A label selector in kubectl's form.
        label_selector: Text = "labelSelector",
    }
}

record! {
    /// A new name, tag or digest of an image.
    pub struct Image {
        /// A regular expression without anchors of its own, matched against the whole name.
        name: Text = "name",
        /// The new name.
        new_name: Text = "newName",
        /// Put after the tag.
        tag_suffix: Text = "tagSuffix",
        /// The new tag.
        new_tag: Text = "newTag",
        /// The new digest.
        digest: Text = "digest",
    }
}

record! {
    /// A number of replicas.
    pub struct Replica {
        /// Name of the workload, whatever its kind.
        name: Text = "name",
        /// How many.
        count: Spanned<i64> = "count",
    }
}

record! {
    /// A copy from one field to others.
    pub struct Replacement {
        /// Where it is read.
        source: Option<ReplacementSource> = "source",
        /// Where it is written.
        targets: Vec<Spanned<ReplacementTarget>> = "targets",
        /// The value itself in place of a source.
        source_value: Option<Text> = "sourceValue",
        /// A file with one replacement or a list of them.
        path: Text = "path",
    }
}

record! {
    /// Where a replacement reads.
    pub struct ReplacementSource {
        /// API group.
        group: Text = "group",
        /// API version.
        version: Text = "version",
        /// Kind.
        kind: Text = "kind",
        /// Name.
        name: Text = "name",
        /// Namespace.
        namespace: Text = "namespace",
        /// The field; `metadata.name` when missing.
        field_path: Text = "fieldPath",
        /// Which part of the field.
        options: Option<FieldOptions> = "options",
    }
}

record! {
    /// Where a replacement writes.
    pub struct ReplacementTarget {
        /// Which objects.
        select: Option<Selector> = "select",
        /// Which of them not.
        reject: Vec<Option<Selector>> = "reject",
        /// The fields; `metadata.name` when missing.
        field_paths: Vec<Text> = "fieldPaths",
        /// Which part of the field, and whether it is made.
        options: Option<FieldOptions> = "options",
    }
}

record! {
    /// Which part of a field.
    pub struct FieldOptions {
        /// Cuts the field's text into parts.
        delimiter: Text = "delimiter",
        /// Which part.
        index: Spanned<i64> = "index",
        /// Declared upstream, and without effect.
        encoding: Text = "encoding",
        /// Make the field where it is missing.
        create: bool = "create",
    }
}

record! {
    /// A variable.
    pub struct Var {
        /// As in `$(NAME)`.
        name: Text = "name",
        /// The object.
        objref: VarTarget = "objref",
        /// The field.
        fieldref: VarField = "fieldref",
    }
}

record! {
    /// The object that a variable reads.
    pub struct VarTarget {
        /// In place of group and version.
        api_version: Text = "apiVersion",
        /// API group.
        group: Text = "group",
        /// API version.
        version: Text = "version",
        /// Kind.
        kind: Text = "kind",
        /// Name.
        name: Text = "name",
        /// Namespace.
        namespace: Text = "namespace",
    }
}

record! {
    /// The field that a variable reads.
    pub struct VarField {
        /// `metadata.name` when missing.
        field_path: Text = "fieldPath",
    }
}

record! {
    /// Order of the output.
    pub struct SortOptions {
        /// `legacy` or `fifo`.
        order: Text = "order",
        /// Which kinds come first and last.
        legacy_sort_options: Option<LegacySortOptions> = "legacySortOptions",
    }
}

record! {
    /// Which kinds come first and last.
    pub struct LegacySortOptions {
        /// Kinds in their order.
        order_first: Vec<Text> = "orderFirst",
        /// Kinds in their order.
        order_last: Vec<Text> = "orderLast",
    }
}

impl FieldSpecArgs {
    /// As the tables have it.
    pub fn to_spec(&self) -> FieldSpec {
        FieldSpec {
            group: self.group.value.clone().into(),
            version: self.version.value.clone().into(),
            kind: self.kind.value.clone().into(),
            path: self.path.value.clone().into(),
            create: self.create,
        }
    }
}

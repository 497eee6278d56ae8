//! The defects of charts that loading and rendering find.

source::code! {
    /// There is no chart at the given path.
    ///
    /// A chart is a directory with a `Chart.yaml`, or a packaged chart (`.tgz`). Charts of repositories are not
    /// fetched: rendering uses no network.
    pub static CHART_NOT_FOUND = "chart-not-found", Error;

    /// The chart's files cannot be read.
    ///
    /// An archive is damaged, reaches outside of its folder or is larger than Helm allows; a file is unreadable, no
    /// regular file, or larger than 5 MiB; or `.helmignore` holds a pattern that Helm does not understand.
    pub static CHART_UNREADABLE = "chart-unreadable", Error;

    /// `Chart.yaml` or one of its relatives is not what Helm expects.
    pub static CHART_METADATA_INVALID = "chart-metadata-invalid", Error;

    /// A chart of apiVersion v2 has a `requirements.yaml` or a `requirements.lock`, which belong to v1.
    ///
    /// Helm still reads them. Move the list under `dependencies` in `Chart.yaml`.
    pub static CHART_FILE_OUTDATED = "chart-file-outdated", Note;

    /// A library chart was given to be rendered; it only lends its definitions to other charts.
    pub static CHART_NOT_INSTALLABLE = "chart-not-installable", Error;

    /// The chart says that it should no longer be used.
    pub static CHART_DEPRECATED = "chart-deprecated", Note;

    /// The chart does not work on this version of Kubernetes, by its own `kubeVersion`.
    pub static KUBE_VERSION_INCOMPATIBLE = "kube-version-incompatible", Error;

    /// A chart named under `dependencies` does not lie in `charts/`.
    ///
    /// Helm wants every declared dependency to be there, even if its condition is false.
    pub static DEPENDENCY_MISSING = "dependency-missing", Error;

    /// A condition, a tag or an import of a dependency has no effect.
    ///
    /// A condition and a tag must be booleans, and what `import-values` names must be a table of the child chart.
    pub static DEPENDENCY_SETTING_IGNORED = "dependency-setting-ignored", Warning;

    /// A link lies among the chart's files; what it leads to is used as if it were part of the chart.
    pub static CHART_LINK_FOLLOWED = "chart-link-followed", Note;

    /// A values file, or an argument that sets values, cannot be read.
    pub static VALUES_UNREADABLE = "values-unreadable", Error;

    /// A value stands where a subchart's values belong and is no table.
    pub static SUBCHART_VALUES_NO_TABLE = "subchart-values-no-table", Error;

    /// A table and a single value stand at the same path of two layers of values, so that one of them is ignored.
    pub static VALUE_IGNORED = "value-ignored", Warning;

    /// The values do not fit the chart's `values.schema.json`.
    pub static VALUES_SCHEMA_VIOLATED = "values-schema-violated", Error;

    /// The chart's `values.schema.json` is no valid schema.
    pub static VALUES_SCHEMA_INVALID = "values-schema-invalid", Error;

    /// An argument of the command line cannot be used: a name, a version, a flag.
    pub static ARGUMENT_INVALID = "argument-invalid", Error;

    /// A template cannot be parsed.
    pub static TEMPLATE_SYNTAX = "template-syntax", Error;

    /// A template failed while it was rendered.
    pub static TEMPLATE_FAILED = "template-failed", Error;

    /// What a template rendered is no YAML that Helm can read.
    pub static MANIFEST_UNREADABLE = "manifest-unreadable", Error;

    /// A manifest's `helm.sh/hook` names no event, so that Helm drops the manifest without an error.
    pub static HOOK_UNKNOWN = "hook-unknown", Warning;

    /// An action prints nothing, because its value is null.
    ///
    /// Go writes `<no value>` there and Helm takes that out again, so that a misspelt path leaves an empty field behind and
    /// nobody is told. Where the value may be missing, say so: `{{ .Values.x | default "" }}`, or `{{ with .Values.x }}`.
    pub static VALUE_MISSING = "template-prints-nothing", Warning;

    /// A rendered file begins with an indented line.
    ///
    /// The first line sets the indentation of the whole document: cut or joined with others, the text means something else.
    /// Usually an `indent` stands where nothing is to be indented. (`helm lint`: document starts with an illegal indent)
    pub static MANIFEST_INDENTED = "manifest-indented", Warning;

    /// An object in a `kind: List` has the annotation `helm.sh/resource-policy`, which Helm reads only of the list.
    ///
    /// It is deleted with the release although it says `keep`. (`helm lint`: annotation within List objects are ignored)
    pub static RESOURCE_POLICY_IGNORED = "resource-policy-ignored", Warning;

    /// No template reads a value of the chart's `values.yaml`.
    ///
    /// Known from what the templates read in all renderings of the run, and from every name in branches that no rendering
    /// took: who changes the value changes nothing. Values of subcharts, `global`, `tags`, `exports` and conditions are not judged, and
    /// nothing is said of a map that may be used as a whole.
    ///
    /// ```text
    /// bad:   values.yaml  replicas: 2        templates/web.yaml  replicas: {{ .Values.replicaCount }}
    /// good:  values.yaml  replicaCount: 2    templates/web.yaml  replicas: {{ .Values.replicaCount }}
    /// ```
    pub static VALUE_UNREAD = "value-unread", Note;

    /// A values file sets a value that no template reads and that the chart's `values.yaml` does not have.
    ///
    /// Mostly a misspelt path: the default stays in force and nobody is told.
    ///
    /// ```text
    /// bad:   ci/test-values.yaml  replicaCuont: 3
    /// good:  ci/test-values.yaml  replicaCount: 3
    /// ```
    pub static VALUE_UNKNOWN = "value-unknown", Note;

    /// A template never renders anything.
    ///
    /// Either nothing stands in it but definitions and comments, or its conditions keep everything out with each of the
    /// chart's test values (`ci/*-values.yaml`), so that no test sees it. More than three of those are one finding, and a
    /// template that asks what the cluster can do (`.Capabilities`, `lookup`) is not among them.
    ///
    /// ```text
    /// bad:   templates/names.yaml   {{ define "shop.name" }}shop{{ end }}
    /// good:  templates/_names.tpl   {{ define "shop.name" }}shop{{ end }}
    /// ```
    pub static TEMPLATE_UNUSED = "template-unused", Note;

    /// Nothing includes a template that the chart defines.
    ///
    /// Nothing is said where templates are called by computed names.
    ///
    /// ```text
    /// bad:   {{ define "shop.labels" }}app: shop{{ end }}   and no {{ include "shop.labels" . }}
    /// good:  {{ define "shop.labels" }}app: shop{{ end }}   {{ include "shop.labels" . }}
    /// ```
    pub static DEFINE_UNUSED = "define-unused", Note;

    /// No manifest comes from the template that was asked for by `--show-only`.
    pub static TEMPLATE_NOT_SHOWN = "template-not-shown", Error;

    /// The program that all manifests were to go through cannot be run, or failed.
    pub static POST_RENDERER_FAILED = "post-renderer-failed", Error;

    /// Hooks that are not applied with the rest were left out: tests, and what runs on deleting or rolling back.
    pub static HOOKS_LEFT_OUT = "hooks-left-out", Note;

    /// What Helm does, step by step, under `--debug`.
    pub static DEBUG = "debug", Note;
}

/// All of them.
pub static ALL: &[&source::Code] = &[
    &CHART_NOT_FOUND,
    &CHART_UNREADABLE,
    &CHART_METADATA_INVALID,
    &CHART_FILE_OUTDATED,
    &CHART_NOT_INSTALLABLE,
    &CHART_DEPRECATED,
    &KUBE_VERSION_INCOMPATIBLE,
    &DEPENDENCY_MISSING,
    &DEPENDENCY_SETTING_IGNORED,
    &CHART_LINK_FOLLOWED,
    &VALUES_UNREADABLE,
    &SUBCHART_VALUES_NO_TABLE,
    &VALUE_IGNORED,
    &VALUES_SCHEMA_VIOLATED,
    &VALUES_SCHEMA_INVALID,
    &ARGUMENT_INVALID,
    &TEMPLATE_SYNTAX,
    &TEMPLATE_FAILED,
    &MANIFEST_UNREADABLE,
    &HOOK_UNKNOWN,
    &VALUE_MISSING,
    &MANIFEST_INDENTED,
    &RESOURCE_POLICY_IGNORED,
    &VALUE_UNREAD,
    &VALUE_UNKNOWN,
    &TEMPLATE_UNUSED,
    &DEFINE_UNUSED,
    &TEMPLATE_NOT_SHOWN,
    &POST_RENDERER_FAILED,
    &HOOKS_LEFT_OUT,
    &DEBUG,
];

//! The built-in tables of kustomize 5.8.1 (api 0.21.1), as facts: which fields each transformer writes.

use super::FieldSpec;

/// Where a namespace stands besides `metadata.namespace`.
pub static NAMESPACE: &[FieldSpec] = &[
    FieldSpec::fixed("", "", "Namespace", "metadata/name", true),
    FieldSpec::fixed("apiregistration.k8s.io", "", "APIService", "spec/service/namespace", true),
    FieldSpec::fixed(
        "apiextensions.k8s.io",
        "",
        "CustomResourceDefinition",
        "spec/conversion/webhook/clientConfig/service/namespace",
        false,
    ),
];

/// Where `replicas` writes.
pub static REPLICAS: &[FieldSpec] = &[
    FieldSpec::fixed("", "", "Deployment", "spec/replicas", true),
    FieldSpec::fixed("", "", "ReplicationController", "spec/replicas", true),
    FieldSpec::fixed("", "", "ReplicaSet", "spec/replicas", true),
    FieldSpec::fixed("", "", "StatefulSet", "spec/replicas", true),
];

/// Where `images` looks.
pub static IMAGES: &[FieldSpec] = &[
    FieldSpec::fixed("", "", "", "spec/containers[]/image", true),
    FieldSpec::fixed("", "", "", "spec/initContainers[]/image", true),
    FieldSpec::fixed("", "", "", "spec/volumes[]/image/reference", true),
    FieldSpec::fixed("", "", "", "spec/template/spec/containers[]/image", true),
    FieldSpec::fixed("", "", "", "spec/template/spec/initContainers[]/image", true),
    FieldSpec::fixed("", "", "", "spec/template/spec/volumes[]/image/reference", true),
];

/// Where labels of objects and of their Pod templates stand.
pub static TEMPLATE_LABELS: &[FieldSpec] = &[
    FieldSpec::fixed("", "", "", "metadata/labels", true),
    FieldSpec::fixed("", "v1", "ReplicationController", "spec/template/metadata/labels", true),
    FieldSpec::fixed("", "", "Deployment", "spec/template/metadata/labels", true),
    FieldSpec::fixed("", "", "ReplicaSet", "spec/template/metadata/labels", true),
    FieldSpec::fixed("", "", "DaemonSet", "spec/template/metadata/labels", true),
    FieldSpec::fixed("apps", "", "StatefulSet", "spec/template/metadata/labels", true),
    FieldSpec::fixed("apps", "", "StatefulSet", "spec/volumeClaimTemplates[]/metadata/labels", true),
    FieldSpec::fixed("batch", "", "Job", "spec/template/metadata/labels", true),
    FieldSpec::fixed("batch", "", "CronJob", "spec/jobTemplate/metadata/labels", true),
    FieldSpec::fixed("batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/labels", true),
];

/// Where `commonLabels` changes selectors, besides [`TEMPLATE_LABELS`].
pub static COMMON_LABEL_SELECTORS: &[FieldSpec] = &[
    FieldSpec::fixed("", "v1", "Service", "spec/selector", true),
    FieldSpec::fixed("", "v1", "ReplicationController", "spec/selector", true),
    FieldSpec::fixed("", "", "Deployment", "spec/selector/matchLabels", true),
    FieldSpec::fixed(
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        false,
    ),
    FieldSpec::fixed(
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        false,
    ),
    FieldSpec::fixed(
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        false,
    ),
    FieldSpec::fixed(
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        false,
    ),
    FieldSpec::fixed(
        "apps",
        "",
        "Deployment",
        "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
        false,
    ),
    FieldSpec::fixed("", "", "ReplicaSet", "spec/selector/matchLabels", true),
    FieldSpec::fixed("", "", "DaemonSet", "spec/selector/matchLabels", true),
    FieldSpec::fixed("apps", "", "StatefulSet", "spec/selector/matchLabels", true),
    FieldSpec::fixed(
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        false,
    ),
    FieldSpec::fixed(
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        false,
    ),
    FieldSpec::fixed(
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        false,
    ),
    FieldSpec::fixed(
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        false,
    ),
    FieldSpec::fixed(
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
        false,
    ),
    FieldSpec::fixed("batch", "", "Job", "spec/selector/matchLabels", false),
    FieldSpec::fixed("batch", "", "CronJob", "spec/jobTemplate/spec/selector/matchLabels", false),
    FieldSpec::fixed("policy", "", "PodDisruptionBudget", "spec/selector/matchLabels", false),
    FieldSpec::fixed("networking.k8s.io", "", "NetworkPolicy", "spec/podSelector/matchLabels", false),
    FieldSpec::fixed(
        "networking.k8s.io",
        "",
        "NetworkPolicy",
        "spec/ingress/from/podSelector/matchLabels",
        false,
    ),
    FieldSpec::fixed(
        "networking.k8s.io",
        "",
        "NetworkPolicy",
        "spec/egress/to/podSelector/matchLabels",
        false,
    ),
];

/// Where `commonAnnotations` writes.
pub static COMMON_ANNOTATIONS: &[FieldSpec] = &[
    FieldSpec::fixed("", "", "", "metadata/annotations", true),
    FieldSpec::fixed("", "v1", "ReplicationController", "spec/template/metadata/annotations", true),
    FieldSpec::fixed("", "", "Deployment", "spec/template/metadata/annotations", true),
    FieldSpec::fixed("", "", "ReplicaSet", "spec/template/metadata/annotations", true),
    FieldSpec::fixed("", "", "DaemonSet", "spec/template/metadata/annotations", true),
    FieldSpec::fixed("", "", "StatefulSet", "spec/template/metadata/annotations", true),
    FieldSpec::fixed("batch", "", "Job", "spec/template/metadata/annotations", true),
    FieldSpec::fixed("batch", "", "CronJob", "spec/jobTemplate/metadata/annotations", true),
    FieldSpec::fixed("batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/annotations", true),
];

//! What the server's validation insists on where its published schema is silent, or does not where the schema speaks: facts
//! about types and fields, as data.
//!
//! Types go by the last word of their name; where two groups share one, the rule holds for both.

/// Fields that the schema calls required because Go always writes them; their zero value is as good as any.
const NOT_INSISTED: &[(&str, &str)] = &[
    ("CSIDriver", "spec"),
    ("CSINode", "spec"),
    ("CSINodeSpec", "drivers"),
    ("ControllerRevision", "revision"),
    ("Event", "metadata"),
    ("EndpointSlice", "endpoints"),
    ("EventSeries", "count"),
    ("ForNode", "name"),
    ("ForZone", "name"),
    ("GroupResource", "group"),
    ("HTTPHeader", "value"),
    ("ISCSIPersistentVolumeSource", "lun"),
    ("ISCSIVolumeSource", "lun"),
    ("LimitRangeSpec", "limits"),
    ("PodFailurePolicy", "rules"),
    ("PriorityClass", "value"),
    ("ResourcePool", "generation"),
    ("RoleRef", "apiGroup"),
    ("SleepAction", "seconds"),
    ("Sysctl", "value"),
    ("TokenRequest", "audience"),
    ("WebhookConversion", "conversionReviewVersions"),
];

/// Fields that the schema calls optional and validation does not.
const ALSO: &[(&str, &[&str])] = &[
    ("APIServiceSpec", &["group", "version"]),
    ("AggregationRule", &["clusterRoleSelectors"]),
    ("ConfigMapEnvSource", &["name"]),
    ("ConfigMapKeySelector", &["name"]),
    ("ConfigMapProjection", &["name"]),
    ("ConfigMapVolumeSource", &["name"]),
    ("Container", &["image"]),
    ("CronJob", &["spec"]),
    ("DeviceClaimConfiguration", &["opaque"]),
    ("DeviceClassConfiguration", &["opaque"]),
    ("DeviceSelector", &["cel"]),
    ("EphemeralContainer", &["image"]),
    ("ExecAction", &["command"]),
    ("ImageVolumeSource", &["reference"]),
    ("Job", &["spec"]),
    ("JobTemplateSpec", &["spec"]),
    ("MutatingAdmissionPolicySpec", &["matchConstraints", "reinvocationPolicy", "mutations"]),
    ("NamedRuleWithOperations", &["apiGroups", "apiVersions", "operations", "resources"]),
    ("ParamKind", &["apiVersion", "kind"]),
    ("ParamRef", &["parameterNotFoundAction"]),
    ("PersistentVolumeClaim", &["spec"]),
    ("PersistentVolumeClaimSpec", &["accessModes"]),
    ("PersistentVolumeSpec", &["accessModes"]),
    ("Pod", &["spec"]),
    ("PodDNSConfigOption", &["name"]),
    ("PodTemplate", &["template"]),
    ("PodTemplateSpec", &["spec"]),
    ("ReplicaSetSpec", &["template"]),
    ("ReplicationController", &["spec"]),
    ("ReplicationControllerSpec", &["template"]),
    ("RuleWithOperations", &["apiGroups", "apiVersions", "operations", "resources"]),
    ("SecretEnvSource", &["name"]),
    ("SecretKeySelector", &["name"]),
    ("SecretProjection", &["name"]),
    ("SecretVolumeSource", &["secretName"]),
    ("SelfSubjectRulesReviewSpec", &["namespace"]),
    ("ValidatingAdmissionPolicySpec", &["matchConstraints"]),
];

/// Objects that must be there themselves. The absence of any other object is that of the fields it would hold: Go has an
/// empty one in its place.
const OBJECTS: &[(&str, &str)] = &[
    ("DaemonSetSpec", "selector"),
    ("DeploymentSpec", "selector"),
    ("DeviceClaimConfiguration", "opaque"),
    ("DeviceClassConfiguration", "opaque"),
    ("DeviceSelector", "cel"),
    ("HTTPIngressPath", "backend"),
    ("IPAddressSpec", "parentRef"),
    ("MutatingAdmissionPolicySpec", "matchConstraints"),
    ("MutatingWebhook", "clientConfig"),
    ("PersistentVolumeClaim", "spec"),
    ("ReplicaSetSpec", "selector"),
    ("StatefulSetSpec", "selector"),
    ("ValidatingAdmissionPolicySpec", "matchConstraints"),
    ("ValidatingWebhook", "clientConfig"),
    ("VolumeAttachmentSpec", "source"),
];

/// Whether the server insists on a field.
pub(super) fn is_insisted(ty: &str, field: &str, required_by_schema: bool) -> bool {
    if required_by_schema { !NOT_INSISTED.contains(&(ty, field)) } else { also(ty).contains(&field) }
}

/// The fields of a type that validation insists on though the schema does not.
pub(super) fn also(ty: &str) -> &'static [&'static str] {
    ALSO.binary_search_by(|(name, _)| name.cmp(&ty)).map_or(&[], |at| ALSO[at].1)
}

/// Whether an object must be there itself, rather than what it would hold.
pub(super) fn is_insisted_object(ty: &str, field: &str) -> bool {
    OBJECTS.contains(&(ty, field))
}

/// A list whose items the server's validation wants to differ.
pub(super) struct Unique {
    pub owner: &'static str,
    pub field: &'static str,
    /// What tells the items apart; empty for the item itself.
    pub keys: &'static [&'static str],
    /// What follows the item's index in the field that the server names.
    pub suffix: &'static str,
}

const fn unique(
    owner: &'static str,
    field: &'static str,
    keys: &'static [&'static str],
    suffix: &'static str,
) -> Unique {
    Unique { owner, field, keys, suffix }
}

/// Most lists with keys are not checked when an object is created: merging is where their keys count.
const UNIQUE: &[Unique] = &[
    unique("CSIDriverSpec", "tokenRequests", &["audience"], ".audience"),
    unique("CSINodeSpec", "drivers", &["name"], ""),
    unique("CertificateSigningRequestSpec", "usages", &[], ""),
    unique("Container", "resizePolicy", &["resourceName"], ""),
    unique("Container", "ports", &["name"], ".name"),
    unique("CustomResourceDefinitionVersion", "selectableFields", &["jsonPath"], ".jsonPath"),
    unique("DeviceClaim", "requests", &["name"], ""),
    unique("EndpointSlice", "ports", &["name"], ".name"),
    unique("LimitRangeSpec", "limits", &["type"], ".type"),
    unique("MutatingAdmissionPolicySpec", "matchConditions", &["name"], ".name"),
    unique("MutatingWebhook", "matchConditions", &["name"], ".name"),
    unique("MutatingWebhookConfiguration", "webhooks", &["name"], ".name"),
    unique("PodSecurityContext", "sysctls", &["name"], ".name"),
    unique("PodSpec", "containers", &["name"], ".name"),
    unique("PodSpec", "ephemeralContainers", &["name"], ".name"),
    unique("PodSpec", "initContainers", &["name"], ".name"),
    unique("PodSpec", "resourceClaims", &["name"], ".name"),
    unique(
        "PodSpec",
        "topologySpreadConstraints",
        &["topologyKey", "whenUnsatisfiable"],
        ".{topologyKey, whenUnsatisfiable}",
    ),
    unique("PodSpec", "volumes", &["name"], ".name"),
    unique("ResourceRequirements", "claims", &["name"], ""),
    unique("ResourceSliceSpec", "devices", &["name"], ""),
    unique("ServiceSpec", "ipFamilies", &[], ""),
    unique("ServiceSpec", "ports", &["name"], ".name"),
    unique("ServiceSpec", "ports", &["protocol", "port"], ""),
    unique("ValidatingAdmissionPolicyBindingSpec", "validationActions", &[], ""),
    unique("ValidatingAdmissionPolicySpec", "auditAnnotations", &["key"], ".key"),
    unique("ValidatingAdmissionPolicySpec", "matchConditions", &["name"], ".name"),
    unique("ValidatingWebhook", "matchConditions", &["name"], ".name"),
    unique("ValidatingWebhookConfiguration", "webhooks", &["name"], ".name"),
];

/// The rules for the lists of a type.
pub(super) fn uniques(owner: &str) -> impl Iterator<Item = &'static Unique> {
    UNIQUE.iter().filter(move |u| u.owner == owner)
}

/// Integers and the range that validation leaves them, both ends included; sorted.
const RANGES: &[(&str, &str, i64, i64)] = &[
    ("CertificateSigningRequestSpec", "expirationSeconds", 600, i64::MAX),
    ("ClientIPConfig", "timeoutSeconds", 1, 86_400),
    ("ConfigMapVolumeSource", "defaultMode", 0, 511),
    ("ContainerPort", "containerPort", 1, 65_535),
    ("ContainerPort", "hostPort", 0, 65_535),
    ("CronJobSpec", "failedJobsHistoryLimit", 0, i64::MAX),
    ("CronJobSpec", "startingDeadlineSeconds", 0, i64::MAX),
    ("CronJobSpec", "successfulJobsHistoryLimit", 0, i64::MAX),
    ("DaemonSetSpec", "minReadySeconds", 0, i64::MAX),
    ("DaemonSetSpec", "revisionHistoryLimit", 0, i64::MAX),
    ("DeploymentSpec", "minReadySeconds", 0, i64::MAX),
    ("DeploymentSpec", "progressDeadlineSeconds", 0, i64::MAX),
    ("DeploymentSpec", "replicas", 0, i64::MAX),
    ("DeploymentSpec", "revisionHistoryLimit", 0, i64::MAX),
    ("DownwardAPIVolumeFile", "mode", 0, 511),
    ("DownwardAPIVolumeSource", "defaultMode", 0, 511),
    ("FlowSchemaSpec", "matchingPrecedence", 0, 10_000),
    ("GRPCAction", "port", 1, 65_535),
    ("HPAScalingPolicy", "periodSeconds", 1, 1800),
    ("HPAScalingPolicy", "value", 1, i64::MAX),
    ("HPAScalingRules", "stabilizationWindowSeconds", 0, 3600),
    ("HorizontalPodAutoscalerSpec", "maxReplicas", 1, i64::MAX),
    ("HorizontalPodAutoscalerSpec", "minReplicas", 0, i64::MAX),
    ("ISCSIPersistentVolumeSource", "lun", 0, 255),
    ("ISCSIVolumeSource", "lun", 0, 255),
    ("JobSpec", "activeDeadlineSeconds", 0, i64::MAX),
    ("JobSpec", "backoffLimit", 0, i64::MAX),
    ("JobSpec", "backoffLimitPerIndex", 0, i64::MAX),
    ("JobSpec", "completions", 0, i64::MAX),
    ("JobSpec", "maxFailedIndexes", 0, i64::MAX),
    ("JobSpec", "parallelism", 0, i64::MAX),
    ("JobSpec", "ttlSecondsAfterFinished", 0, i64::MAX),
    ("KeyToPath", "mode", 0, 511),
    ("LeaseSpec", "leaseDurationSeconds", 1, i64::MAX),
    ("LeaseSpec", "leaseTransitions", 0, i64::MAX),
    ("MutatingWebhook", "timeoutSeconds", 1, 30),
    ("PodSecurityContext", "fsGroup", 0, 2_147_483_647),
    ("PodSecurityContext", "runAsGroup", 0, 2_147_483_647),
    ("PodSecurityContext", "runAsUser", 0, 2_147_483_647),
    ("PodSpec", "activeDeadlineSeconds", 1, 2_147_483_647),
    ("PreferredSchedulingTerm", "weight", 1, 100),
    ("Probe", "failureThreshold", 0, i64::MAX),
    ("Probe", "initialDelaySeconds", 0, i64::MAX),
    ("Probe", "periodSeconds", 0, i64::MAX),
    ("Probe", "successThreshold", 0, i64::MAX),
    ("Probe", "terminationGracePeriodSeconds", 1, i64::MAX),
    ("Probe", "timeoutSeconds", 0, i64::MAX),
    ("ProjectedVolumeSource", "defaultMode", 0, 511),
    ("ReplicaSetSpec", "minReadySeconds", 0, i64::MAX),
    ("ReplicaSetSpec", "replicas", 0, i64::MAX),
    ("ReplicationControllerSpec", "minReadySeconds", 0, i64::MAX),
    ("ReplicationControllerSpec", "replicas", 0, i64::MAX),
    ("RollingUpdateStatefulSetStrategy", "partition", 0, i64::MAX),
    ("SecretVolumeSource", "defaultMode", 0, 511),
    ("SecurityContext", "runAsGroup", 0, 2_147_483_647),
    ("SecurityContext", "runAsUser", 0, 2_147_483_647),
    ("ServiceAccountTokenProjection", "expirationSeconds", 600, 4_294_967_296),
    ("ServicePort", "nodePort", 0, 65_535),
    ("ServicePort", "port", 1, 65_535),
    ("StatefulSetOrdinals", "start", 0, i64::MAX),
    ("StatefulSetSpec", "minReadySeconds", 0, i64::MAX),
    ("StatefulSetSpec", "replicas", 0, i64::MAX),
    ("TopologySpreadConstraint", "maxSkew", 1, i64::MAX),
    ("TopologySpreadConstraint", "minDomains", 1, i64::MAX),
    ("ValidatingWebhook", "timeoutSeconds", 1, 30),
    ("WeightedPodAffinityTerm", "weight", 1, 100),
];

/// The lowest and the highest value of an integer field.
pub(super) fn range(owner: &str, field: &str) -> Option<(i64, i64)> {
    let at = RANGES.binary_search_by(|(ty, name, ..)| (*ty, *name).cmp(&(owner, field))).ok()?;
    RANGES.get(at).map(|(.., least, most)| (*least, *most))
}

/// Whether any integer of that type has a range.
pub(super) fn has_ranges(owner: &str) -> bool {
    RANGES.iter().any(|(ty, ..)| *ty == owner)
}

/// Enums that the schema publishes and validation does not hold to.
const OPEN_ENUMS: &[(&str, &str)] = &[("Lifecycle", "stopSignal")];

/// Whether a value outside of the published enum is let through.
pub(super) fn is_open_enum(owner: &str, field: &str) -> bool {
    OPEN_ENUMS.contains(&(owner, field))
}

/// Fields of which exactly one, or at most one, may be set, in the order in which the server looks.
pub(super) struct Union {
    pub ty: &'static str,
    pub members: &'static [&'static str],
    pub needs_one: bool,
    /// A member that validation forgets to refuse beside another.
    pub tolerated: Option<&'static str>,
}

const fn union(ty: &'static str, members: &'static [&'static str], needs_one: bool) -> Union {
    Union { ty, members, needs_one, tolerated: None }
}

/// The sources of a volume, in the order in which validation looks at them.
const VOLUME: &[&str] = &[
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
];
/// Those of a PersistentVolume, likewise.
const PERSISTENT_VOLUME: &[&str] = &[
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
];

const UNIONS: &[Union] = &[
    union("LifecycleHandler", &["exec", "httpGet", "tcpSocket", "sleep"], true),
    Union {
        ty: "PersistentVolumeSpec",
        members: PERSISTENT_VOLUME,
        needs_one: true,
        tolerated: Some("flexVolume"),
    },
    union("Probe", &["exec", "httpGet", "tcpSocket", "grpc"], true),
    union("Volume", VOLUME, false),
    union("VolumeAttachmentSource", &["persistentVolumeName", "inlineVolumeSpec"], true),
];

/// The union that a type is.
pub(super) fn union_of(ty: &str) -> Option<&'static Union> {
    UNIONS.iter().find(|u| u.ty == ty)
}

/// Kinds whose generation a create sets anew, whatever it was.
const GENERATION_IS_SET: &[&str] = &[
    "CronJob",
    "CustomResourceDefinition",
    "DaemonSet",
    "Deployment",
    "DeviceClass",
    "DeviceTaintRule",
    "EndpointSlice",
    "FlowSchema",
    "HorizontalPodAutoscaler",
    "Ingress",
    "IngressClass",
    "Job",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "NetworkPolicy",
    "Pod",
    "PodDisruptionBudget",
    "PodTemplate",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "ReplicaSet",
    "ReplicationController",
    "ResourceSlice",
    "StatefulSet",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
];

/// Whether a create sets the generation of that kind anew.
pub(super) fn sets_generation(kind: &str) -> bool {
    GENERATION_IS_SET.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn tables_are_sorted_and_name_what_there_is() {
        assert!(ALSO.is_sorted_by_key(|(name, _)| *name));
        assert!(RANGES.is_sorted_by_key(|(ty, field, ..)| (*ty, *field)));
        let schema = Schema::newest();
        let known = |ty: &str, field: &str| {
            let groups = [
                "api.core.v1",
                "api.apps.v1",
                "api.batch.v1",
                "api.storage.v1",
                "api.networking.v1",
                "api.admissionregistration.v1",
                "api.certificates.v1",
                "api.discovery.v1",
                "api.resource.v1",
                "api.rbac.v1",
                "api.events.v1",
                "api.scheduling.v1",
                "apimachinery.pkg.apis.meta.v1",
                "api.authorization.v1",
                "api.autoscaling.v2",
                "api.flowcontrol.v1",
                "api.coordination.v1",
                "apiextensions-apiserver.pkg.apis.apiextensions.v1",
                "kube-aggregator.pkg.apis.apiregistration.v1",
            ];
            groups
                .iter()
                .any(|g| schema.named(&format!("{g}.{ty}")).is_some_and(|t| t.field(field).is_some()))
        };
        let also = ALSO.iter().flat_map(|(ty, fields)| fields.iter().map(move |f| (*ty, *f)));
        for (ty, field) in NOT_INSISTED
            .iter()
            .copied()
            .chain(also)
            .chain(OBJECTS.iter().copied())
            .chain(OPEN_ENUMS.iter().copied())
        {
            assert!(known(ty, field), "{ty}.{field}");
        }
        for (ty, field, ..) in RANGES {
            assert!(known(ty, field), "{ty}.{field}");
        }
        for u in UNIQUE {
            assert!(known(u.owner, u.field), "{}.{}", u.owner, u.field);
        }
        for u in UNIONS {
            assert!(u.members.iter().all(|m| known(u.ty, m)), "{}", u.ty);
        }
    }
}

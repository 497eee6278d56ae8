//! Defaults that no schema publishes, because Go code sets them: facts of k8s.io/kubernetes 1.37.1, pkg/apis/*/v1/defaults.go.

/// Types by upstream's name without `io.k8s.api.`, and what their absent fields become.
const DEFAULTS: &[(&str, &[(&str, &str)])] = &[
    ("admissionregistration.v1.MatchResources", &[("matchPolicy", "Equivalent")]),
    (
        "admissionregistration.v1.MutatingWebhook",
        &[
            ("failurePolicy", "Fail"),
            ("matchPolicy", "Equivalent"),
            ("reinvocationPolicy", "Never"),
            ("timeoutSeconds", "10"),
        ],
    ),
    ("admissionregistration.v1.RuleWithOperations", &[("scope", "*")]),
    ("admissionregistration.v1.ServiceReference", &[("port", "443")]),
    ("admissionregistration.v1.ValidatingAdmissionPolicySpec", &[("failurePolicy", "Fail")]),
    (
        "admissionregistration.v1.ValidatingWebhook",
        &[("failurePolicy", "Fail"), ("matchPolicy", "Equivalent"), ("timeoutSeconds", "10")],
    ),
    ("apps.v1.DaemonSetSpec", &[("revisionHistoryLimit", "10")]),
    ("apps.v1.DaemonSetUpdateStrategy", &[("type", "RollingUpdate")]),
    (
        "apps.v1.DeploymentSpec",
        &[("progressDeadlineSeconds", "600"), ("replicas", "1"), ("revisionHistoryLimit", "10")],
    ),
    ("apps.v1.DeploymentStrategy", &[("type", "RollingUpdate")]),
    ("apps.v1.ReplicaSetSpec", &[("replicas", "1")]),
    ("apps.v1.RollingUpdateDaemonSet", &[("maxSurge", "0"), ("maxUnavailable", "1")]),
    ("apps.v1.RollingUpdateDeployment", &[("maxSurge", "25%"), ("maxUnavailable", "25%")]),
    ("apps.v1.RollingUpdateStatefulSetStrategy", &[("partition", "0")]),
    (
        "apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy",
        &[("whenDeleted", "Retain"), ("whenScaled", "Retain")],
    ),
    (
        "apps.v1.StatefulSetSpec",
        &[("podManagementPolicy", "OrderedReady"), ("replicas", "1"), ("revisionHistoryLimit", "10")],
    ),
    ("apps.v1.StatefulSetUpdateStrategy", &[("type", "RollingUpdate")]),
    ("autoscaling.v2.HorizontalPodAutoscalerSpec", &[("minReplicas", "1")]),
    (
        "batch.v1.CronJobSpec",
        &[
            ("concurrencyPolicy", "Allow"),
            ("failedJobsHistoryLimit", "1"),
            ("successfulJobsHistoryLimit", "3"),
            ("suspend", "false"),
        ],
    ),
    (
        "batch.v1.JobSpec",
        &[
            ("backoffLimit", "6, without limit where `backoffLimitPerIndex` is set"),
            ("completionMode", "NonIndexed"),
            ("completions", "1 where `parallelism` is absent too"),
            ("manualSelector", "false"),
            ("parallelism", "1"),
            ("suspend", "false"),
        ],
    ),
    (
        "core.v1.AzureDiskVolumeSource",
        &[("cachingMode", "ReadWrite"), ("fsType", "ext4"), ("kind", "Shared"), ("readOnly", "false")],
    ),
    ("core.v1.ClientIPConfig", &[("timeoutSeconds", "10800")]),
    ("core.v1.ConfigMapVolumeSource", &[("defaultMode", "0644")]),
    (
        "core.v1.Container",
        &[
            ("imagePullPolicy", "Always where the image's tag is `latest` or absent, otherwise IfNotPresent"),
            ("terminationMessagePath", "/dev/termination-log"),
            ("terminationMessagePolicy", "File"),
        ],
    ),
    ("core.v1.DownwardAPIVolumeSource", &[("defaultMode", "0644")]),
    ("core.v1.HTTPGetAction", &[("path", "/"), ("scheme", "HTTP")]),
    ("core.v1.ObjectFieldSelector", &[("apiVersion", "v1")]),
    ("core.v1.PersistentVolumeClaimSpec", &[("volumeMode", "Filesystem")]),
    (
        "core.v1.PersistentVolumeSpec",
        &[("persistentVolumeReclaimPolicy", "Retain"), ("volumeMode", "Filesystem")],
    ),
    (
        "core.v1.PodSpec",
        &[
            ("dnsPolicy", "ClusterFirst"),
            ("enableServiceLinks", "true"),
            ("restartPolicy", "Always"),
            ("schedulerName", "default-scheduler"),
            ("terminationGracePeriodSeconds", "30"),
        ],
    ),
    (
        "core.v1.Probe",
        &[
            ("failureThreshold", "3"),
            ("periodSeconds", "10"),
            ("successThreshold", "1"),
            ("timeoutSeconds", "1"),
        ],
    ),
    ("core.v1.ProjectedVolumeSource", &[("defaultMode", "0644")]),
    ("core.v1.ReplicationControllerSpec", &[("replicas", "1")]),
    ("core.v1.Secret", &[("type", "Opaque")]),
    ("core.v1.SecretVolumeSource", &[("defaultMode", "0644")]),
    ("core.v1.ServiceAccountTokenProjection", &[("expirationSeconds", "3600")]),
    ("core.v1.ServicePort", &[("protocol", "TCP"), ("targetPort", "the same as `port`")]),
    (
        "core.v1.ServiceSpec",
        &[
            ("allocateLoadBalancerNodePorts", "true where the type is LoadBalancer"),
            ("externalTrafficPolicy", "Cluster where the Service is reached from outside"),
            ("internalTrafficPolicy", "Cluster"),
            ("sessionAffinity", "None"),
            ("type", "ClusterIP"),
        ],
    ),
    ("networking.v1.IngressClassParametersReference", &[("scope", "Cluster")]),
    ("networking.v1.NetworkPolicyPort", &[("protocol", "TCP")]),
    (
        "networking.v1.NetworkPolicySpec",
        &[("policyTypes", "Ingress, and Egress where there are rules for it")],
    ),
    ("scheduling.v1.PriorityClass", &[("preemptionPolicy", "PreemptLowerPriority")]),
    ("storage.v1.StorageClass", &[("reclaimPolicy", "Delete"), ("volumeBindingMode", "Immediate")]),
];

/// What a field becomes where it is absent, for types of upstream's name; `None` where Go code sets nothing.
pub(super) fn default(ty: &str, field: &str) -> Option<&'static str> {
    let ty = ty.strip_prefix("api.")?;
    let at = DEFAULTS.binary_search_by(|(name, _)| (*name).cmp(ty)).ok()?;
    let fields = DEFAULTS.get(at).map_or(&[][..], |(_, fields)| fields);
    fields.iter().find(|(name, _)| *name == field).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn the_table_is_sorted_and_names_what_there_is() {
        assert!(DEFAULTS.is_sorted_by_key(|(ty, _)| *ty));
        let schema = Schema::newest();
        for (ty, fields) in DEFAULTS {
            let named = schema.named(&format!("api.{ty}")).unwrap_or_else(|| panic!("{ty}"));
            for (field, _) in *fields {
                assert!(named.field(field).is_some(), "{ty}.{field}");
            }
        }
    }
}

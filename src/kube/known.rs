//! The kinds that something in the program speaks of, told apart once an object.

use super::Gvk;

macro_rules! known {
    ($($name:ident = $kind:literal in $groups:expr,)+) => {
        /// A kind that a rule or a reference may name.
        ///
        /// Old groups count as the kind that grew out of them (`extensions/v1beta1 Deployment` is a `Deployment`):
        /// a manifest that a server no longer serves has the same faults as one that it does.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each is the kind of its name; the table below gives the groups")]
        pub enum Known { $($name,)+ Other }

        impl Known {
            /// How many there are, `Other` included.
            pub const COUNT: usize = [$($kind,)+ ""].len();

            /// The kind of that group and name.
            pub fn of(gvk: &Gvk) -> Known {
                match &*gvk.kind {
                    $($kind if $groups.contains(&&*gvk.group) => Known::$name,)+
                    _ => Known::Other,
                }
            }

            /// Its name as manifests have it; empty for `Other`.
            pub fn kind(self) -> &'static str {
                match self { $(Known::$name => $kind,)+ Known::Other => "" }
            }

            /// Its present group; empty for the core and for `Other`.
            pub fn group(self) -> &'static str {
                match self { $(Known::$name => $groups[0],)+ Known::Other => "" }
            }
        }
    };
}

// The present group stands first. The empty group stands beside `apps` and the like, because manifests that were
// written by hand forget it; a validator says so, and the workload inside is as safe or unsafe as before.
const APPS: [&str; 3] = ["apps", "extensions", ""];
const BATCH: [&str; 3] = ["batch", "extensions", ""];

known! {
    Pod = "Pod" in [""],
    PodTemplate = "PodTemplate" in [""],
    ReplicationController = "ReplicationController" in [""],
    ReplicaSet = "ReplicaSet" in APPS,
    Deployment = "Deployment" in APPS,
    StatefulSet = "StatefulSet" in APPS,
    DaemonSet = "DaemonSet" in APPS,
    Job = "Job" in BATCH,
    CronJob = "CronJob" in BATCH,
    Rollout = "Rollout" in ["argoproj.io"],
    DeploymentConfig = "DeploymentConfig" in ["apps.openshift.io", ""],
    KnativeService = "Service" in ["serving.knative.dev"],
    KnativeConfiguration = "Configuration" in ["serving.knative.dev"],
    CloneSet = "CloneSet" in ["apps.kruise.io"],
    KruiseStatefulSet = "StatefulSet" in ["apps.kruise.io"],
    KruiseDaemonSet = "DaemonSet" in ["apps.kruise.io"],
    BroadcastJob = "BroadcastJob" in ["apps.kruise.io"],
    AdvancedCronJob = "AdvancedCronJob" in ["apps.kruise.io"],
    Workflow = "Workflow" in ["argoproj.io"],
    WorkflowTemplate = "WorkflowTemplate" in ["argoproj.io"],
    ClusterWorkflowTemplate = "ClusterWorkflowTemplate" in ["argoproj.io"],
    CronWorkflow = "CronWorkflow" in ["argoproj.io"],
    Namespace = "Namespace" in [""],
    ConfigMap = "ConfigMap" in [""],
    Secret = "Secret" in [""],
    ServiceAccount = "ServiceAccount" in [""],
    Service = "Service" in [""],
    Endpoints = "Endpoints" in [""],
    LimitRange = "LimitRange" in [""],
    ResourceQuota = "ResourceQuota" in [""],
    PersistentVolume = "PersistentVolume" in [""],
    PersistentVolumeClaim = "PersistentVolumeClaim" in [""],
    StorageClass = "StorageClass" in ["storage.k8s.io"],
    PriorityClass = "PriorityClass" in ["scheduling.k8s.io"],
    RuntimeClass = "RuntimeClass" in ["node.k8s.io"],
    IngressClass = "IngressClass" in ["networking.k8s.io"],
    Ingress = "Ingress" in ["networking.k8s.io", "extensions"],
    NetworkPolicy = "NetworkPolicy" in ["networking.k8s.io", "extensions"],
    Gateway = "Gateway" in ["gateway.networking.k8s.io"],
    GatewayClass = "GatewayClass" in ["gateway.networking.k8s.io"],
    HttpRoute = "HTTPRoute" in ["gateway.networking.k8s.io"],
    GrpcRoute = "GRPCRoute" in ["gateway.networking.k8s.io"],
    TcpRoute = "TCPRoute" in ["gateway.networking.k8s.io"],
    TlsRoute = "TLSRoute" in ["gateway.networking.k8s.io"],
    UdpRoute = "UDPRoute" in ["gateway.networking.k8s.io"],
    ReferenceGrant = "ReferenceGrant" in ["gateway.networking.k8s.io"],
    HorizontalPodAutoscaler = "HorizontalPodAutoscaler" in ["autoscaling", ""],
    ScaledObject = "ScaledObject" in ["keda.sh"],
    PodDisruptionBudget = "PodDisruptionBudget" in ["policy", ""],
    Role = "Role" in ["rbac.authorization.k8s.io", ""],
    ClusterRole = "ClusterRole" in ["rbac.authorization.k8s.io", ""],
    RoleBinding = "RoleBinding" in ["rbac.authorization.k8s.io", ""],
    ClusterRoleBinding = "ClusterRoleBinding" in ["rbac.authorization.k8s.io", ""],
    ValidatingWebhookConfiguration = "ValidatingWebhookConfiguration" in ["admissionregistration.k8s.io"],
    MutatingWebhookConfiguration = "MutatingWebhookConfiguration" in ["admissionregistration.k8s.io"],
    ValidatingAdmissionPolicy = "ValidatingAdmissionPolicy" in ["admissionregistration.k8s.io"],
    ValidatingAdmissionPolicyBinding = "ValidatingAdmissionPolicyBinding" in ["admissionregistration.k8s.io"],
    MutatingAdmissionPolicy = "MutatingAdmissionPolicy" in ["admissionregistration.k8s.io"],
    MutatingAdmissionPolicyBinding = "MutatingAdmissionPolicyBinding" in ["admissionregistration.k8s.io"],
    ApiService = "APIService" in ["apiregistration.k8s.io"],
    CustomResourceDefinition = "CustomResourceDefinition" in ["apiextensions.k8s.io"],
    PodSecurityPolicy = "PodSecurityPolicy" in ["policy", "extensions"],
    SecurityContextConstraints = "SecurityContextConstraints" in ["security.openshift.io", ""],
    ServiceMonitor = "ServiceMonitor" in ["monitoring.coreos.com"],
    PodMonitor = "PodMonitor" in ["monitoring.coreos.com"],
    SealedSecret = "SealedSecret" in ["bitnami.com"],
    ExternalSecret = "ExternalSecret" in ["external-secrets.io"],
}

impl Known {
    /// Whether objects of that kind stand outside of namespaces.
    pub fn is_cluster_scoped(self) -> bool {
        matches!(
            self,
            Known::Namespace
                | Known::PersistentVolume
                | Known::StorageClass
                | Known::PriorityClass
                | Known::RuntimeClass
                | Known::IngressClass
                | Known::GatewayClass
                | Known::ClusterRole
                | Known::ClusterRoleBinding
                | Known::ClusterWorkflowTemplate
                | Known::ValidatingWebhookConfiguration
                | Known::MutatingWebhookConfiguration
                | Known::ValidatingAdmissionPolicy
                | Known::ValidatingAdmissionPolicyBinding
                | Known::MutatingAdmissionPolicy
                | Known::MutatingAdmissionPolicyBinding
                | Known::ApiService
                | Known::CustomResourceDefinition
                | Known::PodSecurityPolicy
                | Known::SecurityContextConstraints
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_tells_equal_kinds_apart() {
        let of = |api, kind| Known::of(&Gvk::parse(api, kind));
        assert_eq!(of("v1", "Service"), Known::Service);
        assert_eq!(of("serving.knative.dev/v1", "Service"), Known::KnativeService);
        assert_eq!(of("extensions/v1beta1", "Deployment"), Known::Deployment);
        assert_eq!(of("example.com/v1", "Deployment"), Known::Other);
    }
}

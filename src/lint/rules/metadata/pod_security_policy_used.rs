use super::super::prelude::*;

rule! {
    /// A PodSecurityPolicy is relied upon.
    ///
    /// They are gone since 1.25: what they ruled out is allowed again, without a word.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted #! PodSecurityPolicy `restricted` rules out nothing since 1.25
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: restricted
    /// ```
    "pod-security-policy-used": High, Recommended, since "0.1.0";
    refs: ["checkov: CKV_K8S_1", "checkov: CKV_K8S_2", "checkov: CKV_K8S_3", "checkov: CKV_K8S_4", "checkov: CKV_K8S_5",
        "checkov: CKV_K8S_6", "checkov: CKV_K8S_7", "checkov: CKV_K8S_24", "checkov: CKV_K8S_32", "checkov: CKV_K8S_36",
        "kubescape: C-0068"];
    help: "label Namespaces with a Pod Security level, or use a ValidatingAdmissionPolicy";
    check: Resource(&[Known::PodSecurityPolicy], check);
}

fn check(policy: &Resource, report: &mut Report) {
    report.on(&policy, format!("PodSecurityPolicy `{}` rules out nothing since 1.25", policy.name()));
}

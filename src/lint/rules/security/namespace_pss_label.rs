use super::super::prelude::*;
use crate::kube::pod_security::{Level, parse_version};

rule! {
    /// A Namespace does not say which Pod Security Standard holds in it, or says it wrongly.
    ///
    /// Without the label `pod-security.kubernetes.io/enforce` the cluster's default holds, which mostly is none. A level
    /// or version that the server does not know is refused.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop #! Namespace `shop` enforces no Pod Security Standard
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: strict #! `strict` is no Pod Security level: privileged, baseline or restricted
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: restricted
    ///     pod-security.kubernetes.io/enforce-version: v1.36
    /// ```
    "namespace-pss-label": Medium, Recommended, since "0.1.0";
    refs: ["CIS 5.2.1", "kubescape: C-0192"];
    help: "label it `pod-security.kubernetes.io/enforce: baseline`, or better `restricted`";
    check: Resource(&[Known::Namespace], check);
}

fn check(namespace: &Resource, report: &mut Report) {
    let labels = namespace.labels();
    let label = |mode: &str| labels.and_then(|l| l.get(&format!("pod-security.kubernetes.io/{mode}")));
    for mode in ["enforce", "audit", "warn"] {
        if let Some(value) = label(mode)
            && let Err(text) = value.text().parse::<Level>()
        {
            report.at(&namespace, value, text);
        }
        if let Some(value) = label(&format!("{mode}-version"))
            && let Err(text) = parse_version(value.text())
        {
            report.at(&namespace, value, text);
        }
    }
    if label("enforce").is_none() {
        let message = format!("Namespace `{}` enforces no Pod Security Standard", namespace.name());
        report.on(&namespace, message);
    }
}

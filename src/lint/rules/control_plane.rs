//! Flags of the control plane's own programs, where their static Pods are kept as manifests.

mod control_plane_admission_always_admit;
mod control_plane_admission_always_pull_images;
mod control_plane_admission_event_rate_limit;
mod control_plane_admission_node_restriction;
mod control_plane_admission_without_namespace_lifecycle;
mod control_plane_admission_without_service_account;
mod control_plane_anonymous_auth;
mod control_plane_audit_log_maxage;
mod control_plane_audit_log_maxbackup;
mod control_plane_audit_log_maxsize;
mod control_plane_audit_log_path;
mod control_plane_authorization_always_allow;
mod control_plane_authorization_without_node;
mod control_plane_authorization_without_rbac;
mod control_plane_client_ca_file;
mod control_plane_controller_credentials;
mod control_plane_encryption_at_rest;
mod control_plane_etcd_auto_tls;
mod control_plane_etcd_ca_file;
mod control_plane_etcd_client_cert_auth;
mod control_plane_etcd_client_certificate;
mod control_plane_etcd_peer_certificate;
mod control_plane_etcd_peer_client_cert_auth;
mod control_plane_etcd_server_certificate;
mod control_plane_insecure_address;
mod control_plane_insecure_port;
mod control_plane_kubelet_always_allow;
mod control_plane_kubelet_anonymous_auth;
mod control_plane_kubelet_certificate_authority;
mod control_plane_kubelet_certificate_rotation_off;
mod control_plane_kubelet_client_ca_file;
mod control_plane_kubelet_client_certificate;
mod control_plane_kubelet_hostname_override;
mod control_plane_kubelet_https_off;
mod control_plane_kubelet_idle_timeout;
mod control_plane_kubelet_iptables_chains;
mod control_plane_kubelet_kernel_defaults;
mod control_plane_kubelet_read_only_port;
mod control_plane_kubelet_server_certificate;
mod control_plane_kubelet_weak_ciphers;
mod control_plane_open_address;
mod control_plane_profiling;
mod control_plane_root_ca_file;
mod control_plane_secure_port_off;
mod control_plane_server_certificate;
mod control_plane_service_account_key_file;
mod control_plane_service_account_lookup_off;
mod control_plane_service_account_private_key;
mod control_plane_terminated_pod_threshold;
mod control_plane_token_auth_file;
mod control_plane_weak_ciphers;

use super::prelude::*;
use crate::lint::{Group, Rule};

const GROUP: Group = Group::ControlPlane;

pub(super) const RULES: &[&Rule] = &[
    &control_plane_admission_always_admit::RULE,
    &control_plane_admission_always_pull_images::RULE,
    &control_plane_admission_event_rate_limit::RULE,
    &control_plane_admission_node_restriction::RULE,
    &control_plane_admission_without_namespace_lifecycle::RULE,
    &control_plane_admission_without_service_account::RULE,
    &control_plane_anonymous_auth::RULE,
    &control_plane_audit_log_maxage::RULE,
    &control_plane_audit_log_maxbackup::RULE,
    &control_plane_audit_log_maxsize::RULE,
    &control_plane_audit_log_path::RULE,
    &control_plane_authorization_always_allow::RULE,
    &control_plane_authorization_without_node::RULE,
    &control_plane_authorization_without_rbac::RULE,
    &control_plane_client_ca_file::RULE,
    &control_plane_controller_credentials::RULE,
    &control_plane_encryption_at_rest::RULE,
    &control_plane_etcd_auto_tls::RULE,
    &control_plane_etcd_ca_file::RULE,
    &control_plane_etcd_client_cert_auth::RULE,
    &control_plane_etcd_client_certificate::RULE,
    &control_plane_etcd_peer_certificate::RULE,
    &control_plane_etcd_peer_client_cert_auth::RULE,
    &control_plane_etcd_server_certificate::RULE,
    &control_plane_insecure_address::RULE,
    &control_plane_insecure_port::RULE,
    &control_plane_kubelet_always_allow::RULE,
    &control_plane_kubelet_anonymous_auth::RULE,
    &control_plane_kubelet_certificate_authority::RULE,
    &control_plane_kubelet_certificate_rotation_off::RULE,
    &control_plane_kubelet_client_ca_file::RULE,
    &control_plane_kubelet_client_certificate::RULE,
    &control_plane_kubelet_hostname_override::RULE,
    &control_plane_kubelet_https_off::RULE,
    &control_plane_kubelet_idle_timeout::RULE,
    &control_plane_kubelet_iptables_chains::RULE,
    &control_plane_kubelet_kernel_defaults::RULE,
    &control_plane_kubelet_read_only_port::RULE,
    &control_plane_kubelet_server_certificate::RULE,
    &control_plane_kubelet_weak_ciphers::RULE,
    &control_plane_open_address::RULE,
    &control_plane_profiling::RULE,
    &control_plane_root_ca_file::RULE,
    &control_plane_secure_port_off::RULE,
    &control_plane_server_certificate::RULE,
    &control_plane_service_account_key_file::RULE,
    &control_plane_service_account_lookup_off::RULE,
    &control_plane_service_account_private_key::RULE,
    &control_plane_terminated_pod_threshold::RULE,
    &control_plane_token_auth_file::RULE,
    &control_plane_weak_ciphers::RULE,
];

/// A program of the control plane.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    ApiServer,
    ControllerManager,
    Scheduler,
    Etcd,
    Kubelet,
}

impl Part {
    /// The program that a container runs, by the last part of its command's path.
    fn of(container: &Container<'_>) -> Option<Part> {
        let word = container.command?.items().next()?.text();
        Some(match word.rsplit('/').next()? {
            "kube-apiserver" => Part::ApiServer,
            "kube-controller-manager" => Part::ControllerManager,
            "kube-scheduler" => Part::Scheduler,
            "etcd" => Part::Etcd,
            "kubelet" => Part::Kubelet,
            _ => return None,
        })
    }

    fn program(self) -> &'static str {
        match self {
            Part::ApiServer => "kube-apiserver",
            Part::ControllerManager => "kube-controller-manager",
            Part::Scheduler => "kube-scheduler",
            Part::Etcd => "etcd",
            Part::Kubelet => "kubelet",
        }
    }
}

/// A flag as it is written, with its value: that behind `=`, the next word, or `true` where there is none. Of several
/// the last counts, as for the programs.
fn flag<'a>(container: &Container<'a>, name: &str) -> Option<(Node<'a>, &'a str)> {
    let words = || container.command.into_iter().chain(container.args).flat_map(Node::items);
    let mut found = None;
    let mut rest = words().peekable();
    while let Some(word) = rest.next() {
        let Some(behind) = word.text().strip_prefix("--").and_then(|w| w.strip_prefix(name)) else {
            continue;
        };
        if let Some(value) = behind.strip_prefix('=') {
            found = Some((word, value));
        } else if behind.is_empty() {
            let value = rest.peek().map_or("", |next| next.text());
            found = Some((word, if value.is_empty() || value.starts_with('-') { "true" } else { value }));
        }
    }
    found
}

/// The flag has to be there, with a value that the test takes.
fn must(
    container: &Container<'_>,
    report: &mut Report,
    part: Part,
    name: &str,
    says: &str,
    is_good: impl Fn(&str) -> bool,
) {
    if Part::of(container) != Some(part) {
        return;
    }
    let message = || format!("{container} runs `{}`: `--{name}` {says}", part.program());
    match flag(container, name) {
        Some((_, value)) if is_good(value) => {}
        Some((word, _)) => drop(report.at(container, word, message())),
        None => drop(report.missing(container, &format!("command.--{name}"), message())),
    }
}

/// The flag may be missing, but not have a value that the test finds.
fn must_not(
    container: &Container<'_>,
    report: &mut Report,
    part: Part,
    name: &str,
    says: &str,
    is_bad: impl Fn(&str) -> bool,
) {
    if Part::of(container) == Some(part)
        && let Some((word, _)) = flag(container, name).filter(|(_, value)| is_bad(value))
    {
        report.at(container, word, format!("{container} runs `{}`: `--{name}` {says}", part.program()));
    }
}

/// None of these flags may be there.
fn not_set(container: &Container<'_>, report: &mut Report, part: Part, names: &[&str], says: &str) {
    for name in names {
        must_not(container, report, part, name, says, |_| true);
    }
}

/// The list of ciphers holds no weak one.
fn ciphers(container: &Container<'_>, report: &mut Report, part: Part) {
    if Part::of(container) != Some(part) {
        return;
    }
    let Some((word, value)) = flag(container, "tls-cipher-suites") else { return };
    // Broken, or without forward secrecy.
    let is_weak = |suite: &&str| {
        suite.starts_with("TLS_RSA_") || ["_RC4_", "_3DES_", "_CBC_"].iter().any(|part| suite.contains(part))
    };
    if let Some(weak) = value.split(',').map(str::trim).find(is_weak) {
        let message = format!("{container} runs `{}`: `--tls-cipher-suites` has `{weak}`", part.program());
        report.at(container, word, message);
    }
}

/// Whether a list has an item.
fn has(list: &str, item: &str) -> bool {
    list.split(',').any(|word| word.trim() == item)
}

fn is_written(value: &str) -> bool {
    !value.is_empty() && value != "true"
}

fn at_least(value: &str, least: u64) -> bool {
    value.parse::<u64>().is_ok_and(|number| number >= least)
}

//! What a container may do to its node.

mod apparmor_unconfined;
mod capabilities_drop_all;
mod capabilities_non_default;
mod capabilities_restricted_add;
mod capability_kernel_access;
mod capability_name_form;
mod capability_net_raw;
mod capability_sys_admin;
mod capability_sys_module;
mod cloud_credential_host_path;
mod container_runtime_socket;
mod host_aliases;
mod host_ipc;
mod host_network;
mod host_path_sensitive;
mod host_path_volume;
mod host_path_writable;
mod host_pid;
mod host_port;
mod linux_hardening_missing;
mod namespace_pss_label;
mod namespace_pss_violation;
mod pod_security_violation;
mod privilege_escalation;
mod privileged_container;
mod probe_host_field;
mod proc_mount_unmasked;
mod read_only_root_filesystem;
mod restricted_volume_type;
mod root_group;
mod run_as_low_gid;
mod run_as_low_uid;
mod run_as_non_root;
mod run_as_non_root_conflict;
mod run_as_user_root;
mod seccomp_profile_missing;
mod seccomp_unconfined;
mod security_context_missing;
mod selinux_options;
mod share_process_namespace;
mod sub_path_mount;
mod unsafe_sysctl;
mod windows_host_process;

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Security;

pub(super) const RULES: &[&Rule] = &[
    &apparmor_unconfined::RULE,
    &capabilities_drop_all::RULE,
    &capabilities_non_default::RULE,
    &capabilities_restricted_add::RULE,
    &capability_kernel_access::RULE,
    &capability_name_form::RULE,
    &capability_net_raw::RULE,
    &capability_sys_admin::RULE,
    &capability_sys_module::RULE,
    &cloud_credential_host_path::RULE,
    &container_runtime_socket::RULE,
    &host_aliases::RULE,
    &host_ipc::RULE,
    &host_network::RULE,
    &host_path_sensitive::RULE,
    &host_path_volume::RULE,
    &host_path_writable::RULE,
    &host_pid::RULE,
    &host_port::RULE,
    &linux_hardening_missing::RULE,
    &namespace_pss_label::RULE,
    &namespace_pss_violation::RULE,
    &pod_security_violation::RULE,
    &privilege_escalation::RULE,
    &privileged_container::RULE,
    &probe_host_field::RULE,
    &proc_mount_unmasked::RULE,
    &read_only_root_filesystem::RULE,
    &restricted_volume_type::RULE,
    &root_group::RULE,
    &run_as_low_gid::RULE,
    &run_as_low_uid::RULE,
    &run_as_non_root::RULE,
    &run_as_non_root_conflict::RULE,
    &run_as_user_root::RULE,
    &seccomp_profile_missing::RULE,
    &seccomp_unconfined::RULE,
    &security_context_missing::RULE,
    &selinux_options::RULE,
    &share_process_namespace::RULE,
    &sub_path_mount::RULE,
    &unsafe_sysctl::RULE,
    &windows_host_process::RULE,
];

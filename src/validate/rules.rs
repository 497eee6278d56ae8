//! Value rules that no schema states, by theme: what Kubernetes' own validation (k8s.io/kubernetes pkg/apis, 1.37) insists on.
//!
//! A rule sees one object of one type when the walk leaves it, so that all below it has been judged.

mod bindings;
mod config;
mod containers;
mod definitions;
mod env;
mod network;
mod pods;
mod workloads;

use std::fmt::Display;

use source::{Code, Diagnostic};
use yaml::Node;

use super::decode::{Walk, push};
use super::labels;

/// Judges an object of one type.
pub(super) type Rule = for<'a, 'r> fn(&mut Walk<'a, 'r>, Node<'a>);

/// The rule of a type, by the last word of its name.
pub(super) fn of(short_name: &str) -> Option<Rule> {
    let rule: Rule = match short_name {
        "ClusterRoleBinding" | "RoleBinding" => bindings::binding,
        "ConfigMap" => config::config_map,
        "Container" | "EphemeralContainer" => containers::container,
        "ContainerPort" => containers::port,
        "CustomResourceDefinition" => definitions::definition,
        "APIService" => definitions::service,
        "DaemonSetSpec" | "DeploymentSpec" | "ReplicaSetSpec" | "StatefulSetSpec" => workloads::set,
        "DeploymentStrategy" => workloads::strategy,
        "EnvVar" => env::variable,
        "EnvVarSource" => env::source,
        "HTTPGetAction" | "TCPSocketAction" => containers::action_port,
        "JobSpec" => workloads::job,
        "LabelSelector" | "ObjectMeta" => labels::object,
        "NetworkPolicyPort" => network::policy_port,
        "ObjectFieldSelector" => env::field,
        "PodDNSConfig" => pods::dns,
        "PodOS" => pods::os,
        "PodSpec" => pods::spec,
        "ReplicationControllerSpec" => workloads::controller,
        "ResourceFieldSelector" => env::resource,
        "Secret" => config::secret,
        "ServiceSpec" => network::service,
        _ => return None,
    };
    Some(rule)
}

impl<'a> Walk<'a, '_> {
    /// The path of the innermost object.
    fn here(&self) -> String {
        let mut path = String::new();
        self.frames.iter().for_each(|frame| push(&mut path, frame.step, true));
        path
    }

    /// Adds a finding about something below the innermost object: `below` is such as `.ports[0].name`, given as
    /// `format_args!`, because most objects have no faults and need no paths.
    fn tell(
        &mut self,
        code: &'static Code,
        reason: &'static str,
        node: Node<'_>,
        below: impl Display,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let path = format!("{}{below}", self.here());
        self.report.push(code, reason, node, path.trim_start_matches('.').to_owned(), message)
    }

    /// The type of the object that the innermost one is a field or an item of.
    fn owner(&self) -> &'a str {
        let mut outer = self.frames.iter().rev().skip(1);
        outer.find(|frame| !frame.ty.short_name().is_empty()).map_or("", |frame| frame.ty.short_name())
    }
}

/// The text of a string that is there and not empty.
fn text<'a>(node: Node<'a>, key: &str) -> Option<(Node<'a>, &'a str)> {
    let value = node.get(key)?;
    value.as_str().filter(|text| !text.is_empty()).map(|text| (value, text))
}

/// The items of a list; nothing where there is none.
fn items<'a>(node: Node<'a>, key: &str) -> impl Iterator<Item = Node<'a>> {
    node.get(key).into_iter().flat_map(Node::items)
}

/// Whether a field is there and no null.
fn is_set(node: Node<'_>, key: &str) -> bool {
    node.get(key).is_some_and(|value| !value.is_null())
}

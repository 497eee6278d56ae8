//! One view over everything that makes Pods: whatever the kind, a rule sees a Pod and its containers.

use std::fmt;
use std::sync::OnceLock;

use yaml::{Kind, Node};

use super::path::path_of;
use super::selector::Labels;
use super::view::view;
use super::{Known, Resource};

view! {
    /// The fields of a Pod's `spec`.
    pub struct PodSpec {
        /// `spec.activeDeadlineSeconds`
        active_deadline_seconds = "activeDeadlineSeconds",
        /// `spec.affinity`
        affinity = "affinity",
        /// `spec.automountServiceAccountToken`
        automount_service_account_token = "automountServiceAccountToken",
        /// `spec.containers`
        containers = "containers",
        /// `spec.dnsConfig`
        dns_config = "dnsConfig",
        /// `spec.dnsPolicy`
        dns_policy = "dnsPolicy",
        /// `spec.enableServiceLinks`
        enable_service_links = "enableServiceLinks",
        /// `spec.ephemeralContainers`
        ephemeral_containers = "ephemeralContainers",
        /// `spec.hostAliases`
        host_aliases = "hostAliases",
        /// `spec.hostIPC`
        host_ipc = "hostIPC",
        /// `spec.hostNetwork`
        host_network = "hostNetwork",
        /// `spec.hostPID`
        host_pid = "hostPID",
        /// `spec.hostUsers`
        host_users = "hostUsers",
        /// `spec.imagePullSecrets`
        image_pull_secrets = "imagePullSecrets",
        /// `spec.initContainers`
        init_containers = "initContainers",
        /// `spec.nodeSelector`
        node_selector = "nodeSelector",
        /// `spec.os`
        os = "os",
        /// `spec.priorityClassName`
        priority_class_name = "priorityClassName",
        /// `spec.resources`
        resources = "resources",
        /// `spec.restartPolicy`
        restart_policy = "restartPolicy",
        /// `spec.runtimeClassName`
        runtime_class_name = "runtimeClassName",
        /// `spec.securityContext`
        security_context = "securityContext",
        /// `spec.serviceAccount`, the old name of the next
        service_account = "serviceAccount",
        /// `spec.serviceAccountName`
        service_account_name = "serviceAccountName",
        /// `spec.shareProcessNamespace`
        share_process_namespace = "shareProcessNamespace",
        /// `spec.terminationGracePeriodSeconds`
        termination_grace_period_seconds = "terminationGracePeriodSeconds",
        /// `spec.topologySpreadConstraints`
        topology_spread_constraints = "topologySpreadConstraints",
        /// `spec.volumes`
        volumes = "volumes",
    }
}

view! {
    /// The fields of a container.
    pub struct ContainerSpec {
        /// `args`
        args = "args",
        /// `command`
        command = "command",
        /// `env`
        env = "env",
        /// `envFrom`
        env_from = "envFrom",
        /// `image`
        image = "image",
        /// `imagePullPolicy`
        image_pull_policy = "imagePullPolicy",
        /// `lifecycle`
        lifecycle = "lifecycle",
        /// `livenessProbe`
        liveness_probe = "livenessProbe",
        /// `name`
        name = "name",
        /// `ports`
        ports = "ports",
        /// `readinessProbe`
        readiness_probe = "readinessProbe",
        /// `resources`
        resources = "resources",
        /// `restartPolicy`, which makes an init container a sidecar
        restart_policy = "restartPolicy",
        /// `securityContext`
        security_context = "securityContext",
        /// `startupProbe`
        startup_probe = "startupProbe",
        /// `volumeDevices`
        volume_devices = "volumeDevices",
        /// `volumeMounts`
        volume_mounts = "volumeMounts",
    }
}

view! {
    /// The fields of a `securityContext`: those of a Pod, those of a container, and those that both have.
    pub struct SecurityContext {
        /// Container: `allowPrivilegeEscalation`
        allow_privilege_escalation = "allowPrivilegeEscalation",
        /// Both: `appArmorProfile`
        app_armor_profile = "appArmorProfile",
        /// Container: `capabilities`
        capabilities = "capabilities",
        /// Pod: `fsGroup`
        fs_group = "fsGroup",
        /// Container: `privileged`
        privileged = "privileged",
        /// Container: `procMount`
        proc_mount = "procMount",
        /// Container: `readOnlyRootFilesystem`
        read_only_root_filesystem = "readOnlyRootFilesystem",
        /// Both: `runAsGroup`
        run_as_group = "runAsGroup",
        /// Both: `runAsNonRoot`
        run_as_non_root = "runAsNonRoot",
        /// Both: `runAsUser`
        run_as_user = "runAsUser",
        /// Both: `seLinuxOptions`
        se_linux_options = "seLinuxOptions",
        /// Both: `seccompProfile`
        seccomp_profile = "seccompProfile",
        /// Pod: `supplementalGroups`
        supplemental_groups = "supplementalGroups",
        /// Pod: `sysctls`
        sysctls = "sysctls",
        /// Both: `windowsOptions`
        windows_options = "windowsOptions",
    }
}

/// What a container is in its Pod.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Of `initContainers`: runs to its end before the app containers start.
    Init,
    /// Of `initContainers` with `restartPolicy: Always`: runs beside them.
    Sidecar,
    /// Of `containers`.
    App,
    /// Of `ephemeralContainers`: added to a running Pod by a person.
    Ephemeral,
}

/// One container of a Pod; its fields are those of [`ContainerSpec`].
#[derive(Clone, Copy)]
pub struct Container<'a> {
    /// The object that it is part of.
    pub resource: &'a Resource,
    /// What it is.
    pub role: Role,
    /// Its place in its list.
    pub index: usize,
    /// The container's map.
    pub node: Node<'a>,
    /// Its own security context; see [`PodView::effective`] for what it inherits.
    pub security: SecurityContext<'a>,
    fields: ContainerSpec<'a>,
}

impl<'a> std::ops::Deref for Container<'a> {
    type Target = ContainerSpec<'a>;
    fn deref(&self) -> &ContainerSpec<'a> {
        &self.fields
    }
}

impl<'a> Container<'a> {
    fn new(resource: &'a Resource, node: Node<'a>, init: bool, role: Role, index: usize) -> Self {
        let fields = ContainerSpec::of(Some(node));
        let restarts = fields.restart_policy.is_some_and(|p| p.text() == "Always");
        let role = if init && restarts { Role::Sidecar } else { role };
        Container {
            resource,
            role,
            index,
            node,
            security: SecurityContext::of(fields.security_context),
            fields,
        }
    }

    /// Its name, where it has one.
    pub fn name(&self) -> Option<&'a str> {
        self.name.map(Node::text).filter(|n| !n.is_empty())
    }

    /// Whether it runs as long as the Pod: an app container or a sidecar.
    pub fn is_long_running(&self) -> bool {
        matches!(self.role, Role::App | Role::Sidecar)
    }

    /// The quantity under `resources.limits` or `resources.requests`.
    pub fn resource_field(&self, list: &str, name: &str) -> Option<Node<'a>> {
        self.resources?.get(list)?.get(name).filter(|q| !q.is_null())
    }

    /// The declared ports.
    pub fn port_list(&self) -> impl Iterator<Item = Node<'a>> {
        self.ports.into_iter().flat_map(Node::items)
    }

    /// The environment variables that are written one by one.
    pub fn env_list(&self) -> impl Iterator<Item = Node<'a>> {
        self.env.into_iter().flat_map(Node::items)
    }

    /// The mounts.
    pub fn mounts(&self) -> impl Iterator<Item = Node<'a>> {
        self.volume_mounts.into_iter().flat_map(Node::items)
    }

    /// The names under `capabilities.add`.
    pub fn added_capabilities(&self) -> impl Iterator<Item = Node<'a>> {
        self.security.capabilities.and_then(|c| c.get("add")).into_iter().flat_map(Node::items)
    }

    /// The names under `capabilities.drop`.
    pub fn dropped_capabilities(&self) -> impl Iterator<Item = Node<'a>> {
        self.security.capabilities.and_then(|c| c.get("drop")).into_iter().flat_map(Node::items)
    }

    /// Whether `ALL` is among the dropped; names are compared as they are written.
    pub fn drops_all_capabilities(&self) -> bool {
        self.dropped_capabilities().any(|c| c.text() == "ALL")
    }

    /// The hosts that probes and lifecycle handlers name.
    pub fn handler_hosts(&self) -> impl Iterator<Item = Node<'a>> {
        let probes = [self.liveness_probe, self.readiness_probe, self.startup_probe];
        let hooks = ["postStart", "preStop"].map(|hook| self.lifecycle.and_then(|l| l.get(hook)));
        let host =
            |handler: Node<'a>| ["httpGet", "tcpSocket"].map(|action| handler.get(action)?.get("host"));
        probes
            .into_iter()
            .chain(hooks)
            .flatten()
            .flat_map(host)
            .flatten()
            .filter(|host| !host.is_null() && !host.text().is_empty())
    }

    /// Its probes by the name of their field.
    pub fn probes(&self) -> impl Iterator<Item = (&'static str, Node<'a>)> {
        [
            ("livenessProbe", self.liveness_probe),
            ("readinessProbe", self.readiness_probe),
            ("startupProbe", self.startup_probe),
        ]
        .into_iter()
        .filter_map(|(name, probe)| Some((name, probe?)))
    }
}

/// As messages call it: container `web`, init container `migrate`.
impl fmt::Display for Container<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.role {
            Role::Init => "init container",
            Role::Sidecar => "sidecar",
            Role::App => "container",
            Role::Ephemeral => "ephemeral container",
        })?;
        match self.name() {
            Some(name) => write!(f, " `{name}`"),
            None => write!(f, " {} (it has no name)", self.index + 1),
        }
    }
}

/// A Pod, or what a workload's template will make of one.
pub struct PodView<'a> {
    /// The object that makes it.
    pub resource: &'a Resource,
    /// That object's kind.
    pub kind: Known,
    /// The Pod's `metadata`.
    pub metadata: Option<Node<'a>>,
    /// The fields of the Pod's `spec`.
    pub spec: PodSpec<'a>,
    /// The Pod's own security context.
    pub security: SecurityContext<'a>,
    /// Init containers and sidecars, app containers, ephemeral containers: the order in which the server looks.
    pub containers: Vec<Container<'a>>,
    node: Node<'a>,
    more_volumes: Option<Node<'a>>,
    path: OnceLock<String>,
}

impl<'a> PodView<'a> {
    /// The Pods that an object makes: none for what is no workload, one for most workloads, one a template for an
    /// Argo workflow.
    pub fn of(resource: &'a Resource, kind: Known) -> Vec<PodView<'a>> {
        let root = resource.root();
        let template = match kind {
            Known::Pod => Some(root),
            Known::PodTemplate => root.get("template"),
            Known::CronJob => root.at("spec.jobTemplate.spec.template"),
            Known::AdvancedCronJob => root
                .at("spec.template.jobTemplate.spec.template")
                .or_else(|| root.at("spec.template.broadcastJobTemplate.spec.template")),
            Known::Workflow | Known::WorkflowTemplate | Known::ClusterWorkflowTemplate => {
                return workflow(resource, kind, root.get("spec"));
            }
            Known::CronWorkflow => return workflow(resource, kind, root.at("spec.workflowSpec")),
            _ if is_workload(kind) => root.at("spec.template"),
            _ => return Vec::new(),
        };
        template.and_then(|t| PodView::from_template(resource, kind, t)).into_iter().collect()
    }

    fn from_template(resource: &'a Resource, kind: Known, template: Node<'a>) -> Option<Self> {
        // A template without a spec makes no Pod, but its labels are still what others select.
        let node = template.get("spec").filter(|spec| spec.kind() == Kind::Map);
        let spec = PodSpec::of(node);
        let node = node.or_else(|| (template.kind() == Kind::Map).then_some(template))?;
        let mut containers = Vec::new();
        for (list, init, role) in [
            (spec.init_containers, true, Role::Init),
            (spec.containers, false, Role::App),
            (spec.ephemeral_containers, false, Role::Ephemeral),
        ] {
            containers.extend(containers_of(resource, list, init, role));
        }
        Some(PodView {
            resource,
            kind,
            metadata: template.get("metadata"),
            security: SecurityContext::of(spec.security_context),
            spec,
            containers,
            node,
            more_volumes: None,
            path: OnceLock::new(),
        })
    }

    /// The Pod's `spec`.
    pub fn node(&self) -> Node<'a> {
        self.node
    }

    /// The path of that in its object, such as `spec.template.spec`; many rules speak of it.
    pub fn path(&self) -> &str {
        self.path.get_or_init(|| path_of(self.resource.root(), self.node))
    }

    /// The labels that the Pod will have.
    pub fn labels(&self) -> Labels<'a> {
        Labels(self.metadata.and_then(|m| m.get("labels")))
    }

    /// An annotation of the Pod.
    pub fn annotation(&self, key: &str) -> Option<Node<'a>> {
        self.metadata?.get("annotations")?.get(key)
    }

    /// The quantity under a container's `resources.requests` or `.limits`, or else under the Pod's own, which all of
    /// its containers share.
    pub fn quantity(&self, container: &Container<'a>, list: &str, name: &str) -> Option<Node<'a>> {
        let shared = || self.spec.resources?.get(list)?.get(name).filter(|q| !q.is_null());
        container.resource_field(list, name).or_else(shared)
    }

    /// Whether a container asks for a resource: by its request, or by its limit, which then counts as the request.
    pub fn has_request(&self, container: &Container<'a>, name: &str) -> bool {
        ["requests", "limits"].iter().any(|list| self.quantity(container, list, name).is_some())
    }

    /// The volumes.
    pub fn volumes(&self) -> impl Iterator<Item = Node<'a>> {
        self.spec.volumes.into_iter().chain(self.more_volumes).flat_map(Node::items)
    }

    /// The volumes that are directories of the node.
    pub fn host_paths(&self) -> impl Iterator<Item = HostPath<'a>> {
        self.volumes().filter_map(|volume| {
            let (key, value) = volume.entry("hostPath").filter(|(_, v)| !v.is_null())?;
            let text = |node: Option<Node<'a>>| node.map_or("", Node::text);
            Some(HostPath { name: text(volume.get("name")), path: text(value.get("path")), key })
        })
    }

    /// A field that a container takes from the Pod where it does not set it itself: `runAsUser`, `runAsGroup`,
    /// `runAsNonRoot`, `seccompProfile`, `seLinuxOptions`, `appArmorProfile` and `windowsOptions`.
    pub fn effective(
        &self,
        container: &Container<'a>,
        field: fn(&SecurityContext<'a>) -> Option<Node<'a>>,
    ) -> Option<Node<'a>> {
        field(&container.security).or_else(|| field(&self.security))
    }

    /// Whether `spec.os.name` is `windows`, which is all that the server looks at.
    pub fn is_windows(&self) -> bool {
        self.spec.os.and_then(|os| os.get("name")).is_some_and(|name| name.text() == "windows")
    }

    /// Whether the Pod has a user namespace of its own, in which root is nobody on the node.
    pub fn has_user_namespace(&self) -> bool {
        self.spec.host_users.and_then(Node::as_bool) == Some(false)
    }

    /// The ServiceAccount that it runs as; an empty name means `default`.
    pub fn service_account(&self) -> &'a str {
        let name = self.spec.service_account_name.or(self.spec.service_account).map_or("", Node::text);
        if name.is_empty() { "default" } else { name }
    }

    /// Whether the Pod is meant to run until somebody stops it, which a Job's is not.
    pub fn is_long_running(&self) -> bool {
        !matches!(
            self.kind,
            Known::Job
                | Known::CronJob
                | Known::BroadcastJob
                | Known::AdvancedCronJob
                | Known::Workflow
                | Known::WorkflowTemplate
                | Known::ClusterWorkflowTemplate
                | Known::CronWorkflow
        )
    }
}

/// A volume that is a directory or file of the node.
#[derive(Clone, Copy)]
pub struct HostPath<'a> {
    /// The volume's name.
    pub name: &'a str,
    /// The place on the node.
    pub path: &'a str,
    /// The key `hostPath`.
    pub key: Node<'a>,
}

/// Whether objects of that kind make Pods: the nine kinds of Kubernetes itself, and those of well-known extensions.
pub fn is_workload(kind: Known) -> bool {
    (Known::Pod..=Known::CronWorkflow).contains(&kind)
}

fn containers_of<'a>(
    resource: &'a Resource,
    list: Option<Node<'a>>,
    init: bool,
    role: Role,
) -> impl Iterator<Item = Container<'a>> {
    list.into_iter()
        .flat_map(Node::items)
        .filter(|item| item.kind() == Kind::Map)
        .enumerate()
        .map(move |(index, node)| Container::new(resource, node, init, role, index))
}

/// An Argo workflow makes one Pod a template. A template has the fields of a Pod beside those of its own; what it
/// leaves out comes from the workflow's `spec`.
fn workflow<'a>(resource: &'a Resource, kind: Known, spec: Option<Node<'a>>) -> Vec<PodView<'a>> {
    let Some(spec) = spec.filter(|s| s.kind() == Kind::Map) else { return Vec::new() };
    let shared = PodSpec::of(Some(spec));
    let mut pods = Vec::new();
    for template in spec.get("templates").into_iter().flat_map(Node::items) {
        let own = PodSpec::of(Some(template));
        let mut containers: Vec<Container<'a>> =
            containers_of(resource, own.init_containers, true, Role::Init).collect();
        let single = ["container", "script"].into_iter().filter_map(|key| template.get(key));
        containers.extend(
            single
                .filter(|c| c.kind() == Kind::Map)
                .map(|node| Container::new(resource, node, false, Role::App, 0)),
        );
        let set = template.at("containerSet.containers");
        containers.extend(containers_of(resource, set, false, Role::App));
        containers.extend(containers_of(resource, template.get("sidecars"), false, Role::App));
        // Steps and DAGs make no Pod of their own.
        if containers.is_empty() {
            continue;
        }
        let spec = PodSpec {
            node: own.node,
            automount_service_account_token: own
                .automount_service_account_token
                .or(shared.automount_service_account_token),
            host_aliases: own.host_aliases.or(shared.host_aliases),
            security_context: own.security_context.or(shared.security_context),
            service_account_name: own.service_account_name.or(shared.service_account_name),
            volumes: own.volumes,
            ..shared
        };
        pods.push(PodView {
            resource,
            kind,
            metadata: template.get("metadata"),
            security: SecurityContext::of(spec.security_context),
            spec,
            containers,
            node: template,
            more_volumes: shared.volumes,
            path: OnceLock::new(),
        });
    }
    pods
}
